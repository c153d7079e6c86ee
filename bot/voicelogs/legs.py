"""Finds the other legs of a log's call.

SignalWire has no query for a log's children, so the list of logs around the call is read and
filtered.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.runtime.clock import Clock
from bot.signalwire.client import SignalWireClient
from bot.signalwire.errors import SignalWireError, UnavailableError
from bot.signalwire.models import VoiceLog, parse_uuid
from bot.signalwire.pager import VoiceLogPager
from bot.voicelogs.calls import comparable_id
from bot.voicelogs.results import CallLegs, Found, ParentError, TimeSpan

MAX_LEGS: Final = 20
MAX_PARENTS: Final = 5
PARENTS_SECONDS: Final = 8.0
"""The limit for all parents together; the same as for one log."""
MAX_PAGES: Final = 10
MAX_SECONDS: Final = 8.0
"""The limit for all pages together; the same as for one page."""

_MARGIN: Final = timedelta(minutes=5)
_LONGEST_SPAN: Final = timedelta(hours=6)
_ASSUMED_LENGTH: Final = timedelta(hours=1)
_CLOCK_SKEW: Final = timedelta(minutes=1)
"""How far SignalWire's clock may be ahead of ours."""
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


class LegFinder:
    """Finds the legs of a call, in the project that has its log."""

    def __init__(self, clients: Sequence[SignalWireClient], *, now: Clock) -> None:
        self._clients = {client.name: client for client in clients}
        self._now = now

    async def find(self, found: Found) -> CallLegs:
        """Find the log's parents, up to five, and all their descendants within up to six hours.

        The parents are read for up to eight seconds in total, then up to ten pages for up to eight
        seconds. A SignalWireError isn't raised but returned in the CallLegs.
        """
        call = _Call(self._clients[found.project], found.log)
        parent_error = await call.read_parents()
        span = _search_span(call.ancestors, self._now())
        list_error = await call.read_list(span) if span is not None else None
        return call.legs(parent_error, list_error)


class _Call:
    """What was read of a call: a leg, its parent, grandparent and so on, and rows of the list."""

    def __init__(self, client: SignalWireClient, log: VoiceLog) -> None:
        self.ancestors = [log]
        self._client = client
        self._ids = {comparable_id(log.id)}
        """Of the ancestors, including a parent that wasn't found."""
        self._rows: dict[str, VoiceLog] = {}
        """The rows that may be legs of the call, by id."""
        self._searched: TimeSpan | None = None

    async def read_parents(self) -> ParentError | None:
        """Read the parents; return why the first leg couldn't be determined, if so."""
        deadline = asyncio.get_running_loop().time() + PARENTS_SECONDS
        while parent := self.ancestors[-1].parent_id:
            if comparable_id(parent) in self._ids:
                return "cycle"
            self._ids.add(comparable_id(parent))
            if len(self.ancestors) > MAX_PARENTS:
                return "too_deep"
            parent_id = parse_uuid(parent)
            if parent_id is None:
                return "not_an_id"
            try:
                async with asyncio.timeout_at(deadline):
                    log = (await self._client.get_voice_log(parent_id)).log
            except TimeoutError:
                return UnavailableError("timeout")
            except SignalWireError as error:
                return error
            self.ancestors.append(log)
            self._ids.add(comparable_id(log.id))
        return None

    async def read_list(self, span: TimeSpan) -> SignalWireError | None:
        """Read the list within the span, as far as the limits allow; return the error, if any."""
        pager = VoiceLogPager(self._client, since=span.since, before=span.until)
        try:
            async with asyncio.timeout(MAX_SECONDS):
                for _ in range(MAX_PAGES):
                    page = await pager.next_page()
                    for row in page:  # if one appears twice, paging shifted: the later is newer
                        if row.parent_id or comparable_id(row.id) in self._ids:
                            self._rows[comparable_id(row.id)] = row
                    self._searched = _covered_span(pager, page, span, self._searched)
                    if pager.exhausted:
                        break
        except TimeoutError:
            return UnavailableError("timeout") if self._searched is None else None
        except SignalWireError as error:
            return error
        return None

    def legs(
        self, parent_error: ParentError | None, list_error: SignalWireError | None
    ) -> CallLegs:
        """Return the legs: the ancestors, and as many others as there is room for."""
        # The list was read after the ancestors, so its rows are newer.
        ancestors = [self._rows.get(comparable_id(log.id), log) for log in self.ancestors]
        required = {comparable_id(log.id): log for log in ancestors}
        others = [
            self._rows[key] for key in self._related_ids() - required.keys() if key in self._rows
        ]
        others.sort(key=_start_order)
        slots = MAX_LEGS - len(required)
        return CallLegs(
            log=ancestors[0],
            legs=tuple(sorted([*required.values(), *others[:slots]], key=_start_order)),
            searched_span=self._searched,
            omitted=max(len(others) - slots, 0),
            parent_error=parent_error,
            list_error=list_error,
        )

    def _related_ids(self) -> set[str]:
        """Return the ids of the ancestors and of all their descendants."""
        children: dict[str, list[str]] = {}
        for key, row in self._rows.items():
            if row.parent_id:
                children.setdefault(comparable_id(row.parent_id), []).append(key)
        related, pending = set(self._ids), list(self._ids)
        while pending:
            new = [key for key in children.get(pending.pop(), ()) if key not in related]
            related.update(new)
            pending.extend(new)
        return related


def _search_span(ancestors: Sequence[VoiceLog], now: datetime) -> TimeSpan | None:
    """Return a span around the logs.

    If it is too long, only its beginning, moved so that it contains the first of the logs.
    """
    spans = [_span(log, log.created_at, now) for log in ancestors if log.created_at is not None]
    if not spans:
        return None
    horizon = now + _CLOCK_SKEW
    since = min(began for began, _ in spans) - _MARGIN
    until = min(max(ended for _, ended in spans) + _MARGIN, horizon)
    requested = min(min(ancestors[0].created_at or since, horizon) + _MARGIN, until)
    until = max(min(until, since + _LONGEST_SPAN), requested)
    since = max(since, until - _LONGEST_SPAN)
    return TimeSpan(since, until) if since < until else None


def _span(log: VoiceLog, began: datetime, now: datetime) -> tuple[datetime, datetime]:
    # A log may have a start in the year 9999, or a duration of a million years.
    began = min(began, now + _LONGEST_SPAN)
    if log.is_live:
        return began, max(now, began)
    if log.duration_or_rounded_ms is None:
        return began, began + _ASSUMED_LENGTH
    return began, began + min(
        timedelta(milliseconds=min(log.duration_or_rounded_ms, 10**9)), _LONGEST_SPAN
    )


def _covered_span(
    pager: VoiceLogPager, page: Sequence[VoiceLog], span: TimeSpan, before: TimeSpan | None
) -> TimeSpan | None:
    """Return the part of the span read so far, given that the newest logs come first."""
    if pager.exhausted:
        return span
    times = [log.created_at for log in page if log.created_at is not None]
    if not times or min(times) >= span.until:
        return before
    oldest = min(times) if before is None else min(*times, before.since)
    return TimeSpan(max(oldest, span.since), span.until)


def _start_order(log: VoiceLog) -> tuple[datetime, str]:
    return log.created_at or _NEVER, log.id
