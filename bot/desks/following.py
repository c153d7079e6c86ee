"""Follow: keeps the card of a live leg up to date until the leg is over.

A click's response_url takes five messages within thirty minutes (docs.slack.dev: handling user
interaction), so a card changes a few times at most, and its last change is kept for how it ended.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog

from bot import logs
from bot.cards import blocks, notices, problems
from bot.cards.blocks import Message
from bot.cards.buttons import Setting
from bot.clock import Clock
from bot.desks.finder import Finder
from bot.desks.reception import Reception, Visit, who
from bot.jobs import Jobs
from bot.report import Broken, Found, Missed
from bot.signalwire.errors import (
    LogNotFoundError,
    RateLimitedError,
    UnavailableError,
    UnreadableAnswerError,
)

POLL_SECONDS: Final = 5.0
LONGEST: Final = timedelta(minutes=28)
"""Two minutes less than a response_url lasts: the last message must arrive."""
CHANGES_AT_MOST: Final = 2
"""Between the first message, that following has begun, and the last, which may need two tries."""
TRIES_IN_A_ROW: Final = 5
PER_PERSON: Final = 3
PER_PROCESS: Final = 200

_PASSING: Final = (LogNotFoundError, RateLimitedError, UnavailableError, UnreadableAnswerError)

_audit: Final = structlog.stdlib.get_logger(logs.AUDIT)


@dataclass
class _Followed:
    """One card that is followed: what it shows now, and what was spent on it."""

    visit: Visit
    found: Found
    setting: Setting
    began: datetime
    polls: int = 0
    changes: int = 0
    failures: int = 0
    trouble: Missed | Broken | None = field(default=None)

    def is_over(self) -> bool:
        """Whether the leg has ended."""
        return not self.found.log.is_live


class Following:
    """Follows live legs.

    Args:
        reception: lets people in.
        finder: finds logs.
        jobs: knows when the process stops.
        now: the current time in UTC.
        sleep: waits that many seconds.
    """

    def __init__(
        self,
        *,
        reception: Reception,
        finder: Finder,
        jobs: Jobs,
        now: Clock,
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._reception = reception
        self._finder = finder
        self._jobs = jobs
        self._now = now
        self._sleep = sleep
        self._followed: set[tuple[str, UUID]] = set()

    def take(self, visit: Visit, log_id: UUID, thread_ts: str | None) -> Message | None:
        """Begin to follow; what to say instead, if that isn't begun."""
        refused = self._reception.refusal(visit, "follow", [log_id])
        if refused is not None:
            return refused
        user_id = visit.caller.user_id
        if (user_id, log_id) in self._followed:
            return notices.already_following(visit.reference)
        if sum(follower == user_id for follower, _ in self._followed) >= PER_PERSON:
            return notices.following_enough(PER_PERSON, visit.reference)
        if len(self._followed) >= PER_PROCESS:
            return notices.following_full(visit.reference)

        async def work() -> None:
            try:
                await self._follow(visit, log_id, thread_ts)
            finally:
                self._followed.discard((user_id, log_id))

        not_begun = self._reception.begin(visit, work)
        if not_begun is None:
            self._followed.add((user_id, log_id))
        return not_begun

    async def _follow(self, visit: Visit, log_id: UUID, thread_ts: str | None) -> None:
        setting = self._finder.setting(thread_ts)
        report = await self._finder.find(visit, log_id, "follow")
        if not isinstance(report, Found):
            await self._reception.say(visit, self._finder.answer(visit, [report], setting))
            return
        followed = _Followed(visit, report, setting, self._now())
        outcome = await self._to_its_end(followed)
        _audit.info(
            "follow.ended",
            ref=visit.reference,
            id=str(log_id),
            outcome=outcome,
            polls=followed.polls,
            seconds=round((self._now() - followed.began).total_seconds()),
            **who(visit.caller),
        )

    async def _to_its_end(self, followed: _Followed) -> str:
        """Poll and edit until there is a reason to stop; which, in a word for the audit line."""
        if followed.is_over():
            await self._edit(followed, notices.FOLLOWING_ENDED, attempts=3)
            return "over"
        if not await self._edit(followed, notices.FOLLOWING):
            return "lost"
        while await self._jobs.rest(self._sleep(POLL_SECONDS)):
            if self._now() - followed.began >= LONGEST:
                return await self._stop(followed, notices.HALF_AN_HOUR, "half_an_hour")
            changed = await self._poll(followed)
            if followed.trouble is not None:
                return await self._stop(followed, _why(followed.trouble), "trouble")
            if followed.is_over():
                kept = await self._edit(followed, notices.FOLLOWING_ENDED, attempts=2)
                return "over" if kept else "lost"
            if changed and followed.changes < CHANGES_AT_MOST:
                followed.changes += 1
                if not await self._edit(followed, notices.FOLLOWING):
                    return "lost"
        return await self._stop(followed, notices.RESTARTING, "restart")

    async def _poll(self, followed: _Followed) -> bool:
        """Look once more; whether the status is another one than before."""
        followed.polls += 1
        report = await self._finder.poll(followed.visit, followed.found.log_id)
        if isinstance(report, Found):
            changed = report.log.status != followed.found.log.status
            followed.found, followed.failures = report, 0
            return changed
        followed.failures += 1
        passing = isinstance(report, Broken) or any(
            isinstance(error, _PASSING) for error in report.errors.values()
        )
        if not passing or followed.failures >= TRIES_IN_A_ROW:
            followed.trouble = report
        return False

    async def _stop(self, followed: _Followed, why: str, outcome: str) -> str:
        await self._edit(followed, notices.stopped_following(why), attempts=2)
        return outcome

    async def _edit(self, followed: _Followed, note: str, *, attempts: int = 1) -> bool:
        """Show the leg as it is known now, in the place of the card; whether Slack took it."""
        card = self._finder.answer(followed.visit, [followed.found], followed.setting)
        return await self._reception.post(
            followed.visit,
            blocks.with_notes(card, [note, notices.updated(self._now())]),
            replace=True,
            attempts=attempts,
        )


def _why(trouble: Missed | Broken) -> str:
    problem = (
        problems.summary(trouble.errors) if isinstance(trouble, Missed) else problems.OWN_FAULT
    )
    return notices.stopped_for(problem)
