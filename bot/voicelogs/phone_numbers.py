"""Parses and compares phone numbers and SIP addresses in any notation."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from phonenumbers import (
    Leniency,
    NumberParseException,
    PhoneNumberFormat,
    PhoneNumberMatcher,
    format_number,
    is_valid_number,
    parse,
)

from bot.voicelogs.pasted_text import readings
from bot.voicelogs.unicode import nfkc

MIN_LENGTH: Final = 3
"""Minimum digits of a number, or characters of an address, for a search."""

MAX_DIGITS: Final = 15
"""The maximum in E.164."""

_COMPLETE: Final = 7
"""Digits from which a caller ID counts as complete, perhaps without a country code."""

# A number without a country code counts as North American, as most SignalWire numbers are.
_DEFAULT_REGION: Final = "US"

_DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))  # noqa: RUF001 - editors replace hyphens by these
# Slack may turn a number into a link: <tel:+12065550100|+1 206 555 0100>.
_LINK: Final = re.compile(r"<([^<>|]*)(?:\|[^<>]*)?>")
_SLACK_USER: Final = re.compile("@[UW][A-Z0-9]{6,}")
_SIP: Final = re.compile(r"sips?:", re.IGNORECASE)


@dataclass(frozen=True)
class Number:
    """A phone number or an address, or part of one, to search for.

    Attributes:
        text: as entered.
        digits: the digits that a number must contain; empty for an address.
        fragment: the casefolded text that an address must contain; empty for a number.
    """

    text: str = field(repr=False, compare=False)
    digits: str = field(default="", repr=False)
    fragment: str = field(default="", repr=False)

    def saved(self) -> str:
        """Serialize for `restore`, without blanks; the restored number matches the same."""
        return self.digits or f"sip:{self.fragment}"

    def formatted(self) -> str:
        """Format for display, as its country writes it: `+1 206-555-0103`, `555-0103`."""
        if self.fragment:
            return self.fragment
        for written in (self.digits, f"+{self.digits}"):
            try:
                parsed = parse(written, _DEFAULT_REGION)
            except NumberParseException:
                continue
            if is_valid_number(parsed):
                return format_number(parsed, PhoneNumberFormat.INTERNATIONAL)
        is_local = len(self.digits) == _COMPLETE
        return f"{self.digits[:3]}-{self.digits[3:]}" if is_local else self.digits

    def matches(self, end: str | None) -> bool:
        """Whether a log's `from` or `to` contains the number, in any notation."""
        if end is None:
            return False
        if self.fragment:
            return self.fragment in end.casefold()
        user = re.split("[@;]", end, maxsplit=1)[0]
        end_digits = _without_leading_zeros(_digits(user))
        without_country = len(end_digits) >= _COMPLETE and self.digits.endswith(end_digits)
        return self.digits in end_digits or without_country


def telephone(text: str) -> Number:
    """Parse a phone number, or part of one, from digits and punctuation."""
    # +44 (0)20 …: the zero is dialed only within the country.
    return Number(text, digits=_without_leading_zeros(_digits(text.replace("(0)", ""))))


def address(text: str) -> Number:
    """Parse a SIP or similar address, or part of one."""
    return Number(text, fragment=_SIP.sub("", text, count=1).casefold())


def restore(saved: str) -> Number:
    """Restore a number from `Number.saved`."""
    return address(saved) if is_address(saved) else telephone(saved)


def is_address(text: str) -> bool:
    """Whether `text` is an address: `sip:…`, `…@…` or `/private/…`; Slack's `@U…` is a user."""
    has_at = "@" in text and not _SLACK_USER.fullmatch(text)
    return bool(_SIP.match(text)) or has_at or text.startswith("/")


def kind_of(numbers: Iterable[str]) -> str:
    """Return what to call numbers and addresses, in the singular."""
    return "SIP address" if all(map(is_address, numbers)) else "phone number"


def normalize(text: str) -> str:
    """Normalize pasted text: unwrap Slack's links, drop invisible characters, use ASCII digits."""
    text = nfkc(_LINK.sub(r" \1 ", text)).translate(_DASHES)
    visible = (character for character in text if unicodedata.category(character) != "Cf")
    return "".join(_ascii_digit(character) or character for character in visible)


def _digits(text: str) -> str:
    return "".join(_ascii_digit(character) for character in text)


def _ascii_digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return "" if value is None else str(value)


def _without_leading_zeros(digits: str) -> str:
    """Strip leading zeros (trunk or international prefix), but not those of a part of a number."""
    rest = digits.lstrip("0")
    return rest if len(rest) >= _COMPLETE else digits


MAX_NUMBERS: Final = 3
"""Numbers and addresses found in texts."""
_LONGEST: Final = 4000
"""Total characters searched in all texts, since the search is slow."""
_TRIES: Final = 100
# Slack makes a link of what follows "sip:", since it looks like an email address.
_SIP_ADDRESS: Final = re.compile(
    r"\bsips?: ?(?:<?mailto:)?(?P<user>[\w.!~*'&=+$%-]{1,64})"
    r"@(?P<host>[\w-]{1,63}(?:\.[\w-]{1,63}){0,9})",
    re.IGNORECASE,
)


def in_texts(texts: Iterable[str]) -> list[str]:
    """Find the first few distinct phone numbers and SIP addresses.

    Numbers are valid ones, in international format. A SIP address whose user is a number is
    searched for as that number.
    """
    found: dict[str, None] = {}
    left = _LONGEST
    for text in texts:
        reading = next(readings(text[:left]))  # "%2B1206…" in a form's body
        for written in chain(_valid_numbers(reading), _sip_addresses(reading)):
            found[written] = None
            if len(found) == MAX_NUMBERS:
                return list(found)
        left -= len(text)
        if left <= 0:
            break
    return list(found)


def _valid_numbers(text: str) -> Iterator[str]:
    matcher = PhoneNumberMatcher(text, _DEFAULT_REGION, Leniency.VALID, max_tries=_TRIES)
    for match in matcher:
        match.number.extension = None  # SignalWire's logs have none, so it would match nothing
        yield format_number(match.number, PhoneNumberFormat.INTERNATIONAL)


def _sip_addresses(text: str) -> Iterator[str]:
    for match in _SIP_ADDRESS.finditer(text):
        if len(_digits(match["user"])) < _COMPLETE:
            yield f"sip:{match['user']}@{match['host']}".casefold()
