"""Searches: `find`, `recent`, the form, a number in a message, and **Older calls**."""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, replace

from bot.services import audit
from bot.services.form_replies import FormReplies, InvalidFormError
from bot.services.presenter import CardPresenter
from bot.services.progress import PROGRESS_AFTER_SECONDS, progress
from bot.services.runner import Runner
from bot.services.sealed_search import SealedSearches
from bot.slack.interaction import Interaction
from bot.slack.post import SlackError
from bot.slack.responder import Responder
from bot.slack.views import CLOSED
from bot.ui import notices, search_form, search_results
from bot.ui.block_kit import Message
from bot.ui.search_results import SearchButtons
from bot.voicelogs import masking
from bot.voicelogs import query as queries
from bot.voicelogs.query import Fields, Query, QueryError
from bot.voicelogs.results import Cursor, SearchResult
from bot.voicelogs.search import Scan, Search


@dataclass(frozen=True)
class _Request:
    """A search. If it is from a form, its ack, which shows "Searching…", must arrive first."""

    query: Query
    start: Cursor | None = None
    from_form: bool = False


@dataclass(frozen=True, kw_only=True)
class SearchService:
    """Searches for calls."""

    runner: Runner
    forms: FormReplies
    presenter: CardPresenter
    search: Search
    sealed: SealedSearches
    progress_after: float = PROGRESS_AFTER_SECONDS

    def start(self, interaction: Interaction, query: Query) -> Message | None:
        """Start a search that was typed."""
        self.runner.authorize(interaction, "search")
        return self._start(interaction, _Request(query))

    def open_form(self, interaction: Interaction, value: str = "") -> Message | None:
        """Start to show the search form: in the modal that was clicked in, or in a new one.

        `value` is that of a button, if any, and may hold a search to fill in.
        """
        self.runner.authorize(interaction, "search")
        saved = self.sealed.unseal_search(value) if value else (None, None)
        if saved is None:
            return self._expired(interaction)
        form = search_form.form(interaction.private_metadata(), saved[0])

        def show(responder: Responder) -> Awaitable[None]:
            is_new = interaction.view is None
            return responder.open_modal(form) if is_new else responder.update_modal(form)

        return self.runner.start(interaction, "search_form", show)

    def start_from_form(self, interaction: Interaction, fields: Fields) -> Message | None:
        """Start the search of a submitted form, in its modal. Raises InvalidFormError."""
        self.runner.authorize(interaction, "search")
        try:
            query = queries.from_fields(fields, now=self.presenter.now())
        except ExceptionGroup as group:
            errors = [error for error in group.exceptions if isinstance(error, QueryError)]
            raise InvalidFormError(search_form.field_errors(errors)) from group
        return self._start(interaction, _Request(query, from_form=True))

    def search_number(self, interaction: Interaction, value: str) -> Message | None:
        """Start a search for a number in a message, from the value of its button.

        The result replaces the message with the button if that offers no other number.
        """
        self.runner.authorize(interaction, "search")
        offered = self.sealed.unseal_number(value)
        if offered is None:
            return self._expired(interaction)
        request = _Request(Query((offered.number,)))
        return self._start(interaction, request, replace_original=offered.is_only)

    def resume(
        self, interaction: Interaction, value: str, *, replace_original: bool
    ) -> Message | None:
        """Continue an earlier search where it stopped or failed, from the value of a button."""
        self.runner.authorize(interaction, "search")
        saved = self.sealed.unseal_search(value)
        if saved is None:
            return self._expired(interaction)
        return self._start(interaction, _Request(*saved), replace_original=replace_original)

    def offer_numbers(
        self, interaction: Interaction, numbers: Sequence[str], notes: Sequence[str]
    ) -> Message:
        """Build the reply to a text that has numbers, but no ids."""
        self.runner.authorize(interaction, "search")
        masked = self.presenter.masks(public=interaction.is_public)
        offered = self.sealed.offer(numbers, masked=masked, is_only=len(numbers) == 1)
        return search_results.offer(offered, notes)

    def unseal_numbers(self, values: Sequence[str]) -> list[str]:
        """Return the numbers in buttons' values, without the expired ones."""
        offered = map(self.sealed.unseal_number, values)
        numbers = [each.number for each in offered if each is not None]
        return [each.saved() if each.fragment else each.formatted() for each in numbers]

    @staticmethod
    def _expired(interaction: Interaction) -> Message:
        audit.record("search.expired", interaction)
        return search_results.expired(interaction.request_id)

    def _start(
        self, interaction: Interaction, request: _Request, *, replace_original: bool = False
    ) -> Message | None:
        return self.runner.start(
            interaction,
            "search",
            lambda responder: self._run(responder, request),
            in_place=replace_original or interaction.view is not None,
        )

    async def _run(self, responder: Responder, request: _Request) -> None:
        await responder.open_modal_if_needed()
        responder.modal_title = search_results.FORM_TITLE
        scan = self.search.scan(request.query, request.start)
        now = asyncio.get_running_loop().time
        acknowledged_at = self.forms.acknowledged_at() if request.from_form else now()

        async def show_progress() -> bool:
            await asyncio.sleep(acknowledged_at - now())
            return await self._show_progress(responder, scan)

        async with (
            self.runner.tasks.interruptible(),
            progress(show_progress, self.progress_after),
        ):
            result = await self._search_audited(responder.interaction, request.query, scan)
        message = self._render(responder.interaction, request, result)
        if responder.interaction.view is None:
            await responder.reply(message)
            return
        view = responder.message_modal(message)
        if request.from_form:
            await self.forms.show(responder, view, acknowledged_at)
        else:
            await responder.update_modal(view)

    @staticmethod
    async def _show_progress(responder: Responder, scan: Scan) -> bool:
        """Show the progress in the modal, or once in a message: a response_url allows only five."""
        if responder.interaction.view is None:
            await responder.reply(notices.slow("the calls"), attempts=1)
            return False
        message = search_results.searching(scan.scanned, scan.scanned_back_to)
        view = responder.message_modal(message)
        try:
            await responder.update_modal(view)
        except SlackError as error:
            if error.code in CLOSED:
                raise
        return True

    async def _search_audited(
        self, interaction: Interaction, query: Query, scan: Scan
    ) -> SearchResult:
        """Search, and write an audit line without the number."""
        fields = {"filters": query.filter_text(), "by_number": query.has_number, "found": 0}
        with audit.timed("search.done", interaction, **fields) as line:
            try:
                result = await scan.run()
            finally:
                line["scanned"] = scan.scanned
            line["found"] = len(result.matches)
            outcomes = {error.outcome for error in result.errors.values()}
            line["outcome"] = "+".join(sorted(outcomes)) or "done"
            return result

    def _render(self, interaction: Interaction, request: _Request, result: SearchResult) -> Message:
        masked = self.presenter.masks(public=interaction.is_public)
        return search_results.search_results(
            masking.mask_search(result) if masked else result,
            request.query,
            self.presenter.context(interaction),
            buttons=self._buttons(request, result),
            is_continued=request.start is not None,
            masked=masked,
        )

    def _buttons(self, request: _Request, result: SearchResult) -> SearchButtons:
        seal, query, cursor = self.sealed.seal_search, request.query, result.next_cursor
        buttons = SearchButtons(
            older=seal(query, cursor) if cursor else None,
            change=seal(query, None),
            again=None if result.scanned else seal(query, request.start),
        )
        if result.matches:
            return buttons
        without = [(group, seal(query.without(group), None)) for group in query.grouped_filters]
        further = seal(query.without_start(), None) if query.since is not None else None
        return replace(buttons, without=without, further=further)
