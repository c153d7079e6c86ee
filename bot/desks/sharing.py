"""Share: posts a card for everyone in the channel or the thread, once.

It goes through the click's response_url, so the bot needn't be invited anywhere, nor have a scope
to post (docs.slack.dev: handling user interaction).
"""

from typing import Final
from uuid import UUID

import structlog

from bot import logs
from bot.cards import blocks, notices
from bot.cards.blocks import Message
from bot.desks.finder import Finder
from bot.desks.reception import Reception, Visit, who
from bot.reply import Audience
from bot.report import Found

_audit: Final = structlog.stdlib.get_logger(logs.AUDIT)


class Sharing:
    """Shares cards.

    Args:
        reception: lets people in.
        finder: finds logs.
    """

    def __init__(self, *, reception: Reception, finder: Finder) -> None:
        self._reception = reception
        self._finder = finder

    def take(self, visit: Visit, log_id: UUID, thread_ts: str | None) -> Message | None:
        """Begin to share; what to say instead, if that isn't begun.

        A card that was shared, or is being, isn't shared again from the same message.
        """
        refused = self._reception.refusal(visit, "share", [log_id])
        if refused is not None:
            return refused
        caller = visit.caller
        once = ("share", caller.user_id, caller.channel_id, visit.clicked_ts, log_id, thread_ts)
        if not self._reception.first_time(once):
            return None

        async def work() -> None:
            shared = False
            try:
                shared = await self._share(visit, log_id, thread_ts)
            finally:
                if not shared:
                    self._reception.forget(once)

        not_begun = self._reception.begin(visit, work)
        if not_begun is not None:
            self._reception.forget(once)
        return not_begun

    async def _share(self, visit: Visit, log_id: UUID, thread_ts: str | None) -> bool:
        report = await self._finder.find(visit, log_id, "share")
        if not isinstance(report, Found):
            setting = self._finder.setting(thread_ts)
            await self._reception.say(visit, self._finder.answer(visit, [report], setting))
            return False
        if not await self._publish(visit, report, thread_ts):
            await self._reception.say(
                visit,
                notices.share_refused(
                    log_id,
                    visit.reference,
                    in_thread=thread_ts is not None,
                    masks_shared=self._finder.masks(public=True),
                ),
            )
            return False
        _audit.info(
            "share.published",
            ref=visit.reference,
            id=str(log_id),
            where="thread" if thread_ts else "channel",
            masked=self._finder.masks(public=True),
            **who(visit.caller),
        )
        await self._say_shared(visit, report, thread_ts)
        return True

    async def _publish(self, visit: Visit, found: Found, thread_ts: str | None) -> bool:
        card = self._finder.answer(visit, [found], self._finder.setting(public=True))
        return await self._reception.post(
            visit,
            blocks.with_notes(card, [notices.shared_by(visit.caller.user_id)]),
            beside=True,
            audience=Audience(public=True, thread_ts=thread_ts),
        )

    async def _say_shared(self, visit: Visit, found: Found, thread_ts: str | None) -> None:
        setting = self._finder.setting(thread_ts, may_share=False)
        card = self._finder.answer(visit, [found], setting)
        note = notices.SHARED_IN_THREAD if thread_ts else notices.SHARED
        await self._reception.post(
            visit,
            blocks.with_notes(card, [note]),
            replace=True,
        )
