"""Finds calls without an id: `find`, `recent`, the form, a message's number, and further back."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from bot.runtime import logging as logs
from bot.runtime.clock import Clock
from bot.runtime.tasks import BackgroundTasks, ShutdownDeadlineError
from bot.services.progress import ProgressDisplay, ProgressDisplays
from bot.services.runner import PROGRESS_AFTER_SECONDS, Interaction, Runner, audit_fields
from bot.services.voice_logs import VoiceLogs
from bot.signalwire.models import parse_uuid
from bot.slack.sealed_value import SealedValues
from bot.ui import errors, search_results
from bot.ui.block_kit import Message
from bot.ui.subcommands import FIND, RECENT, Subcommand
from bot.voicelogs import masking, phone_numbers
from bot.voicelogs import query as queries
from bot.voicelogs.phone_numbers import telephone
from bot.voicelogs.query import Query, QueryError
from bot.voicelogs.results import Cursor, SearchResult
from bot.voicelogs.search import Search

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
class SearchTiming:
    """When a search says something, in seconds; see the constants."""

    progress_after: float = PROGRESS_AFTER_SECONDS
    acknowledged_after: float = ACK_SECONDS
    settled_after: float = SETTLED_AFTER_SECONDS


@dataclass(frozen=True)
class SearchRequest:
    """A search for somebody: what for, where to begin, and where it shows itself."""

    visit: Interaction
    query: Query
    screen: ProgressDisplay
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


class SearchService:
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
        reception: Runner,
        finder: VoiceLogs,
        search: Search,
        sealed: SealedValues,
        screens: ProgressDisplays,
        jobs: BackgroundTasks,
        now: Clock,
        rhythm: SearchTiming,
    ) -> None:
        self._reception = reception
        self._finder = finder
        self._search = search
        self._sealed = sealed
        self._screens = screens
        self._jobs = jobs
        self._now = now
        self._rhythm = rhythm

    def find(self, visit: Interaction, text: str) -> Message | None:
        """Begin `/voicelog find …`; what to say instead, if that isn't begun."""
        return self._typed(visit, FIND, lambda: queries.find(text, now=self._now()))

    def recent(self, visit: Interaction, text: str) -> Message | None:
        """Begin `/voicelog recent …`; what to say instead, if that isn't begun."""
        return self._typed(visit, RECENT, lambda: queries.recent(text, now=self._now()))

    def deny(self, visit: Interaction) -> Message | None:
        """What to tell somebody who may not search; None if they may."""
        return self._reception.deny(visit, "search")

    def read_form(self, number: str, window: str, words: str) -> Query:
        """What a form's three fields ask for, as `queries.from_fields` reads them."""
        return queries.from_fields(number, window, words, now=self._now())

    def start_from_form(self, visit: Interaction, query: Query, metadata: str) -> Message | None:
        """Begin what a form asks for, in its window; what to say instead, if that isn't begun.

        The acknowledgement is about to fill the window too, with "Searching…": what is found must
        come after that, and is looked after if it didn't.
        """
        if visit.view is None:
            return errors.internal_error(visit.request_id)
        screen = self._screens.window(visit, visit.view, metadata)
        return self._start(SearchRequest(visit, query, screen, acknowledged=True))

    def search_number(self, visit: Interaction, value: str) -> Message | None:
        """Begin to find the calls with a number of a message.

        In the place of the offer, if it was the only one; the others stay to be pressed.
        """
        refused = self.deny(visit)
        if refused is not None:
            return refused
        text = self._sealed.unseal(value, purpose=_NUMBER)
        if text is None:
            return self._expired(visit)
        number, _, others = text.partition(" ")
        screen = (
            self._screens.messages(visit, instead=not others)
            if visit.view is None
            else self._screens.window(visit, visit.view, visit.metadata)
        )
        return self._start(SearchRequest(visit, Query(phone_numbers.restore(number)), screen))

    def resume(
        self, visit: Interaction, value: str, metadata: str, *, instead: bool
    ) -> Message | None:
        """Begin where an earlier search stopped, or failed: in its window, or by its message.

        Args:
            visit: whose.
            value: the button's.
            metadata: comes back with every click in the window.
            instead: in the place of the message, rather than beside it.
        """
        refused = self.deny(visit)
        if refused is not None:
            return refused
        going_on = self._restored(value)
        if going_on is None:
            return self._expired(visit)
        query, start = going_on
        screen = (
            self._screens.messages(visit, instead=instead)
            if visit.view is None
            else self._screens.window(visit, visit.view, metadata)
        )
        return self._start(SearchRequest(visit, query, screen, start))

    def offer_numbers(
        self, visit: Interaction, found: Sequence[str], notes: Sequence[str] = ()
    ) -> Message:
        """What to say to a text that holds no id but numbers; or that one may not ask."""
        refused = self.deny(visit)
        if refused is not None:
            return refused
        masked = self._finder.masks(public=visit.in_channel)
        others = " others" if len(found) > 1 else ""
        labels = [
            (
                masking.mask_address(text) if masked else text,
                self._sealed.seal(telephone(text).saved() + others, purpose=_NUMBER),
            )
            for text in found
        ]
        return search_results.offer(labels, notes)

    def _expired(self, visit: Interaction) -> Message:
        """What to say to a button whose value can't be read, or not any more."""
        _audit.info("search.expired", ref=visit.request_id, **audit_fields(visit.actor))
        return search_results.expired(visit.request_id)

    def _start(self, quest: SearchRequest) -> Message | None:
        return self._reception.run_unguarded(quest.visit, lambda: self._run(quest))

    def _typed(
        self, visit: Interaction, subcommand: Subcommand, read: Callable[[], Query]
    ) -> Message | None:
        refused = self.deny(visit)
        if refused is not None:
            return refused
        try:
            query = read()
        except QueryError as error:
            return search_results.not_understood(error, subcommand, visit.request_id)
        return self._start(
            SearchRequest(visit, query, self._screens.messages(visit, instead=False))
        )

    async def _run(self, quest: SearchRequest) -> None:
        visit, progress = quest.visit, _Progress()
        sweeping = asyncio.create_task(self._search_audited(quest, progress))
        try:
            if quest.acknowledged:
                arriving = asyncio.sleep(self._rhythm.acknowledged_after)
                await self._jobs.wait_for(asyncio.create_task(arriving))
            if not await self._announced(quest, sweeping, progress):
                return
            message = self._message(quest, sweeping.result())
        except ShutdownDeadlineError:
            message = self._reception.interrupted(visit)
        except Exception:  # noqa: BLE001 - whatever breaks, the person hears of it
            _log.exception("search.fault", ref=visit.request_id)
            message = errors.internal_error(visit.request_id)
        finally:
            sweeping.cancel()
        await quest.screen.show_result(message)
        if quest.acknowledged and await self._jobs.wait_unless_stopping(
            asyncio.sleep(self._rhythm.settled_after)
        ):
            await quest.screen.reassert_result(message)

    async def _search_audited(self, quest: SearchRequest, progress: _Progress) -> SearchResult:
        """The search, and its audit line; never the number."""
        now = asyncio.get_running_loop().time
        started, outcome = now(), "interrupted"
        try:
            sweep = await self._search.run(
                quest.query, start=quest.start, on_progress=progress.note
            )
            progress.found = len(sweep.matches)
            outcome = "+".join(sorted({error.outcome for error in sweep.errors.values()})) or "done"
            return sweep
        finally:
            _audit.info(
                "search.done",
                ref=quest.visit.request_id,
                asked=quest.query.filter_text(),
                by_number=quest.query.number is not None,
                found=progress.found,
                looked_at=progress.looked_at,
                outcome=outcome,
                ms=round((now() - started) * 1000),
                **audit_fields(quest.visit.actor),
            )

    async def _announced(
        self, quest: SearchRequest, sweeping: "asyncio.Task[SearchResult]", progress: _Progress
    ) -> bool:
        """Show now and then that it goes on, until it is over; False if nobody looks any more."""
        while not await self._jobs.wait_for(sweeping, self._rhythm.progress_after):
            announcing = asyncio.create_task(
                quest.screen.show_progress(progress.looked_at, progress.back_to)
            )
            await self._jobs.wait_for(announcing)
            if not announcing.result():
                return False
        return True

    def _message(self, quest: SearchRequest, sweep: SearchResult) -> Message:
        masked = self._finder.masks(public=quest.visit.in_channel)
        shown = masking.mask_search(sweep) if masked else sweep
        return search_results.search_results(
            shown,
            quest.query,
            reference=quest.visit.request_id,
            name_project=self._finder.names_projects,
            further=self._saved(quest.query, sweep.next_cursor) if sweep.next_cursor else None,
            again=None if sweep.scanned else self._saved(quest.query, quest.start),
        )

    def _saved(self, query: Query, cursor: Cursor | None) -> str:
        """A search and where to begin it, for a button's value."""
        number = query.number.saved() if query.number is not None else _NONE
        time = cursor.created_at.isoformat() if cursor is not None else _NONE
        log_id = cursor.log_id if cursor is not None and parse_uuid(cursor.log_id) else _NONE
        return self._sealed.seal(f"{time} {log_id} {number} {query.serialize()}", purpose=_SEARCH)

    def _restored(self, value: str) -> tuple[Query, Cursor | None] | None:
        text = self._sealed.unseal(value, purpose=_SEARCH)
        if text is None:
            return None
        try:
            time, log_id, number, saved = text.split(" ", 3)
            sought = None if number == _NONE else phone_numbers.restore(number)
            query = queries.parse_saved(saved, sought, now=self._now())
            if time == _NONE:
                return query, None
            created_at = datetime.fromisoformat(time)
            if created_at.tzinfo is None:
                return None
            return query, Cursor(created_at, log_id.removeprefix(_NONE))
        except (QueryError, ValueError):  # another version of the bot sealed it
            return None
