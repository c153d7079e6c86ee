"""The forms in which a day is written, alone or before a time of day."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from typing import Final

_DAY: Final = timedelta(days=1)
_MONTHS: Final = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LAST: Final = "last|past|previous|this"
OWN: Final = "(?:['\u2019]?s)?"
"""As in `today's calls`."""
MONTH_NAME: Final = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
MONTH: Final = rf"(?P<month>{MONTH_NAME})\.?"
DAY_OF_DATE: Final = rf"[0-9]{{1,2}}\. (?:{MONTH_NAME}(?:\b|(?=t[0-9]))|[0-9]{{1,2}}\.)"
"""How a date begins in German and other languages, unlike a list's item: `20. Nov`, `20. 11.`."""
WEEKDAY: Final = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?)"
)
YEAR: Final = "(?P<year>(?:19|20)[0-9]{2})"
_DAY_OF_MONTH: Final = "(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_COMPACT: Final = rf"{YEAR} ?(?P<month>0[1-9]|1[0-2]) ?(?P<day>0[1-9]|[12][0-9]|3[01])"
NAMED_DAYS: Final = (rf"{_DAY_OF_MONTH} {MONTH}", rf"{MONTH} {_DAY_OF_MONTH}")

_Form = re.Match[str]
Dates = Callable[[_Form, date], list[date]]
"""The readings of a form, given today's date. Raises ValueError if it is no date."""


def month_number(text: str) -> int:
    """Return the number of a month, which is written as a number or as a name."""
    return int(text) if text.isdecimal() else _MONTHS.index(text[:3]) + 1


def day_of_parts(form: _Form, today: date) -> list[date]:
    """Return the only reading of a form that names its day, and perhaps its month and year."""
    parts = {"month": None, "year": None, **form.groupdict()}
    return [_latest(parts["year"], parts["month"], int(form["day"]), today)]


def _either_order(form: _Form, today: date) -> list[date]:
    one, other, year = form["one"], form["other"], form.groupdict().get("year")
    readings = []
    for month, day in ((one, other), (other, one)):
        with suppress(ValueError):
            readings.append(_latest(year, month, int(day), today))
    if not readings:
        raise ValueError("neither order is a date")
    return readings


def _weekday(form: _Form, today: date) -> list[date]:
    ago = (today.weekday() - _WEEKDAYS.index(form["weekday"][:3])) % 7
    return [today - timedelta(days=ago or 7 * bool(form["last"]))]


def _relative(form: _Form, today: date) -> list[date]:
    return [today + _DAY * {"yesterday": -1, "tomorrow": 1}.get(form["relative"], 0)]


def _latest(year: str | None, month: str | None, day: int, today: date) -> date:
    """Return the date; without a year, or a month, the latest that isn't in the future."""
    if year and month:
        return date(int(year) + 2000 * (len(year) == 2), month_number(month), day)  # noqa: PLR2004 - of two digits
    first = today.replace(day=1)
    for _ in range(9 * 12):  # February 29 comes in eight years
        if not month or first.month == month_number(month):
            try:
                found = first.replace(day=day)
            except ValueError:  # the 31st of November
                found = date.max
            if found <= today:
                return found
        first = (first - _DAY).replace(day=1)
    raise ValueError("no such day in any year")


DATES: Final[dict[str, Dates]] = {
    rf"{YEAR}(?P<mark>[-/.])(?P<month>[0-9]{{1,2}})(?P=mark)(?P<day>[0-9]{{1,2}})": day_of_parts,
    # Not what may be the number 20261120.
    rf"(?:(?<=\bsince )|(?<=\bon )|(?=[0-9]{{8}}[t ][0-9]{{1,2}}:)){_COMPACT}": day_of_parts,
    rf"(?=[0-9]{{4}} [0-9]{{2}} [0-9]{{2}}(?! ?[0-9]+(?:[^:0-9]|$))){_COMPACT}": day_of_parts,
    r"(?P<one>[0-9]{1,2})(?P<mark>[-/.])(?P<other>[0-9]{1,2})(?P=mark)"
    r"(?P<year>(?:19|20)?[0-9]{2})": _either_order,
    r"(?P<one>[0-9]{1,2})/(?P<other>[0-9]{1,2})": _either_order,
    r"(?P<one>[0-9]{2})\.(?P<other>[0-9]{2})": _either_order,
    rf"(?:the )?{_DAY_OF_MONTH}[ /-]?(?:of )?{MONTH}(?:[ /-]{YEAR})?": day_of_parts,
    rf"{MONTH}[ -]?(?:the )?{_DAY_OF_MONTH}(?:[ -]{YEAR})?": day_of_parts,
    rf"{_DAY_OF_MONTH}-{MONTH}-(?P<year>[0-9]{{2}})": day_of_parts,
    "(?:the )?(?P<day>[0-9]{1,2})(?:st|nd|rd|th)"
    "(?! (?:call|log|leg|one|time|attempt))": day_of_parts,
    rf"(?:(?P<last>{LAST}) )?(?P<weekday>{WEEKDAY}){OWN}": _weekday,
    "(?P<relative>today|yesterday|tomorrow)": _relative,
}
