"""The forms in which a length of time is written."""

import re
from datetime import timedelta
from typing import Final

from bot.voicelogs.query.dates import LAST

_UNITS: Final = {
    "s": timedelta(seconds=1),
    "mo": timedelta(days=31),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "fortnight": timedelta(weeks=2),
    "y": timedelta(days=366),
}
"""By the first letters of their names."""
NUMERALS: Final = {
    "half a": 0.5, "half an": 0.5, "a half": 0.5, "half": 0.5,
    "a couple of": 2, "a couple": 2, "couple of": 2, "couple": 2,
    "an": 1, "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
_ARTICLES: Final = frozenset({"a", "an"})
_NUMERAL: Final = "|".join(NUMERALS)
_MINUTES: Final = "(?:m|mins?|minutes?)"
LENGTH: Final = (
    rf"(?:(?:now)?-(?=[0-9]))?(?=(?:{LAST}|{_NUMERAL}) |[0-9])(?:(?:{LAST}) )?"
    r"(?:(?P<number>(?![0-9]{7}[0-9]* |0[0-9]{3})[0-9]+(?:\.[0-9]+)?) ?"
    rf"|(?P<numeral>{_NUMERAL}) )?"
    r"(?:(?:last|past|previous) (?=[a-z]+s\b))?"
    rf"(?P<unit>s|secs?|seconds?|{_MINUTES}|h|hrs?|hours?|d|days?|w|wks?|weeks?|fortnights?"
    "|mos?|months?|y|yrs?|years?)"
    rf"(?:(?P<half> and a half)| ?(?:and )?(?P<minutes>[0-9]{{1,3}}) ?{_MINUTES})?"
    r"(?: (?P<ago>ago))?"
)
ISO_LENGTH: Final = (
    r"-?p(?=[0-9]|t[0-9])(?:(?P<weeks>[0-9]+)w)?(?:(?P<days>[0-9]+)d)?"
    r"(?:t(?:(?P<hours>[0-9]+)h)?(?:(?P<minutes>[0-9]+)m)?(?:(?P<seconds>[0-9]+)s)?)?"
)
"""As ISO 8601 writes a duration, without months and years: `PT2H`, `P1DT12H`."""


def in_digits(word: str) -> str:
    """Return `five` as `5`, and any other word as it is. An article is no count."""
    return word if word in _ARTICLES or word not in NUMERALS else str(NUMERALS[word])


def length_of(form: re.Match[str]) -> timedelta:
    """Return what a form of LENGTH means."""
    size = next(size for name, size in _UNITS.items() if form["unit"].startswith(name))
    number = float(form["number"]) if form["number"] else NUMERALS.get(form["numeral"], 1)
    number += 0.5 * bool(form["half"])
    return size * number + timedelta(minutes=int(form["minutes"] or 0))


def iso_length_of(form: re.Match[str]) -> timedelta:
    """Return what a form of ISO_LENGTH means."""
    return timedelta(**{unit: int(number or 0) for unit, number in form.groupdict().items()})
