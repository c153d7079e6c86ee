"""Finds calls without an id: `find`, `recent`, the form, a message's number, and further back."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from bot import logs, masking, numbers, queries
from bot.cards import hits, problems
from bot.cards.blocks import Message
from bot.clock import Clock
from bot.desks.finder import Finder
from bot.desks.reception import PROGRESS_AFTER_SECONDS, Reception, Visit, who
from bot.desks.screens import Screen, Screens
from bot.jobs import JobInterruptedError, Jobs
from bot.numbers import telephone
from bot.queries import Query, QueryError
from bot.report import Cursor, Sweep
from bot.sealed_value import SealedValues
from bot.search import Search
from bot.signalwire.models import as_id
from bot.subcommands import FIND, RECENT, Subcommand

ACK_SECONDS: Final = 0.3
"""What an acknowledgement needs to arrive and be shown, as a rule."""
SETTLED_AFTER_SECONDS: Final = 3.0
"""When it must have been: Slack waits no longer."""

_NONE: Final = "-"
_NUMBER: Final = "number"
"""The purpose that a number is sealed for, and whether it is the only one of its message."""
_SEARCH: Final = "search"
"""The purpose that a search is sealed for, and where to begin it."""

_log = structlog.stdlib.get_logger(__name__)
_audit = structlog.stdlib.get_logger(logs.AUDIT)


@dataclass(frozen=True)
class Rhythm:
    """When a search says something, in seconds; see the constants."""

    progress_after: float = PROGRESS_AFTER_SECONDS
    acknowledged_after: float = ACK_SECONDS
    settled_after: float = SETTLED_AFTER_SECONDS


@dataclass(frozen=True)
class Quest:
    """A search for somebody: what for, where to begin, and where it shows itself."""

    visit: Visit
    query: Query
    screen: Screen
    start: Cursor | None = None
    acknowledged: bool = False
    """Whether the acknowledgement shows something in the same place, which must come first."""


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
        sealed: seals what buttons hold.
        screens: where searches show themselves.
        jobs: knows when the process must stop.
        now: the current time in UTC.
        rhythm: when it says something.
    """

    def __init__(
        self,
        *,
        reception: Reception,
        finder: Finder,
        search: Search,
        sealed: SealedValues,
        screens: Screens,
        jobs: Jobs,
        now: Clock,
        rhythm: Rhythm,
    ) -> None:
        self._reception = reception
        self._finder = finder
        self._search = search
        self._sealed = sealed
        self._screens = screens
        self._jobs = jobs
        self._now = now
        self._rhythm = rhythm

    def find(self, visit: Visit, text: str) -> Message | None:
        """Begin `/voicelog find …`; what to say instead, if that isn't begun."""
        return self._typed(visit, FIND, lambda: queries.find(text, now=self._now()))

    def recent(self, visit: Visit, text: str) -> Message | None:
        """Begin `/voicelog recent …`; what to say instead, if that isn't begun."""
        return self._typed(visit, RECENT, lambda: queries.recent(text, now=self._now()))

    def may(self, visit: Visit) -> Message | None:
        """What to tell somebody who may not search; None if they may."""
        return self._reception.refusal(visit, "search")

    def read_form(self, number: str, window: str, words: str) -> Query:
        """What a form's three fields ask for, as `queries.from_fields` reads them."""
        return queries.from_fields(number, window, words, now=self._now())

    def filled_in(self, visit: Visit, query: Query, metadata: str) -> Message | None:
        """Begin what a form asks for, in its window; what to say instead, if that isn't begun.

        The acknowledgement is about to fill the window too, with "Searching…": what is found must
        come after that, and is looked after if it didn't.
        """
        if visit.window is None:
            return problems.own_fault(visit.reference)
        screen = self._screens.window(visit, visit.window, metadata)
        return self._begin(Quest(visit, query, screen, acknowledged=True))

    def numbers(self, visit: Visit, value: str) -> Message | None:
        """Begin to find the calls with a number of a message.

        In the place of the offer, if it was the only one; the others stay to be pressed.
        """
        refused = self.may(visit)
        if refused is not None:
            return refused
        text = self._sealed.unseal(value, purpose=_NUMBER)
        if text is None:
            return self._expired(visit)
        number, _, others = text.partition(" ")
        return self._pressed(visit, Query(numbers.restore(number)), instead=not others)

    def go_on(self, visit: Visit, value: str, *, instead: bool) -> Message | None:
        """Begin where an earlier search stopped, or failed: in its window, or by its message.

        Args:
            visit: whose.
            value: the button's.
            instead: in the place of the message, rather than beside it.
        """
        refused = self.may(visit)
        if refused is not None:
            return refused
        going_on = self._restored(value)
        if going_on is None:
            return self._expired(visit)
        query, start = going_on
        return self._pressed(visit, query, start, instead=instead)

    def offer(self, visit: Visit, found: Sequence[str], notes: Sequence[str] = ()) -> Message:
        """What to say to a text that holds no id but numbers; or that one may not ask."""
        refused = self.may(visit)
        if refused is not None:
            return refused
        masked = self._finder.masks(public=visit.public)
        others = " others" if len(found) > 1 else ""
        labels = [
            (
                masking.address(text) if masked else text,
                self._sealed.seal(telephone(text).saved() + others, purpose=_NUMBER),
            )
            for text in found
        ]
        return hits.offer(labels, notes)

    def _expired(self, visit: Visit) -> Message:
        """What to say to a button whose value can't be read, or not any more."""
        _audit.info("search.expired", ref=visit.reference, **who(visit.caller))
        return hits.expired(visit.reference)

    def _pressed(
        self, visit: Visit, query: Query, start: Cursor | None = None, *, instead: bool
    ) -> Message | None:
        """Begin what a button stands for: where it is, or else in a window of its own."""

        async def work() -> None:
            shown = await self._reception.answerable(visit)
            if shown is None:
                return
            screen = (
                self._screens.messages(shown, instead=instead)
                if shown.window is None
                else self._screens.window(shown, shown.window, shown.metadata)
            )
            await self._run(Quest(shown, query, screen, start))

        return self._reception.begin_alone(visit, work)

    def _begin(self, quest: Quest) -> Message | None:
        return self._reception.begin_alone(quest.visit, lambda: self._run(quest))

    def _typed(
        self, visit: Visit, subcommand: Subcommand, read: Callable[[], Query]
    ) -> Message | None:
        refused = self.may(visit)
        if refused is not None:
            return refused
        try:
            query = read()
        except QueryError as error:
            return hits.not_understood(error, subcommand, visit.reference)
        return self._begin(Quest(visit, query, self._screens.messages(visit, instead=False)))

    async def _run(self, quest: Quest) -> None:
        visit, progress = quest.visit, _Progress()
        sweeping = asyncio.create_task(self._sweep(quest, progress))
        try:
            if quest.acknowledged:
                arriving = asyncio.sleep(self._rhythm.acknowledged_after)
                await self._jobs.settled(asyncio.create_task(arriving))
            if not await self._announced(quest, sweeping, progress):
                return
            message = self._message(quest, sweeping.result())
        except JobInterruptedError:
            message = self._reception.interrupted(visit)
        except Exception:  # noqa: BLE001 - whatever breaks, the person hears of it
            _log.exception("search.fault", ref=visit.reference)
            message = problems.own_fault(visit.reference)
        finally:
            sweeping.cancel()
        await quest.screen.conclude(message)
        if quest.acknowledged and await self._jobs.rest(asyncio.sleep(self._rhythm.settled_after)):
            await quest.screen.insist(message)

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
        """Show now and then that it goes on, until it is over; False if nobody looks any more."""
        while not await self._jobs.settled(sweeping, self._rhythm.progress_after):
            announcing = asyncio.create_task(
                quest.screen.announce(progress.looked_at, progress.back_to)
            )
            await self._jobs.settled(announcing)
            if not announcing.result():
                return False
        return True

    def _message(self, quest: Quest, sweep: Sweep) -> Message:
        masked = self._finder.masks(public=quest.visit.public)
        shown = masking.sweep(sweep) if masked else sweep
        return hits.hits(
            shown,
            quest.query,
            reference=quest.visit.reference,
            name_project=self._finder.names_projects,
            further=self._saved(quest.query, sweep.further) if sweep.further else None,
            again=None if sweep.looked_at else self._saved(quest.query, quest.start),
        )

    def _saved(self, query: Query, cursor: Cursor | None) -> str:
        """A search and where to begin it, for a button's value."""
        number = query.number.saved() if query.number is not None else _NONE
        time = cursor.created_at.isoformat() if cursor is not None else _NONE
        log_id = cursor.log_id if cursor is not None and as_id(cursor.log_id) else _NONE
        return self._sealed.seal(f"{time} {log_id} {number} {query.saved()}", purpose=_SEARCH)

    def _restored(self, value: str) -> tuple[Query, Cursor | None] | None:
        text = self._sealed.unseal(value, purpose=_SEARCH)
        if text is None:
            return None
        try:
            time, log_id, number, saved = text.split(" ", 3)
            sought = None if number == _NONE else numbers.restore(number)
            query = queries.restore(saved, sought, now=self._now())
            if time == _NONE:
                return query, None
            created_at = datetime.fromisoformat(time)
            if created_at.tzinfo is None:
                return None
            return query, Cursor(created_at, log_id.removeprefix(_NONE))
        except (QueryError, ValueError):  # another version of the bot sealed it
            return None
