"""A gate with so many places, given out in turn among those who wait, whoever asks for how much.

Fifty requests of one person don't keep out the one of another. It must not know what the places are
for.
"""

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Hashable
from contextvars import ContextVar
from types import TracebackType
from typing import Final, Protocol

current_user_id: Final[ContextVar[Hashable]] = ContextVar("PARTY", default=None)
"""On whose behalf work is done. A task inherits it from whoever began it: so it reaches the gates
through layers that have no other use for a name. None is the process itself."""


class QueueFullError(Exception):
    """Too many wait already for waiting to make sense."""


class Semaphore(Protocol):
    """Turns, or one of asyncio's semaphores."""

    def locked(self) -> bool:
        """Whether whoever comes may have to wait."""
        ...

    async def __aenter__(self) -> None:
        """Take a place."""
        ...

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> bool | None:
        """Give it back."""
        ...


class FairSemaphore:
    """Used as `async with turns:`, as a semaphore is; PARTY is the same at the end of it.

    One party has half of the places at most, and is half of those who wait: so there is a way past
    somebody whose every request hangs, and room for others beside somebody who floods the gate.

    Args:
        limit: how many may be inside at once.
        max_waiting: how many may wait; None for any number.
    """

    def __init__(self, limit: int, *, max_waiting: int | None = None) -> None:
        self._free = limit
        self._share = _half(limit)
        self._most_waiting = max_waiting
        self._held: Counter[Hashable] = Counter()
        self._waiting: OrderedDict[Hashable, deque[asyncio.Future[None]]] = OrderedDict()
        self._waiting_count = 0

    def locked(self) -> bool:
        """Whether somebody waits, or there is no place left."""
        return self._free <= 0 or bool(self._waiting)

    async def __aenter__(self) -> None:
        """Take a place, now or when it is this party's turn.

        Raises:
            NoRoomError: too many wait already, of everyone or of this party.
        """
        party = current_user_id.get()
        if self._may_enter(party):
            self._enter(party)
            return
        if self._queue_is_full(party):
            raise QueueFullError
        turn = asyncio.get_running_loop().create_future()
        self._queue(party, turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                self._unqueue(party, turn)
            else:  # the place was given in the same moment
                self._leave(party)
            raise

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Give the place to whose turn it is."""
        self._leave(current_user_id.get())

    def _may_enter(self, party: Hashable) -> bool:
        return self._free > 0 and (party is None or self._held[party] < self._share)

    def _queue_is_full(self, party: Hashable) -> bool:
        if self._most_waiting is None:
            return False
        of_party = len(self._waiting.get(party, ()))
        too_many_of_it = party is not None and of_party >= _half(self._most_waiting)
        return too_many_of_it or self._waiting_count >= self._most_waiting

    def _enter(self, party: Hashable) -> None:
        self._free -= 1
        self._held[party] += 1

    def _leave(self, party: Hashable) -> None:
        self._free += 1
        self._held[party] -= 1
        if not self._held[party]:
            del self._held[party]
        self._call_next()

    def _call_next(self) -> None:
        """Let one in who may: each party in its turn, a newcomer last in the round."""
        for party, queue in self._waiting.items():
            # One that has given up is still there until its task runs, and takes itself out then.
            turn = next((each for each in queue if not each.done()), None)
            if turn is not None and self._may_enter(party):
                self._unqueue(party, turn)
                if party in self._waiting:
                    self._waiting.move_to_end(party)
                self._enter(party)
                turn.set_result(None)
                return

    def _queue(self, party: Hashable, turn: asyncio.Future[None]) -> None:
        self._waiting.setdefault(party, deque()).append(turn)
        self._waiting_count += 1

    def _unqueue(self, party: Hashable, turn: asyncio.Future[None]) -> None:
        queue = self._waiting[party]
        queue.remove(turn)
        self._waiting_count -= 1
        if not queue:
            del self._waiting[party]


def _half(number: int) -> int:
    return (number + 1) // 2
