"""A call's legs as bars on a common time axis, for a monospace font.

The chart has no text from the log: only letters, bars, times and a legend.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from string import ascii_uppercase
from typing import Final

from bot.signalwire.models import VoiceLog
from bot.ui import durations, mrkdwn
from bot.voicelogs import calls
from bot.voicelogs.results import CallLegs

LINE_LENGTH: Final = 28
"""Characters that fit on a line of a modal on a phone 320 pixels wide."""
LEGS_LIMIT: Final = len(ascii_uppercase)

_ANSWERED: Final = "█"
_NOT_ANSWERED: Final = "░"
_LIVE: Final = "▒"
_UNKNOWN: Final = "━"
_NO_END: Final = "┃"
_LEGEND: Final = {
    _ANSWERED: "answered",
    _NOT_ANSWERED: "not answered",
    _LIVE: "live",
    _UNKNOWN: "answer unknown",
    _NO_END: "end unknown",
}
_MARK: Final = "> A "
_FIRST: Final = "0:00"
_SECOND: Final = 1000


@dataclass(frozen=True)
class LabeledLeg:
    """A leg and its letter in the chart and in the list."""

    letter: str
    log: VoiceLog
    is_current: bool


def labeled(call_legs: CallLegs) -> Sequence[LabeledLeg]:
    """Assign letters to the legs by start time, up to Z; the requested leg is always included."""
    legs = list(call_legs.legs[:LEGS_LIMIT])
    if all(log.id != call_legs.log.id for log in legs):
        legs[LEGS_LIMIT - 1 :] = [call_legs.log]
    return [
        LabeledLeg(letter, log, log.id == call_legs.log.id)
        for letter, log in zip(ascii_uppercase, legs, strict=False)
    ]


def render_chart(call_legs: CallLegs, now: datetime) -> str:
    """Draw one bar per leg, from the earliest start to the latest end; empty without a start.

    A live leg lasts until now, whatever its log says. A leg without a known end is a mark at its
    start. `>` marks the requested leg. A legend is below the bars.
    """
    bars = [
        _bar(leg, leg.log.created_at, now)
        for leg in labeled(call_legs)
        if leg.log.created_at is not None
    ]
    if not bars:
        return ""
    start, end = min(bar.start for bar in bars), max(bar.end for bar in bars)
    width = LINE_LENGTH - len(_MARK) - 1 - max(len(bar.duration) for bar in bars)
    signs = {bar.sign for bar in bars}
    whole = _stopwatch(end - start) if end > start else ""
    last = "now" if _LIVE in signs and end == durations.milliseconds(now) else whole
    axis = f"{' ' * len(_MARK)}{_FIRST}{last:>{width - len(_FIRST)}}"
    rows = [
        f"{bar.mark} {_drawn(bar, start, end - start, width):{width}} {bar.duration}"
        for bar in bars
    ]
    meanings = [f"{sign} {meaning}" for sign, meaning in _LEGEND.items() if sign in signs]
    return "\n".join([axis, *rows, *mrkdwn.fill(meanings, " ", LINE_LENGTH)])


@dataclass(frozen=True)
class _Bar:
    """A leg as it is drawn; its times are milliseconds since 1970."""

    mark: str
    sign: str
    start: int
    end: int
    duration: str


def _bar(leg: LabeledLeg, began: datetime, now: datetime) -> _Bar:
    sign, start = _sign(leg.log, now), durations.milliseconds(began)
    length_ms = leg.log.duration_or_rounded_ms or 0
    if sign == _LIVE:
        length_ms = max(durations.milliseconds(now) - start, 0)
    if sign == _NO_END:
        length_ms = 0
    mark = f"{'>' if leg.is_current else ' '} {leg.letter}"
    return _Bar(mark, sign, start, start + length_ms, _duration(length_ms, sign))


def _sign(log: VoiceLog, now: datetime) -> str:
    if log.is_live:
        return _NO_END if log.is_overdue(now) else _LIVE
    if log.duration_or_rounded_ms is None:
        return _NO_END
    return {True: _ANSWERED, False: _NOT_ANSWERED, None: _UNKNOWN}[calls.was_answered(log)]


def _duration(length_ms: int, sign: str) -> str:
    if sign == _NO_END:
        return "?"
    return "<0:01" if 0 < length_ms < _SECOND else _stopwatch(length_ms)


def _stopwatch(length_ms: int) -> str:
    """Format a length, rounded to seconds as in the list below the chart."""
    return durations.stopwatch(length_ms + _SECOND // 2)


def _drawn(bar: _Bar, start: int, length: int, width: int) -> str:
    """Draw a bar on an axis of `length` milliseconds from `start`, in `width` cells."""
    first, last = (_border(each - start, length, width) for each in (bar.start, bar.end))
    before = " " * min(first, width - 1)
    drawn = bar.sign * max(last - len(before), 1)
    return before + (f"{drawn[1:]}▶" if bar.sign == _LIVE else drawn)


def _border(offset: int, length: int, width: int) -> int:
    """Return the nearest border between two cells, from 0 to the width."""
    return (2 * width * offset + length) // (2 * length) if length else 0
