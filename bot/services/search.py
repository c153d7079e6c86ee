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
from bot.services.runner import PROGRESS_AFTER_SECONDS, Runner, audit_fields
from bot.services.voice_logs import VoiceLogs
from bot.signalwire.models import parse_uuid
from bot.slack.interaction import Interaction
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

    interaction: Interaction
    query: Query
    progress_display: ProgressDisplay
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
        runner: lets people in.
        voice_logs: knows what is masked.
        search: walks SignalWire's lists.
        sealed: seals what buttons hold.
        progress_displays: where searches show themselves.
        jobs: knows when the process must stop.
        now: the current time in UTC.
        timing: when it says something.
    """

    def __init__(
        self,
        *,
        runner: Runner,
        voice_logs: VoiceLogs,
        search: Search,
        sealed: SealedValues,
        progress_displays: ProgressDisplays,
        jobs: BackgroundTasks,
        now: Clock,
        timing: SearchTiming,
    ) -> None:
        self._runner = runner
        self._voice_logs = voice_logs
        self._search = search
        self._sealed = sealed
        self._progress_displays = progress_displays
        self._jobs = jobs
        self._now = now
        self._timing = timing

    def find(self, interaction: Interaction, text: str) -> Message | None:
        """Begin `/voicelog find …`; what to say instead, if that isn't begun."""
        return self._typed(interaction, FIND, lambda: queries.find(text, now=self._now()))

    def recent(self, interaction: Interaction, text: str) -> Message | None:
        """Begin `/voicelog recent …`; what to say instead, if that isn't begun."""
        return self._typed(interaction, RECENT, lambda: queries.recent(text, now=self._now()))

    def start(self, interaction: Interaction, query: Query) -> Message | None:
        """Begin a search that was typed; what to say instead, if that isn't begun."""
        refused = self.deny(interaction)
        if refused is not None:
            return refused
        progress_display = self._progress_displays.messages(interaction, instead=False)
        return self._start(SearchRequest(interaction, query, progress_display))

    def now(self) -> datetime:
        """Return the current time in UTC, which a search is parsed with."""
        return self._now()

    def deny(self, interaction: Interaction) -> Message | None:
        """What to tell somebody who may not search; None if they may."""
        return self._runner.deny(interaction, "search")

    def read_form(self, number: str, window: str, words: str) -> Query:
        """What a form's three fields ask for, as `queries.from_fields` reads them."""
        return queries.from_fields(number, window, words, now=self._now())

    def start_from_form(
        self, interaction: Interaction, query: Query, metadata: str
    ) -> Message | None:
        """Begin what a form asks for, in its window; what to say instead, if that isn't begun.

        The acknowledgement is about to fill the window too, with "Searching…": what is found must
        come after that, and is looked after if it didn't.
        """
        if interaction.view is None:
            return errors.internal_error(interaction.request_id)
        progress_display = self._progress_displays.window(interaction, interaction.view, metadata)
        return self._start(SearchRequest(interaction, query, progress_display, acknowledged=True))

    def search_number(self, interaction: Interaction, value: str) -> Message | None:
        """Begin to find the calls with a number of a message.

        In the place of the offer, if it was the only one; the others stay to be pressed.
        """
        refused = self.deny(interaction)
        if refused is not None:
            return refused
        text = self._sealed.unseal(value, purpose=_NUMBER)
        if text is None:
            return self._expired(interaction)
        number, _, others = text.partition(" ")
        query = Query((phone_numbers.restore(number),))
        return self._start_from_click(interaction, query, instead=not others)

    def resume(self, interaction: Interaction, value: str, *, instead: bool) -> Message | None:
        """Begin where an earlier search stopped, or failed: in its window, or by its message.

        Args:
            interaction: whose.
            value: the button's.
            instead: in the place of the message, rather than beside it.
        """
        refused = self.deny(interaction)
        if refused is not None:
            return refused
        going_on = self._restored(value)
        if going_on is None:
            return self._expired(interaction)
        query, start = going_on
        return self._start_from_click(interaction, query, start, instead=instead)

    def offer_numbers(
        self, interaction: Interaction, found: Sequence[str], notes: Sequence[str] = ()
    ) -> Message:
        """What to say to a text that holds no id but numbers; or that one may not ask."""
        refused = self.deny(interaction)
        if refused is not None:
            return refused
        masked = self._voice_logs.masks(public=interaction.in_channel)
        others = " others" if len(found) > 1 else ""
        labels = [
            (
                masking.mask_address(text) if masked else text,
                self._sealed.seal(telephone(text).saved() + others, purpose=_NUMBER),
            )
            for text in found
        ]
        return search_results.offer(labels, notes)

    def _expired(self, interaction: Interaction) -> Message:
        """What to say to a button whose value can't be read, or not any more."""
        _audit.info(
            "search.expired", request_id=interaction.request_id, **audit_fields(interaction.actor)
        )
        return search_results.expired(interaction.request_id)

    def _start_from_click(
        self, interaction: Interaction, query: Query, start: Cursor | None = None, *, instead: bool
    ) -> Message | None:
        """Start what a button stands for: in place, or else in a modal that is opened for it."""

        async def work() -> None:
            shown = await self._runner.answerable(interaction)
            if shown is None:
                return
            progress_display = (
                self._progress_displays.messages(shown, instead=instead)
                if shown.view is None
                else self._progress_displays.window(shown, shown.view, shown.metadata)
            )
            await self._run(SearchRequest(shown, query, progress_display, start))

        return self._runner.run_unguarded(interaction, work)

    def _start(self, request: SearchRequest) -> Message | None:
        return self._runner.run_unguarded(request.interaction, lambda: self._run(request))

    def _typed(
        self, interaction: Interaction, subcommand: Subcommand, read: Callable[[], Query]
    ) -> Message | None:
        refused = self.deny(interaction)
        if refused is not None:
            return refused
        try:
            query = read()
        except QueryError as error:
            return search_results.not_understood(error, subcommand, interaction.request_id)
        return self._start(
            SearchRequest(
                interaction, query, self._progress_displays.messages(interaction, instead=False)
            )
        )

    async def _run(self, request: SearchRequest) -> None:
        interaction, progress = request.interaction, _Progress()
        searching = asyncio.create_task(self._search_audited(request, progress))
        try:
            if request.acknowledged:
                arriving = asyncio.sleep(self._timing.acknowledged_after)
                await self._jobs.wait_for(asyncio.create_task(arriving))
            if not await self._announced(request, searching, progress):
                return
            message = self._message(request, searching.result())
        except ShutdownDeadlineError:
            message = self._runner.interrupted(interaction)
        except Exception:  # noqa: BLE001 - whatever breaks, the person hears of it
            _log.exception("interaction.failed", action="search", request_id=interaction.request_id)
            message = errors.internal_error(interaction.request_id)
        finally:
            searching.cancel()
        await request.progress_display.show_result(message)
        if request.acknowledged and await self._jobs.wait_unless_stopping(
            asyncio.sleep(self._timing.settled_after)
        ):
            await request.progress_display.reassert_result(message)

    async def _search_audited(self, request: SearchRequest, progress: _Progress) -> SearchResult:
        """The search, and its audit line; never the number."""
        now = asyncio.get_running_loop().time
        started, outcome = now(), "interrupted"
        try:
            result = await self._search.run(
                request.query, start=request.start, on_progress=progress.note
            )
            progress.found = len(result.matches)
            outcome = (
                "+".join(sorted({error.outcome for error in result.errors.values()})) or "done"
            )
            return result
        finally:
            _audit.info(
                "search.done",
                request_id=request.interaction.request_id,
                filters=request.query.filter_text(),
                by_number=request.query.has_number,
                found=progress.found,
                scanned=progress.looked_at,
                outcome=outcome,
                duration_ms=round((now() - started) * 1000),
                **audit_fields(request.interaction.actor),
            )

    async def _announced(
        self, request: SearchRequest, searching: "asyncio.Task[SearchResult]", progress: _Progress
    ) -> bool:
        """Show now and then that it goes on, until it is over; False if nobody looks any more."""
        while not await self._jobs.wait_for(searching, self._timing.progress_after):
            announcing = asyncio.create_task(
                request.progress_display.show_progress(progress.looked_at, progress.back_to)
            )
            await self._jobs.wait_for(announcing)
            if not announcing.result():
                return False
        return True

    def _message(self, request: SearchRequest, result: SearchResult) -> Message:
        masked = self._voice_logs.masks(public=request.interaction.in_channel)
        shown = masking.mask_search(result) if masked else result
        return search_results.search_results(
            shown,
            request.query,
            request_id=request.interaction.request_id,
            name_project=self._voice_logs.names_projects,
            further=self._saved(request.query, result.next_cursor) if result.next_cursor else None,
            again=None if result.scanned else self._saved(request.query, request.start),
        )

    def _saved(self, query: Query, cursor: Cursor | None) -> str:
        """A search and where to begin it, for a button's value."""
        time = cursor.created_at.isoformat() if cursor is not None else _NONE
        log_id = cursor.log_id if cursor is not None and parse_uuid(cursor.log_id) else _NONE
        return self._sealed.seal(f"{time} {log_id} {query.serialize()}", purpose=_SEARCH)

    def _restored(self, value: str) -> tuple[Query, Cursor | None] | None:
        text = self._sealed.unseal(value, purpose=_SEARCH)
        if text is None:
            return None
        try:
            time, log_id, saved = text.split(" ", 2)
            query = queries.parse_saved(saved)
            if time == _NONE:
                return query, None
            created_at = datetime.fromisoformat(time)
            if created_at.tzinfo is None:
                return None
            return query, Cursor(created_at, log_id.removeprefix(_NONE))
        except ValueError:  # another version of the bot sealed it
            return None
