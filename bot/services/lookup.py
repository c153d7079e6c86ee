"""Answers ids with cards: the command, the shortcut, a row's Card, Try again, Refresh."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import structlog

from bot.runtime.clock import Clock
from bot.runtime.tasks import BackgroundTasks, ShutdownDeadlineError
from bot.services.runner import PROGRESS_AFTER_SECONDS, Runner
from bot.services.voice_logs import VoiceLogs
from bot.slack.interaction import Interaction
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
        interaction: whose.
        ids: the logs.
        instead: whether the answer takes the place of the message that was clicked.
        thread_ts: the thread that the answer may be shared in.
    """

    interaction: Interaction
    ids: Ids
    instead: bool = False
    thread_ts: str | None = None


class LookupService:
    """Serves questions by id.

    Args:
        runner: lets people in.
        voice_logs: finds logs.
        jobs: knows when the process must stop.
        now: the current time in UTC, for "updated".
        progress_after: how long a person waits without a sign, in seconds.
    """

    def __init__(
        self,
        *,
        runner: Runner,
        voice_logs: VoiceLogs,
        jobs: BackgroundTasks,
        now: Clock,
        progress_after: float = PROGRESS_AFTER_SECONDS,
    ) -> None:
        self._runner = runner
        self._voice_logs = voice_logs
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
        refused = self._runner.deny(question.interaction, "lookup", ids)
        if refused is not None:
            return refused
        if not ids:
            return no_id(question.ids.truncated)
        retry = self._voice_logs.select(ids).ids
        return self._runner.run_unguarded(
            question.interaction,
            lambda: self._run(question),
            retry=retry,
            thread_ts=question.thread_ts,
        )

    def start_refresh(
        self,
        interaction: Interaction,
        log_id: UUID,
        thread_ts: str | None,
        shared_by: str | None = None,
    ) -> Message | None:
        """Bring a card up to date in its place; what to say instead, if that isn't begun."""
        refused = self._runner.deny(interaction, "refresh", [log_id])
        if refused is not None:
            return refused
        setting = (
            self._voice_logs.shared_card_options(shared_by)
            if interaction.in_channel
            else self._voice_logs.card_options(thread_ts)
        )
        return self._runner.run(interaction, lambda: self._refresh(interaction, log_id, setting))

    async def _run(self, asked: LookupRequest) -> None:
        interaction = await self._runner.answerable(asked.interaction)
        if interaction is None:
            return
        question, retry = (
            replace(asked, interaction=interaction),
            self._voice_logs.select(asked.ids.complete).ids,
        )
        finding = asyncio.create_task(
            self._voice_logs.fetch_many(interaction, question.ids.complete)
        )
        try:
            if not await self._jobs.wait_for(finding, self._progress_after):
                await self._jobs.wait_for(asyncio.create_task(self._say_slow(question)))
                await self._jobs.wait_for(finding)
            message = self._message(question, finding.result())
        except ShutdownDeadlineError:
            finding.cancel()
            message = self._runner.interrupted(
                interaction, retry=retry, thread_ts=question.thread_ts
            )
        except Exception:  # noqa: BLE001 - whatever breaks, the person hears of it
            _log.exception("interaction.failed", action="lookup", request_id=interaction.request_id)
            message = errors.internal_error(
                interaction.request_id, retry=retry, thread_ts=question.thread_ts
            )
        await self._runner.post(interaction, message, replace=question.instead)

    def _message(self, question: LookupRequest, results: Sequence[LookupResult]) -> Message:
        return self._voice_logs.lookup_result(
            question.interaction,
            results,
            _for_place(question.interaction, self._voice_logs.card_options(question.thread_ts)),
            left_out=self._voice_logs.select(question.ids.complete).skipped,
            cut_short=question.ids.truncated,
        )

    async def _say_slow(self, question: LookupRequest) -> None:
        several = len(self._voice_logs.select(question.ids.complete).ids) > 1
        word = notices.slow("the logs" if several else "the log")
        await self._runner.post(question.interaction, word, replace=question.instead, attempts=1)

    async def _refresh(self, asked: Interaction, log_id: UUID, setting: CardOptions) -> None:
        interaction = await self._runner.answerable(asked)
        if interaction is None:
            return
        result = await self._voice_logs.fetch(interaction, log_id, "refresh")
        message = self._voice_logs.lookup_result(
            interaction, [result], _for_place(interaction, setting)
        )
        if not isinstance(result, Found):
            # The card as it was is worth more than the error; and the error is this person's only.
            await self._runner.send(interaction, message)
            return
        notes = [notices.updated(self._now())]
        if setting.shared_by is not None:
            notes.insert(0, notices.shared_by(setting.shared_by))
        await self._runner.post(
            interaction,
            block_kit.with_notes(message, notes),
            replace=True,
            audience=Visibility(public=interaction.in_channel and interaction.view is None),
        )


def _for_place(interaction: Interaction, setting: CardOptions) -> CardOptions:
    """In a window there is no response_url, which Share and Follow need."""
    if interaction.view is None:
        return setting
    return replace(setting, may_share=False, followed=True)
