"""The time span of a search, put together from the times that are typed."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.voicelogs.query import words
from bot.voicelogs.query.model import InvalidReason, Query
from bot.voicelogs.query.times import Span
from bot.voicelogs.query.words import Connective

_WEEK: Final = timedelta(weeks=1)
_MARGIN: Final = timedelta(minutes=5)
"""Before a time of day: the call may have begun before what is remembered, or logged, of it."""
_WIDE_MARGIN: Final = timedelta(minutes=15)
"""Around a time of day that is said to be inexact."""
_OLDEST: Final = timedelta(days=3653)
"""Ten years."""


@dataclass
class Bounds:
    """The times that a search is between."""

    lower: Span | None = None
    """The span in which they begin."""
    upper: Span | None = None
    """The span in which they end."""
    is_range: bool = False
    """Whether `between` was typed, so that `and` leads to the end."""
    _upper_is_excluded: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it has a beginning but no end."""
        return self.lower is not None and self.upper is None

    @property
    def is_day(self) -> bool:
        """Whether it begins with a day, of which a time may follow."""
        return self.lower is not None and self.lower.day is not None

    def read_connective(
        self, connective: Connective | None, word: str, before: str, span: Span
    ) -> Connective | None:
        """Return what a connective says of the time after it; None if that is nothing.

        Args:
            connective: the connective.
            word: how it is typed.
            before: the word right before the time, in lower case.
            span: the time.
        """
        if word == ">" and not self.is_open:
            return "since"
        if word.casefold() == "by" or (before == "for" and self._can_last(span)):
            return "until"  # "by 3pm", "from 9am for 2 hours"
        return None if words.is_verb(connective, word) else connective  # "5550103 called today"

    def _can_last(self, span: Span) -> bool:
        """Whether a span can be how long it is: it begins at a time of day, and has no end yet."""
        is_open_at_moment = self.is_open and self.lower is not None and self.lower.is_moment
        return is_open_at_moment and span.end is None

    def add(
        self, span: Span, connective: Connective | None, now: datetime, *, is_inexact: bool = False
    ) -> InvalidReason | None:
        """Add a time, as the connective before it says; return what is wrong with it."""
        is_upper = connective in {"until", "before", "to"}
        if span.is_moment and (is_inexact or connective in {None, "on"}):
            span = replace(span, margin=_WIDE_MARGIN if is_inexact else _MARGIN)
        span = self._on_its_day(span, is_upper=is_upper)
        if is_upper and self.lower and self._can_last(span) and span.length:
            over = self.lower.start + span.length  # 2026-11-20T10:00Z/PT2H
            span = Span(over, over)
        end = None if self.upper is self.lower else self.upper
        if (end if is_upper else self.lower) is not None:
            return "several"
        if not is_upper and span.start - span.margin >= now.replace(microsecond=0):
            return "future"
        if span.start < now - _OLDEST:
            return "too_far"
        if is_upper:
            self.upper, self._upper_is_excluded = span, connective == "before"
            return None
        self.lower, self.is_range = span, self.is_range or connective == "between"
        has_end = span.length is None and span.end is not None and span.end > span.start
        if connective == "on" and has_end:
            self.upper = span
        return None

    def _on_its_day(self, span: Span, *, is_upper: bool) -> Span:
        """Join a time of day and a day, in either order: `on Monday after 9:00`."""
        before = self.lower
        if before is None:
            return span
        if span.is_clock and before.day and (not is_upper or self.upper is before):
            self.lower = before if is_upper else None
            self.upper = None if self.upper is before else self.upper
            return span.on(before.day)
        if before.is_clock and span.day and not is_upper:
            self.lower = None
            return before.on(span.day)
        return span

    def query(self) -> Query:
        """Return the time span as a query for nothing else."""
        lower, upper = self.lower, self.upper
        if lower and upper and upper.is_clock:
            upper = upper.on_day_of(lower)
        if lower and upper and lower.is_weekly and lower.start > upper.start:
            lower = replace(lower, start=lower.start - _WEEK)  # "Mon to Wed", on a Monday
        if lower and upper and lower.start > upper.start:
            lower, upper = upper, lower
        since = lower.start - _margin(lower, in_range=upper is not None) if lower else None
        if upper is not None:
            end = None if self._upper_is_excluded else upper.end
            return Query(since=since, until=(end or upper.start) + _margin(upper, in_range=True))
        if lower is None:
            return Query()
        return Query(since=since, length=lower.length, in_hours=lower.in_hours)


def _margin(span: Span, *, in_range: bool) -> timedelta:
    """Return the margin of a time. The ends of a range are exact unless they are said not to be."""
    return timedelta(0) if in_range and span.margin == _MARGIN else span.margin
