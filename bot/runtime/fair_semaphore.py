"""A semaphore that is fair per user: one user's backlog doesn't delay another user's request."""

import asyncio
from collections.abc import Hashable
from contextvars import ContextVar
from dataclasses import dataclass
from types import TracebackType
from typing import Final

USER_SLOTS: Final = 16
"""The slots of one user, but at most half of all: enough for the ten ids of one command."""

current_user_id: Final[ContextVar[Hashable]] = ContextVar("current_user_id", default=None)
"""The user on whose behalf the current task runs; None for the process itself. Tasks inherit it, so
it needn't be passed through every layer."""


class QueueFullError(Exception):
    """The queue is full, for everyone or for this user."""


@dataclass
class _User:
    slots: asyncio.Semaphore
    requests: int = 0
    """How many slots are held or waited for."""


class FairSemaphore:
    """A semaphore for each user within one for all; it is used like an asyncio.Semaphore.

    Requests beyond a user's slots wait behind that user's other requests, not in the common queue.
    One user fills at most half of the queue. `current_user_id` must be the same on exit as on
    entry; None has no limit of its own. Without `max_waiting`, the queue has no limit.
    """

    def __init__(self, limit: int, *, max_waiting: int | None = None) -> None:
        self._limit = limit
        self._max_waiting = max_waiting
        self._slots = asyncio.Semaphore(limit)
        self._users: dict[Hashable, _User] = {}
        self._waiting = 0

    def locked(self) -> bool:
        """Whether there are waiters or no slot is free."""
        return self._waiting > 0 or self._slots.locked()

    async def __aenter__(self) -> None:
        """Acquire a slot, waiting in the queue if need be. Raises QueueFullError."""
        user_id = current_user_id.get()
        user = self._users.get(user_id) or _User(asyncio.Semaphore(self._share(user_id)))
        if self._queue_is_full(user_id, user):
            raise QueueFullError
        self._users[user_id] = user
        user.requests += 1
        self._waiting += 1
        try:
            await self._acquire(user)
        except asyncio.CancelledError:
            self._end_request(user_id)
            raise
        finally:
            self._waiting -= 1

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Release the slot."""
        user_id = current_user_id.get()
        self._slots.release()
        self._users[user_id].slots.release()
        self._end_request(user_id)

    def _share(self, user_id: Hashable) -> int:
        return self._limit if user_id is None else min(USER_SLOTS, _half(self._limit))

    def _queue_is_full(self, user_id: Hashable, user: _User) -> bool:
        if self._max_waiting is None or not (user.slots.locked() or self._slots.locked()):
            return False
        user_limit = self._share(user_id) + _half(self._max_waiting)
        user_is_over_limit = user_id is not None and user.requests >= user_limit
        return user_is_over_limit or self._waiting >= self._max_waiting

    async def _acquire(self, user: _User) -> None:
        await user.slots.acquire()
        try:
            await self._slots.acquire()
        except asyncio.CancelledError:
            user.slots.release()
            raise

    def _end_request(self, user_id: Hashable) -> None:
        user = self._users[user_id]
        user.requests -= 1
        if not user.requests:
            del self._users[user_id]


def _half(number: int) -> int:
    return (number + 1) // 2
