"""Looks up ids and replies with cards: for the command, the shortcut, View, Try again, Refresh."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from bot.services.presenter import CardPresenter
from bot.services.progress import PROGRESS_AFTER_SECONDS, progress
from bot.services.runner import Runner
from bot.services.sealed_search import SealedSearches
from bot.services.voice_logs import VoiceLogs
from bot.slack.interaction import Interaction
from bot.slack.responder import Responder
from bot.slack.response_url import Visibility
from bot.ui import block_kit, notices
from bot.ui import help as help_
from bot.ui.block_kit import Message
from bot.ui.lookup_result import SourceText
from bot.voicelogs.ids import Ids
from bot.voicelogs.results import Found


@dataclass(frozen=True, kw_only=True)
class LookupService:
    """Looks voice logs up by id."""

    runner: Runner
    voice_logs: VoiceLogs
    presenter: CardPresenter
    sealed: SealedSearches
    progress_after: float = PROGRESS_AFTER_SECONDS

    def start(
        self,
        interaction: Interaction,
        ids: Ids,
        *,
        numbers: Callable[[], Sequence[str]] = tuple,
        is_message: bool = False,
        notes: Sequence[str] = (),
        in_place: bool = False,
    ) -> Message | None:
        """Start a lookup of the ids found in a text.

        `numbers` returns the text's phone numbers, which are offered if no log is found.
        `is_message` tells whether the text is a message in the channel, not what was typed. `notes`
        are mrkdwn for the end of the reply.
        """
        self.runner.authorize(interaction, "lookup", ids.complete)
        if not ids.complete:
            if is_message:
                return help_.no_id_in_message(ids)
            return help_.no_id(ids.truncated, ids.others)
        log_ids, rest = self.voice_logs.lookup.select(ids.complete)
        source = SourceText(is_message, ids, rest, notes=notes)
        return self.runner.start(
            interaction,
            "lookup",
            lambda responder: self._run(responder, log_ids, source, numbers),
            retry=log_ids,
            in_place=in_place,
        )

    def start_refresh(
        self, interaction: Interaction, log_id: UUID, shared_by: str | None
    ) -> Message | None:
        """Start to update a card in place."""
        self.runner.authorize(interaction, "refresh", [log_id])
        return self.runner.start(
            interaction, "refresh", lambda responder: self._refresh(responder, log_id, shared_by)
        )

    async def _run(
        self,
        responder: Responder,
        log_ids: Sequence[UUID],
        source: SourceText,
        numbers: Callable[[], Sequence[str]],
    ) -> None:
        await responder.open_modal_if_needed()
        interaction = responder.interaction

        async def show_slow() -> bool:
            slow = notices.slow("the logs" if len(log_ids) > 1 else "the log")
            await responder.reply(slow, attempts=1)
            return False

        async with self.runner.tasks.interruptible(), progress(show_slow, self.progress_after):
            results = await self.voice_logs.fetch_many(interaction, log_ids)
        if not any(isinstance(result, Found) for result in results):
            masked = self.presenter.masks(public=interaction.is_public)
            offered = self.sealed.offer(numbers(), masked=masked, is_only=False)
            source = replace(source, numbers=offered)
        message = self.presenter.lookup_result(interaction, results, source=source)
        await responder.reply(message)

    async def _refresh(self, responder: Responder, log_id: UUID, shared_by: str | None) -> None:
        await responder.open_modal_if_needed()
        interaction = responder.interaction
        async with self.runner.tasks.interruptible():
            result = await self.voice_logs.fetch(interaction, log_id, "refresh")
        options = (
            self.presenter.shared_options(shared_by)
            if interaction.is_public
            else self.presenter.options(interaction)
        )
        message = self.presenter.lookup_result(interaction, [result], options)
        if not isinstance(result, Found):
            await responder.notify(message)  # the old card is more useful than the error
            return
        notes = [notices.updated(self.presenter.now())]
        if options.shared_by is not None:
            notes.insert(0, notices.shared_by(options.shared_by))
        await responder.reply(
            block_kit.with_notes(message, notes),
            replace_original=True,
            visibility=Visibility(public=interaction.is_public and interaction.view is None),
        )
