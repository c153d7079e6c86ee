"""Elapsed time in stopwatch format; ages and waits in words."""

from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND: Final = 1000
_MINUTE: Final = 60 * _SECOND
_HOUR: Final = 60 * _MINUTE
_UNITS: Final = {
    "year": timedelta(days=365.25),
    "month": timedelta(days=365.25 / 12),
    "day": timedelta(days=1),
    "hour": timedelta(hours=1),
}
_WAITS: Final = {"hour": 3600, "minute": 60, "second": 1}
"""Seconds."""


def milliseconds(when: datetime) -> int:
    """Return whole milliseconds since 1970; durations from the API can overflow a datetime."""
    return (when - _EPOCH) // timedelta(milliseconds=1)


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
    counts = {unit: round(age / length) for unit, length in _UNITS.items()}
    unit = next((unit for unit, count in counts.items() if count > 1), "hour")
    return f"{counts[unit]} {unit}s ago"


def from_now(seconds: float) -> str:
    """Format a wait as `in 2 minutes`, rounded up; none is shorter than `in 1 second`."""
    whole = max(ceil(seconds), 1)
    unit, length = next((unit, length) for unit, length in _WAITS.items() if whole >= length)
    count = ceil(whole / length)
    return f"in {count} {unit}{'' if count == 1 else 's'}"
