"""A semaphore that is fair per user: waiters are served round-robin by user.

So fifty requests by one user don't delay another user's single request.
"""

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Hashable
from contextvars import ContextVar
from types import TracebackType
from typing import Final, Protocol

current_user_id: Final[ContextVar[Hashable]] = ContextVar("PARTY", default=None)
"""The user on whose behalf the current task runs; None for the process itself. Tasks inherit it, so
no layer in between has to pass it on."""


class QueueFullError(Exception):
    """The queue is full, for everyone or for this user."""


class Semaphore(Protocol):
    """A FairSemaphore, or one of asyncio's semaphores."""

    def locked(self) -> bool:
        """Whether acquiring may have to wait."""
        ...

    async def __aenter__(self) -> None:
        """Acquire a slot."""
        ...

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> bool | None:
        """Release the slot."""
        ...


class FairSemaphore:
    """An async context manager, as asyncio.Semaphore is.

    One user holds at most half of the slots and half of the queue. So a user whose requests all
    hang, or who sends very many, doesn't block the others. `current_user_id` must be the same at
    exit as on entry.

    Args:
        limit: the number of slots.
        max_waiting: the size of the queue; None for no limit.
    """

    def __init__(self, limit: int, *, max_waiting: int | None = None) -> None:
        self._free = limit
        self._share = _half(limit)
        self._max_waiting = max_waiting
        self._held: Counter[Hashable] = Counter()
        self._waiting: OrderedDict[Hashable, deque[asyncio.Future[None]]] = OrderedDict()
        self._waiting_count = 0

    def locked(self) -> bool:
        """Whether there are waiters or no slot is free."""
        return self._free <= 0 or bool(self._waiting)

    async def __aenter__(self) -> None:
        """Acquire a slot, waiting in the queue if need be.

        Raises:
            QueueFullError: the queue is full, for everyone or for this user.
        """
        user_id = current_user_id.get()
        if self._may_enter(user_id):
            self._enter(user_id)
            return
        if self._queue_is_full(user_id):
            raise QueueFullError
        waiter = asyncio.get_running_loop().create_future()
        self._queue(user_id, waiter)
        try:
            await waiter
        except asyncio.CancelledError:
            if waiter.cancelled():
                self._unqueue(user_id, waiter)
            else:  # the slot was granted at the same moment
                self._leave(user_id)
            raise

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Release the slot, and wake the next waiter."""
        self._leave(current_user_id.get())

    def _may_enter(self, user_id: Hashable) -> bool:
        return self._free > 0 and (user_id is None or self._held[user_id] < self._share)

    def _queue_is_full(self, user_id: Hashable) -> bool:
        if self._max_waiting is None:
            return False
        user_waiting = len(self._waiting.get(user_id, ()))
        user_is_over_limit = user_id is not None and user_waiting >= _half(self._max_waiting)
        return user_is_over_limit or self._waiting_count >= self._max_waiting

    def _enter(self, user_id: Hashable) -> None:
        self._free -= 1
        self._held[user_id] += 1

    def _leave(self, user_id: Hashable) -> None:
        self._free += 1
        self._held[user_id] -= 1
        if not self._held[user_id]:
            del self._held[user_id]
        self._wake_next()

    def _wake_next(self) -> None:
        """Wake the next waiter that may enter; users take turns, and a new user goes last."""
        for user_id, queue in self._waiting.items():
            # A cancelled waiter stays queued until its task runs and removes itself.
            waiter = next((future for future in queue if not future.done()), None)
            if waiter is not None and self._may_enter(user_id):
                self._unqueue(user_id, waiter)
                if user_id in self._waiting:
                    self._waiting.move_to_end(user_id)
                self._enter(user_id)
                waiter.set_result(None)
                return

    def _queue(self, user_id: Hashable, waiter: asyncio.Future[None]) -> None:
        self._waiting.setdefault(user_id, deque()).append(waiter)
        self._waiting_count += 1

    def _unqueue(self, user_id: Hashable, waiter: asyncio.Future[None]) -> None:
        queue = self._waiting[user_id]
        queue.remove(waiter)
        self._waiting_count -= 1
        if not queue:
            del self._waiting[user_id]


def _half(number: int) -> int:
    return (number + 1) // 2
