"""Work that outlives the acknowledgement: tracked, bounded, and finished or told of at a stop.

Bolt's own background tasks have no reference kept to them and are lost on SIGTERM. It must not
know what the work is.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Hashable
from typing import Final, TypeVar

import structlog

from bot.runtime.fair_semaphore import current_user_id

SHUTDOWN_GRACE_SECONDS: Final = 5.0
"""How long interrupted work has to tell its people so."""

T = TypeVar("T")

_log = structlog.stdlib.get_logger(__name__)


class NotAcceptingTasksError(Exception):
    """No new work is taken.

    Attributes:
        stopping: the process is stopping; otherwise there is too much work under way.
        of_one: it is the same person's.
    """

    def __init__(self, *, stopping: bool = False, of_one: bool = False) -> None:
        self.stopping: Final = stopping
        self.of_one: Final = of_one
        super().__init__("stopping" if stopping else "full of one person's" if of_one else "full")


class ShutdownDeadlineError(Exception):
    """The time to finish is over: tell the person so, and return."""


class BackgroundTasks:
    """The work under way.

    Args:
        limit: how many pieces of it there may be.
        each: how many of them on behalf of one party; see turns.PARTY. As many more words on
            their way to it don't count as work.
    """

    def __init__(self, *, limit: int = 2000, each: int = 100) -> None:
        self._limit = limit
        self._each = each
        self._tasks: set[asyncio.Task[None]] = set()
        self._work: Counter[Hashable] = Counter()
        self._words: Counter[Hashable] = Counter()
        self._stopping = asyncio.Event()
        self._interrupted: asyncio.Future[None] | None = None

    def __len__(self) -> int:
        return len(self._tasks)

    @property
    def is_stopping(self) -> bool:
        """Whether the process has begun to stop."""
        return self._stopping.is_set()

    def start(self, work: Callable[[], Awaitable[None]], *, always: bool = False) -> None:
        """Begin `work` in the background.

        Args:
            work: should wait for whatever may take long with `settled`.
            always: for work that is over in a moment, such as telling that there is no room.

        Raises:
            JobsRefusedError: the process is stopping, or too much is under way.
        """
        party, held = current_user_id.get(), self._words if always else self._work
        if not always and self.is_stopping:
            raise NotAcceptingTasksError(stopping=True)
        if party is not None and held[party] >= self._each:
            raise NotAcceptingTasksError(of_one=True)
        if not always and held.total() >= self._limit:
            raise NotAcceptingTasksError
        task = asyncio.create_task(self._run(work))
        self._tasks.add(task)
        held[party] += 1
        task.add_done_callback(lambda done: self._end(done, party, held))

    async def wait_for(self, task: asyncio.Task[T], seconds: float | None = None) -> bool:
        """Wait until `task` is done, `seconds` at most; whether it is.

        Raises:
            JobInterruptedError: the process can't wait any longer; `task` is cancelled.
        """
        interruption = self._shutdown_deadline()
        ends: set[asyncio.Future[T] | asyncio.Future[None]] = {task, interruption}
        await asyncio.wait(ends, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return True
        if interruption.done():
            task.cancel()
            raise ShutdownDeadlineError
        return False

    async def wait_unless_stopping(self, pause: Awaitable[None]) -> bool:
        """Wait out a pause, for work that goes on for long; False as soon as the process stops.

        Such work would otherwise hold every stop up to its last second. What breaks during the
        pause is raised.
        """
        resting = asyncio.ensure_future(pause)
        stop = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait({resting, stop}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            resting.cancel()
            stop.cancel()
        if resting.done() and not resting.cancelled():
            resting.result()  # raises what broke
        return not self.is_stopping

    async def join(self) -> None:
        """Wait until there is no work under way."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def drain(self, seconds: float) -> int:
        """Take no new work and wait for what is under way.

        Args:
            seconds: for finishing; then the work is interrupted, and has FAREWELL_SECONDS more.

        Returns:
            How many jobs had to be cancelled even so.
        """
        self._stopping.set()
        await self._wait(seconds)
        if not self._shutdown_deadline().done():
            self._shutdown_deadline().set_result(None)
        await self._wait(SHUTDOWN_GRACE_SECONDS)
        lost = list(self._tasks)
        for task in lost:
            task.cancel()
        await asyncio.gather(*lost, return_exceptions=True)
        return len(lost)

    def _shutdown_deadline(self) -> asyncio.Future[None]:
        """Done once the time to finish is over. One for all who wait: a future needs the loop."""
        if self._interrupted is None:
            self._interrupted = asyncio.get_running_loop().create_future()
        return self._interrupted

    async def _wait(self, seconds: float) -> None:
        deadline = asyncio.get_running_loop().time() + seconds
        while self._tasks and (left := deadline - asyncio.get_running_loop().time()) > 0:
            await asyncio.wait(self._tasks, timeout=left)

    def _end(self, task: asyncio.Task[None], party: Hashable, held: Counter[Hashable]) -> None:
        self._tasks.discard(task)
        held[party] -= 1
        if not held[party]:
            del held[party]

    async def _run(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except Exception:  # noqa: BLE001 - the last resort: the fault must reach the log
            _log.exception("job.fault")
