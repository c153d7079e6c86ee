"""A card that is followed, and the five messages that its response_url allows.

A click's response_url allows five messages within thirty minutes (docs.slack.dev: handling user
interaction). Up to three show that following has begun, and later changes. Two are kept for the
end: the card's last state, and a new message at the bottom of the channel, since nobody notices
that a message was edited. Unused ones serve for retries if Slack fails.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from bot.services.presenter import CardPresenter
from bot.slack.responder import Responder
from bot.slack.response_url import Delivery
from bot.ui import notices
from bot.ui.block_kit import Message
from bot.voicelogs.results import Found, InternalError, NotFound

USES: Final = 5
"""The messages that a response_url allows. Slack may count rejected ones too."""
MAX_UPDATES: Final = 3
"""The updates before the end: the first says that following has begun."""
RETRY_SECONDS: Final = 5.0
"""The longest pause in slack/post.py, since Slack may have asked for one."""


@dataclass
class FollowedMessage:
    """The message whose card is followed."""

    message_ts: str | None
    found: Found | None = None
    """The leg's latest state."""
    outcome: str = ""
    """`moved` if the user follows the leg in a newer card or again in the same one, or `stopped`;
    empty while it is followed.
    """
    is_silent: bool = False
    """Whether nothing may be posted any more, since a later click has updated the card."""
    posting: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while a message is being posted, so that messages arrive in order. All targets in one
    message share it.
    """


@dataclass
class FollowedCard:
    """The content of a followed card, and how often its response_url was used."""

    responder: Responder
    found: Found
    target: FollowedMessage
    presenter: CardPresenter
    sleep: Callable[[float], Awaitable[None]]
    started_at: float
    """On the monotonic clock."""
    polls: int = 0
    uses: int = 0
    failures: int = 0
    """The polls that have failed in a row."""
    has_unsent_change: bool = True
    """Whether there is something to show; at first, that the leg is followed."""
    error: NotFound | InternalError | None = None
    """Why polling must end."""

    def show(self, found: Found) -> None:
        """Record the result of a poll, to be shown by the next update."""
        shown = self.found
        is_changed = found.log.status != shown.log.status or found.outcome != shown.outcome
        self.has_unsent_change |= is_changed
        self.found, self.target.found, self.failures = found, found, 0

    async def send_update(self) -> Delivery | None:
        """Show a new status, unless the remaining messages are kept for the end.

        If Slack fails, the update is sent again after the next poll.
        """
        if not self.has_unsent_change or self.uses >= MAX_UPDATES:
            return None
        is_last = self.uses + 1 == MAX_UPDATES
        note = notices.FOLLOWING_TO_THE_END if is_last else notices.FOLLOWING
        delivery = await self._post(self._with_note(note, is_followed=True))
        self.has_unsent_change = not delivery
        return delivery

    async def send_last_state(self, note: str) -> bool:
        """Show the leg's latest state, and why the card is no longer followed."""
        return await self._send_last((self._with_note(note), True))

    async def send_end(self) -> bool:
        """Show the last state, without a note that the card updates; post below that it is over."""
        over = self.presenter.call_over(self.responder.interaction, self.found)
        return await self._send_last(
            (self._with_note(notices.FOLLOWING_ENDED), True), (over, False)
        )

    def _with_note(self, note: str, *, is_followed: bool = False) -> Message:
        interaction = self.responder.interaction
        state = f"{interaction.request_id}.{self.uses}"
        return self.presenter.followed_card(
            interaction, self.found, note, state=state, is_followed=is_followed
        )

    async def _send_last(self, *messages: tuple[Message, bool]) -> bool:
        """Send the last messages, each with whether it replaces the card; retry if Slack fails.

        Return whether all were delivered.
        """
        unsent = [*messages]
        while unsent and self.uses < USES:
            message, replaces = unsent.pop(0)
            delivery = await self._post(message, replaces=replaces)
            if delivery is Delivery.FAILED:
                return False
            if delivery is Delivery.RETRYABLE:
                unsent.append((message, replaces))
                await self.sleep(RETRY_SECONDS)
        return not unsent

    async def _post(self, message: Message, *, replaces: bool = True) -> Delivery:
        async with self.target.posting:
            if self.target.is_silent:
                return Delivery.FAILED
            self.uses += 1
            return await self.responder.reply(message, replace_original=replaces, attempts=1)
