"""Share: posts a card for everyone in the channel or the thread, once for each state of it.

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
from bot.slack.response_url import Visibility
from bot.ui import notices
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

    def start(
        self, interaction: Interaction, log_id: UUID, *, state: str = "", stays: bool = False
    ) -> Message | None:
        """Start to share a card.

        Args:
            interaction: what the user did.
            log_id: the leg's.
            state: of the message that was clicked in. Each state is shared once, so that a second
                click while the first is on its way counts for nothing.
            stays: whether the card stays, since it is being followed. Otherwise a line takes its
                place.
        """
        denied = self._runner.deny(interaction, "share", [log_id])
        if denied is not None:
            return denied
        actor = interaction.actor
        place = (actor.channel_id, interaction.message_ts, interaction.thread_ts)
        key = ("share", actor.user_id, *place, log_id, state)
        if not self._dedup.claim(key):
            in_progress = key in self._in_progress
            return None if in_progress else self._shared(interaction, log_id, earlier=True)

        self._in_progress.add(key)
        not_started = self._runner.start(
            interaction,
            "share",
            lambda responder: self._run(responder, log_id, key, stays=stays),
        )
        if not_started is not None:
            self._end(key, shared=False)
        return not_started

    async def _run(self, responder: Responder, log_id: UUID, key: Hashable, *, stays: bool) -> None:
        interaction, shared = responder.interaction, False
        try:
            # Only fetching may be interrupted: the user must be told whether the card was shared.
            async with self._tasks.interruptible():
                result = await self._voice_logs.fetch(interaction, log_id, "share")
            if isinstance(result, Found):
                shared = await self._share(responder, result, stays=stays)
            else:
                await responder.notify(self._presenter.lookup_result(interaction, [result]))
        finally:
            self._end(key, shared=shared)

    def _end(self, key: Hashable, *, shared: bool) -> None:
        self._in_progress.discard(key)
        if not shared:
            self._dedup.release(key)

    async def _share(self, responder: Responder, found: Found, *, stays: bool) -> bool:
        interaction = responder.interaction
        if not await self.publish(responder, found):
            options = self._presenter.options(interaction)
            await responder.notify(
                notices.share_failed(found.log_id, interaction.request_id, options)
            )
            return False
        done = self._shared(interaction, found.log_id)
        await responder.reply(done, replace_original=not stays)
        return True

    async def publish(self, responder: Responder, found: Found) -> bool:
        """Post a leg's card for everyone, and write the audit line; return whether Slack took it.

        Args:
            responder: of an interaction whose response_url leads to the conversation.
            found: the leg, not masked.
        """
        interaction = responder.interaction
        delivered = await responder.reply(
            self._presenter.shared_card(interaction, found),
            replace_original=False,
            visibility=Visibility(public=True, thread_ts=interaction.thread_ts),
        )
        if not delivered:
            return False
        audit.record(
            "share.published",
            interaction,
            id=str(found.log_id),
            where="thread" if interaction.thread_ts else "channel",
            masked=self._presenter.masks(public=True),
        )
        return True

    def _shared(self, interaction: Interaction, log_id: UUID, *, earlier: bool = False) -> Message:
        """Build the line that a card was shared, with a button to share its state by then."""
        options = replace(self._presenter.options(interaction), was_shared=True)
        return notices.shared(log_id, options, earlier=earlier)
