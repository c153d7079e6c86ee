"""The use case: a log in, the legs of the same call out.

SignalWire can't be asked for a log's children, so the list around the call is read and sifted. It
must know nothing of Slack.
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
from bot.voicelogs.results import CallLegs, Found, TimeSpan

MAX_LEGS: Final = 20
MAX_PARENTS: Final = 5
PARENTS_SECONDS: Final = 8.0
"""For all of them: as long as one log may take."""
MAX_PAGES: Final = 10
MAX_SECONDS: Final = 8.0
"""For all pages: as long as one may take."""

_MARGIN: Final = timedelta(minutes=5)
_LONGEST: Final = timedelta(hours=6)
_IF_UNKNOWN: Final = timedelta(hours=1)
_CLOCK_SKEW: Final = timedelta(minutes=1)
"""How far SignalWire's clock may be ahead of ours."""
_NEVER: Final = datetime.max.replace(tzinfo=UTC)

ParentError = Literal["circle", "too_deep", "not_an_id"] | SignalWireError | None


@dataclass(frozen=True)
class _Ancestry:
    """The leg asked about, its parent, that one's parent and so on; and why it ends, if early."""

    logs: tuple[VoiceLog, ...]
    error: ParentError

    def ids(self) -> set[str]:
        """Their ids, and those of the parents that couldn't be had."""
        named = (log.parent_id for log in self.logs if log.parent_id)
        return {_key(text) for text in (*(log.id for log in self.logs), *named)}


@dataclass
class _ListedLegs:
    """What the list gave. Of the rows, only those that may belong to a family are kept."""

    rows: dict[str, VoiceLog] = field(default_factory=dict)
    searched: TimeSpan | None = None
    error: SignalWireError | None = None

    def add(self, page: Iterable[VoiceLog], wanted: set[str]) -> None:
        """Keep what may belong. A row that comes twice moved down meanwhile: the later is newer."""
        for row in page:
            if row.parent_id or _key(row.id) in wanted:
                self.rows[_key(row.id)] = row


class LegFinder:
    """Finds the legs that belong to one call, in the project that has its log. Keeps nothing.

    Args:
        clients: all projects'.
        now: the current time, in UTC.
    """

    def __init__(self, clients: Sequence[SignalWireClient], *, now: Clock) -> None:
        self._clients = {client.name: client for client in clients}
        self._now = now

    async def find(self, found: Found) -> CallLegs:
        """The log's parents, up to five, then all that descend from them, within at most six hours.

        The parents may take eight seconds together; then at most ten pages are read, for at most
        eight seconds. No SignalWireError is raised: what went wrong is in the Family, beside what
        was found.
        """
        client = self._clients[found.project]
        chain = await _find_ancestry(client, found)
        window = _search_span(chain.logs, self._now())
        gleanings = _ListedLegs()
        if window is not None:
            await _read_list(client, window, chain.ids(), gleanings)
        return _call_legs(chain, gleanings)


async def _find_ancestry(client: SignalWireClient, found: Found) -> _Ancestry:
    logs, seen = [found.log], {str(found.log_id), _key(found.log.id)}
    deadline = asyncio.get_running_loop().time() + PARENTS_SECONDS
    while parent := logs[-1].parent_id:
        if _key(parent) in seen:
            return _Ancestry(tuple(logs), "circle")
        if len(logs) > MAX_PARENTS:
            return _Ancestry(tuple(logs), "too_deep")
        parent_id = parse_uuid(parent)
        if parent_id is None:
            return _Ancestry(tuple(logs), "not_an_id")
        try:
            async with asyncio.timeout_at(deadline):
                log = await client.voice_log(parent_id)
        except TimeoutError:
            return _Ancestry(tuple(logs), UnavailableError("timeout"))
        except SignalWireError as error:
            return _Ancestry(tuple(logs), error)
        logs.append(log)
        seen |= {_key(parent), _key(log.id)}
    return _Ancestry(tuple(logs), None)


def _key(log_id: str) -> str:
    """An id as it is compared: a UUID is the same in upper case."""
    return str(parse_uuid(log_id) or log_id)


def _search_span(chain: Sequence[VoiceLog], now: datetime) -> TimeSpan | None:
    """Around the whole chain; where that is too long, its beginning, moved to hold the leg."""
    spans = [_span(log, log.created_at, now) for log in chain if log.created_at is not None]
    if not spans:
        return None
    horizon = now + _CLOCK_SKEW
    since = min(began for began, _ in spans) - _MARGIN
    until = min(max(ended for _, ended in spans) + _MARGIN, horizon)
    asked = min(min(chain[0].created_at or since, horizon) + _MARGIN, until)
    until = max(min(until, since + _LONGEST), asked)
    since = max(since, until - _LONGEST)
    return TimeSpan(since, until) if since < until else None


def _span(log: VoiceLog, began: datetime, now: datetime) -> tuple[datetime, datetime]:
    # A leg may say that it begins in the year 9999, or that it lasted for a million years.
    began = min(began, now + _LONGEST)
    if log.is_live:
        return began, max(now, began)
    if log.duration_or_rounded_ms is None:
        return began, began + _IF_UNKNOWN
    return began, began + min(
        timedelta(milliseconds=min(log.duration_or_rounded_ms, 10**9)), _LONGEST
    )


async def _read_list(
    client: SignalWireClient, window: TimeSpan, wanted: set[str], into: _ListedLegs
) -> None:
    """Read the list within the window, into what is kept as far as it comes."""
    listing = VoiceLogPager(client, since=window.since, before=window.until)
    try:
        async with asyncio.timeout(MAX_SECONDS):
            for _ in range(MAX_PAGES):
                page = await listing.next_page()
                into.add(page, wanted)
                into.searched = _covered_span(listing, page, window, into.searched)
                if listing.exhausted:
                    return
    except TimeoutError:
        if into.searched is None:
            into.error = UnavailableError("timeout")
    except SignalWireError as error:
        into.error = error


def _covered_span(
    listing: VoiceLogPager, page: Sequence[VoiceLog], window: TimeSpan, before: TimeSpan | None
) -> TimeSpan | None:
    """The part of the window that was read with this page, given that the newest come first."""
    if listing.exhausted:
        return window
    times = [log.created_at for log in page if log.created_at is not None]
    if not times or min(times) >= window.until:
        return before
    oldest = min(times) if before is None else min(*times, before.since)
    return TimeSpan(max(oldest, window.since), window.until)


def _call_legs(chain: _Ancestry, gleanings: _ListedLegs) -> CallLegs:
    # The list was read after the chain, so its rows are the fresher ones.
    lineage = [gleanings.rows.get(_key(log.id), log) for log in chain.logs]
    always = {_key(log.id): log for log in lineage}
    others = [
        log for key, log in _descendants(chain.ids(), gleanings.rows).items() if key not in always
    ]
    others.sort(key=_start_order)
    room = MAX_LEGS - len(always)
    return CallLegs(
        log=lineage[0],
        legs=tuple(sorted([*always.values(), *others[:room]], key=_start_order)),
        searched_span=gleanings.searched,
        omitted=max(len(others) - room, 0),
        parent_error=chain.error,
        list_error=gleanings.error,
    )


def _descendants(ancestors: set[str], rows: Mapping[str, VoiceLog]) -> dict[str, VoiceLog]:
    """The rows that are among the ancestors or lead up to one, by their key."""
    children: dict[str, list[str]] = {}
    for key, row in rows.items():
        if row.parent_id:
            children.setdefault(_key(row.parent_id), []).append(key)
    family, waiting = set(ancestors), list(ancestors)
    while waiting:
        new = [key for key in children.get(waiting.pop(), ()) if key not in family]
        family.update(new)
        waiting.extend(new)
    return {key: rows[key] for key in family if key in rows}


def _start_order(log: VoiceLog) -> tuple[datetime, str]:
    return log.created_at or _NEVER, log.id
