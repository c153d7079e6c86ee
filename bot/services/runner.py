"""Shared by all services: authorization, background work after the ack, and replies."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Hashable, Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

import structlog
from cachetools import TTLCache

from bot.access import Access, Actor, Denial
from bot.runtime import logging as logs
from bot.runtime.fair_semaphore import current_user_id
from bot.runtime.tasks import BackgroundTasks, NotAcceptingTasksError, ShutdownDeadlineError
from bot.slack.interaction import Interaction
from bot.slack.response_url import EPHEMERAL, Delivery, ResponseUrlClient, Visibility
from bot.slack.views import ViewError, ViewRef, Views
from bot.ui import access_denied, block_kit, errors, notices, status
from bot.ui.block_kit import Message
from bot.ui.details import view as details_view

IDS_LOGGED: Final = 10
PROGRESS_AFTER_SECONDS: Final = 3.0
"""Nearly every answer is there by then; what is said of the wait stays above those that aren't."""
CLICKS_REMEMBERED: Final = 10_000
CLICK_SECONDS: Final = 30 * 60.0
"""As long as a response_url is good for."""

_log = structlog.stdlib.get_logger(__name__)
_audit = structlog.stdlib.get_logger(logs.AUDIT)


class NotMaskedError(Exception):
    """Something was about to be shown to everyone that nobody has masked."""


class Runner:
    """Lets people in, sees their requests through, and tells them what became of them.

    Args:
        access: knows who may ask.
        response_urls: posts to response_urls.
        views: fills windows.
        jobs: runs what comes after the acknowledgement.
        elapsed: a clock that only counts, in seconds.
    """

    def __init__(
        self,
        *,
        access: Access,
        response_urls: ResponseUrlClient,
        windows: Views,
        jobs: BackgroundTasks,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._access = access
        self._response_urls = response_urls
        self._windows = windows
        self._jobs = jobs
        # Of this process only: what is delivered twice goes to the same one, or, over a socket, to
        # whichever is connected.
        self._seen: TTLCache[Hashable, bool] = TTLCache(CLICKS_REMEMBERED, CLICK_SECONDS, elapsed)
        self._logged = ""
        """The reference of the last line that says why something wasn't begun."""

    def deny(
        self, interaction: Interaction, action: str, log_ids: Sequence[UUID] = ()
    ) -> Message | None:
        """What to tell somebody who may not ask; None if they may. Writes an audit line.

        Args:
            interaction: who asks.
            action: what for, in one word, for the audit line.
            log_ids: the logs it is about.
        """
        refused = self.authorize(interaction, action, log_ids)
        return (
            access_denied.access_denied(refused, interaction.request_id)
            if refused is not None
            else None
        )

    def authorize(
        self, interaction: Interaction, action: str, log_ids: Sequence[UUID] = ()
    ) -> Denial | None:
        """Why somebody may not ask; None if they may. Its line and arguments are `refusal`'s."""
        refused = self._access.denial(interaction.actor)
        if refused is not None:
            self._logged = interaction.request_id
            _audit.info(
                f"{action}.denied",
                request_id=interaction.request_id,
                ids=[str(log_id) for log_id in log_ids[:IDS_LOGGED]],
                outcome=refused.reason,
                **audit_fields(interaction.actor),
            )
        return refused

    def accept(
        self, interaction: Interaction, delivery: Hashable, begin: Callable[[], Message | None]
    ) -> Message | None:
        """Begin what somebody asks for, once however often Slack delivers it.

        Args:
            interaction: who asks.
            delivery: the same for each delivery of one and the same request; None if unknown.
            begin: begins it; or says what to tell the person instead.

        Returns:
            None; or what the acknowledgement says instead. That is said to each delivery, as only
            the last acknowledgement may have arrived.
        """
        if delivery is not None and not self.claim(delivery):
            return None
        try:
            message = begin()
        except BaseException:
            self.release(delivery)
            raise
        if message is not None:
            self.release(delivery)
            self._see_that_it_is_logged(interaction, message)
        return message

    def accept_and_notify(
        self, interaction: Interaction, delivery: Hashable, begin: Callable[[], Message | None]
    ) -> None:
        """The same where the acknowledgement shows nothing; what is told instead is told once."""
        message = self.accept(interaction, delivery, begin)
        if message is not None:
            self.send_later(interaction, message)
            self.claim(delivery)

    def _see_that_it_is_logged(self, interaction: Interaction, message: Message) -> None:
        """Write a line for a message that shows its reference, unless there is one with it."""
        if interaction.request_id in message.text and interaction.request_id != self._logged:
            said = message.text.partition("\n")[0]
            _audit.info(
                "interaction.not_started",
                request_id=interaction.request_id,
                message=said,
                **audit_fields(interaction.actor),
            )

    def interrupted(
        self, interaction: Interaction, *, retry: Sequence[UUID] = (), thread_ts: str | None = None
    ) -> Message:
        """What to tell somebody whose request a stopping process can't finish; and a line of it."""
        _log.warning("interaction.interrupted", request_id=interaction.request_id)
        return errors.restarting(interaction.request_id, retry=retry, thread_ts=thread_ts)

    def claim(self, key: Hashable) -> bool:
        """Whether `key` wasn't seen within the last half hour; from now on it was."""
        if key in self._seen:
            return False
        self._seen[key] = True
        return True

    def release(self, key: Hashable) -> None:
        """Let `key` count as not seen: what it stood for failed, and may be tried again."""
        self._seen.pop(key, None)

    def mark_touched(self, window: ViewRef) -> None:
        """Remember that somebody pressed something in a window."""
        self._seen["clicked", window.view_id] = True

    def was_touched(self, window: ViewRef) -> bool:
        """Whether somebody did, within the last half hour and as far as this process knows."""
        return ("clicked", window.view_id) in self._seen

    def run(
        self,
        interaction: Interaction,
        work: Callable[[], Coroutine[None, None, None]],
        *,
        retry: Sequence[UUID] = (),
    ) -> Message | None:
        """Begin `work` in the background; if it breaks or is interrupted, the person is told.

        Returns:
            None; or what to tell the person instead, if it isn't begun.
        """
        return self.run_unguarded(
            interaction,
            lambda: self.guarded(
                interaction, work, lambda word: self.send(interaction, word), retry=retry
            ),
            retry=retry,
        )

    def run_unguarded(
        self,
        interaction: Interaction,
        work: Callable[[], Coroutine[None, None, None]],
        *,
        retry: Sequence[UUID] = (),
        thread_ts: str | None = None,
    ) -> Message | None:
        """The same for work that tells of its own breaking and interruption."""
        url = interaction.response_url
        if url is not None and not self._response_urls.accepts(url):
            self._logged = interaction.request_id
            _log.error("response_url.rejected_host", request_id=interaction.request_id)
            return errors.internal_error(interaction.request_id)
        try:
            self._spawn(interaction, work)
        except NotAcceptingTasksError as refused:
            self._logged = interaction.request_id
            _log.warning(
                "interaction.rejected", request_id=interaction.request_id, reason=str(refused)
            )
            if refused.stopping:
                return errors.restarting(interaction.request_id, retry=retry, thread_ts=thread_ts)
            return errors.busy(
                interaction.request_id, of_one=refused.of_one, retry=retry, thread_ts=thread_ts
            )
        return None

    def send_later(self, interaction: Interaction, message: Message) -> None:
        """Deliver a message in the background, where an acknowledgement can't carry one.

        Raises:
            JobsRefusedError: the person has so many on their way that one more won't be sent.
        """
        self._spawn(interaction, lambda: self.send(interaction, message), always=True)

    def _spawn(
        self, interaction: Interaction, work: Callable[[], Awaitable[None]], *, always: bool = False
    ) -> None:
        """Begin `work` on behalf of whoever asks, so that people take turns."""
        begun = current_user_id.set(interaction.actor.user_id or None)
        try:
            self._jobs.start(work, always=always)
        finally:
            current_user_id.reset(begun)

    async def answerable(self, interaction: Interaction) -> Interaction | None:
        """The interaction with a window to answer in, where there is no response_url.

        A trigger is good for three seconds, so it is opened before anything is looked up.

        Returns:
            None if Slack opened none; the person is told as well as can be.
        """
        if interaction.response_url is not None or interaction.view is not None:
            return interaction
        try:
            window = await self._windows.open(interaction.trigger_id, details_view.loading())
        except ViewError as error:
            self.log_view_error(interaction, error)
            message = notices.modal_failed(interaction.request_id, late=error.trigger_expired)
            await self._say_without_a_trigger(interaction, message)
            return None
        return replace(interaction, view=window)

    async def send(self, interaction: Interaction, message: Message) -> None:
        """Deliver a message: to the person alone in the channel, or in a window of its own.

        Upon the window that was clicked in, if there is one: what stands there stays.
        """
        if interaction.response_url is not None:
            await self.post(interaction, message)
        elif not interaction.trigger_id:
            _log.warning("reply.no_channel", request_id=interaction.request_id)
        elif not await self._said_in_its_own_window(interaction, message):
            await self._say_without_a_trigger(interaction, message)

    async def say_not_opened(self, interaction: Interaction, error: ViewError) -> None:
        """Tell somebody that Slack opened no window for them."""
        self.log_view_error(interaction, error)
        message = notices.modal_failed(interaction.request_id, late=error.trigger_expired)
        if error.trigger_expired and interaction.response_url is None:
            # Nor would it open one for the word: the trigger is too old, or will be after its turn.
            await self._say_without_a_trigger(interaction, message)
        else:
            await self.send(interaction, message)

    async def _say_without_a_trigger(self, interaction: Interaction, message: Message) -> None:
        """Put a message in the window that was clicked in; or on the Home tab, for the moment."""
        if interaction.view is not None:
            await self.update_modal(interaction, interaction.view, message, interaction.metadata)
        elif interaction.actor.user_id:
            view = status.home((), self._access.denial(interaction.actor), told=message)
            try:
                await self._windows.publish(interaction.actor.user_id, view)
            except ViewError as error:
                self.log_view_error(interaction, error)

    async def _said_in_its_own_window(self, interaction: Interaction, message: Message) -> bool:
        view = details_view.message_modal(message, interaction.metadata)
        try:
            if interaction.view is None:
                await self._windows.open(interaction.trigger_id, view)
            else:
                await self._windows.push(interaction.trigger_id, view)
        except ViewError as error:
            self.log_view_error(interaction, error)
            return False
        return True

    async def update_modal(
        self, interaction: Interaction, window: ViewRef, message: Message, metadata: str = ""
    ) -> None:
        """Deliver a message in a window, in the place of whatever stands there.

        If Slack doesn't let it be filled, the message goes where the click came from.
        """
        try:
            view = details_view.message_modal(message, metadata)
            await self._windows.update(ViewRef(window.view_id), view)
        except ViewError as error:
            self.log_view_error(interaction, error)
            if not error.closed and interaction.response_url is not None:
                await self.post(interaction, message)

    async def post(
        self,
        interaction: Interaction,
        message: Message,
        *,
        replace: bool = False,
        audience: Visibility = EPHEMERAL,
        attempts: int = 3,
    ) -> Delivery:
        """Post a message to the interaction's response_url; see `ResponseUrlClient.post`.

        Without one, a message for this person alone is shown in the interaction's modal. An answer
        to a click on a public message never replaces it, and has no buttons: what they open could
        no longer be traced back to a public message.

        Raises:
            NotMaskedError: it is for everyone, and isn't known to be masked. Nothing was posted.
        """
        if audience.public and not message.may_be_public:
            raise NotMaskedError
        if (
            interaction.response_url is None
            and interaction.view is not None
            and not audience.public
        ):
            await self.update_modal(interaction, interaction.view, message, interaction.metadata)
            return Delivery.DELIVERED
        if interaction.in_channel and not audience.public:
            message, replace = block_kit.without_buttons(message), False
        if interaction.response_url is None:
            _log.error("reply.no_channel", request_id=interaction.request_id)
            return Delivery.FAILED
        return await self._response_urls.post(
            interaction.response_url,
            message,
            request_id=interaction.request_id,
            replace=replace,
            audience=audience,
            attempts=attempts,
        )

    @staticmethod
    def log_view_error(interaction: Interaction, error: ViewError) -> None:
        """Log that a window couldn't be opened or filled; no alarm if somebody closed it."""
        write = _log.info if error.closed else _log.error
        write("view.failed", request_id=interaction.request_id, reason=error.reason)

    async def guarded(
        self,
        interaction: Interaction,
        work: Callable[[], Coroutine[None, None, None]],
        tell: Callable[[Message], Awaitable[None]],
        *,
        retry: Sequence[UUID] = (),
    ) -> None:
        """Do `work`; `tell` the person if it breaks or the process can't wait for it.

        The words have a **Try again** button if there are ids in `retry`.
        """
        task = asyncio.create_task(work())
        try:
            await self._jobs.wait_for(task)
            task.result()
        except ShutdownDeadlineError:
            await asyncio.gather(task, return_exceptions=True)  # it may have something to undo
            await tell(self.interrupted(interaction, retry=retry))
        except Exception:  # noqa: BLE001 - whatever breaks, the person hears of it
            _log.exception("interaction.failed", request_id=interaction.request_id)
            await tell(errors.internal_error(interaction.request_id, retry=retry))


def audit_fields(actor: Actor) -> dict[str, str]:
    """Whom an audit line is about."""
    return {"user": actor.user_id, "team": actor.team_id, "channel": actor.channel_id}
