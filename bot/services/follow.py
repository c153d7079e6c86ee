"""Follow: keeps the card of a live leg up to date until the leg is over.

A click's response_url takes five messages within thirty minutes (docs.slack.dev: handling user
interaction), so a card changes a few times at most, and its last change is kept for how it ended.
Only the process that was asked to follow a leg knows of it; when it stops, the card says so.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog

from bot.runtime import logging as logs
from bot.runtime.clock import Clock
from bot.runtime.tasks import BackgroundTasks, ShutdownDeadlineError
from bot.services.runner import Runner, audit_fields
from bot.services.voice_logs import VoiceLogs
from bot.signalwire.errors import (
    InvalidResponseError,
    LogNotFoundError,
    RateLimitedError,
    UnavailableError,
)
from bot.slack.interaction import Interaction
from bot.slack.response_url import Delivery
from bot.ui import block_kit, errors, notices
from bot.ui.actions import CardOptions
from bot.ui.block_kit import Message
from bot.voicelogs.results import Found, InternalError, NotFound

POLL_SECONDS: Final = 5.0
MAX_DURATION: Final = timedelta(minutes=28)
"""Two minutes less than a response_url lasts: the last message must arrive."""
MAX_UPDATES: Final = 3
"""Messages before the last, which may need two tries: that following has begun, and changes."""
MAX_CONSECUTIVE_FAILURES: Final = 5
MAX_PER_USER: Final = 3
MAX_PER_PROCESS: Final = 200

_GOING_ON: Final = frozenset({notices.FOLLOWING, notices.FOLLOWING_TO_THE_END})
_PASSING: Final = (LogNotFoundError, RateLimitedError, UnavailableError, InvalidResponseError)

_log = structlog.stdlib.get_logger(__name__)
_audit: Final = structlog.stdlib.get_logger(logs.AUDIT)


@dataclass
class _Target:
    """The card that is followed, and whether the person went on to follow the leg elsewhere."""

    clicked_ts: str | None
    moved: bool = False


@dataclass
class _FollowedCard:
    """One card that is followed: what it shows now, and what was spent on it."""

    interaction: Interaction
    found: Found
    setting: CardOptions
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
        runner: lets people in.
        voice_logs: finds logs.
        jobs: knows when the process stops.
        now: the current time in UTC, for "updated".
        sleep: waits that many seconds.
        elapsed: a clock that only counts, in seconds.
    """

    def __init__(
        self,
        *,
        runner: Runner,
        voice_logs: VoiceLogs,
        jobs: BackgroundTasks,
        now: Clock,
        sleep: Callable[[float], Awaitable[None]],
        elapsed: Callable[[], float],
    ) -> None:
        self._runner = runner
        self._voice_logs = voice_logs
        self._jobs = jobs
        self._now = now
        self._sleep = sleep
        self._elapsed = elapsed
        self._followed: dict[tuple[str, UUID], _Target] = {}

    def start(
        self, interaction: Interaction, log_id: UUID, thread_ts: str | None
    ) -> Message | None:
        """Begin to follow; what to say instead, if that isn't begun."""
        refused = self._runner.deny(interaction, "follow", [log_id])
        if refused is not None:
            return refused
        user_id = interaction.actor.user_id
        key = (user_id, log_id)
        before = self._followed.get(key)
        if before is not None:
            if before.clicked_ts == interaction.message_ts:
                return notices.already_following(interaction.request_id)
            # Slack forgets a card that only one person sees; the new one takes its place.
            before.moved = True
        elif sum(follower == user_id for follower, _ in self._followed) >= MAX_PER_USER:
            return notices.follow_limit_reached(MAX_PER_USER, interaction.request_id)
        elif len(self._followed) >= MAX_PER_PROCESS:
            return notices.follow_capacity_reached(interaction.request_id)

        place = _Target(interaction.message_ts)
        not_begun = self._runner.run_unguarded(
            interaction,
            lambda: self._see_through(interaction, log_id, thread_ts, place),
            retry=[log_id],
        )
        if not_begun is None:
            self._followed[key] = place
        return not_begun

    async def _see_through(
        self, interaction: Interaction, log_id: UUID, thread_ts: str | None, place: _Target
    ) -> None:
        """Follow, whatever happens: a stopping process leaves time for a last word on the card."""
        try:
            await self._follow(interaction, log_id, thread_ts, place)
        except ShutdownDeadlineError:
            await self._runner.send(
                interaction, self._runner.interrupted(interaction, retry=[log_id])
            )
        except Exception:  # noqa: BLE001 - whatever breaks, the person hears of it
            _log.exception("interaction.failed", action="follow", request_id=interaction.request_id)
            await self._runner.send(
                interaction, errors.internal_error(interaction.request_id, retry=[log_id])
            )
        finally:
            if self._followed.get((interaction.actor.user_id, log_id)) is place:
                del self._followed[interaction.actor.user_id, log_id]

    async def _follow(
        self, interaction: Interaction, log_id: UUID, thread_ts: str | None, place: _Target
    ) -> None:
        setting = self._voice_logs.card_options(thread_ts)
        finding = asyncio.create_task(self._voice_logs.fetch(interaction, log_id, "follow"))
        await self._jobs.wait_for(finding)
        result = finding.result()
        if not isinstance(result, Found):
            await self._runner.send(
                interaction, self._voice_logs.lookup_result(interaction, [result], setting)
            )
            return
        followed = _FollowedCard(interaction, result, setting, self._elapsed(), place)
        outcome = await self._poll_until_over(followed)
        _audit.info(
            "follow.ended",
            request_id=interaction.request_id,
            id=str(log_id),
            outcome=outcome,
            polls=followed.polls,
            seconds=round(self._elapsed() - followed.started_at),
            **audit_fields(interaction.actor),
        )

    async def _poll_until_over(self, followed: _FollowedCard) -> str:
        """Poll and edit until there is a reason to stop; which, in a word for the audit line."""
        if followed.is_over():
            await self._edit(followed, notices.FOLLOWING_ENDED, attempts=3)
            return "over"
        if await self._send_update(followed) is Delivery.FAILED:
            return "lost"
        while await self._jobs.wait_unless_stopping(self._sleep(POLL_SECONDS)):
            if followed.target.moved:
                await self._edit(followed, notices.FOLLOWED_ELSEWHERE, attempts=2)
                return "moved"
            if self._elapsed() - followed.started_at >= MAX_DURATION.total_seconds():
                return await self._stop(followed, notices.HALF_AN_HOUR, "half_an_hour")
            if not await self._jobs.wait_unless_stopping(self._poll(followed)):
                break
            if followed.error is not None:
                return await self._stop(followed, _why(followed.error), "trouble")
            if followed.is_over():
                kept = await self._edit(followed, notices.FOLLOWING_ENDED, attempts=2)
                return "over" if kept else "lost"
            if await self._send_update(followed) is Delivery.FAILED:
                return "lost"
        return await self._stop(followed, notices.RESTARTING, "restart")

    async def _send_update(self, followed: _FollowedCard) -> Delivery | None:
        """Show a status that isn't shown yet, if Slack will take one more message before the end.

        What Slack doesn't take just now is no reason to stop: it is tried with the next poll.
        """
        if not followed.has_unsent_change or followed.updates_sent >= MAX_UPDATES:
            return None
        followed.updates_sent += 1
        last = followed.updates_sent == MAX_UPDATES
        note = notices.FOLLOWING_TO_THE_END if last else notices.FOLLOWING
        delivery = await self._edit(followed, note)
        followed.has_unsent_change = not delivery
        return delivery

    async def _poll(self, followed: _FollowedCard) -> None:
        """Look once more."""
        followed.polls += 1
        result = await self._voice_logs.fetch_unaudited(followed.interaction, followed.found.log_id)
        if isinstance(result, Found):
            followed.has_unsent_change |= result.log.status != followed.found.log.status
            followed.found, followed.failures = result, 0
            return
        followed.failures += 1
        passing = isinstance(result, InternalError) or any(
            isinstance(error, _PASSING) for error in result.errors.values()
        )
        if not passing or followed.failures >= MAX_CONSECUTIVE_FAILURES:
            followed.error = result

    async def _stop(self, followed: _FollowedCard, why: str, outcome: str) -> str:
        await self._edit(followed, notices.stopped_following(why), attempts=2)
        return outcome

    async def _edit(self, followed: _FollowedCard, note: str, *, attempts: int = 1) -> Delivery:
        """Show the leg as it is known now, in the place of the card; whether Slack took it."""
        setting = replace(followed.setting, followed=note in _GOING_ON)
        card = self._voice_logs.lookup_result(followed.interaction, [followed.found], setting)
        return await self._runner.post(
            followed.interaction,
            block_kit.with_notes(card, [note, notices.updated(self._now())]),
            replace=True,
            attempts=attempts,
        )


def _why(trouble: NotFound | InternalError) -> str:
    problem = (
        errors.describe_all(trouble.errors)
        if isinstance(trouble, NotFound)
        else errors.INTERNAL_ERROR
    )
    return notices.stopped_for(problem)
