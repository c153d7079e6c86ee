"""A call's legs as bars on a common time axis, for a monospace font.

The chart has no text from the log, only letters, bars and times.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Final

from bot.signalwire.models import VoiceLog
from bot.ui import durations
from bot.voicelogs.results import CallLegs

WIDTH: Final = 32
LEGS_LIMIT: Final = len(ascii_uppercase)

_UNANSWERED: Final = frozenset({"busy", "failed", "no-answer", "canceled"})
_SECOND: Final = 1000


@dataclass(frozen=True)
class LabelledLeg:
    """A leg and its letter in the chart and in the list."""

    letter: str
    log: VoiceLog
    is_current: bool


def labelled(call_legs: CallLegs) -> Sequence[LabelledLeg]:
    """Assign letters to the legs by start time, up to Z; the requested leg is always included."""
    legs = list(call_legs.legs[:LEGS_LIMIT])
    if all(log.id != call_legs.log.id for log in legs):
        legs[LEGS_LIMIT - 1 :] = [call_legs.log]
    return [
        LabelledLeg(letter, log, log.id == call_legs.log.id)
        for letter, log in zip(ascii_uppercase, legs, strict=False)
    ]


def render_chart(call_legs: CallLegs) -> str:
    """Draw one bar per leg, from the earliest start to the latest end; empty without a start.

    Lines have at most 60 characters. `>` marks the requested leg. The bar of a live leg extends to
    the latest known end; a leg of unknown duration is a line at its start.
    """
    legs = [leg for leg in labelled(call_legs) if leg.log.created_at is not None]
    if not legs:
        return ""
    starts = [_start(leg.log) for leg in legs]
    ends = [
        start + (leg.log.duration_or_rounded_ms or 0)
        for start, leg in zip(starts, legs, strict=True)
    ]
    axis = _Axis(min(starts), max(ends))
    whole = durations.stopwatch(axis.length) if axis.length else ""
    marks = [f"{'>' if leg.is_current else ' '} {leg.letter}" for leg in legs]
    rows = [
        f"{mark} {axis.bar(leg.log):{WIDTH}} {_duration(leg.log)}"
        for mark, leg in zip(marks, legs, strict=True)
    ]
    return "\n".join([f"    0:00{whole:>{WIDTH - 4}}", *rows])


@dataclass(frozen=True)
class _Axis:
    """Milliseconds since 1970."""

    start: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.start

    def bar(self, log: VoiceLog) -> str:
        begins = _start(log)
        first = min(self._cell(begins), WIDTH - 1)
        if log.is_live:
            return " " * first + "▒" * (WIDTH - 1 - first) + "▶"
        if log.duration_or_rounded_ms is None:
            return " " * first + "┃"
        cells = max(self._cell(begins + log.duration_or_rounded_ms) - first, 1)
        return " " * first + ("░" if log.status in _UNANSWERED else "█") * cells

    def _cell(self, moment: int) -> int:
        """Return the nearest border between two cells, from 0 to WIDTH."""
        if not self.length:
            return 0
        return (2 * WIDTH * (moment - self.start) + self.length) // (2 * self.length)


def _start(log: VoiceLog) -> int:
    return durations.milliseconds(log.created_at) if log.created_at is not None else 0


def _duration(log: VoiceLog) -> str:
    if log.is_live:
        return "live"
    if log.duration_or_rounded_ms is None:
        return "?"
    return (
        "<0:01"
        if 0 < log.duration_or_rounded_ms < _SECOND
        else durations.stopwatch(log.duration_or_rounded_ms)
    )
