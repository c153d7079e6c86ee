"""The use case: a query in, the newest logs that match it out, and how far back was looked.

SignalWire's list has no filter for what people look for, so it is read and filtered here, within
bounds. It must know nothing of Slack.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from typing import Final

from bot.signalwire.client import SignalWireClient
from bot.signalwire.errors import SignalWireError, UnavailableError
from bot.signalwire.models import VoiceLog
from bot.signalwire.pager import VoiceLogPager
from bot.voicelogs.query import Query
from bot.voicelogs.results import Cursor, Match, SearchResult

MAX_PAGES: Final = 50
MAX_SECONDS: Final = 20.0

Progress = Callable[[int, datetime | None], None]
"""Told after each page: how many logs were looked at, and that all newer than this were."""

# Sorts after every id in lower case: a cursor with it has all logs of its time still before it.
_LAST_ID: Final = "ffffffff-ffff-ffff-ffff-ffffffffffff"
_NEVER: Final = datetime.min.replace(tzinfo=UTC)


class Search:
    """Walks the lists of all projects at once, newest first. Keeps nothing between two sweeps."""

    def __init__(self, clients: Sequence[SignalWireClient]) -> None:
        self._clients = clients

    async def run(
        self, query: Query, *, start: Cursor | None = None, on_progress: Progress | None = None
    ) -> SearchResult:
        """The newest logs that match, `query.limit` at most.

        At most fifty pages are read and twenty seconds spent, on all projects together. A project
        that fails takes nothing from the others: its SignalWireError is in the Sweep.

        Args:
            query: what to look for.
            start: the `further` of the sweep that this one goes on from.
            on_progress: told how far it came.
        """
        walks = [_ProjectScan(client, query, start) for client in self._clients]
        searching = _Scan(walks, query.limit, on_progress)
        try:
            async with asyncio.timeout(MAX_SECONDS):
                await searching.run()
        except TimeoutError:
            pass  # the result says how far it came
        finally:
            await searching.stop()
        return searching.result()


class _ProjectScan:
    """One project's list, as far down as it was read. Of its logs, only the hits are kept.

    Attributes:
        name: the project's.
        reached: the oldest time read; None before a log with a time was read.
        error: why it can't be read further.
        is_whole: whether all of the window was read.
    """

    def __init__(self, client: SignalWireClient, query: Query, start: Cursor | None) -> None:
        self.name: Final = client.name
        self.reached: datetime | None = None
        self.error: SignalWireError | None = None
        self.is_whole = False
        self.looked_at = 0
        self._hits: dict[str, Match] = {}
        self._query = query
        self._start = start
        before = start.created_at if start is not None else None
        self._listing = VoiceLogPager(client, since=query.since, before=before)

    @property
    def has_more(self) -> bool:
        """Whether there is more to read."""
        return not self.is_whole and self.error is None

    @property
    def matches(self) -> Collection[Match]:
        """What was found: one more than is asked for at most."""
        return self._hits.values()

    async def read_page(self) -> None:
        """Read a page."""
        try:
            page = await self._listing.next_page()
        except SignalWireError as error:
            self.error = error
            return
        self._add_page(page)
        times = [log.created_at for log in page if log.created_at is not None]
        if times:
            self.reached = min([*times, self.reached or times[0]])
        since = self._query.since
        beyond = since is not None and self.reached is not None and self.reached < since
        self.is_whole = self._listing.exhausted or beyond

    def _add_page(self, page: Sequence[VoiceLog]) -> None:
        for log in page:
            if not self._in_range(log):
                continue
            self.looked_at += 1
            if self._query.matches(log):
                # One that comes twice moved down meanwhile: the later is the fresher.
                self._hits[log.id] = Match(self.name, log)
        kept = _newest(self._hits.values(), self._query.limit + 1)
        self._hits = {hit.log.id: hit for hit in kept}

    def _in_range(self, log: VoiceLog) -> bool:
        if log.created_at is None:
            return True
        if self._query.since is not None and log.created_at < self._query.since:
            return False
        start = self._start
        return start is None or (log.created_at, log.id) < (start.created_at, start.log_id)

    def mark_timed_out(self) -> None:
        """A list of which nothing was read by the end is one that failed."""
        if self.has_more and self.reached is None:
            self.error = UnavailableError("timeout")


class _Scan:
    """Decides whose page is next, and when enough is known."""

    def __init__(
        self, walks: Sequence[_ProjectScan], limit: int, on_progress: Progress | None
    ) -> None:
        self._walks = walks
        self._limit = limit
        self._on_progress = on_progress
        self._pages_left = MAX_PAGES
        self._under_way: dict[asyncio.Task[None], _ProjectScan] = {}

    async def run(self) -> None:
        """Read until there is enough, or nothing more, or no more is allowed."""
        while True:
            self._start_reads()
            if not self._under_way:
                return
            done, _ = await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                del self._under_way[task]
                task.result()  # raises what isn't SignalWire's fault
            if self._on_progress is not None:
                self._on_progress(self._scanned, self._scanned_back_to)

    async def stop(self) -> None:
        """Give up the pages that are under way."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def _start_reads(self) -> None:
        """Ask for the next page of each list that holds up the others: of the least far read."""
        if self._is_complete:
            return
        busy = self._under_way.values()
        for walk in self._walks:
            holds_up = walk.reached is None or walk.reached == self._scanned_back_to
            if walk.has_more and walk not in busy and holds_up and self._pages_left > 0:
                self._pages_left -= 1
                self._under_way[asyncio.create_task(walk.read_page())] = walk

    @property
    def _is_complete(self) -> bool:
        unread = any(walk.has_more and walk.reached is None for walk in self._walks)
        return not unread and len(self._final_matches) >= self._limit

    @property
    def _scanned(self) -> int:
        return sum(walk.looked_at for walk in self._walks)

    @property
    def _scanned_back_to(self) -> datetime | None:
        """Down to where every list was read that could be; None if to their ends."""
        reached = [
            walk.reached for walk in self._walks if not walk.is_whole and walk.reached is not None
        ]
        return max(reached, default=None)

    @property
    def _final_matches(self) -> list[Match]:
        """The hits of which it is known that no newer one is still to be read."""
        back_to = self._scanned_back_to
        return [hit for walk in self._walks for hit in walk.matches if _is_after(hit, back_to)]

    def result(self) -> SearchResult:
        """What it came to."""
        for walk in self._walks:
            walk.mark_timed_out()
        certain, back_to = self._final_matches, self._scanned_back_to
        hits = _newest(certain, self._limit)
        further = Cursor(back_to, _LAST_ID) if back_to is not None else None
        if len(certain) > len(hits) or (further is not None and len(hits) == self._limit):
            # What is known of the logs before the last one shown is said when they are shown.
            further = next(filter(None, map(_cursor, reversed(hits))), further)
        return SearchResult(
            matches=tuple(hits),
            scanned=self._scanned,
            scanned_back_to=further.created_at if further is not None else None,
            next_cursor=further,
            errors={walk.name: walk.error for walk in self._walks if walk.error is not None},
        )


def _newest(hits: Collection[Match], most: int) -> list[Match]:
    """The newest; then those without a time, for which no later sweep has a place."""
    dated = sorted((hit for hit in hits if hit.log.created_at is not None), key=_sort_key)
    undated = [hit for hit in hits if hit.log.created_at is None][: most // 2]
    return [*reversed(dated[-(most - len(undated)) :]), *undated]


def _sort_key(hit: Match) -> tuple[datetime, str]:
    return hit.log.created_at or _NEVER, hit.log.id


def _cursor(hit: Match) -> Cursor | None:
    time = hit.log.created_at
    return Cursor(time, hit.log.id) if time is not None else None


def _is_after(hit: Match, back_to: datetime | None) -> bool:
    time = hit.log.created_at
    return back_to is None or time is None or time > back_to
