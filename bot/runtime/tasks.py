"""Background tasks that run after the ack: limited in number, and drained on shutdown.

Bolt keeps no reference to its own background tasks, and loses them on SIGTERM.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from contextlib import asynccontextmanager
from typing import Final

import structlog

from bot.runtime.fair_semaphore import current_user_id

SHUTDOWN_GRACE_SECONDS: Final = 5.0
"""How long interrupted tasks have to notify their users."""

_log = structlog.stdlib.get_logger(__name__)


class NotAcceptingTasksError(Exception):
    """No new task is accepted, because the process is stopping or too many tasks are running.

    `per_user`: the limit that was reached is the one per user.
    """

    def __init__(self, *, stopping: bool = False, per_user: bool = False) -> None:
        self.stopping: Final = stopping
        self.per_user: Final = per_user
        super().__init__("stopping" if stopping else "user limit" if per_user else "full")


class ShutdownDeadlineError(Exception):
    """The shutdown deadline has passed: notify the user, and return."""


class BackgroundTasks:
    """The running background tasks, limited in number, also per user; see `current_user_id`.

    Each user may have as many notices in addition.
    """

    def __init__(self, *, limit: int = 2000, per_user: int = 100) -> None:
        self._limit = limit
        self._per_user = per_user
        self._tasks: set[asyncio.Task[None]] = set()
        self._work: Counter[Hashable] = Counter()
        self._notices: Counter[Hashable] = Counter()
        self._stopping = asyncio.Event()
        self._interruptible: set[asyncio.Timeout] = set()
        self._is_past_deadline = False

    def __len__(self) -> int:
        return len(self._tasks)

    @property
    def is_stopping(self) -> bool:
        """Whether shutdown has begun."""
        return self._stopping.is_set()

    def start(self, work: Callable[[], Awaitable[None]], *, is_notice: bool = False) -> None:
        """Start `work` in the background. It awaits anything slow within `interruptible`.

        A notice only tells the user something, such as that the bot is busy. It is accepted during
        shutdown and beyond `limit`, but not beyond `per_user`. Raises NotAcceptingTasksError.
        """
        user_id, counts = current_user_id.get(), self._notices if is_notice else self._work
        if not is_notice and self.is_stopping:
            raise NotAcceptingTasksError(stopping=True)
        if user_id is not None and counts[user_id] >= self._per_user:
            raise NotAcceptingTasksError(per_user=True)
        if not is_notice and counts.total() >= self._limit:
            raise NotAcceptingTasksError
        task = asyncio.create_task(self._run(work))
        self._tasks.add(task)
        counts[user_id] += 1
        task.add_done_callback(lambda done: self._end(done, user_id, counts))

    @asynccontextmanager
    async def interruptible(self) -> AsyncIterator[None]:
        """Cancel the block at the shutdown deadline, and raise ShutdownDeadlineError after it."""
        limit = asyncio.timeout(0 if self._is_past_deadline else None)
        self._interruptible.add(limit)
        try:
            async with limit:
                yield
        except Exception as error:  # whatever the deadline interrupted; the first cause is kept
            if limit.expired():
                raise ShutdownDeadlineError from error
            raise
        finally:
            self._interruptible.discard(limit)

    async def wait_unless_stopping(self, pause: Awaitable[None]) -> bool:
        """Wait for `pause` to finish; return False as soon as the process stops.

        For long-running tasks, which would otherwise delay every shutdown until its deadline. An
        exception in `pause` is raised.
        """
        pausing = asyncio.ensure_future(pause)
        stop = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait({pausing, stop}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            pausing.cancel()
            stop.cancel()
        if pausing.done() and not pausing.cancelled():
            pausing.result()  # raises its exception
        return not self.is_stopping

    async def join(self) -> None:
        """Wait until no tasks are running."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def drain(self, seconds: float) -> int:
        """Accept no new tasks, and wait for the running ones for some seconds.

        Then they are interrupted, and have SHUTDOWN_GRACE_SECONDS more. Return the number of those
        that still had to be cancelled.
        """
        self._stopping.set()
        await self._wait(seconds)
        self._is_past_deadline = True
        for limit in self._interruptible:
            if not limit.expired():
                limit.reschedule(0)  # now
        await self._wait(SHUTDOWN_GRACE_SECONDS)
        remaining = list(self._tasks)
        for task in remaining:
            task.cancel()
        await asyncio.gather(*remaining, return_exceptions=True)
        return len(remaining)

    async def _wait(self, seconds: float) -> None:
        deadline = asyncio.get_running_loop().time() + seconds
        while self._tasks and (left := deadline - asyncio.get_running_loop().time()) > 0:
            await asyncio.wait(self._tasks, timeout=left)

    def _end(self, task: asyncio.Task[None], user_id: Hashable, counts: Counter[Hashable]) -> None:
        self._tasks.discard(task)
        counts[user_id] -= 1
        if not counts[user_id]:
            del counts[user_id]

    async def _run(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except Exception:  # noqa: BLE001 - the last resort: the error must be logged
            _log.exception("task.failed")
