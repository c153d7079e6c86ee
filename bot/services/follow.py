"""Follow: keeps the card of a live leg up to date until the leg ends.

A click's response_url takes five messages within thirty minutes (docs.slack.dev: handling user
interaction), so a card is updated a few times at most, and its last update is kept for the end.
Only the process that got the click follows the leg; when it stops, the card says so.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from bot.runtime.clock import Clock
from bot.runtime.tasks import BackgroundTasks
from bot.services import audit
from bot.services.presenter import CardPresenter
from bot.services.runner import Runner
from bot.services.voice_logs import VoiceLogs
from bot.signalwire.errors import (
    InvalidResponseError,
    LogNotFoundError,
    RateLimitedError,
    UnavailableError,
)
from bot.slack.interaction import Interaction
from bot.slack.responder import Responder
from bot.slack.response_url import Delivery
from bot.ui import block_kit, errors, notices
from bot.ui.block_kit import Message
from bot.voicelogs.results import Found, InternalError, NotFound

POLL_SECONDS: Final = 5.0
MAX_DURATION: Final = timedelta(minutes=28)
"""Two minutes less than a response_url is valid: the last update must arrive."""
MAX_UPDATES: Final = 3
"""Updates before the last, which may need two attempts: that following has begun, and changes."""
MAX_CONSECUTIVE_FAILURES: Final = 5
MAX_PER_USER: Final = 3
MAX_PER_PROCESS: Final = 200

_ONGOING: Final = frozenset({notices.FOLLOWING, notices.FOLLOWING_TO_THE_END})
_TRANSIENT: Final = (LogNotFoundError, RateLimitedError, UnavailableError, InvalidResponseError)


@dataclass
class _Target:
    """The message whose card is followed; `moved` if the user follows the leg in a newer one."""

    message_ts: str | None
    moved: bool = False


@dataclass
class _FollowedCard:
    """A card that is followed: what it shows, and how many updates were sent."""

    responder: Responder
    found: Found
    started_at: float
    target: _Target
    polls: int = 0
    updates_sent: int = 0
    failures: int = 0
    has_unsent_change: bool = True
    error: NotFound | InternalError | None = None

    def is_over(self) -> bool:
        """Whether the leg has ended."""
        return not self.found.log.is_live


class FollowService:
    """Follows live legs.

    Args:
        sleep: waits that many seconds.
        elapsed: a monotonic clock, in seconds.
    """

    def __init__(
        self,
        *,
        runner: Runner,
        tasks: BackgroundTasks,
        voice_logs: VoiceLogs,
        presenter: CardPresenter,
        now: Clock,
        sleep: Callable[[float], Awaitable[None]],
        elapsed: Callable[[], float],
    ) -> None:
        self._runner = runner
        self._tasks = tasks
        self._voice_logs = voice_logs
        self._presenter = presenter
        self._now = now
        self._sleep = sleep
        self._elapsed = elapsed
        self._followed: dict[tuple[str, UUID], _Target] = {}

    def start(self, interaction: Interaction, log_id: UUID) -> Message | None:
        """Start to follow a leg."""
        denied = self._runner.deny(interaction, "follow", [log_id])
        if denied is not None:
            return denied
        user_id = interaction.actor.user_id
        key = (user_id, log_id)
        earlier = self._followed.get(key)
        if earlier is not None:
            if earlier.message_ts == interaction.message_ts:
                return notices.already_following(interaction.request_id)
            # Slack may drop an ephemeral message; the new one takes its place.
            earlier.moved = True
        elif sum(follower == user_id for follower, _ in self._followed) >= MAX_PER_USER:
            return notices.follow_limit_reached(MAX_PER_USER, interaction.request_id)
        elif len(self._followed) >= MAX_PER_PROCESS:
            return notices.follow_capacity_reached(interaction.request_id)

        target = _Target(interaction.message_ts)
        not_started = self._runner.start(
            interaction,
            "follow",
            lambda responder: self._run(responder, log_id, target),
            retry=[log_id],
        )
        if not_started is None:
            self._followed[key] = target
        return not_started

    async def _run(self, responder: Responder, log_id: UUID, target: _Target) -> None:
        key = (responder.interaction.actor.user_id, log_id)
        try:
            await self._follow(responder, log_id, target)
        finally:
            if self._followed.get(key) is target:
                del self._followed[key]

    async def _follow(self, responder: Responder, log_id: UUID, target: _Target) -> None:
        interaction = responder.interaction
        # Only this may be interrupted: polling ends as soon as the process stops.
        async with self._tasks.interruptible():
            result = await self._voice_logs.fetch(interaction, log_id, "follow")
        if not isinstance(result, Found):
            await responder.notify(self._presenter.lookup_result(interaction, [result]))
            return
        card = _FollowedCard(responder, result, self._elapsed(), target)
        outcome = await self._poll_until_over(card)
        audit.record(
            "follow.ended",
            interaction,
            id=str(log_id),
            outcome=outcome,
            polls=card.polls,
            seconds=round(self._elapsed() - card.started_at),
        )

    async def _poll_until_over(self, card: _FollowedCard) -> str:
        """Poll and update until there is a reason to stop; return it for the audit line."""
        is_overdue = card.found.log.is_overdue(self._now())
        if card.is_over() or is_overdue:
            note = notices.NOT_FOLLOWED if is_overdue else notices.FOLLOWING_ENDED
            await self._update(card, note, attempts=3)
            return "overdue" if is_overdue else "over"
        if await self._send_update(card) is Delivery.FAILED:
            return "lost"
        while await self._tasks.wait_unless_stopping(self._sleep(POLL_SECONDS)):
            if card.target.moved:
                await self._update(card, notices.FOLLOWED_ELSEWHERE, attempts=2)
                return "moved"
            if self._elapsed() - card.started_at >= MAX_DURATION.total_seconds():
                return await self._stop(card, notices.HALF_AN_HOUR, "half_an_hour")
            if not await self._tasks.wait_unless_stopping(self._poll(card)):
                break
            if card.error is not None:
                return await self._stop(card, _stop_reason(card.error), "trouble")
            if card.is_over():
                delivered = await self._update(card, notices.FOLLOWING_ENDED, attempts=2)
                return "over" if delivered else "lost"
            if await self._send_update(card) is Delivery.FAILED:
                return "lost"
        return await self._stop(card, notices.RESTARTING, "restart")

    async def _send_update(self, card: _FollowedCard) -> Delivery | None:
        """Show a status that isn't shown yet, if Slack will take one more message before the last.

        If Slack rejects it for the moment, it is sent again after the next poll.
        """
        if not card.has_unsent_change or card.updates_sent >= MAX_UPDATES:
            return None
        card.updates_sent += 1
        last = card.updates_sent == MAX_UPDATES
        note = notices.FOLLOWING_TO_THE_END if last else notices.FOLLOWING
        delivery = await self._update(card, note)
        card.has_unsent_change = not delivery
        return delivery

    async def _poll(self, card: _FollowedCard) -> None:
        """Fetch the log again."""
        card.polls += 1
        interaction = card.responder.interaction
        result = await self._voice_logs.fetch_unaudited(interaction, card.found.log_id)
        if isinstance(result, Found):
            card.has_unsent_change |= (
                result.log.status != card.found.log.status or result.outcome != card.found.outcome
            )
            card.found, card.failures = result, 0
            return
        card.failures += 1
        is_transient = isinstance(result, InternalError) or any(
            isinstance(error, _TRANSIENT) for error in result.errors.values()
        )
        if not is_transient or card.failures >= MAX_CONSECUTIVE_FAILURES:
            card.error = result

    async def _stop(self, card: _FollowedCard, reason: str, outcome: str) -> str:
        await self._update(card, notices.stopped_following(reason), attempts=2)
        return outcome

    async def _update(self, card: _FollowedCard, note: str, *, attempts: int = 1) -> Delivery:
        """Replace the card by the leg's latest state."""
        interaction = card.responder.interaction
        options = replace(self._presenter.options(interaction), followed=note in _ONGOING)
        message = self._presenter.lookup_result(interaction, [card.found], options)
        return await card.responder.reply(
            block_kit.with_notes(message, [note, notices.updated(self._now())]),
            replace_original=True,
            attempts=attempts,
        )


def _stop_reason(result: NotFound | InternalError) -> str:
    error = (
        errors.describe_all(result.errors)
        if isinstance(result, NotFound)
        else errors.INTERNAL_ERROR
    )
    return notices.stopped_for(error)
