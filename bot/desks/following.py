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

from bot import logs
from bot.cards import blocks, notices, problems
from bot.cards.blocks import Message
from bot.cards.buttons import Setting
from bot.clock import Clock
from bot.desks.finder import Finder
from bot.desks.reception import Reception, Visit, who
from bot.jobs import JobInterruptedError, Jobs
from bot.reply import Delivery
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
WORDS_AT_MOST: Final = 3
"""Messages before the last, which may need two tries: that following has begun, and changes."""
TRIES_IN_A_ROW: Final = 5
PER_PERSON: Final = 3
PER_PROCESS: Final = 200

_GOING_ON: Final = frozenset({notices.FOLLOWING, notices.FOLLOWING_TO_THE_END})
_PASSING: Final = (LogNotFoundError, RateLimitedError, UnavailableError, UnreadableAnswerError)

_log = structlog.stdlib.get_logger(__name__)
_audit: Final = structlog.stdlib.get_logger(logs.AUDIT)


@dataclass
class _Place:
    """The card that is followed, and whether the person went on to follow the leg elsewhere."""

    clicked_ts: str | None
    moved: bool = False


@dataclass
class _Followed:
    """One card that is followed: what it shows now, and what was spent on it."""

    visit: Visit
    found: Found
    setting: Setting
    began: float
    place: _Place
    polls: int = 0
    words: int = 0
    failures: int = 0
    is_news: bool = True
    trouble: Missed | Broken | None = None

    def is_over(self) -> bool:
        """Whether the leg has ended."""
        return not self.found.log.is_live


class Following:
    """Follows live legs.

    Args:
        reception: lets people in.
        finder: finds logs.
        jobs: knows when the process stops.
        now: the current time in UTC, for "updated".
        sleep: waits that many seconds.
        elapsed: a clock that only counts, in seconds.
    """

    def __init__(
        self,
        *,
        reception: Reception,
        finder: Finder,
        jobs: Jobs,
        now: Clock,
        sleep: Callable[[float], Awaitable[None]],
        elapsed: Callable[[], float],
    ) -> None:
        self._reception = reception
        self._finder = finder
        self._jobs = jobs
        self._now = now
        self._sleep = sleep
        self._elapsed = elapsed
        self._followed: dict[tuple[str, UUID], _Place] = {}

    def take(self, visit: Visit, log_id: UUID, thread_ts: str | None) -> Message | None:
        """Begin to follow; what to say instead, if that isn't begun."""
        refused = self._reception.refusal(visit, "follow", [log_id])
        if refused is not None:
            return refused
        user_id = visit.caller.user_id
        key = (user_id, log_id)
        before = self._followed.get(key)
        if before is not None:
            if before.clicked_ts == visit.clicked_ts:
                return notices.already_following(visit.reference)
            # Slack forgets a card that only one person sees; the new one takes its place.
            before.moved = True
        elif sum(follower == user_id for follower, _ in self._followed) >= PER_PERSON:
            return notices.following_enough(PER_PERSON, visit.reference)
        elif len(self._followed) >= PER_PROCESS:
            return notices.following_full(visit.reference)

        place = _Place(visit.clicked_ts)
        not_begun = self._reception.begin_alone(
            visit, lambda: self._see_through(visit, log_id, thread_ts, place), retry=[log_id]
        )
        if not_begun is None:
            self._followed[key] = place
        return not_begun

    async def _see_through(
        self, visit: Visit, log_id: UUID, thread_ts: str | None, place: _Place
    ) -> None:
        """Follow, whatever happens: a stopping process leaves time for a last word on the card."""
        try:
            await self._follow(visit, log_id, thread_ts, place)
        except JobInterruptedError:
            await self._reception.say(visit, self._reception.interrupted(visit, retry=[log_id]))
        except Exception:  # noqa: BLE001 - whatever breaks, the person hears of it
            _log.exception("follow.fault", ref=visit.reference)
            await self._reception.say(visit, problems.own_fault(visit.reference, retry=[log_id]))
        finally:
            if self._followed.get((visit.caller.user_id, log_id)) is place:
                del self._followed[visit.caller.user_id, log_id]

    async def _follow(
        self, visit: Visit, log_id: UUID, thread_ts: str | None, place: _Place
    ) -> None:
        setting = self._finder.setting(thread_ts)
        finding = asyncio.create_task(self._finder.find(visit, log_id, "follow"))
        await self._jobs.settled(finding)
        report = finding.result()
        if not isinstance(report, Found):
            await self._reception.say(visit, self._finder.answer(visit, [report], setting))
            return
        followed = _Followed(visit, report, setting, self._elapsed(), place)
        outcome = await self._to_its_end(followed)
        _audit.info(
            "follow.ended",
            ref=visit.reference,
            id=str(log_id),
            outcome=outcome,
            polls=followed.polls,
            seconds=round(self._elapsed() - followed.began),
            **who(visit.caller),
        )

    async def _to_its_end(self, followed: _Followed) -> str:
        """Poll and edit until there is a reason to stop; which, in a word for the audit line."""
        if followed.is_over():
            await self._edit(followed, notices.FOLLOWING_ENDED, attempts=3)
            return "over"
        if await self._tell(followed) is Delivery.NEVER:
            return "lost"
        while await self._jobs.rest(self._sleep(POLL_SECONDS)):
            if followed.place.moved:
                await self._edit(followed, notices.FOLLOWED_ELSEWHERE, attempts=2)
                return "moved"
            if self._elapsed() - followed.began >= LONGEST.total_seconds():
                return await self._stop(followed, notices.HALF_AN_HOUR, "half_an_hour")
            if not await self._jobs.rest(self._poll(followed)):
                break
            if followed.trouble is not None:
                return await self._stop(followed, _why(followed.trouble), "trouble")
            if followed.is_over():
                kept = await self._edit(followed, notices.FOLLOWING_ENDED, attempts=2)
                return "over" if kept else "lost"
            if await self._tell(followed) is Delivery.NEVER:
                return "lost"
        return await self._stop(followed, notices.RESTARTING, "restart")

    async def _tell(self, followed: _Followed) -> Delivery | None:
        """Show a status that isn't shown yet, if Slack will take one more message before the end.

        What Slack doesn't take just now is no reason to stop: it is tried with the next poll.
        """
        if not followed.is_news or followed.words >= WORDS_AT_MOST:
            return None
        followed.words += 1
        last = followed.words == WORDS_AT_MOST
        note = notices.FOLLOWING_TO_THE_END if last else notices.FOLLOWING
        delivery = await self._edit(followed, note)
        followed.is_news = not delivery
        return delivery

    async def _poll(self, followed: _Followed) -> None:
        """Look once more."""
        followed.polls += 1
        report = await self._finder.poll(followed.visit, followed.found.log_id)
        if isinstance(report, Found):
            followed.is_news |= report.log.status != followed.found.log.status
            followed.found, followed.failures = report, 0
            return
        followed.failures += 1
        passing = isinstance(report, Broken) or any(
            isinstance(error, _PASSING) for error in report.errors.values()
        )
        if not passing or followed.failures >= TRIES_IN_A_ROW:
            followed.trouble = report

    async def _stop(self, followed: _Followed, why: str, outcome: str) -> str:
        await self._edit(followed, notices.stopped_following(why), attempts=2)
        return outcome

    async def _edit(self, followed: _Followed, note: str, *, attempts: int = 1) -> Delivery:
        """Show the leg as it is known now, in the place of the card; whether Slack took it."""
        setting = replace(followed.setting, followed=note in _GOING_ON)
        card = self._finder.answer(followed.visit, [followed.found], setting)
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
