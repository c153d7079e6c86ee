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
from bot.services.runner import Interaction, Runner, audit_fields
from bot.services.voice_logs import VoiceLogs
from bot.slack.response_url import Delivery, Visibility
from bot.ui import block_kit, errors, notices
from bot.ui.block_kit import Message
from bot.voicelogs.results import Found, LookupResult

_log = structlog.stdlib.get_logger(__name__)
_audit: Final = structlog.stdlib.get_logger(logs.AUDIT)


class ShareService:
    """Shares cards.

    Args:
        reception: lets people in.
        finder: finds logs.
    """

    def __init__(self, *, reception: Runner, finder: VoiceLogs) -> None:
        self._reception = reception
        self._finder = finder
        self._under_way: set[Hashable] = set()

    def start(self, visit: Interaction, log_id: UUID, thread_ts: str | None) -> Message | None:
        """Begin to share; what to say instead, if that isn't begun.

        A card that was shared, or is being, isn't shared again from the same message.
        """
        refused = self._reception.deny(visit, "share", [log_id])
        if refused is not None:
            return refused
        caller = visit.actor
        once = ("share", caller.user_id, caller.channel_id, visit.message_ts, log_id, thread_ts)
        if not self._reception.claim(once):
            under_way = once in self._under_way
            return None if under_way else notices.already_shared(visit.request_id)

        self._under_way.add(once)
        not_begun = self._reception.run_unguarded(
            visit, lambda: self._see_through(visit, log_id, thread_ts, once)
        )
        if not_begun is not None:
            self._end(once, shared=False)
        return not_begun

    async def _see_through(
        self, visit: Interaction, log_id: UUID, thread_ts: str | None, once: Hashable
    ) -> None:
        """Look the log up, which may be interrupted; then share it, which had better not be."""
        shared = False
        try:
            report = await self._found(visit, log_id)
            if report is not None:
                shared = await self._share(visit, report, thread_ts)
        except Exception:  # noqa: BLE001 - whatever breaks, the person hears of it
            _log.exception("share.fault", ref=visit.request_id)
            await self._reception.send(visit, errors.internal_error(visit.request_id))
        finally:
            self._end(once, shared=shared)

    async def _found(self, visit: Interaction, log_id: UUID) -> LookupResult | None:
        """The log, or what stands in its way; None if the process can't wait, which is said."""
        reports: list[LookupResult] = []

        async def find() -> None:
            reports.append(await self._finder.fetch(visit, log_id, "share"))

        await self._reception.guarded(visit, find, lambda word: self._reception.send(visit, word))
        return reports[0] if reports else None

    def _end(self, once: Hashable, *, shared: bool) -> None:
        self._under_way.discard(once)
        if not shared:
            self._reception.release(once)

    async def _share(self, visit: Interaction, report: LookupResult, thread_ts: str | None) -> bool:
        if not isinstance(report, Found):
            setting = self._finder.card_options(thread_ts)
            await self._reception.send(visit, self._finder.lookup_result(visit, [report], setting))
            return False
        if not await self._publish(visit, report, thread_ts):
            await self._reception.send(
                visit,
                notices.share_failed(
                    report.log_id,
                    visit.request_id,
                    in_thread=thread_ts is not None,
                    masks_shared=self._finder.masks(public=True),
                ),
            )
            return False
        _audit.info(
            "share.published",
            ref=visit.request_id,
            id=str(report.log_id),
            where="thread" if thread_ts else "channel",
            masked=self._finder.masks(public=True),
            **audit_fields(visit.actor),
        )
        await self._say_shared(visit, report, thread_ts)
        return True

    async def _publish(self, visit: Interaction, found: Found, thread_ts: str | None) -> Delivery:
        sharer = visit.actor.user_id
        card = self._finder.lookup_result(visit, [found], self._finder.shared_card_options(sharer))
        return await self._reception.post(
            visit,
            block_kit.with_notes(card, [notices.shared_by(sharer)]),
            audience=Visibility(public=True, thread_ts=thread_ts),
        )

    async def _say_shared(self, visit: Interaction, found: Found, thread_ts: str | None) -> None:
        setting = replace(self._finder.card_options(thread_ts), may_share=False)
        card = self._finder.lookup_result(visit, [found], setting)
        note = notices.SHARED_IN_THREAD if thread_ts else notices.SHARED
        await self._reception.post(
            visit,
            block_kit.with_notes(card, [note]),
            replace=True,
        )
