"""Finds the other legs of a log's call.

SignalWire has no query for a log's children, so the list of logs around the call is read and
filtered.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from bot.runtime.clock import Clock
from bot.signalwire.client import SignalWireClient
from bot.signalwire.errors import SignalWireError, UnavailableError
from bot.signalwire.models import VoiceLog, parse_uuid
from bot.signalwire.pager import VoiceLogPager
from bot.voicelogs.calls import comparable_id
from bot.voicelogs.results import CallLegs, Found, TimeSpan

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

ParentError = Literal["cycle", "too_deep", "not_an_id"] | SignalWireError | None


@dataclass(frozen=True)
class _Ancestry:
    """The requested leg, its parent, grandparent and so on; and an error if it is incomplete."""

    logs: tuple[VoiceLog, ...]
    error: ParentError

    def ids(self) -> set[str]:
        """Return the ids of the logs, and of their parents even if they weren't found."""
        named = (log.parent_id for log in self.logs if log.parent_id)
        return {comparable_id(text) for text in (*(log.id for log in self.logs), *named)}


@dataclass
class _ListedLegs:
    """The rows read from the list that may be legs of the call."""

    rows: dict[str, VoiceLog] = field(default_factory=dict)
    searched: TimeSpan | None = None
    error: SignalWireError | None = None

    def add(self, page: Iterable[VoiceLog], wanted: set[str]) -> None:
        """Keep candidate legs. If a row appears twice, paging shifted: the later is newer."""
        for row in page:
            if row.parent_id or comparable_id(row.id) in wanted:
                self.rows[comparable_id(row.id)] = row


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
        client = self._clients[found.project]
        ancestry = await _find_ancestry(client, found)
        span = _search_span(ancestry.logs, self._now())
        listed = _ListedLegs()
        if span is not None:
            await _read_list(client, span, ancestry.ids(), listed)
        return _call_legs(ancestry, listed)


async def _find_ancestry(client: SignalWireClient, found: Found) -> _Ancestry:
    logs, seen = [found.log], {str(found.log_id), comparable_id(found.log.id)}
    deadline = asyncio.get_running_loop().time() + PARENTS_SECONDS
    while parent := logs[-1].parent_id:
        if comparable_id(parent) in seen:
            return _Ancestry(tuple(logs), "cycle")
        if len(logs) > MAX_PARENTS:
            return _Ancestry(tuple(logs), "too_deep")
        parent_id = parse_uuid(parent)
        if parent_id is None:
            return _Ancestry(tuple(logs), "not_an_id")
        try:
            async with asyncio.timeout_at(deadline):
                log = (await client.get_voice_log(parent_id)).log
        except TimeoutError:
            return _Ancestry(tuple(logs), UnavailableError("timeout"))
        except SignalWireError as error:
            return _Ancestry(tuple(logs), error)
        logs.append(log)
        seen |= {comparable_id(parent), comparable_id(log.id)}
    return _Ancestry(tuple(logs), None)


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
    asked = min(min(ancestors[0].created_at or since, horizon) + _MARGIN, until)
    until = max(min(until, since + _LONGEST_SPAN), asked)
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


async def _read_list(
    client: SignalWireClient, span: TimeSpan, wanted: set[str], into: _ListedLegs
) -> None:
    """Read the list within the span into `into`, as far as the limits allow."""
    listing = VoiceLogPager(client, since=span.since, before=span.until)
    try:
        async with asyncio.timeout(MAX_SECONDS):
            for _ in range(MAX_PAGES):
                page = await listing.next_page()
                into.add(page, wanted)
                into.searched = _covered_span(listing, page, span, into.searched)
                if listing.exhausted:
                    return
    except TimeoutError:
        if into.searched is None:
            into.error = UnavailableError("timeout")
    except SignalWireError as error:
        into.error = error


def _covered_span(
    listing: VoiceLogPager, page: Sequence[VoiceLog], span: TimeSpan, before: TimeSpan | None
) -> TimeSpan | None:
    """Return the part of the span read so far, given that the newest logs come first."""
    if listing.exhausted:
        return span
    times = [log.created_at for log in page if log.created_at is not None]
    if not times or min(times) >= span.until:
        return before
    oldest = min(times) if before is None else min(*times, before.since)
    return TimeSpan(max(oldest, span.since), span.until)


def _call_legs(ancestry: _Ancestry, listed: _ListedLegs) -> CallLegs:
    # The list was read after the ancestors, so its rows are newer.
    ancestors = [listed.rows.get(comparable_id(log.id), log) for log in ancestry.logs]
    required = {comparable_id(log.id): log for log in ancestors}
    others = [
        log for key, log in _descendants(ancestry.ids(), listed.rows).items() if key not in required
    ]
    others.sort(key=_start_order)
    slots = MAX_LEGS - len(required)
    return CallLegs(
        log=ancestors[0],
        legs=tuple(sorted([*required.values(), *others[:slots]], key=_start_order)),
        searched_span=listed.searched,
        omitted=max(len(others) - slots, 0),
        parent_error=ancestry.error,
        list_error=listed.error,
    )


def _descendants(ancestors: set[str], rows: Mapping[str, VoiceLog]) -> dict[str, VoiceLog]:
    """Return the rows that are ancestors or their descendants, by id."""
    children: dict[str, list[str]] = {}
    for key, row in rows.items():
        if row.parent_id:
            children.setdefault(comparable_id(row.parent_id), []).append(key)
    related, pending = set(ancestors), list(ancestors)
    while pending:
        new = [key for key in children.get(pending.pop(), ()) if key not in related]
        related.update(new)
        pending.extend(new)
    return {key: rows[key] for key in related if key in rows}


def _start_order(log: VoiceLog) -> tuple[datetime, str]:
    return log.created_at or _NEVER, log.id
