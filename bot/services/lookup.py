"""Answers ids with cards: the command, the shortcut, a row's Card, Try again, Refresh."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import structlog

from bot.runtime.clock import Clock
from bot.runtime.tasks import BackgroundTasks, ShutdownDeadlineError
from bot.services.runner import PROGRESS_AFTER_SECONDS, Interaction, Runner
from bot.services.voice_logs import VoiceLogs
from bot.slack.response_url import Visibility
from bot.ui import block_kit, errors, notices
from bot.ui.actions import CardOptions
from bot.ui.block_kit import Message
from bot.voicelogs.ids import Ids
from bot.voicelogs.results import Found, LookupResult

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True)
class LookupRequest:
    """What a person wants to know.

    Attributes:
        visit: whose.
        ids: the logs.
        instead: whether the answer takes the place of the message that was clicked.
        thread_ts: the thread that the answer may be shared in.
    """

    visit: Interaction
    ids: Ids
    instead: bool = False
    thread_ts: str | None = None


class LookupService:
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
        reception: Runner,
        finder: VoiceLogs,
        jobs: BackgroundTasks,
        now: Clock,
        progress_after: float = PROGRESS_AFTER_SECONDS,
    ) -> None:
        self._reception = reception
        self._finder = finder
        self._jobs = jobs
        self._now = now
        self._progress_after = progress_after

    def start(
        self, question: LookupRequest, *, no_id: Callable[[Sequence[str]], Message]
    ) -> Message | None:
        """Begin to answer in the background. Does no I/O: it is called before the acknowledgement.

        Args:
            question: from somebody who may or may not be allowed to ask.
            no_id: what to say when there is no whole id, given the beginnings of ids there are.

        Returns:
            None; or what to tell the person instead, if nothing is begun.
        """
        ids = question.ids.complete
        refused = self._reception.deny(question.visit, "lookup", ids)
        if refused is not None:
            return refused
        if not ids:
            return no_id(question.ids.truncated)
        retry = self._finder.select(ids).ids
        return self._reception.run_unguarded(
            question.visit,
            lambda: self._run(question),
            retry=retry,
            thread_ts=question.thread_ts,
        )

    def start_refresh(
        self, visit: Interaction, log_id: UUID, thread_ts: str | None, shared_by: str | None = None
    ) -> Message | None:
        """Bring a card up to date in its place; what to say instead, if that isn't begun."""
        refused = self._reception.deny(visit, "refresh", [log_id])
        if refused is not None:
            return refused
        setting = (
            self._finder.shared_card_options(shared_by)
            if visit.in_channel
            else self._finder.card_options(thread_ts)
        )
        return self._reception.run(visit, lambda: self._refresh(visit, log_id, setting))

    async def _run(self, asked: LookupRequest) -> None:
        visit = await self._reception.answerable(asked.visit)
        if visit is None:
            return
        question, retry = replace(asked, visit=visit), self._finder.select(asked.ids.complete).ids
        finding = asyncio.create_task(self._finder.fetch_many(visit, question.ids.complete))
        try:
            if not await self._jobs.wait_for(finding, self._progress_after):
                await self._jobs.wait_for(asyncio.create_task(self._say_slow(question)))
                await self._jobs.wait_for(finding)
            message = self._message(question, finding.result())
        except ShutdownDeadlineError:
            finding.cancel()
            message = self._reception.interrupted(visit, retry=retry, thread_ts=question.thread_ts)
        except Exception:  # noqa: BLE001 - whatever breaks, the person hears of it
            _log.exception("answer.fault", ref=visit.request_id)
            message = errors.internal_error(
                visit.request_id, retry=retry, thread_ts=question.thread_ts
            )
        await self._reception.post(visit, message, replace=question.instead)

    def _message(self, question: LookupRequest, reports: Sequence[LookupResult]) -> Message:
        return self._finder.lookup_result(
            question.visit,
            reports,
            _for_place(question.visit, self._finder.card_options(question.thread_ts)),
            left_out=self._finder.select(question.ids.complete).skipped,
            cut_short=question.ids.truncated,
        )

    async def _say_slow(self, question: LookupRequest) -> None:
        several = len(self._finder.select(question.ids.complete).ids) > 1
        word = notices.slow("the logs" if several else "the log")
        await self._reception.post(question.visit, word, replace=question.instead, attempts=1)

    async def _refresh(self, asked: Interaction, log_id: UUID, setting: CardOptions) -> None:
        visit = await self._reception.answerable(asked)
        if visit is None:
            return
        report = await self._finder.fetch(visit, log_id, "refresh")
        message = self._finder.lookup_result(visit, [report], _for_place(visit, setting))
        if not isinstance(report, Found):
            # The card as it was is worth more than the error; and the error is this person's only.
            await self._reception.send(visit, message)
            return
        notes = [notices.updated(self._now())]
        if setting.shared_by is not None:
            notes.insert(0, notices.shared_by(setting.shared_by))
        await self._reception.post(
            visit,
            block_kit.with_notes(message, notes),
            replace=True,
            audience=Visibility(public=visit.in_channel and visit.view is None),
        )


def _for_place(visit: Interaction, setting: CardOptions) -> CardOptions:
    """In a window there is no response_url, which Share and Follow need."""
    if visit.view is None:
        return setting
    return replace(setting, may_share=False, followed=True)
