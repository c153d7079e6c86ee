"""Follow: keeps the card of a live leg up to date, and says when the leg is over.

Only the process that received the click follows the leg. When that process stops, the card says so.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

from bot.services import audit
from bot.services.followed_card import FollowedCard, FollowedMessage
from bot.services.presenter import CardPresenter
from bot.services.runner import Runner
from bot.services.voice_logs import VoiceLogs
from bot.signalwire.errors import (
    NOT_THE_API,
    InvalidResponseError,
    LogNotFoundError,
    RateLimitedError,
    SignalWireError,
    UnavailableError,
)
from bot.slack.interaction import Interaction
from bot.slack.responder import Responder
from bot.slack.response_url import Delivery
from bot.ui import errors, multi_project_errors, notices
from bot.ui.block_kit import Message
from bot.voicelogs.results import Found, InternalError, NotFound

POLL_SECONDS: Final = 5.0
MAX_DURATION: Final = timedelta(minutes=28)
"""Two minutes less than a response_url is valid, so that the last update still arrives."""
MAX_CONSECUTIVE_FAILURES: Final = 5
MAX_PER_USER: Final = 3
MAX_PER_PROCESS: Final = 200

_TRANSIENT: Final = (LogNotFoundError, RateLimitedError, UnavailableError, InvalidResponseError)


@dataclass(frozen=True, kw_only=True)
class FollowService:
    """Follows live legs. `elapsed` is a monotonic clock, in seconds."""

    runner: Runner
    voice_logs: VoiceLogs
    presenter: CardPresenter
    sleep: Callable[[float], Awaitable[None]]
    elapsed: Callable[[], float]
    _targets: dict[tuple[str, UUID], FollowedMessage] = field(default_factory=dict, init=False)
    """By user and leg. A target that was stopped is kept until its next poll; see `_stop`."""

    def start(self, interaction: Interaction, log_id: UUID) -> Message | None:
        """Start to follow a leg."""
        self.runner.authorize(interaction, "follow", [log_id])
        user_id = interaction.actor.user_id
        key = (user_id, log_id)
        followed = {key: target for key, target in self._targets.items() if not target.outcome}
        earlier = followed.get(key)
        if earlier is None:
            if sum(follower == user_id for follower, _ in followed) >= MAX_PER_USER:
                audit.record("follow.rejected", interaction, outcome="user_limit")
                return notices.follow_limit_reached(MAX_PER_USER, interaction.request_id)
            if len(followed) >= MAX_PER_PROCESS:
                audit.record("follow.rejected", interaction, outcome="process_limit")
                return notices.follow_capacity_reached(interaction.request_id)

        target = FollowedMessage(interaction.message_ts)
        before = self._targets.get(key)
        if before is not None and before.message_ts == target.message_ts:
            target.posting = before.posting
        not_started = self.runner.start(
            interaction,
            "follow",
            lambda responder: self._run(responder, log_id, target),
            retry=[log_id],
        )
        if not_started is not None:
            return not_started
        self._targets[key] = target
        if earlier is not None:
            # Slack doesn't keep ephemeral messages, so the earlier card may be gone. A click on the
            # same card has a new response_url, which allows five more messages.
            earlier.outcome = "moved"
            earlier.is_silent = earlier.message_ts == interaction.message_ts
        return None

    def stop(self, interaction: Interaction, log_id: UUID) -> Message | None:
        """Start to stop following in the card that was clicked in."""
        self.runner.authorize(interaction, "stop_following", [log_id])
        return self.runner.start(
            interaction, "stop_following", lambda responder: self._stop(responder, log_id)
        )

    async def _stop(self, responder: Responder, log_id: UUID) -> None:
        """Stop following, if this process does, and show the card with Follow again.

        A second click right afterwards finds the same target, and shows the same card.
        """
        interaction = responder.interaction
        target = self._targets.get((interaction.actor.user_id, log_id))
        if target is None or target.message_ts != interaction.message_ts:
            await self._show_ended(responder, log_id, None, notices.PERHAPS_FOLLOWED)
            return
        async with target.posting:
            target.outcome, target.is_silent = "stopped", True
            await self._show_ended(responder, log_id, target.found, notices.STOPPED_BY_USER)

    async def _show_ended(
        self, responder: Responder, log_id: UUID, found: Found | None, note: str
    ) -> None:
        """Show the card with a note, in place of the followed one; fetch the leg if necessary."""
        interaction = responder.interaction
        if found is None:
            async with self.runner.tasks.interruptible():
                result = await self.voice_logs.fetch(interaction, log_id, "stop_following")
            if not isinstance(result, Found):
                await responder.notify(self.presenter.lookup_result(interaction, [result]))
                return
            found = result
        note = note if found.log.is_live else notices.FOLLOWING_ENDED
        card = self.presenter.followed_card(interaction, found, note)
        await responder.reply(card, replace_original=True)

    async def _run(self, responder: Responder, log_id: UUID, target: FollowedMessage) -> None:
        key = (responder.interaction.actor.user_id, log_id)
        try:
            await self._follow(responder, log_id, target)
        finally:
            if self._targets.get(key) is target:
                del self._targets[key]

    async def _follow(self, responder: Responder, log_id: UUID, target: FollowedMessage) -> None:
        interaction = responder.interaction
        # Only fetching may be interrupted: polling ends by itself when the process stops.
        async with self.runner.tasks.interruptible():
            result = await self.voice_logs.fetch(interaction, log_id, "follow")
        if not isinstance(result, Found):
            await responder.notify(self.presenter.lookup_result(interaction, [result]))
            return
        target.found = result
        card = FollowedCard(responder, result, target, self.presenter, self.sleep, self.elapsed())
        if result.log.is_overdue(self.presenter.now()):
            outcome = "overdue"
            await card.send_last_state(notices.NOT_FOLLOWED)
        elif not result.log.is_live:  # no message below: the user is looking at the card
            outcome = "over"
            await card.send_last_state(notices.FOLLOWING_ENDED)
        else:
            outcome = await self._poll_until_over(card)
        audit.record(
            "follow.ended",
            interaction,
            id=str(log_id),
            outcome=target.outcome or outcome,
            polls=card.polls,
            seconds=round(self.elapsed() - card.started_at),
        )

    async def _poll_until_over(self, card: FollowedCard) -> str:
        """Show that the leg is followed, and each change; return why following ended."""
        wait = self.runner.tasks.wait_unless_stopping
        while await card.send_update() is not Delivery.FAILED:
            if not await wait(self.sleep(POLL_SECONDS)):
                return await self._stop_polling(card, "restart", errors.RESTARTING.title)
            if card.target.outcome:
                await card.send_last_state(notices.FOLLOWED_ELSEWHERE)
                return card.target.outcome
            if self.elapsed() - card.started_at >= MAX_DURATION.total_seconds():
                return await self._stop_polling(card, "time_limit", notices.HALF_AN_HOUR)
            await wait(self._poll(card))
            if card.error is not None:
                why, is_temporary = stop_reason(card.error)
                return await self._stop_polling(card, "lookup_failed", why, can_resume=is_temporary)
            if not card.found.log.is_live:
                return "over" if await card.send_end() else "undelivered"
        return "undelivered"

    async def _stop_polling(
        self, card: FollowedCard, outcome: str, why: str, *, can_resume: bool = True
    ) -> str:
        """Show why following stopped. If the leg is overdue by now, the card has no Follow."""
        can_resume = can_resume and not card.found.log.is_overdue(self.presenter.now())
        await card.send_last_state(notices.stopped_following(why, can_resume=can_resume))
        return outcome

    async def _poll(self, card: FollowedCard) -> None:
        """Fetch the log again, and record its state or the failure."""
        card.polls += 1
        interaction = card.responder.interaction
        result = await self.voice_logs.fetch_unaudited(interaction, card.found.log_id)
        if isinstance(result, Found):
            card.show(result)
            return
        card.failures += 1
        is_transient = isinstance(result, InternalError) or any(
            isinstance(error, _TRANSIENT) for error in result.errors.values()
        )
        if not is_transient or card.failures >= MAX_CONSECUTIVE_FAILURES:
            card.error = result


def stop_reason(result: NotFound | InternalError) -> tuple[str, bool]:
    """Return the title of the error that ended polling, and whether it may be temporary."""
    if isinstance(result, InternalError):
        return errors.INTERNAL_ERROR.title, True
    title = multi_project_errors.describe_all(result.errors).title
    return title, any(map(_is_temporary, result.errors.values()))


def _is_temporary(error: SignalWireError) -> bool:
    """Whether an error may be temporary although several polls in a row have failed with it."""
    if isinstance(error, InvalidResponseError):
        return error.cause != NOT_THE_API
    return isinstance(error, RateLimitedError | UnavailableError)
