"""Searches all projects for the newest logs that match a query.

SignalWire's list can't be filtered like that, so it is read and filtered here, within limits.
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
"""Called after each page with the number of logs scanned, and how far back all were scanned."""

# Sorts after every lower-case id: a cursor with it still includes all logs of its time.
_LAST_ID: Final = "ffffffff-ffff-ffff-ffff-ffffffffffff"
_NEVER: Final = datetime.min.replace(tzinfo=UTC)


class Search:
    """Scans the lists of all projects concurrently, newest first."""

    def __init__(self, clients: Sequence[SignalWireClient]) -> None:
        self._clients = clients

    async def run(
        self, query: Query, *, start: Cursor | None = None, on_progress: Progress | None = None
    ) -> SearchResult:
        """Find the newest matching logs, up to `query.limit`.

        All projects together share limits of fifty pages and twenty seconds. A project's
        SignalWireError doesn't affect the others: it is returned in the result.

        Args:
            query: the query.
            start: the `next_cursor` of the search to continue.
            on_progress: called after each page.
        """
        scans = [_ProjectScan(client, query, start) for client in self._clients]
        scan = _Scan(scans, query.limit, on_progress)
        try:
            async with asyncio.timeout(MAX_SECONDS):
                await scan.run()
        except TimeoutError:
            pass  # the result tells how far the search got
        finally:
            await scan.stop()
        return scan.result()


class _ProjectScan:
    """The scan of one project's list; keeps only the matches.

    Attributes:
        name: the project's name.
        oldest_seen: the oldest time read so far; None if no log with a time was read.
        error: why no more of the list can be read.
        is_exhausted: whether the list was read completely.
    """

    def __init__(self, client: SignalWireClient, query: Query, start: Cursor | None) -> None:
        self.name: Final = client.name
        self.oldest_seen: datetime | None = None
        self.error: SignalWireError | None = None
        self.is_exhausted = False
        self.scanned = 0
        self._matches: dict[str, Match] = {}
        self._query = query
        self._start = start
        bounds = (start.created_at if start is not None else None, query.until)
        before = min((bound for bound in bounds if bound is not None), default=None)
        self._pager = VoiceLogPager(client, since=query.since, before=before)

    @property
    def has_more(self) -> bool:
        """Whether there is more to read."""
        return not self.is_exhausted and self.error is None

    @property
    def matches(self) -> Collection[Match]:
        """The matches so far: at most one more than the limit."""
        return self._matches.values()

    async def read_page(self) -> None:
        """Read the next page, and keep its matches."""
        try:
            page = await self._pager.next_page()
        except SignalWireError as error:
            self.error = error
            return
        self._add_page(page)
        times = [log.created_at for log in page if log.created_at is not None]
        if times:
            self.oldest_seen = min([*times, self.oldest_seen or times[0]])
        since = self._query.since
        beyond = since is not None and self.oldest_seen is not None and self.oldest_seen < since
        self.is_exhausted = self._pager.exhausted or beyond

    def _add_page(self, page: Sequence[VoiceLog]) -> None:
        for log in page:
            if not self._in_range(log):
                continue
            self.scanned += 1
            if self._query.matches(log):
                # If a log appears twice, paging shifted and the later copy is newer.
                self._matches[log.id] = Match(self.name, log)
        kept = _newest(self._matches.values(), self._query.limit + 1)
        self._matches = {match.log.id: match for match in kept}

    def _in_range(self, log: VoiceLog) -> bool:
        if log.created_at is None:
            return True
        if not self._query.is_in_span(log.created_at):
            return False
        start = self._start
        return start is None or (log.created_at, log.id) < (start.created_at, start.log_id)

    def mark_timed_out(self) -> None:
        """Report a timeout if no page was read by the deadline."""
        if self.has_more and self.oldest_seen is None:
            self.error = UnavailableError("timeout")


class _Scan:
    """Schedules the reads of all projects, and decides when to stop."""

    def __init__(
        self, scans: Sequence[_ProjectScan], limit: int, on_progress: Progress | None
    ) -> None:
        self._scans = scans
        self._limit = limit
        self._on_progress = on_progress
        self._pages_left = MAX_PAGES
        self._reads: dict[asyncio.Task[None], _ProjectScan] = {}

    async def run(self) -> None:
        """Read until there are enough matches, no more logs, or no pages left."""
        while True:
            self._start_reads()
            if not self._reads:
                return
            done, _ = await asyncio.wait(self._reads, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                del self._reads[task]
                task.result()  # raises unexpected exceptions
            if self._on_progress is not None:
                self._on_progress(self._scanned, self._scanned_back_to)

    async def stop(self) -> None:
        """Cancel the reads in progress."""
        for task in self._reads:
            task.cancel()
        await asyncio.gather(*self._reads, return_exceptions=True)

    def _start_reads(self) -> None:
        """Start to read the next page of the lists that lag behind the others."""
        if self._is_complete:
            return
        busy = self._reads.values()
        for scan in self._scans:
            lags_behind = scan.oldest_seen is None or scan.oldest_seen == self._scanned_back_to
            if scan.has_more and scan not in busy and lags_behind and self._pages_left > 0:
                self._pages_left -= 1
                self._reads[asyncio.create_task(scan.read_page())] = scan

    @property
    def _is_complete(self) -> bool:
        unread = any(scan.has_more and scan.oldest_seen is None for scan in self._scans)
        return not unread and len(self._final_matches) >= self._limit

    @property
    def _scanned(self) -> int:
        return sum(scan.scanned for scan in self._scans)

    @property
    def _scanned_back_to(self) -> datetime | None:
        """How far back all readable lists were read; None if they were read to their ends."""
        times = [
            scan.oldest_seen
            for scan in self._scans
            if not scan.is_exhausted and scan.oldest_seen is not None
        ]
        return max(times, default=None)

    @property
    def _final_matches(self) -> list[Match]:
        """The matches that are final: every newer log has been read."""
        back_to = self._scanned_back_to
        return [
            match for scan in self._scans for match in scan.matches if _is_after(match, back_to)
        ]

    def result(self) -> SearchResult:
        """Return what was found so far, and where to continue."""
        for scan in self._scans:
            scan.mark_timed_out()
        final, back_to = self._final_matches, self._scanned_back_to
        matches = _newest(final, self._limit)
        next_cursor = Cursor(back_to, _LAST_ID) if back_to is not None else None
        if len(final) > len(matches) or (next_cursor is not None and len(matches) == self._limit):
            # Logs older than the last match returned belong to the next search.
            next_cursor = next(filter(None, map(_cursor, reversed(matches))), next_cursor)
        return SearchResult(
            matches=tuple(matches),
            scanned=self._scanned,
            scanned_back_to=next_cursor.created_at if next_cursor is not None else None,
            next_cursor=next_cursor,
            errors={scan.name: scan.error for scan in self._scans if scan.error is not None},
        )


def _newest(matches: Collection[Match], most: int) -> list[Match]:
    """Return the newest matches, then those without a time: no later search would return these."""
    dated = sorted((match for match in matches if match.log.created_at is not None), key=_sort_key)
    undated = [match for match in matches if match.log.created_at is None][: most // 2]
    return [*reversed(dated[-(most - len(undated)) :]), *undated]


def _sort_key(match: Match) -> tuple[datetime, str]:
    return match.log.created_at or _NEVER, match.log.id


def _cursor(match: Match) -> Cursor | None:
    time = match.log.created_at
    return Cursor(time, match.log.id) if time is not None else None


def _is_after(match: Match, back_to: datetime | None) -> bool:
    time = match.log.created_at
    return back_to is None or time is None or time > back_to
