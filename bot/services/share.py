"""Share: posts a card for everyone in the channel or the thread, once.

It goes through the click's response_url, so the bot needn't be invited anywhere, nor have a scope
to post (docs.slack.dev: handling user interaction).
"""

from collections.abc import Hashable
from dataclasses import replace
from typing import Final
from uuid import UUID

import structlog

from bot.runtime import logging as logs
from bot.services.runner import Runner, audit_fields
from bot.services.voice_logs import VoiceLogs
from bot.slack.interaction import Interaction
from bot.slack.response_url import Delivery, Visibility
from bot.ui import block_kit, errors, notices
from bot.ui.block_kit import Message
from bot.voicelogs.results import Found, LookupResult

_log = structlog.stdlib.get_logger(__name__)
_audit: Final = structlog.stdlib.get_logger(logs.AUDIT)


class ShareService:
    """Shares cards.

    Args:
        runner: lets people in.
        voice_logs: finds logs.
    """

    def __init__(self, *, runner: Runner, voice_logs: VoiceLogs) -> None:
        self._runner = runner
        self._voice_logs = voice_logs
        self._under_way: set[Hashable] = set()

    def start(
        self, interaction: Interaction, log_id: UUID, thread_ts: str | None
    ) -> Message | None:
        """Begin to share; what to say instead, if that isn't begun.

        A card that was shared, or is being, isn't shared again from the same message.
        """
        refused = self._runner.deny(interaction, "share", [log_id])
        if refused is not None:
            return refused
        actor = interaction.actor
        once = ("share", actor.user_id, actor.channel_id, interaction.message_ts, log_id, thread_ts)
        if not self._runner.claim(once):
            under_way = once in self._under_way
            return None if under_way else notices.already_shared(interaction.request_id)

        self._under_way.add(once)
        not_begun = self._runner.run_unguarded(
            interaction, lambda: self._see_through(interaction, log_id, thread_ts, once)
        )
        if not_begun is not None:
            self._end(once, shared=False)
        return not_begun

    async def _see_through(
        self, interaction: Interaction, log_id: UUID, thread_ts: str | None, once: Hashable
    ) -> None:
        """Look the log up, which may be interrupted; then share it, which had better not be."""
        shared = False
        try:
            result = await self._found(interaction, log_id)
            if result is not None:
                shared = await self._share(interaction, result, thread_ts)
        except Exception:  # noqa: BLE001 - whatever breaks, the person hears of it
            _log.exception("interaction.failed", action="share", request_id=interaction.request_id)
            await self._runner.send(interaction, errors.internal_error(interaction.request_id))
        finally:
            self._end(once, shared=shared)

    async def _found(self, interaction: Interaction, log_id: UUID) -> LookupResult | None:
        """The log, or what stands in its way; None if the process can't wait, which is said."""
        results: list[LookupResult] = []

        async def find() -> None:
            results.append(await self._voice_logs.fetch(interaction, log_id, "share"))

        await self._runner.guarded(
            interaction, find, lambda word: self._runner.send(interaction, word)
        )
        return results[0] if results else None

    def _end(self, once: Hashable, *, shared: bool) -> None:
        self._under_way.discard(once)
        if not shared:
            self._runner.release(once)

    async def _share(
        self, interaction: Interaction, result: LookupResult, thread_ts: str | None
    ) -> bool:
        if not isinstance(result, Found):
            setting = self._voice_logs.card_options(thread_ts)
            await self._runner.send(
                interaction, self._voice_logs.lookup_result(interaction, [result], setting)
            )
            return False
        if not await self._publish(interaction, result, thread_ts):
            await self._runner.send(
                interaction,
                notices.share_failed(
                    result.log_id,
                    interaction.request_id,
                    in_thread=thread_ts is not None,
                    masks_shared=self._voice_logs.masks(public=True),
                ),
            )
            return False
        _audit.info(
            "share.published",
            request_id=interaction.request_id,
            id=str(result.log_id),
            where="thread" if thread_ts else "channel",
            masked=self._voice_logs.masks(public=True),
            **audit_fields(interaction.actor),
        )
        await self._say_shared(interaction, result, thread_ts)
        return True

    async def _publish(
        self, interaction: Interaction, found: Found, thread_ts: str | None
    ) -> Delivery:
        sharer = interaction.actor.user_id
        card = self._voice_logs.lookup_result(
            interaction, [found], self._voice_logs.shared_card_options(sharer)
        )
        return await self._runner.post(
            interaction,
            block_kit.with_notes(card, [notices.shared_by(sharer)]),
            audience=Visibility(public=True, thread_ts=thread_ts),
        )

    async def _say_shared(
        self, interaction: Interaction, found: Found, thread_ts: str | None
    ) -> None:
        setting = replace(self._voice_logs.card_options(thread_ts), may_share=False)
        card = self._voice_logs.lookup_result(interaction, [found], setting)
        note = notices.SHARED_IN_THREAD if thread_ts else notices.SHARED
        await self._runner.post(
            interaction,
            block_kit.with_notes(card, [note]),
            replace=True,
        )
