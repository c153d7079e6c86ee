"""Searches all projects for the newest logs that match a query.

SignalWire's list can't be filtered like that, so it is read and filtered here, within limits.
"""

import asyncio
from collections.abc import Collection, Sequence
from contextlib import suppress
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

# Sorts after every lower-case id: a cursor with it still includes all logs of its time.
_LAST_ID: Final = "ffffffff-ffff-ffff-ffff-ffffffffffff"
_FUTURE: Final = datetime.max.replace(tzinfo=UTC)


class Search:
    """Scans the lists of all projects concurrently, newest first."""

    def __init__(self, clients: Sequence[SignalWireClient]) -> None:
        self._clients = clients

    def scan(self, query: Query, start: Cursor | None = None) -> "Scan":
        """Prepare a search, which `start`, the `next_cursor` of an earlier one, continues."""
        scans = [_ProjectScan(client, query, start) for client in self._clients]
        return Scan(scans, query.limit)


class _ProjectScan:
    """The scan of one project's list; keeps only the matches, at most one more than the limit."""

    def __init__(self, client: SignalWireClient, query: Query, start: Cursor | None) -> None:
        self.name: Final = client.name
        self.oldest_seen: datetime | None = None
        self.error: SignalWireError | None = None
        self.is_exhausted = False
        self.scanned = 0
        self.matches: list[Match] = []
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
    def final_error(self) -> SignalWireError | None:
        """Why no more can be read; a timeout if no page was read by the deadline."""
        is_unread = self.has_more and self.oldest_seen is None
        return UnavailableError("timeout") if is_unread else self.error

    async def read_page(self) -> None:
        """Read the next page, and keep its matches."""
        try:
            page = await self._pager.next_page()
        except SignalWireError as error:
            self.error = error
            return
        in_range = [log for log in page if self._in_range(log)]
        self.scanned += len(in_range)
        # If a log appears twice, paging shifted and the later copy is newer.
        found = {match.log.id: match for match in self.matches}
        found |= {log.id: Match(self.name, log) for log in in_range if self._query.matches(log)}
        self.matches = _newest(found.values(), self._query.limit + 1)
        times = [log.created_at for log in page if log.created_at is not None]
        if times:
            self.oldest_seen = min([*times, self.oldest_seen or times[0]])
        since = self._query.since
        beyond = since is not None and self.oldest_seen is not None and self.oldest_seen < since
        self.is_exhausted = self._pager.exhausted or beyond

    def _in_range(self, log: VoiceLog) -> bool:
        if log.created_at is None:
            return True
        if not self._query.is_in_span(log.created_at):
            return False
        start = self._start
        return start is None or (log.created_at, log.id) < (start.created_at, start.log_id)


class Scan:
    """One search of all projects, which can tell how far it got while it runs."""

    def __init__(self, scans: Sequence[_ProjectScan], limit: int) -> None:
        self._scans = scans
        self._limit = limit
        self._pages_left = MAX_PAGES

    async def run(self) -> SearchResult:
        """Find the newest matching logs, up to `query.limit`.

        All projects together share limits of fifty pages and twenty seconds. A project's
        SignalWireError doesn't affect the others: it is returned in the result.
        """
        with suppress(TimeoutError):  # the result tells how far the search got
            async with asyncio.timeout(MAX_SECONDS):
                await self._read_pages()
        return self._result()

    @property
    def scanned(self) -> int:
        """The number of logs scanned so far."""
        return sum(scan.scanned for scan in self._scans)

    @property
    def scanned_back_to(self) -> datetime | None:
        """How far back all readable lists were read; None if they were read to their ends."""
        scans = (scan for scan in self._scans if not scan.is_exhausted)
        return max((scan.oldest_seen for scan in scans if scan.oldest_seen), default=None)

    async def _read_pages(self) -> None:
        """Read until there are enough matches, no more logs, or no pages left."""
        reads: dict[asyncio.Task[None], _ProjectScan] = {}
        try:
            while True:
                for scan in self._next_to_read(reads.values()):
                    reads[asyncio.create_task(scan.read_page())] = scan
                if not reads:
                    return
                done, _ = await asyncio.wait(reads, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    del reads[task]
                    task.result()  # raises unexpected exceptions
        finally:
            for task in reads:
                task.cancel()
            await asyncio.gather(*reads, return_exceptions=True)

    def _next_to_read(self, busy: Collection[_ProjectScan]) -> list[_ProjectScan]:
        """Return the lists that lag behind the others, as long as the search isn't complete."""
        unread = any(scan.has_more and scan.oldest_seen is None for scan in self._scans)
        if not unread and len(self._final_matches) >= self._limit:
            return []
        lagging = [
            scan
            for scan in self._scans
            if scan.has_more
            and scan not in busy
            and scan.oldest_seen in {None, self.scanned_back_to}
        ][: self._pages_left]
        self._pages_left -= len(lagging)
        return lagging

    @property
    def _final_matches(self) -> list[Match]:
        """The matches that are final: every newer log has been read."""
        back_to = self.scanned_back_to
        matches = [match for scan in self._scans for match in scan.matches]
        return [match for match in matches if back_to is None or _time(match) > back_to]

    def _result(self) -> SearchResult:
        """Return what was found so far, and where to continue."""
        final, back_to = self._final_matches, self.scanned_back_to
        matches = _newest(final, self._limit)
        next_cursor = Cursor(back_to, _LAST_ID) if back_to is not None else None
        if len(final) > len(matches) or (next_cursor is not None and len(matches) == self._limit):
            # Logs older than the last match returned belong to the next search.
            dated = [match for match in matches if match.log.created_at is not None]
            if dated:
                next_cursor = Cursor(_time(dated[-1]), dated[-1].log.id)
        return SearchResult(
            matches=tuple(matches),
            scanned=self.scanned,
            scanned_back_to=next_cursor.created_at if next_cursor is not None else None,
            next_cursor=next_cursor,
            errors={scan.name: error for scan in self._scans if (error := scan.final_error)},
        )


def _newest(matches: Collection[Match], most: int) -> list[Match]:
    """Return the newest matches, then those without a time: no later search would return these."""
    ordered = sorted(matches, key=lambda match: (_time(match), match.log.id), reverse=True)
    dated = [match for match in ordered if match.log.created_at is not None]
    undated = [match for match in matches if match.log.created_at is None][: most // 2]
    return [*dated[: most - len(undated)], *undated]


def _time(match: Match) -> datetime:
    """Return a match's time; a match without one counts as newer than all others."""
    return match.log.created_at or _FUTURE
