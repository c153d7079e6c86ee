"""Answers ids with cards: the command, the shortcut, a row's Card, Try again, Refresh."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import structlog

from bot.cards import blocks, notices, problems
from bot.cards.blocks import Message
from bot.cards.buttons import Setting
from bot.clock import Clock
from bot.desks.finder import Finder
from bot.desks.reception import PROGRESS_AFTER_SECONDS, Reception, Visit
from bot.ids import Ids
from bot.jobs import JobInterruptedError, Jobs
from bot.reply import Audience
from bot.report import Found, Report

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True)
class Question:
    """What a person wants to know.

    Attributes:
        visit: whose.
        ids: the logs.
        instead: whether the answer takes the place of the message that was clicked.
        thread_ts: the thread that the answer may be shared in.
    """

    visit: Visit
    ids: Ids
    instead: bool = False
    thread_ts: str | None = None


class Answering:
    """Serves questions by id.

    Args:
        reception: lets people in.
        finder: finds logs.
        jobs: knows when the process must stop.
        now: the current time in UTC, for "updated".
        progress_after: how long a person waits without a sign, in seconds.
    """

    def __init__(
        self,
        *,
        reception: Reception,
        finder: Finder,
        jobs: Jobs,
        now: Clock,
        progress_after: float = PROGRESS_AFTER_SECONDS,
    ) -> None:
        self._reception = reception
        self._finder = finder
        self._jobs = jobs
        self._now = now
        self._progress_after = progress_after

    def take(
        self, question: Question, *, no_id: Callable[[Sequence[str]], Message]
    ) -> Message | None:
        """Begin to answer in the background. Does no I/O: it is called before the acknowledgement.

        Args:
            question: from somebody who may or may not be allowed to ask.
            no_id: what to say when there is no whole id, given the beginnings of ids there are.

        Returns:
            None; or what to tell the person instead, if nothing is begun.
        """
        ids = question.ids.whole
        refused = self._reception.refusal(question.visit, "lookup", ids)
        if refused is not None:
            return refused
        if not ids:
            return no_id(question.ids.cut_short)
        retry = self._finder.choose(ids).ids
        return self._reception.begin_alone(
            question.visit,
            lambda: self._answer(question),
            retry=retry,
            thread_ts=question.thread_ts,
        )

    def refresh(
        self, visit: Visit, log_id: UUID, thread_ts: str | None, shared_by: str | None = None
    ) -> Message | None:
        """Bring a card up to date in its place; what to say instead, if that isn't begun."""
        refused = self._reception.refusal(visit, "refresh", [log_id])
        if refused is not None:
            return refused
        setting = (
            self._finder.public_setting(shared_by)
            if visit.public
            else self._finder.setting(thread_ts)
        )
        return self._reception.begin(visit, lambda: self._refresh(visit, log_id, setting))

    async def _answer(self, asked: Question) -> None:
        visit = await self._reception.answerable(asked.visit)
        if visit is None:
            return
        question, retry = replace(asked, visit=visit), self._finder.choose(asked.ids.whole).ids
        finding = asyncio.create_task(self._finder.find_all(visit, question.ids.whole))
        try:
            if not await self._jobs.settled(finding, self._progress_after):
                await self._jobs.settled(asyncio.create_task(self._say_slow(question)))
                await self._jobs.settled(finding)
            message = self._message(question, finding.result())
        except JobInterruptedError:
            finding.cancel()
            message = self._reception.interrupted(visit, retry=retry, thread_ts=question.thread_ts)
        except Exception:  # noqa: BLE001 - whatever breaks, the person hears of it
            _log.exception("answer.fault", ref=visit.reference)
            message = problems.own_fault(visit.reference, retry=retry, thread_ts=question.thread_ts)
        await self._reception.post(visit, message, replace=question.instead)

    def _message(self, question: Question, reports: Sequence[Report]) -> Message:
        return self._finder.answer(
            question.visit,
            reports,
            _for_place(question.visit, self._finder.setting(question.thread_ts)),
            left_out=self._finder.choose(question.ids.whole).left_out,
            cut_short=question.ids.cut_short,
        )

    async def _say_slow(self, question: Question) -> None:
        several = len(self._finder.choose(question.ids.whole).ids) > 1
        word = notices.slow("the logs" if several else "the log")
        await self._reception.post(question.visit, word, replace=question.instead, attempts=1)

    async def _refresh(self, asked: Visit, log_id: UUID, setting: Setting) -> None:
        visit = await self._reception.answerable(asked)
        if visit is None:
            return
        report = await self._finder.find(visit, log_id, "refresh")
        message = self._finder.answer(visit, [report], _for_place(visit, setting))
        if not isinstance(report, Found):
            # The card as it was is worth more than the error; and the error is this person's only.
            await self._reception.say(visit, message)
            return
        notes = [notices.updated(self._now())]
        if setting.shared_by is not None:
            notes.insert(0, notices.shared_by(setting.shared_by))
        await self._reception.post(
            visit,
            blocks.with_notes(message, notes),
            replace=True,
            audience=Audience(public=visit.public and visit.window is None),
        )


def _for_place(visit: Visit, setting: Setting) -> Setting:
    """In a window there is no response_url, which Share and Follow need."""
    if visit.window is None:
        return setting
    return replace(setting, may_share=False, followed=True)
