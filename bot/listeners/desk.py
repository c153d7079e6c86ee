"""The counter at which every way of asking is served: who may ask, the lookup, the answer.

Whatever happens after an acknowledgement, the person hears of it from here.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import structlog

from bot import logs
from bot.access import Access, Caller
from bot.cards import problems, results
from bot.cards.answer import answer
from bot.cards.blocks import Message
from bot.ids import Ids
from bot.jobs import JobInterruptedError, Jobs, JobsRefusedError
from bot.lookup import IDS_AT_ONCE, Lookup
from bot.reply import Replier
from bot.report import Broken, Missed, Report

PROGRESS_AFTER_SECONDS: Final = 1.0

_log = structlog.stdlib.get_logger(__name__)
_audit = structlog.stdlib.get_logger(logs.AUDIT)


@dataclass(frozen=True)
class Question:
    """What a person wants to know, and where the answer goes."""

    caller: Caller
    response_url: str
    ids: Ids
    reference: str


class Desk:
    """Serves questions.

    Args:
        lookup: finds logs.
        access: knows who may ask.
        replier: delivers.
        jobs: runs what comes after the acknowledgement.
        new_reference: a short word that stands in the answer and in the log line.
        elapsed: a clock that only counts, in seconds.
        progress_after: how long a person waits without a sign, in seconds.
    """

    def __init__(
        self,
        *,
        lookup: Lookup,
        access: Access,
        replier: Replier,
        jobs: Jobs,
        new_reference: Callable[[], str],
        elapsed: Callable[[], float] = time.monotonic,
        progress_after: float = PROGRESS_AFTER_SECONDS,
    ) -> None:
        self._lookup = lookup
        self._access = access
        self._replier = replier
        self._jobs = jobs
        self._elapsed = elapsed
        self._progress_after = progress_after
        self.new_reference: Final = new_reference

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
        refusal = self._access.refusal(question.caller)
        if refusal is not None:
            _audit.info(
                "lookup.refused",
                ref=question.reference,
                ids=[str(log_id) for log_id in question.ids.whole[:IDS_AT_ONCE]],
                outcome=refusal.reason,
                **_who(question.caller),
            )
            return problems.refused(refusal, question.reference)
        if not question.ids.whole:
            return no_id(question.ids.cut_short)
        if not self._replier.accepts(question.response_url):
            _log.error("question.refused_host", ref=question.reference)
            return problems.own_fault(question.reference)
        try:
            self._jobs.spawn(lambda: self._answer(question))
        except JobsRefusedError as refused:
            _log.warning("question.refused", ref=question.reference, reason=str(refused))
            word = problems.interrupted if refused.stopping else problems.busy
            return word(question.reference)
        return None

    def tell(self, response_url: str, message: Message, reference: str) -> None:
        """Deliver a message in the background, where an acknowledgement can't carry one."""

        async def send() -> None:
            await self._replier.send(response_url, message, reference=reference)

        self._jobs.spawn(send, always=True)

    async def _answer(self, question: Question) -> None:
        replace = False
        finding = asyncio.create_task(self._find_all(question))
        try:
            if not await self._jobs.settled(finding, self._progress_after):
                saying = asyncio.create_task(self._say_looking_up(question))
                await self._jobs.settled(saying)
                replace = saying.result()
                await self._jobs.settled(finding)
            message = self._message(question, finding.result())
        except JobInterruptedError:
            finding.cancel()
            message = problems.interrupted(question.reference)
        except Exception:  # noqa: BLE001 - whatever breaks, the person hears of it
            _log.exception("answer.fault", ref=question.reference)
            message = problems.own_fault(question.reference)
        await self._replier.send(
            question.response_url, message, reference=question.reference, replace=replace
        )

    async def _find_all(self, question: Question) -> Sequence[Report]:
        chosen = self._lookup.choose(question.ids.whole)
        return await asyncio.gather(*(self._find(question, log_id) for log_id in chosen.ids))

    def _message(self, question: Question, reports: Sequence[Report]) -> Message:
        return answer(
            reports,
            reference=question.reference,
            name_project=self._lookup.has_several_projects,
            left_out=self._lookup.choose(question.ids.whole).left_out,
            cut_short=question.ids.cut_short,
        )

    async def _find(self, question: Question, log_id: UUID) -> Report:
        """One lookup with its audit line."""
        started = self._elapsed()
        outcome = "interrupted"
        causes: dict[str, Mapping[str, str]] = {}
        try:
            report = await self._find_or_break(question, log_id)
            outcome = report.outcome
            if isinstance(report, Missed) and report.causes:
                causes["causes"] = report.causes
            return report
        finally:
            _audit.info(
                "lookup.done",
                ref=question.reference,
                id=str(log_id),
                outcome=outcome,
                ms=round((self._elapsed() - started) * 1000),
                **_who(question.caller),
                **causes,
            )

    async def _find_or_break(self, question: Question, log_id: UUID) -> Report:
        try:
            return await self._lookup.find(log_id)
        except Exception:  # noqa: BLE001 - a fault with one id must not hide the others' logs
            _log.exception("lookup.fault", ref=question.reference)
            return Broken(log_id)

    async def _say_looking_up(self, question: Question) -> bool:
        chosen = self._lookup.choose(question.ids.whole)
        return await self._replier.send(
            question.response_url,
            results.looking_up(len(chosen.ids)),
            reference=question.reference,
            attempts=1,
        )


def _who(caller: Caller) -> dict[str, str]:
    return {"user": caller.user_id, "team": caller.team_id, "channel": caller.channel_id}
