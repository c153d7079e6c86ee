"""Finds calls without an id: `find`, `recent`, the form, a message's number, and further back."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from bot import logs, masking, queries
from bot.cards import hits, problems
from bot.cards.blocks import Message
from bot.clock import Clock
from bot.desks.finder import Finder
from bot.desks.reception import Reception, Visit, who
from bot.desks.screens import Screen, Screens
from bot.desks.shelf import Shelf
from bot.jobs import JobInterruptedError, Jobs
from bot.numbers import telephone
from bot.queries import Query, QueryError
from bot.report import Cursor, Sweep
from bot.search import Search

ANNOUNCED_AFTER: Final = (1.0, 7.0)
"""Seconds to wait before each word of how far it came; few, as a response_url takes five."""

_NO_NUMBER: Final = "-"

_log = structlog.stdlib.get_logger(__name__)
_audit = structlog.stdlib.get_logger(logs.AUDIT)


@dataclass(frozen=True)
class Quest:
    """A search for somebody: what for, where to begin, and where it shows itself."""

    visit: Visit
    query: Query
    screen: Screen
    start: Cursor | None = None
    not_before: float = 0.0
    """Seconds before which nothing is shown: what the acknowledgement shows must be there first."""


@dataclass
class _Progress:
    looked_at: int = 0
    back_to: datetime | None = None
    found: int = 0

    def note(self, looked_at: int, back_to: datetime | None) -> None:
        self.looked_at, self.back_to = looked_at, back_to


class Searching:
    """Searches for people.

    Args:
        reception: lets people in.
        finder: knows what is masked.
        search: walks SignalWire's lists.
        shelf: keeps the numbers that buttons stand for.
        screens: where searches show themselves.
        jobs: knows when the process must stop.
        now: the current time in UTC.
        announced_after: see ANNOUNCED_AFTER.
    """

    def __init__(
        self,
        *,
        reception: Reception,
        finder: Finder,
        search: Search,
        shelf: Shelf,
        screens: Screens,
        jobs: Jobs,
        now: Clock,
        announced_after: Sequence[float] = ANNOUNCED_AFTER,
    ) -> None:
        self._reception = reception
        self._finder = finder
        self._search = search
        self._shelf = shelf
        self._screens = screens
        self._jobs = jobs
        self._now = now
        self._announced_after = announced_after

    def find(self, visit: Visit, text: str) -> Message | None:
        """Begin `/voicelog find …`; what to say instead, if that isn't begun."""
        return self._typed(visit, lambda: queries.find(text, now=self._now()))

    def recent(self, visit: Visit, text: str) -> Message | None:
        """Begin `/voicelog recent …`; what to say instead, if that isn't begun."""
        return self._typed(visit, lambda: queries.recent(text, now=self._now()))

    def read_form(self, number: str, window: str, words: str) -> Query:
        """What a form's three fields ask for, as `queries.from_fields` reads them."""
        return queries.from_fields(number, window, words, now=self._now())

    def filled_in(
        self, visit: Visit, query: Query, metadata: str, *, not_before: float
    ) -> Message | None:
        """Begin what a form asks for, in its window; what to say instead, if that isn't begun."""
        if visit.window is None:
            return problems.own_fault(visit.reference)
        screen = self._screens.window(visit, visit.window, metadata)
        return self.begin(Quest(visit, query, screen, not_before=not_before))

    def numbers(self, visit: Visit, token: str) -> Message | None:
        """Begin to find the calls with a number of a message, in the place of the offer."""
        number = self._shelf.get(token)
        if number is None:
            return hits.forgotten(visit.reference)
        screen = self._screens.messages(visit, instead=True)
        return self.begin(Quest(visit, Query(number), screen))

    def further(self, visit: Visit, value: str, metadata: str) -> Message | None:
        """Begin where an earlier search stopped: beside its message, or in its window."""
        going_on = self._restored(value)
        if going_on is None:
            return hits.forgotten(visit.reference)
        query, start = going_on
        screen: Screen = (
            self._screens.messages(visit, instead=False)
            if visit.window is None
            else self._screens.window(visit, visit.window, metadata)
        )
        return self.begin(Quest(visit, query, screen, start))

    def offer(self, visit: Visit, numbers: Sequence[str], notes: Sequence[str] = ()) -> Message:
        """What to say to a text that holds no id but numbers; or that one may not ask."""
        refused = self._reception.refusal(visit, "search")
        if refused is not None:
            return refused
        masked = self._finder.masks(public=False)
        labels = [
            (masking.address(text) if masked else text, self._shelf.put(telephone(text)))
            for text in numbers
        ]
        return hits.offer(labels, notes)

    def begin(self, quest: Quest) -> Message | None:
        """Begin a search; what to say instead, if that isn't begun."""
        refused = self._reception.refusal(quest.visit, "search")
        if refused is not None:
            return refused
        return self._reception.begin_alone(quest.visit, lambda: self._run(quest))

    def _typed(self, visit: Visit, read: Callable[[], Query]) -> Message | None:
        refused = self._reception.refusal(visit, "search")
        if refused is not None:
            return refused
        try:
            query = read()
        except QueryError as error:
            return hits.not_understood(error, visit.reference)
        return self.begin(Quest(visit, query, self._screens.messages(visit, instead=False)))

    async def _run(self, quest: Quest) -> None:
        visit, progress = quest.visit, _Progress()
        sweeping = asyncio.create_task(self._sweep(quest, progress))
        try:
            if quest.not_before:
                await self._jobs.settled(asyncio.create_task(asyncio.sleep(quest.not_before)))
            if not await self._announced(quest, sweeping, progress):
                return
            await self._jobs.settled(sweeping)
            message = self._message(quest, sweeping.result())
        except JobInterruptedError:
            message = problems.interrupted(visit.reference)
        except Exception:  # noqa: BLE001 - whatever breaks, the person hears of it
            _log.exception("search.fault", ref=visit.reference)
            message = problems.own_fault(visit.reference)
        finally:
            sweeping.cancel()
        await quest.screen.conclude(message)

    async def _sweep(self, quest: Quest, progress: _Progress) -> Sweep:
        """The search, and its audit line; never the number."""
        now = asyncio.get_running_loop().time
        started, outcome = now(), "interrupted"
        try:
            sweep = await self._search.sweep(
                quest.query, start=quest.start, on_progress=progress.note
            )
            progress.found = len(sweep.hits)
            outcome = "+".join(sorted({error.outcome for error in sweep.errors.values()})) or "done"
            return sweep
        finally:
            _audit.info(
                "search.done",
                ref=quest.visit.reference,
                asked=quest.query.words_and_window(),
                by_number=quest.query.number is not None,
                found=progress.found,
                looked_at=progress.looked_at,
                outcome=outcome,
                ms=round((now() - started) * 1000),
                **who(quest.visit.caller),
            )

    async def _announced(
        self, quest: Quest, sweeping: "asyncio.Task[Sweep]", progress: _Progress
    ) -> bool:
        """Show now and then how far it came; False if nobody looks any more."""
        for seconds in self._announced_after:
            if await self._jobs.settled(sweeping, seconds):
                return True
            word = hits.searching(progress.looked_at, progress.back_to)
            if not await quest.screen.announce(word):
                return False
        return True

    def _message(self, quest: Quest, sweep: Sweep) -> Message:
        shown = masking.sweep(sweep) if self._finder.masks(public=False) else sweep
        return hits.hits(
            shown,
            quest.query,
            reference=quest.visit.reference,
            name_project=self._finder.names_projects,
            further=self._saved(quest.query, sweep.further) if sweep.further else None,
        )

    def _saved(self, query: Query, cursor: Cursor) -> str:
        token = self._shelf.put(query.number) if query.number is not None else _NO_NUMBER
        place = f"{cursor.created_at.isoformat()} {cursor.log_id or _NO_NUMBER}"
        return f"{place} {token} {query.saved()}"

    def _restored(self, value: str) -> tuple[Query, Cursor] | None:
        time_, log_id, token, saved = [*value.split(" ", 3), "", "", ""][:4]
        number = None if token == _NO_NUMBER else self._shelf.get(token)
        if number is None and token != _NO_NUMBER:
            return None
        try:
            query = queries.restore(saved, number, now=self._now())
            cursor = Cursor(datetime.fromisoformat(time_), log_id.removeprefix(_NO_NUMBER))
        except (QueryError, ValueError):
            return None
        return query, cursor
