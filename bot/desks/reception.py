"""What every desk needs: who may ask, work that outlives the acknowledgement, a word to the person.

It must not know what is asked for.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

import structlog
from cachetools import TTLCache

from bot import logs
from bot.access import Access, Caller, Refusal
from bot.cards import blocks, details, notices, problems, refusals, standing
from bot.cards.blocks import Message
from bot.jobs import JobInterruptedError, Jobs, JobsRefusedError
from bot.reply import ONE_PERSON, Audience, Delivery, Replier
from bot.turns import PARTY
from bot.windows import Window, WindowError, Windows

IDS_LOGGED: Final = 10
PROGRESS_AFTER_SECONDS: Final = 3.0
"""Nearly every answer is there by then; what is said of the wait stays above those that aren't."""
CLICKS_REMEMBERED: Final = 10_000
CLICK_SECONDS: Final = 30 * 60.0
"""As long as a response_url is good for."""

_log = structlog.stdlib.get_logger(__name__)
_audit = structlog.stdlib.get_logger(logs.AUDIT)


@dataclass(frozen=True)
class Visit:
    """One time that somebody asks for something, and the ways to answer.

    Attributes:
        caller: who, and from where.
        reference: a short word that stands in the answer and in the log lines.
        response_url: where messages go; None in a window or a Home tab.
        trigger_id: opens one window, within three seconds.
        clicked_ts: the message that was clicked in, if it was one: answers may take its place.
        public: whether everyone in the channel sees that message, or the one from which the window
            was opened that was clicked in.
        window: the window that was clicked in, if it was one; or that was opened to answer in.
        metadata: comes back with every click in a window that is opened to tell something.
    """

    caller: Caller
    reference: str
    response_url: str | None = None
    trigger_id: str = ""
    clicked_ts: str | None = None
    public: bool = False
    window: Window | None = None
    metadata: str = ""


class NotMaskedError(Exception):
    """Something was about to be shown to everyone that nobody has masked."""


class Reception:
    """Lets people in, sees their requests through, and tells them what became of them.

    Args:
        access: knows who may ask.
        replier: posts to response_urls.
        windows: fills windows.
        jobs: runs what comes after the acknowledgement.
        elapsed: a clock that only counts, in seconds.
    """

    def __init__(
        self,
        *,
        access: Access,
        replier: Replier,
        windows: Windows,
        jobs: Jobs,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._access = access
        self._replier = replier
        self._windows = windows
        self._jobs = jobs
        # Of this process only: what is delivered twice goes to the same one, or, over a socket, to
        # whichever is connected.
        self._seen: TTLCache[Hashable, bool] = TTLCache(CLICKS_REMEMBERED, CLICK_SECONDS, elapsed)
        self._logged = ""
        """The reference of the last line that says why something wasn't begun."""

    def refusal(self, visit: Visit, wish: str, log_ids: Sequence[UUID] = ()) -> Message | None:
        """What to tell somebody who may not ask; None if they may. Writes an audit line.

        Args:
            visit: who asks.
            wish: what for, in one word, for the audit line.
            log_ids: the logs it is about.
        """
        refused = self.authorize(visit, wish, log_ids)
        return refusals.refused(refused, visit.reference) if refused is not None else None

    def authorize(self, visit: Visit, wish: str, log_ids: Sequence[UUID] = ()) -> Refusal | None:
        """Why somebody may not ask; None if they may. Its line and arguments are `refusal`'s."""
        refused = self._access.refusal(visit.caller)
        if refused is not None:
            self._logged = visit.reference
            _audit.info(
                f"{wish}.refused",
                ref=visit.reference,
                ids=[str(log_id) for log_id in log_ids[:IDS_LOGGED]],
                outcome=refused.reason,
                **who(visit.caller),
            )
        return refused

    def take(
        self, visit: Visit, delivery: Hashable, begin: Callable[[], Message | None]
    ) -> Message | None:
        """Begin what somebody asks for, once however often Slack delivers it.

        Args:
            visit: who asks.
            delivery: the same for each delivery of one and the same request; None if unknown.
            begin: begins it; or says what to tell the person instead.

        Returns:
            None; or what the acknowledgement says instead. That is said to each delivery, as only
            the last acknowledgement may have arrived.
        """
        if delivery is not None and not self.first_time(delivery):
            return None
        try:
            message = begin()
        except BaseException:
            self.forget(delivery)
            raise
        if message is not None:
            self.forget(delivery)
            self._see_that_it_is_logged(visit, message)
        return message

    def take_and_tell(
        self, visit: Visit, delivery: Hashable, begin: Callable[[], Message | None]
    ) -> None:
        """The same where the acknowledgement shows nothing; what is told instead is told once."""
        message = self.take(visit, delivery, begin)
        if message is not None:
            self.tell(visit, message)
            self.first_time(delivery)

    def _see_that_it_is_logged(self, visit: Visit, message: Message) -> None:
        """Write a line for a message that shows its reference, unless there is one with it."""
        if visit.reference in message.text and visit.reference != self._logged:
            said = message.text.partition("\n")[0]
            _audit.info("visit.told", ref=visit.reference, said=said, **who(visit.caller))

    def interrupted(
        self, visit: Visit, *, retry: Sequence[UUID] = (), thread_ts: str | None = None
    ) -> Message:
        """What to tell somebody whose request a stopping process can't finish; and a line of it."""
        _log.warning("visit.interrupted", ref=visit.reference)
        return problems.interrupted(visit.reference, retry=retry, thread_ts=thread_ts)

    def first_time(self, key: Hashable) -> bool:
        """Whether `key` wasn't seen within the last half hour; from now on it was."""
        if key in self._seen:
            return False
        self._seen[key] = True
        return True

    def forget(self, key: Hashable) -> None:
        """Let `key` count as not seen: what it stood for failed, and may be tried again."""
        self._seen.pop(key, None)

    def clicked(self, window: Window) -> None:
        """Remember that somebody pressed something in a window."""
        self._seen["clicked", window.view_id] = True

    def was_clicked(self, window: Window) -> bool:
        """Whether somebody did, within the last half hour and as far as this process knows."""
        return ("clicked", window.view_id) in self._seen

    def begin(
        self,
        visit: Visit,
        work: Callable[[], Coroutine[None, None, None]],
        *,
        retry: Sequence[UUID] = (),
    ) -> Message | None:
        """Begin `work` in the background; if it breaks or is interrupted, the person is told.

        Returns:
            None; or what to tell the person instead, if it isn't begun.
        """
        return self.begin_alone(
            visit,
            lambda: self.see_through(visit, work, lambda word: self.say(visit, word), retry=retry),
            retry=retry,
        )

    def begin_alone(
        self,
        visit: Visit,
        work: Callable[[], Coroutine[None, None, None]],
        *,
        retry: Sequence[UUID] = (),
        thread_ts: str | None = None,
    ) -> Message | None:
        """The same for work that tells of its own breaking and interruption."""
        url = visit.response_url
        if url is not None and not self._replier.accepts(url):
            self._logged = visit.reference
            _log.error("visit.refused_host", ref=visit.reference)
            return problems.own_fault(visit.reference)
        try:
            self._spawn(visit, work)
        except JobsRefusedError as refused:
            self._logged = visit.reference
            _log.warning("visit.refused", ref=visit.reference, reason=str(refused))
            if refused.stopping:
                return problems.interrupted(visit.reference, retry=retry, thread_ts=thread_ts)
            return problems.busy(
                visit.reference, of_one=refused.of_one, retry=retry, thread_ts=thread_ts
            )
        return None

    def tell(self, visit: Visit, message: Message) -> None:
        """Deliver a message in the background, where an acknowledgement can't carry one.

        Raises:
            JobsRefusedError: the person has so many on their way that one more won't be sent.
        """
        self._spawn(visit, lambda: self.say(visit, message), always=True)

    def _spawn(
        self, visit: Visit, work: Callable[[], Awaitable[None]], *, always: bool = False
    ) -> None:
        """Begin `work` on behalf of whoever asks, so that people take turns."""
        begun = PARTY.set(visit.caller.user_id or None)
        try:
            self._jobs.spawn(work, always=always)
        finally:
            PARTY.reset(begun)

    async def answerable(self, visit: Visit) -> Visit | None:
        """The visit with a window to answer in, where there is no response_url.

        A trigger is good for three seconds, so it is opened before anything is looked up.

        Returns:
            None if Slack opened none; the person is told as well as can be.
        """
        if visit.response_url is not None or visit.window is not None:
            return visit
        try:
            window = await self._windows.open(visit.trigger_id, details.loading())
        except WindowError as error:
            self.note(visit, error)
            message = notices.window_not_opened(visit.reference, late=error.late)
            await self._say_without_a_trigger(visit, message)
            return None
        return replace(visit, window=window)

    async def say(self, visit: Visit, message: Message) -> None:
        """Deliver a message: to the person alone in the channel, or in a window of its own.

        Upon the window that was clicked in, if there is one: what stands there stays.
        """
        if visit.response_url is not None:
            await self.post(visit, message)
        elif not visit.trigger_id:
            _log.warning("visit.unreachable", ref=visit.reference)
        elif not await self._said_in_its_own_window(visit, message):
            await self._say_without_a_trigger(visit, message)

    async def say_not_opened(self, visit: Visit, error: WindowError) -> None:
        """Tell somebody that Slack opened no window for them."""
        self.note(visit, error)
        message = notices.window_not_opened(visit.reference, late=error.late)
        if error.late and visit.response_url is None:
            # Nor would it open one for the word: the trigger is too old, or will be after its turn.
            await self._say_without_a_trigger(visit, message)
        else:
            await self.say(visit, message)

    async def _say_without_a_trigger(self, visit: Visit, message: Message) -> None:
        """Put a message in the window that was clicked in; or on the Home tab, for the moment."""
        if visit.window is not None:
            await self.say_in(visit, visit.window, message, visit.metadata)
        elif visit.caller.user_id:
            view = standing.home((), self._access.refusal(visit.caller), told=message)
            try:
                await self._windows.publish(visit.caller.user_id, view)
            except WindowError as error:
                self.note(visit, error)

    async def _said_in_its_own_window(self, visit: Visit, message: Message) -> bool:
        view = details.trouble(message, visit.metadata)
        try:
            if visit.window is None:
                await self._windows.open(visit.trigger_id, view)
            else:
                await self._windows.push(visit.trigger_id, view)
        except WindowError as error:
            self.note(visit, error)
            return False
        return True

    async def say_in(
        self, visit: Visit, window: Window, message: Message, metadata: str = ""
    ) -> None:
        """Deliver a message in a window, in the place of whatever stands there.

        If Slack doesn't let it be filled, the message goes where the click came from.
        """
        try:
            view = details.trouble(message, metadata)
            await self._windows.fill(Window(window.view_id), view)
        except WindowError as error:
            self.note(visit, error)
            if not error.gone and visit.response_url is not None:
                await self.post(visit, message)

    async def post(
        self,
        visit: Visit,
        message: Message,
        *,
        replace: bool = False,
        audience: Audience = ONE_PERSON,
        attempts: int = 3,
    ) -> Delivery:
        """Post a message to the visit's response_url, as `Replier.send` describes it.

        Without one it is shown in the visit's window, if it is for this person alone. What one
        person is told of a public message stands beside it, never in its place, and has no buttons:
        of what they'd open, nobody would know any more that it began in public.

        Raises:
            NotMaskedError: it is for everyone, and isn't known to be masked. Nothing was posted.
        """
        if audience.public and not message.may_be_public:
            raise NotMaskedError
        if visit.response_url is None and visit.window is not None and not audience.public:
            await self.say_in(visit, visit.window, message, visit.metadata)
            return Delivery.TAKEN
        if visit.public and not audience.public:
            message, replace = blocks.without_buttons(message), False
        if visit.response_url is None:
            _log.error("visit.without_response_url", ref=visit.reference)
            return Delivery.NEVER
        return await self._replier.send(
            visit.response_url,
            message,
            reference=visit.reference,
            replace=replace,
            audience=audience,
            attempts=attempts,
        )

    @staticmethod
    def note(visit: Visit, error: WindowError) -> None:
        """Log that a window couldn't be opened or filled; no alarm if somebody closed it."""
        write = _log.info if error.gone else _log.error
        write("window.failed", ref=visit.reference, reason=error.reason)

    async def see_through(
        self,
        visit: Visit,
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
            await self._jobs.settled(task)
            task.result()
        except JobInterruptedError:
            await asyncio.gather(task, return_exceptions=True)  # it may have something to undo
            await tell(self.interrupted(visit, retry=retry))
        except Exception:  # noqa: BLE001 - whatever breaks, the person hears of it
            _log.exception("visit.fault", ref=visit.reference)
            await tell(problems.own_fault(visit.reference, retry=retry))


def who(caller: Caller) -> dict[str, str]:
    """Whom an audit line is about."""
    return {"user": caller.user_id, "team": caller.team_id, "channel": caller.channel_id}
