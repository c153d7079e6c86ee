"""Numbers and addresses however people, Slack and SignalWire write them, and when two are the same.

It must not know what is looked for, nor where.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from phonenumbers import Leniency, PhoneNumberFormat, PhoneNumberMatcher, format_number

from bot.voicelogs.unicode import nfkc

MIN_LENGTH: Final = 3
"""Digits of a number, or characters of an address, that are worth searching for."""

MAX_DIGITS: Final = 15
"""E.164's."""

_WHOLE: Final = 7
"""Digits from which on a caller's id is a whole number, though perhaps without a country code."""

_DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))  # noqa: RUF001 - what editors make of -
# Slack may have made a link of it: <tel:+12065550100|+1 206 555 0100>.
_LINK: Final = re.compile(r"<([^<>|]*)(?:\|[^<>]*)?>")
_SIP: Final = re.compile(r"sips?:", re.IGNORECASE)


@dataclass(frozen=True)
class Number:
    """A telephone number or an address, or part of one.

    Attributes:
        text: as it was written.
        digits: what has to be in a number; empty for an address.
        part: what has to be in an address, in any case; empty for a number.
    """

    text: str = field(repr=False)
    digits: str = field(default="", repr=False)
    fragment: str = field(default="", repr=False)

    def saved(self) -> str:
        """What `restore` makes a number of again that matches the same; without blanks."""
        return self.digits or f"sip:{self.fragment}"

    def matches(self, end: str | None) -> bool:
        """Whether a log's `from` or `to` is it or holds it, however either is written."""
        if end is None:
            return False
        if self.fragment:
            return self.fragment in end.casefold()
        user = re.split("[@;]", end, maxsplit=1)[0]
        theirs = _without_leading_zeros(_digits(user))
        without_country = len(theirs) >= _WHOLE and self.digits.endswith(theirs)
        return self.digits in theirs or without_country


def telephone(text: str) -> Number:
    """A telephone number, or part of one, out of digits and marks between them."""
    # +44 (0)20 …: the zero is dialled within the country only.
    return Number(text, digits=_without_leading_zeros(_digits(text.replace("(0)", ""))))


def address(text: str) -> Number:
    """A SIP address or the like, or part of one."""
    return Number(text, fragment=_SIP.sub("", text, count=1).casefold())


def restore(saved: str) -> Number:
    """The number that `Number.saved` came from."""
    return address(saved) if is_address(saved) else telephone(saved)


def is_address(text: str) -> bool:
    """Whether it is written as an address: `sip:…`, `…@…` or `/private/…`."""
    return bool(_SIP.match(text)) or "@" in text or text.startswith("/")


def normalize(text: str) -> str:
    """What was pasted, without Slack's links, invisible marks and foreign forms of characters."""
    text = nfkc(_LINK.sub(r" \1 ", text)).translate(_DASHES)
    visible = (character for character in text if unicodedata.category(character) != "Cf")
    return "".join(_ascii_digit(character) or character for character in visible)


def _digits(text: str) -> str:
    return "".join(_ascii_digit(character) for character in text)


def _ascii_digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return "" if value is None else str(value)


def _without_leading_zeros(digits: str) -> str:
    """Without the zeros before a country or an area code; too short a rest would match anything."""
    rest = digits.lstrip("0")
    return rest if len(rest) >= MIN_LENGTH else digits


MAX_NUMBERS: Final = 3
# A number without a country is read as a North American one, as SignalWire's own mostly are.
_DEFAULT_REGION: Final = "US"
_LONGEST: Final = 4000
"""Characters read, of all texts together: looking is slow, and a message is short."""
_TRIES: Final = 100


def in_texts(texts: Iterable[str]) -> list[str]:
    """The first few numbers that could be somebody's, in international form, each once."""
    found: dict[str, None] = {}
    left = _LONGEST
    for text in texts:
        matcher = PhoneNumberMatcher(text[:left], _DEFAULT_REGION, Leniency.VALID, max_tries=_TRIES)
        for match in matcher:
            match.number.extension = None  # SignalWire's logs have none, so it would find nothing
            found[format_number(match.number, PhoneNumberFormat.INTERNATIONAL)] = None
            if len(found) == MAX_NUMBERS:
                return list(found)
        left -= len(text)
        if left <= 0:
            break
    return list(found)
