"""The use case: a log in, the legs of the same call out.

SignalWire can't be asked for a log's children, so the list around the call is read and sifted. It
must know nothing of Slack.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from bot.clock import Clock
from bot.report import Family, Found, Window
from bot.signalwire.client import SignalWireClient
from bot.signalwire.errors import SignalWireError, UnavailableError
from bot.signalwire.listing import Listing
from bot.signalwire.models import VoiceLog, as_id

LEGS_AT_MOST: Final = 20
PARENTS_AT_MOST: Final = 5
PARENTS_SECONDS: Final = 8.0
"""For all of them: as long as one log may take."""
PAGES_AT_MOST: Final = 10
SECONDS_AT_MOST: Final = 8.0
"""For all pages: as long as one may take."""

_MARGIN: Final = timedelta(minutes=5)
_LONGEST: Final = timedelta(hours=6)
_IF_UNKNOWN: Final = timedelta(hours=1)
_AHEAD: Final = timedelta(minutes=1)
"""How far SignalWire's clock may be ahead of ours."""
_NEVER: Final = datetime.max.replace(tzinfo=UTC)

ParentTrouble = Literal["circle", "too_deep", "not_an_id"] | SignalWireError | None


@dataclass(frozen=True)
class _Chain:
    """The leg asked about, its parent, that one's parent and so on; and why it ends, if early."""

    logs: tuple[VoiceLog, ...]
    trouble: ParentTrouble

    def ids(self) -> set[str]:
        """Their ids, and those of the parents that couldn't be had."""
        named = (log.parent_id for log in self.logs if log.parent_id)
        return {_key(text) for text in (*(log.id for log in self.logs), *named)}


@dataclass
class _Gleanings:
    """What the list gave. Of the rows, only those that may belong to a family are kept."""

    rows: dict[str, VoiceLog] = field(default_factory=dict)
    searched: Window | None = None
    trouble: SignalWireError | None = None

    def take(self, page: Iterable[VoiceLog], wanted: set[str]) -> None:
        """Keep what may belong. A row that comes twice moved down meanwhile: the later is newer."""
        for row in page:
            if row.parent_id or _key(row.id) in wanted:
                self.rows[_key(row.id)] = row


class Legs:
    """Finds the legs that belong to one call, in the project that has its log. Keeps nothing.

    Args:
        clients: all projects'.
        now: the current time, in UTC.
    """

    def __init__(self, clients: Sequence[SignalWireClient], *, now: Clock) -> None:
        self._clients = {client.name: client for client in clients}
        self._now = now

    async def family(self, found: Found) -> Family:
        """The log's parents, up to five, then all that descend from them, within at most six hours.

        The parents may take eight seconds together; then at most ten pages are read, for at most
        eight seconds. No SignalWireError is raised: what went wrong is in the Family, beside what
        was found.
        """
        client = self._clients[found.project]
        chain = await _parents(client, found)
        window = _window(chain.logs, self._now())
        gleanings = _Gleanings()
        if window is not None:
            await _glean(client, window, chain.ids(), gleanings)
        return _family(chain, gleanings)


async def _parents(client: SignalWireClient, found: Found) -> _Chain:
    logs, seen = [found.log], {str(found.log_id), _key(found.log.id)}
    deadline = asyncio.get_running_loop().time() + PARENTS_SECONDS
    while parent := logs[-1].parent_id:
        if _key(parent) in seen:
            return _Chain(tuple(logs), "circle")
        if len(logs) > PARENTS_AT_MOST:
            return _Chain(tuple(logs), "too_deep")
        parent_id = as_id(parent)
        if parent_id is None:
            return _Chain(tuple(logs), "not_an_id")
        try:
            async with asyncio.timeout_at(deadline):
                log = await client.voice_log(parent_id)
        except TimeoutError:
            return _Chain(tuple(logs), UnavailableError("timeout"))
        except SignalWireError as error:
            return _Chain(tuple(logs), error)
        logs.append(log)
        seen |= {_key(parent), _key(log.id)}
    return _Chain(tuple(logs), None)


def _key(log_id: str) -> str:
    """An id as it is compared: a UUID is the same in upper case."""
    return str(as_id(log_id) or log_id)


def _window(chain: Sequence[VoiceLog], now: datetime) -> Window | None:
    """Around the whole chain; where that is too long, its beginning, moved to hold the leg."""
    spans = [_span(log, log.created_at, now) for log in chain if log.created_at is not None]
    if not spans:
        return None
    horizon = now + _AHEAD
    since = min(began for began, _ in spans) - _MARGIN
    until = min(max(ended for _, ended in spans) + _MARGIN, horizon)
    asked = min(min(chain[0].created_at or since, horizon) + _MARGIN, until)
    until = max(min(until, since + _LONGEST), asked)
    since = max(since, until - _LONGEST)
    return Window(since, until) if since < until else None


def _span(log: VoiceLog, began: datetime, now: datetime) -> tuple[datetime, datetime]:
    # A leg may say that it begins in the year 9999, or that it lasted for a million years.
    began = min(began, now + _LONGEST)
    if log.is_live:
        return began, max(now, began)
    if log.length_ms is None:
        return began, began + _IF_UNKNOWN
    return began, began + min(timedelta(milliseconds=min(log.length_ms, 10**9)), _LONGEST)


async def _glean(
    client: SignalWireClient, window: Window, wanted: set[str], into: _Gleanings
) -> None:
    """Read the list within the window, into what is kept as far as it comes."""
    listing = Listing(client, since=window.since, before=window.until)
    try:
        async with asyncio.timeout(SECONDS_AT_MOST):
            for _ in range(PAGES_AT_MOST):
                page = await listing.read()
                into.take(page, wanted)
                into.searched = _reached(listing, page, window, into.searched)
                if listing.ended:
                    return
    except TimeoutError:
        if into.searched is None:
            into.trouble = UnavailableError("timeout")
    except SignalWireError as error:
        into.trouble = error


def _reached(
    listing: Listing, page: Sequence[VoiceLog], window: Window, before: Window | None
) -> Window | None:
    """The part of the window that was read with this page, given that the newest come first."""
    if listing.ended:
        return window
    times = [log.created_at for log in page if log.created_at is not None]
    if not times or min(times) >= window.until:
        return before
    oldest = min(times) if before is None else min(*times, before.since)
    return Window(max(oldest, window.since), window.until)


def _family(chain: _Chain, gleanings: _Gleanings) -> Family:
    # The list was read after the chain, so its rows are the fresher ones.
    lineage = [gleanings.rows.get(_key(log.id), log) for log in chain.logs]
    always = {_key(log.id): log for log in lineage}
    others = [
        log for key, log in _descendants(chain.ids(), gleanings.rows).items() if key not in always
    ]
    others.sort(key=_age)
    room = LEGS_AT_MOST - len(always)
    return Family(
        log=lineage[0],
        legs=tuple(sorted([*always.values(), *others[:room]], key=_age)),
        searched=gleanings.searched,
        left_out=max(len(others) - room, 0),
        parent_trouble=chain.trouble,
        list_trouble=gleanings.trouble,
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


def _age(log: VoiceLog) -> tuple[datetime, str]:
    return log.created_at or _NEVER, log.id
