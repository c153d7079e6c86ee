"""The forms in which a time or a time span is written.

A Slack command carries no time zone, so days are UTC's, and `today` is the last 24 hours.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Final

from bot.voicelogs.query.clocks import CLOCK, at_clock, has_clock
from bot.voicelogs.query.dates import (
    DATES,
    LAST,
    MONTH,
    NAMED_DAYS,
    OWN,
    WEEKDAY,
    YEAR,
    Dates,
    day_of_parts,
    month_number,
)
from bot.voicelogs.query.lengths import ISO_LENGTH, LENGTH, iso_length_of, length_of
from bot.voicelogs.query.model import InvalidReason

LONGEST_FORM: Final = 11
"""Tokens, as in `Fri 20 of November 2026 at 5:24 pm Eastern Standard Time`."""
_LONGEST_TOKEN: Final = 40
_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5
"""As `weekday` counts."""

_PART_OF_DAY: Final = "(?: (?:in the |at )?(?P<part>morning|afternoon|aft|evening|night|nite))"

_NO_NUMBER: Final = r"(?! \(?[0-9]{3}\b| [0-9]{10})"
_BARE_HOUR: Final = (
    rf"(?:(?<=\bat )|(?<=\baround )|(?<=\bsince ))(?P<hour>[1-9]|1[0-2]){_NO_NUMBER}"
)
"""Before noon, or after: the user must choose. Not the beginning of `at 1 206 555 0103`."""
_UNIX: Final = r"(?<=\bsince )(?P<seconds>1[0-9]{9})(?:[0-9]{3})?(?:\.[0-9]+)?"
"""In seconds or milliseconds. Without `since`, these digits may be a number."""
_DIGITS_OF_MILLISECONDS: Final = 13
_LONG_DIGITS: Final = re.compile("[0-9]{8}|[0-9]{10}|[0-9]{13}")


@dataclass(frozen=True)
class Span:
    """A time span in UTC and whole seconds."""

    start: datetime
    end: datetime | None = None
    """Its end, not itself part of it; None for now. A moment ends where it begins."""
    length: timedelta | None = None
    """How far back it begins, if it was written so."""
    is_swappable: bool = False
    """Whether its day and month, or the halves of the day, can be swapped."""
    is_clock: bool = False
    """Whether it is a time of day without a day."""
    in_hours: bool = False
    """Whether to say the length in hours."""
    day: date | None = None
    """The one day that it is, without a time of day."""
    is_weekly: bool = False
    """Whether it is the latest of a day of the week."""
    days_later: int = 0
    """How many days later its date is in UTC than in its zone: one, at 10 pm PST."""
    margin: timedelta = timedelta(0)
    """How far from it what is meant may be."""

    @property
    def is_moment(self) -> bool:
        """Whether it is a time of day, of a day or not."""
        return self.end == self.start and self.length is None

    def on_day_of(self, other: "Span") -> "Span":
        """Return the first such time of day after `other` begins."""
        days = (self.start - other.start) // _DAY
        moment = self.start - days * _DAY
        return replace(self, start=moment, end=moment)

    def on(self, day: date) -> "Span":
        """Return this time of day on a day."""
        moment = datetime.combine(day + _DAY * self.days_later, self.start.timetz())
        return Span(moment, moment, margin=self.margin)


def as_range(word: str) -> tuple[str, str] | None:
    """Split `mon-wed`, `11/20-11/22` or `9:00-10:30` in two.

    A time with seconds has an offset from UTC behind it: `17:24:00-05:00`.
    """
    for mark in "-/":
        first, found, last = word.lower().partition(mark)
        first = first.rstrip(".")  # 20.11.-22.11.
        may_be_offset = mark == "-" and first.count(":") > 1
        if found and not may_be_offset and _is_form(first) and _is_form(last):
            return first, last
    return None


def _is_form(text: str) -> bool:
    return any(form.fullmatch(text) for form, _ in _forms())


_Form = re.Match[str]
_Build = Callable[[_Form, datetime, bool], Span]


def match(
    tokens: Sequence[str], now: datetime, *, before: str = "", second: bool = False
) -> tuple[Span | InvalidReason, int] | None:
    """Read the longest form that the tokens begin with; None if they begin with none.

    `before` is the word before them, or `since` for any that begins or ends a time span. `second`
    reads 12/1 as January 12 rather than December 1, and `at 3` as after noon. Returns the span, or
    why there is none, and the number of tokens.
    """
    announced = f"{before.lower()} " if before.isalpha() else ""
    text = announced + " ".join(token[:_LONGEST_TOKEN].lower() for token in tokens[:LONGEST_FORM])
    found = [
        (each, build) for form, build in _forms() if (each := form.match(text, len(announced)))
    ]
    if not found:
        return None
    longest, build = max(found, key=lambda each: each[0].end())
    length = longest.group().count(" ") + 1
    try:
        return build(longest, now, second), length
    except OverflowError:
        return "too_far", length
    except ValueError:  # February 30, or 25:00
        return "not_a_date", length


def is_in_milliseconds(text: str) -> bool:
    """Whether a number, if it is a time, is in milliseconds since 1970.

    Then it begins with a 1, as no phone number of so many digits does.
    """
    return len(text) == _DIGITS_OF_MILLISECONDS


def in_digits_alone(text: str, now: datetime) -> Span | None:
    """Read a time that is written as a number may be: seconds since 1970, or a recent day."""
    found = match([text], now, before="since") if _LONG_DIGITS.fullmatch(text) else None
    match found:
        case (Span(start=start, day=day) as span, _):
            oldest = timedelta(days=366 if day else 3653)
            return span if now - oldest < start < now else None
        case _:
            return None


def _going_back(length: Callable[[_Form], timedelta]) -> _Build:
    def build(form: _Form, now: datetime, _: object) -> Span:
        back = length(form)
        if not back:
            raise ValueError("no time at all")
        start = (now - back).replace(microsecond=0)
        is_ago = bool(form.groupdict().get("ago"))
        day = start.date() if is_ago and not back % _DAY else None  # "2 days ago at 3 pm"
        return Span(start, start if is_ago else None, back, day=day)

    return build


def _calendar(hours: int) -> _Build:
    """A word of the calendar is the span that covers what it means in any time zone."""
    length = timedelta(hours=hours)

    def build(_: _Form, now: datetime, __: object) -> Span:
        start = (now - length).replace(microsecond=0)
        day = (now - length + _DAY).date()
        return Span(start, start + _DAY, length, in_hours=True, day=day)

    return build


def _whole_month(form: _Form, now: datetime, _: object) -> Span:
    month = month_number(form["month"])
    year = int(form["year"]) if form["year"] else now.year - (month > now.month)
    start = datetime(year, month, 1, tzinfo=UTC)
    return Span(start, (start + timedelta(days=31)).replace(day=1))


def _day_and_clock(dates: Dates) -> _Build:
    def build(form: _Form, now: datetime, second: bool) -> Span:  # noqa: FBT001 - _Build has no names
        readings = list(dict.fromkeys(dates(form, now.date())))
        possible = [day for day in readings if day <= now.date()] or readings[:1]
        day, is_swappable = possible[-1 if second else 0], len(possible) > 1
        is_weekly = "weekday" in form.groupdict()
        if has_clock(form):
            moment = at_clock(form, day)
            return Span(moment, moment, is_swappable=is_swappable, is_weekly=is_weekly)
        start = datetime.combine(day, time.min, UTC)
        # An American evening is in the next day of UTC.
        length = _DAY * (2 if form["part"] else 1)
        end = start + length
        return Span(start, end, is_swappable=is_swappable, day=day, is_weekly=is_weekly)

    return build


def _weekend(form: _Form, now: datetime, _: object) -> Span:
    ago = (now.weekday() - _SATURDAY) % 7
    is_before = ago <= 1 and form["last"] in {"last", "past", "previous"}
    start = datetime.combine(now.date() - _DAY * (ago + 7 * is_before), time.min, UTC)
    return Span(start, start + _DAY * 2)


def _clock(form: _Form, now: datetime, _: object) -> Span:
    moment = at_clock(form, now.date())
    return replace(_latest(moment, now), days_later=(moment.date() - now.date()).days)


def _bare_hour(form: _Form, now: datetime, second: bool) -> Span:  # noqa: FBT001 - _Build has no names
    hour = int(form["hour"]) % 12 + 12 * second
    moment = datetime.combine(now.date(), time(hour), UTC)
    return replace(_latest(moment, now), is_swappable=True)


def _unix(form: _Form, _: datetime, __: object) -> Span:
    moment = datetime.fromtimestamp(int(form["seconds"]), UTC)
    return Span(moment, moment)


def _latest(moment: datetime, now: datetime) -> Span:
    moment -= _DAY if moment > now else timedelta(0)
    return Span(moment, moment, is_clock=True)


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern})(?= |$)")


@cache
def _forms() -> tuple[tuple[re.Pattern[str], _Build], ...]:
    """Return all forms. Of several that fit, the longest counts, and of equal ones the first.

    They take some 20 ms to compile, so they are compiled when the first search needs them.
    """
    weekday = rf"(?:{WEEKDAY} (?!{WEEKDAY}))?"
    return (
        (_form(CLOCK), _clock),
        (_form(_BARE_HOUR), _bare_hour),
        (_form(_UNIX), _unix),
        (_form(LENGTH), _going_back(length_of)),
        (_form(ISO_LENGTH), _going_back(iso_length_of)),
        (_form(f"(?:today{OWN}|this){_PART_OF_DAY}|today{OWN}|toni(?:ght|te)"), _calendar(24)),
        (
            _form(rf"(?:yesterday|yest|y'?day){OWN}{_PART_OF_DAY}?|last ni(?:ght|te)|overnight"),
            _calendar(48),
        ),
        (_form("day before yesterday"), _calendar(72)),
        (_form(rf"{MONTH}(?: {YEAR})?"), _whole_month),
        (_form(rf"{YEAR}-(?P<month>[0-9]{{2}})"), _whole_month),
        (_form(rf"(?:(?P<last>{LAST}) |the )?weekend{OWN}"), _weekend),
        # As `date` prints it: Fri Nov 20 17:24:05 UTC 2026.
        *(
            (_form(rf"{weekday}{day} {CLOCK} {YEAR}"), _day_and_clock(day_of_parts))
            for day in NAMED_DAYS
        ),
        *(
            (
                _form(rf"{weekday}{date_}(?:(?:t| at | |:(?=[0-9]{{2}}:)){CLOCK}|{_PART_OF_DAY})?"),
                _day_and_clock(dates),
            )
            for date_, dates in DATES.items()
        ),
    )
