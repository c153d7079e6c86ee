"""Durations in words and in stopwatch format; ages and waits in words."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import ceil
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TENTH: Final = 100
_SECOND: Final = 1000
_MINUTE: Final = 60 * _SECOND
_HOUR: Final = 60 * _MINUTE
_SIXTY: Final = 60
_TEN: Final = 10
_LONGEST_EXACT_MS: Final = 1000 * _SECOND
_TENTHS_LIMIT: Final = 100
"""From this many tenths on, whole seconds are shown."""
_AGE_UNITS: Final = {
    "year": timedelta(days=365.25),
    "month": timedelta(days=365.25 / 12),
    "day": timedelta(days=1),
    "hour": timedelta(hours=1),
}
_WAIT_UNITS: Final = {"hour": 3600, "minute": 60, "second": 1}
"""The units of a wait, in seconds."""


def milliseconds(when: datetime) -> int:
    """Return whole milliseconds since 1970; durations from the API can overflow a datetime."""
    return (when - _EPOCH) // timedelta(milliseconds=1)


def rounded(milliseconds: int) -> str:
    """Format a duration, rounded: `10 s`, `3 min 12 s`, `5 min`, `1 h 02 min`."""
    if 0 < milliseconds < _SECOND:
        return "under 1 s"
    seconds = _half_up(milliseconds, _SECOND)
    if seconds >= _SIXTY * _SIXTY:
        seconds = _SIXTY * _half_up(milliseconds, _MINUTE)
    return exact_seconds(Decimal(seconds))


def _half_up(milliseconds: int, unit: int) -> int:
    """Convert to units, rounded half up."""
    return (2 * milliseconds + unit) // (2 * unit)


def to_tenths(milliseconds: int) -> str:
    """Format a duration, below ten seconds with tenths: `3.2 s`, `3 s`, `18 s`."""
    tenths = _half_up(milliseconds, _TENTH)
    if tenths >= _TENTHS_LIMIT:
        return rounded(milliseconds)
    return exact_seconds(Decimal(tenths) / 10) if tenths else "less than 0.1 s"


def with_milliseconds(milliseconds: int) -> str:
    """Format a duration with its milliseconds: `10 s (9638 ms)`.

    From 1,000 seconds on, they are decimals of the seconds, since a number with that many digits
    looks like a phone number: `1 h 02 min 05.12 s`.
    """
    if milliseconds >= _LONGEST_EXACT_MS:
        return exact_seconds(Decimal(milliseconds) / _SECOND)
    return f"{rounded(milliseconds)} ({milliseconds} ms)"


def exact_seconds(seconds: Decimal) -> str:
    """Format a duration exactly, up to the millisecond: `42 s`, `1 h 02 min 05.12 s`."""
    minutes, second = divmod(round(seconds, 3), _SIXTY)
    hour, minute = divmod(minutes, _SIXTY)
    units = [(hour, "h"), (minute, "min"), (second.normalize(), "s")]
    while len(units) > 1 and not units[0][0]:
        del units[0]
    while len(units) > 1 and not units[-1][0]:
        del units[-1]
    (count, unit), *smaller = units
    padded = (f"{'0' if count < _TEN else ''}{count:f} {unit}" for count, unit in smaller)
    return " ".join([f"{count:f} {unit}", *padded])


def stopwatch(length_ms: int) -> str:
    """Format milliseconds as `0:42`, `12:03` or `1:00:00`, rounded down to seconds."""
    minutes = f"{length_ms % _HOUR // _MINUTE}"
    seconds = f"{length_ms % _MINUTE // _SECOND:02}"
    hours = length_ms // _HOUR
    return f"{hours}:{minutes:0>2}:{seconds}" if hours else f"{minutes}:{seconds}"


def offset(length_ms: int) -> str:
    """Format milliseconds with sign and fraction: `+0:02.100`."""
    sign, length_ms = ("-", -length_ms) if length_ms < 0 else ("+", length_ms)
    return f"{sign}{stopwatch(length_ms)}.{length_ms % _SECOND:03}"


def ago(age: timedelta) -> str:
    """Format an age of at least two hours as `9 months ago`, with a count of two or more."""
    counts = {unit: round(age / length) for unit, length in _AGE_UNITS.items()}
    unit = next((unit for unit, count in counts.items() if count > 1), "hour")
    return f"{counts[unit]} {unit}s ago"


def from_now(seconds: float) -> str:
    """Format a wait as `in 2 minutes`, rounded up; none is shorter than `in 1 second`."""
    whole = max(ceil(seconds), 1)
    unit, length = next((unit, length) for unit, length in _WAIT_UNITS.items() if whole >= length)
    count = ceil(whole / length)
    return f"in {count} {unit}{'' if count == 1 else 's'}"
