"""Finds phone numbers in what a Slack message says. It must not know what they are for."""

from collections.abc import Iterable
from typing import Final

from phonenumbers import Leniency, PhoneNumberFormat, PhoneNumberMatcher, format_number

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
