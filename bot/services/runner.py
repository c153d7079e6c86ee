"""Runs requests: authorization, deduplication, background tasks and error replies."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import structlog

from bot.access import Access, Denial
from bot.runtime.fair_semaphore import current_user_id
from bot.runtime.tasks import BackgroundTasks, NotAcceptingTasksError, ShutdownDeadlineError
from bot.services import audit
from bot.services.dedup import Deduplicator
from bot.slack.interaction import Interaction
from bot.slack.post import SlackError
from bot.slack.responder import ModalNotOpenedError, Responder
from bot.slack.views import CLOSED
from bot.ui import access_denied, error_messages, errors
from bot.ui.block_kit import Message

IDS_LOGGED: Final = 10

Work = Callable[[Responder], Awaitable[None]]

_log = structlog.stdlib.get_logger(__name__)


@dataclass(eq=False)
class AccessDeniedError(Exception):
    """The user may not do what they asked for."""

    message: Message


@dataclass(frozen=True, kw_only=True)
class Runner:
    """Runs the requests of all services.

    A message that a method returns is for the ack: it says why nothing was started. If it shows the
    request id, there is a log line with it.

    Services use `tasks` to mark what may be interrupted, and to wait. `dedup` has the keys of
    requests, and those of Share.
    """

    access: Access
    tasks: BackgroundTasks
    dedup: Deduplicator
    new_responder: Callable[[Interaction], Responder]

    def denial(
        self, interaction: Interaction, action: str, log_ids: Sequence[UUID] = ()
    ) -> Denial | None:
        """Return why the user may not do something; None if they may. Writes an audit line.

        `action` is a word for it, and `log_ids` are the voice logs concerned.
        """
        denial = self.access.denial(interaction.actor)
        if denial is not None:
            ids = [str(log_id) for log_id in log_ids[:IDS_LOGGED]]
            audit.record(f"{action}.denied", interaction, ids=ids, outcome=denial.reason)
        return denial

    def authorize(
        self, interaction: Interaction, action: str, log_ids: Sequence[UUID] = ()
    ) -> None:
        """Raise AccessDeniedError, whose message `accept` returns, if there is a `denial`."""
        denial = self.denial(interaction, action, log_ids)
        if denial is not None:
            raise AccessDeniedError(access_denied.access_denied(denial, interaction.request_id))

    def accept(
        self, interaction: Interaction, start: Callable[[], Message | None]
    ) -> Message | None:
        """Start a request once, however often Slack delivers it.

        `start` starts it, or returns a message for the ack. It is called again if Slack redelivers
        a request that wasn't started, since the first ack may have been lost.
        """
        key = interaction.idempotency_key
        if key is not None and not self.dedup.claim(key):
            return None
        try:
            message = start()
        except AccessDeniedError as error:
            message = error.message
        except BaseException:
            self.dedup.release(key)
            raise
        if message is not None:
            self.dedup.release(key)
        return message

    def accept_and_notify(
        self, interaction: Interaction, start: Callable[[], Message | None]
    ) -> None:
        """Accept a request whose ack can't show a message; it is delivered separately, once."""
        message = self.accept(interaction, start)
        if message is not None:
            self.notify_later(interaction, message)
            self.dedup.claim(interaction.idempotency_key)

    def start(
        self,
        interaction: Interaction,
        action: str,
        work: Work,
        *,
        retry: Sequence[UUID] = (),
        in_place: bool = False,
    ) -> Message | None:
        """Start `work` in the background; if it fails or is interrupted, the user is told.

        `action` is the kind of request, in one word, for logs; `retry`, the voice logs that **Try
        again** in an error message looks up. For `in_place`, see `Responder`.
        """
        responder = self.new_responder(interaction)
        responder.in_place = in_place
        request_id, thread_ts = interaction.request_id, interaction.thread_ts
        if not responder.accepts_response_url:
            _log.error("response_url.host_rejected", request_id=request_id)
            return error_messages.message(errors.INTERNAL_ERROR, request_id)
        try:
            self._spawn(interaction, lambda: self._run(responder, action, work, retry))
        except NotAcceptingTasksError as error:
            _log.warning("interaction.rejected", request_id=request_id, reason=str(error))
            busy = errors.BUSY_WITH_YOURS if error.per_user else errors.BUSY
            problem = errors.RESTARTING if error.stopping else busy
            return error_messages.failed(problem, request_id, retry=retry, thread_ts=thread_ts)
        return None

    def notify_later(self, interaction: Interaction, message: Message) -> None:
        """Deliver a message in the background.

        Raises NotAcceptingTasksError if too many messages to this user are being delivered.
        """
        responder = self.new_responder(interaction)
        self._spawn(interaction, lambda: responder.notify(message), is_notice=True)

    async def _run(
        self, responder: Responder, action: str, work: Work, retry: Sequence[UUID]
    ) -> None:
        request_id, problem = responder.interaction.request_id, errors.INTERNAL_ERROR
        try:
            await work(responder)
        except ShutdownDeadlineError:
            _log.warning("interaction.interrupted", action=action, request_id=request_id)
            problem = errors.RESTARTING
        except ModalNotOpenedError as error:
            await responder.report_not_opened(error)
            return
        except SlackError as error:  # logged by the responder
            if error.code in CLOSED:
                return
        except Exception:  # noqa: BLE001 - the user must get an error reply
            _log.exception("interaction.failed", action=action, request_id=request_id)
        else:
            return
        thread_ts = responder.interaction.thread_ts
        message = error_messages.failed(problem, request_id, retry=retry, thread_ts=thread_ts)
        await responder.report(message)

    def _spawn(
        self,
        interaction: Interaction,
        work: Callable[[], Awaitable[None]],
        *,
        is_notice: bool = False,
    ) -> None:
        """Start a task on behalf of the user, since limits and queues are per user."""
        token = current_user_id.set(interaction.actor.user_id or None)
        try:
            self.tasks.start(work, is_notice=is_notice)
        finally:
            current_user_id.reset(token)
