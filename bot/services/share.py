"""Share: posts a card for everyone in the channel or the thread, once.

It is posted to the click's response_url, so the bot needs neither membership nor a scope to post
(docs.slack.dev: handling user interaction).
"""

from collections.abc import Hashable
from dataclasses import replace
from uuid import UUID

from bot.runtime.tasks import BackgroundTasks
from bot.services import audit
from bot.services.dedup import Deduplicator
from bot.services.presenter import CardPresenter
from bot.services.runner import Runner
from bot.services.voice_logs import VoiceLogs
from bot.slack.interaction import Interaction
from bot.slack.responder import Responder
from bot.slack.response_url import Delivery, Visibility
from bot.ui import block_kit, notices
from bot.ui.block_kit import Message
from bot.voicelogs.results import Found


class ShareService:
    """Shares cards."""

    def __init__(
        self,
        *,
        runner: Runner,
        tasks: BackgroundTasks,
        dedup: Deduplicator,
        voice_logs: VoiceLogs,
        presenter: CardPresenter,
    ) -> None:
        self._runner = runner
        self._tasks = tasks
        self._dedup = dedup
        self._voice_logs = voice_logs
        self._presenter = presenter
        self._in_progress: set[Hashable] = set()

    def start(self, interaction: Interaction, log_id: UUID) -> Message | None:
        """Start to share a card; one that was shared isn't shared again from the same message."""
        denied = self._runner.deny(interaction, "share", [log_id])
        if denied is not None:
            return denied
        actor = interaction.actor
        place = (actor.channel_id, interaction.message_ts, interaction.thread_ts)
        key = ("share", actor.user_id, *place, log_id)
        if not self._dedup.claim(key):
            in_progress = key in self._in_progress
            return None if in_progress else notices.already_shared(interaction.request_id)

        self._in_progress.add(key)
        not_started = self._runner.start(
            interaction, "share", lambda responder: self._run(responder, log_id, key)
        )
        if not_started is not None:
            self._end(key, shared=False)
        return not_started

    async def _run(self, responder: Responder, log_id: UUID, key: Hashable) -> None:
        interaction, shared = responder.interaction, False
        try:
            # Only fetching may be interrupted: the user must be told whether the card was shared.
            async with self._tasks.interruptible():
                result = await self._voice_logs.fetch(interaction, log_id, "share")
            if isinstance(result, Found):
                shared = await self._share(responder, result)
            else:
                await responder.notify(self._presenter.lookup_result(interaction, [result]))
        finally:
            self._end(key, shared=shared)

    def _end(self, key: Hashable, *, shared: bool) -> None:
        self._in_progress.discard(key)
        if not shared:
            self._dedup.release(key)

    async def _share(self, responder: Responder, found: Found) -> bool:
        interaction, thread_ts = responder.interaction, responder.interaction.thread_ts
        is_masked = self._presenter.masks(public=True)
        if not await self._post_publicly(responder, found):
            failed = notices.share_failed(
                found.log_id,
                interaction.request_id,
                in_thread=thread_ts is not None,
                masks_shared=is_masked,
            )
            await responder.notify(failed)
            return False
        audit.record(
            "share.published",
            interaction,
            id=str(found.log_id),
            where="thread" if thread_ts else "channel",
            masked=is_masked,
        )
        options = replace(self._presenter.options(interaction), may_share=False)
        card = self._presenter.lookup_result(interaction, [found], options)
        note = notices.SHARED_IN_THREAD if thread_ts else notices.SHARED
        await responder.reply(block_kit.with_notes(card, [note]), replace_original=True)
        return True

    async def _post_publicly(self, responder: Responder, found: Found) -> Delivery:
        interaction = responder.interaction
        user_id = interaction.actor.user_id
        card = self._presenter.lookup_result(
            interaction, [found], self._presenter.shared_options(user_id)
        )
        return await responder.reply(
            block_kit.with_notes(card, [notices.shared_by(user_id)]),
            replace_original=False,
            visibility=Visibility(public=True, thread_ts=interaction.thread_ts),
        )
