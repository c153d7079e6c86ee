"""Parses and compares phone numbers and SIP addresses in any notation."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from itertools import chain
from typing import Final

from phonenumbers import (
    Leniency,
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberMatcher,
    convert_alpha_characters_in_number,
    format_number,
    is_valid_number,
    national_significant_number,
    normalize_digits_only,
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

# Slack may turn a number into a link: <tel:+12065550100|+1 206 555 0100>.
_LINK: Final = re.compile(r"<([^<>|]+)(?:\|[^<>]*)?>")
# … also of what follows "sip:", since it looks like an email address.
_MAILTO_OF_SIP: Final = re.compile(r"\b(sips?:) ?<mailto:([^<>|]*)(?:\|[^<>]*)?>", re.IGNORECASE)
_WILDCARD: Final = re.compile(r"(?<=['\"])%(?=\+?[0-9]{3})|(?<=[0-9])%(?=['\"])")
"""Of SQL, unlike percent-encoding: `LIKE '%2065550100'`."""
_OPTION: Final = re.compile(r"(?<!\S)—(?=[A-Za-z])")
"""What a phone makes of the dashes in `--from`."""
_VANITY: Final = re.compile(
    r"(?<![\w.-])((?:\+?1[ .-]?)?8(?:00|([3-8])\2)[.-]|\+?1 \(8[0-9]{2}\) ?)"
    r"(?=[0-9.-]*[A-Z])((?:[.-]?[0-9A-Z]){7,12})(?![\w-])",
    re.IGNORECASE,
)
"""A toll-free number in letters: `1-800-FLOWERS`."""
_MENTION: Final = re.compile("(?:@[UW]|#[CDG])[A-Z0-9]{6,}")
_SIP: Final = re.compile(r"sips?:", re.IGNORECASE)
_RESOURCE: Final = re.compile(r"/[^\s/?=]+(?:/[^\s/?=]*)?")
"""An address of SignalWire's Call Fabric: `/private/alice`."""
_DISPLAY_NAME: Final = re.compile(r'"[^"<>]{0,80}"\s?(?=<(?:sips?|tel):)', re.IGNORECASE)
"""Before an address in a SIP header: `"Alice" <sip:alice@example.com>` (RFC 3261 §20.10)."""
_PARAMETER: Final = re.compile(
    r";(?:tag|transport|user|method|ttl|maddr|lr|ob|phone-context|isub|expires)\b(?:=[^\s;,>]*)?"
    r"|\?channel=\w+",
    re.IGNORECASE,
)
"""Of a SIP or tel URI (RFC 3261 §19.1.1, RFC 3966 §3), or of an address of Call Fabric; no part of
who is called."""
_PORT: Final = re.compile(r":[0-9]{2,5}$")
_NUMBER_AS_USER: Final = re.compile(
    rf"\+?[0-9.()-]{{{_COMPLETE},{MAX_DIGITS}}}(?=@(?:[a-z]|[0-9]{{1,3}}\.))"
)
_PAIRS: Final = re.compile(r"[2-9][0-9](?:\.[0-9]{2}){3}")
"""A Danish or Norwegian number: 20.12.34.56."""
HIDDEN: Final = r"(?:[*•●_#]{2,}+|[xX]{2,}+)"
"""Marks in place of digits."""
_WITH_HIDDEN: Final = re.compile(rf"[0-9+().-]*(?:{HIDDEN}[0-9+().-]*)+")
DOCUMENT_NUMBER: Final = re.compile(
    r"(?<![0-9+])(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-[0-9]{4}(?![0-9])"
)
"""Of an invoice or the like, its year and month first: `2026-11-0042`. North America writes no
number so, whose ten digits may be valid.
"""
_INTERNATIONAL: Final = re.compile(r"\W*?(?:\+|00|(?=011))")
"""Before a country's code; 011 is North America's."""
_MEXICAN_MOBILE: Final = re.compile("^521(?=[0-9]{10}$)")
"""Until 2019, a 1 was dialed before the number of a mobile phone in Mexico."""
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


@dataclass(frozen=True)
class Number:
    """A phone number or an address, or part of one, to search for."""

    digits: str = field(default="", repr=False)
    """The digits that a number must contain; empty for an address."""
    fragment: str = field(default="", repr=False)
    """The casefolded text that an address must contain; empty for a number."""

    def saved(self) -> str:
        """Serialize for `restore`, without blanks; the restored number matches the same."""
        return self.digits or f"sip:{self.fragment}"

    def formatted(self) -> str:
        """Format for display, as its country writes it: `+1 206-555-0103`, `555-0103`."""
        if self.fragment:
            return self.fragment
        for written in (self.digits, f"+{self.digits}"):
            if valid := _valid(written):
                return format_number(valid, PhoneNumberFormat.INTERNATIONAL)
        is_local = len(self.digits) == _COMPLETE
        return f"{self.digits[:3]}-{self.digits[3:]}" if is_local else self.digits

    def matches(self, end: str | None) -> bool:
        """Whether a log's `from` or `to` contains the number, in any notation."""
        if end is None:
            return False
        if self.fragment:
            return self.fragment in end.casefold()
        user = re.split("[@;]", end, maxsplit=1)[0]
        end_digits = as_dialed_today(_without_leading_zeros(normalize_digits_only(user)))
        without_country = len(end_digits) >= _COMPLETE and self.digits.endswith(end_digits)
        return self.digits in end_digits or without_country


def telephone(text: str) -> Number:
    """Parse a phone number, or part of one, from digits and punctuation."""
    if prefix := _INTERNATIONAL.match(text):
        rest = as_dialed_today(normalize_digits_only(text[prefix.end() :]))
        if whole := _valid(f"+{rest}" if prefix.group() else rest):
            return Number(digits=f"{whole.country_code}{national_significant_number(whole)}")
    # +44 (0)20 …: the zero is dialed only within the country.
    digits = _without_leading_zeros(normalize_digits_only(text.replace("(0)", "")))
    return Number(digits=as_dialed_today(digits))


def as_dialed_today(digits: str) -> str:
    """Drop what is no longer dialed from the digits of an international number."""
    return _MEXICAN_MOBILE.sub("52", digits)


def address(text: str) -> Number:
    """Parse a SIP or similar address, or part of one.

    An address whose user is a number is that number, which a log may have with any host.
    """
    fragment = _PORT.sub("", _SIP.sub("", text, count=1).casefold())
    if user := _NUMBER_AS_USER.match(fragment):
        return telephone(user.group())
    return Number(fragment=fragment)


def restore(saved: str) -> Number:
    """Restore a number from `Number.saved`."""
    return address(saved) if is_address(saved) else telephone(saved)


def is_address(text: str) -> bool:
    """Whether `text` is an address: `sip:…`, `…@…`, `/private/…` or `10.0.0.5`."""
    has_at = "@" in text and not is_mention(text)
    return bool(_SIP.match(text) or has_at or _RESOURCE.fullmatch(text)) or _is_ip_address(text)


def is_mention(text: str) -> bool:
    """Whether `text` is a Slack user or channel: `@U012ABCDEF`, `#C012ABCDEF`."""
    return _MENTION.fullmatch(text) is not None


def _is_ip_address(text: str) -> bool:
    try:
        IPv4Address(_PORT.sub("", text))
    except ValueError:
        return False
    return _PAIRS.fullmatch(text) is None


def has_hidden_digits(text: str) -> bool:
    """Whether `text` is a number, or part of one, that is masked: `+1206•••0103`, `555-XXXX`."""
    return _WITH_HIDDEN.fullmatch(text) is not None


def visible_parts(text: str) -> list[str]:
    """Return the parts of a number between its hidden digits."""
    return [part for part in re.split(HIDDEN, text) if normalize_digits_only(part)]


def kind_of(numbers: Iterable[str]) -> str:
    """Return what to call numbers and addresses, in the singular."""
    return "SIP address" if all(map(is_address, numbers)) else "phone number"


def normalize(text: str) -> str:
    """Normalize pasted text: unwrap Slack's links, drop invisible characters, use ASCII digits.

    Of a SIP header only the address is left.
    """
    text = next(readings(_WILDCARD.sub("", _OPTION.sub("--", text))))
    text = _MAILTO_OF_SIP.sub(r"\1\2", text)
    text = _DISPLAY_NAME.sub("", text)
    text = nfkc(_LINK.sub(r" \1 ", text))
    visible = (one for one in text if unicodedata.category(one) != "Cf")
    # One by one: the library appends each to a string, which may copy it each time.
    plain = "".join(normalize_digits_only(one, keep_non_digits=True) for one in visible)
    return _VANITY.sub(_in_digits, _PARAMETER.sub("", plain))


def _in_digits(vanity: re.Match[str]) -> str:
    """Write letters as digits, as far as the number goes: `1-800-MATTRESS` has one too many."""
    digits = normalize_digits_only(convert_alpha_characters_in_number(vanity[3]))
    return vanity[1] + digits[:_COMPLETE]


def _valid(written: str) -> PhoneNumber | None:
    """Parse a whole number; None if there is no such number."""
    try:
        parsed = parse(written, _DEFAULT_REGION)
    except NumberParseException:
        return None
    return parsed if is_valid_number(parsed) else None


def _without_leading_zeros(digits: str) -> str:
    """Strip leading zeros (trunk or international prefix), but not those of a part of a number."""
    rest = digits.lstrip("0")
    return rest if len(rest) >= _COMPLETE else digits


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
    text = DOCUMENT_NUMBER.sub("|", text)  # a blank might join the numbers around it
    matcher = PhoneNumberMatcher(text, _DEFAULT_REGION, Leniency.VALID, max_tries=_TRIES)
    for match in matcher:
        match.number.extension = None  # SignalWire's logs have none, so it would match nothing
        yield format_number(match.number, PhoneNumberFormat.INTERNATIONAL)


def _sip_addresses(text: str) -> Iterator[str]:
    for match in _SIP_ADDRESS.finditer(text):
        if len(normalize_digits_only(match["user"])) < _COMPLETE:
            yield f"sip:{match['user']}@{match['host']}".casefold()
