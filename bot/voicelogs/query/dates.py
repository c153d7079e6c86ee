"""The forms in which a day is written, alone or before a time of day."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from bot.voicelogs.query.shortened_times import MONTHS

_DAY: Final = timedelta(days=1)
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LAST: Final = "last|past|previous|this"
OWN: Final = "(?:['\u2019]?s)?"
"""As in `today's calls`."""
MONTH: Final = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
WEEKDAY: Final = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?)"
)
YEAR: Final = "(?P<year>(?:19|20)[0-9]{2})"
_DAY_OF_MONTH: Final = "(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"

_Form = re.Match[str]
Dates = Callable[[_Form, date], list[date]]


def _iso(form: _Form, _: date) -> list[date]:
    return [date(int(form["year"]), int(form["one"]), int(form["other"]))]


def _numeric(form: _Form, today: date) -> list[date]:
    one, other = int(form["one"]), int(form["other"])
    year = form.groupdict().get("year")
    readings = []
    for month, day in ((one, other), (other, one)):
        try:
            readings.append(_latest(year, month, day, today))
        except ValueError:
            continue
    if not readings:
        raise ValueError("neither order is a date")
    return readings


def _named(form: _Form, today: date) -> list[date]:
    month = MONTHS.index(form["month"][:3]) + 1
    return [_latest(form["year"], month, int(form["day"]), today)]


def _weekday(form: _Form, today: date) -> list[date]:
    ago = (today.weekday() - _WEEKDAYS.index(form["weekday"][:3])) % 7
    return [today - timedelta(days=ago or 7 * bool(form["last"]))]


def _relative(form: _Form, today: date) -> list[date]:
    return [today + _DAY * {"yesterday": -1, "tomorrow": 1}.get(form["relative"], 0)]


def _nth(form: _Form, today: date) -> list[date]:
    """Return the latest such day of a month."""
    first, day = today.replace(day=1), date(today.year, 1, int(form["nth"])).day
    while True:
        try:
            found = first.replace(day=day)
        except ValueError:  # the 31st of November
            found = date.max
        if found <= today:
            return [found]
        first = (first - _DAY).replace(day=1)


def _latest(year: str | None, month: int, day: int, today: date) -> date:
    """Return the date; without a year the latest that isn't in the future."""
    if year:
        return date(int(year) + 2000 * (len(year) == 2), month, day)  # noqa: PLR2004 - of two digits
    for candidate in range(today.year, today.year - 9, -1):  # February 29 comes in eight years
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if found <= today:
            return found
    raise ValueError("no such day in any year")


DATES: Final[dict[str, Dates]] = {
    rf"{YEAR}(?P<mark>[-/.])(?P<one>[0-9]{{1,2}})(?P=mark)(?P<other>[0-9]{{1,2}})": _iso,
    r"(?P<one>[0-9]{1,2})(?P<mark>[-/.])(?P<other>[0-9]{1,2})(?P=mark)"
    r"(?P<year>(?:19|20)?[0-9]{2})": _numeric,
    r"(?P<one>[0-9]{1,2})/(?P<other>[0-9]{1,2})": _numeric,
    r"(?P<one>[0-9]{2})\.(?P<other>[0-9]{2})": _numeric,
    rf"(?:the )?{_DAY_OF_MONTH}[ /-]?(?:of )?{MONTH}(?:[ /-]{YEAR})?": _named,
    rf"{MONTH}[ -]?(?:the )?{_DAY_OF_MONTH}(?:[ -]{YEAR})?": _named,
    rf"{_DAY_OF_MONTH}-{MONTH}-(?P<year>[0-9]{{2}})": _named,
    "(?:the )?(?P<nth>[0-9]{1,2})(?:st|nd|rd|th)(?! (?:call|log|leg|one|time|attempt))": _nth,
    rf"(?:(?P<last>{LAST}) )?(?P<weekday>{WEEKDAY}){OWN}": _weekday,
    "(?P<relative>today|yesterday|tomorrow)": _relative,
}
