"""An event loop on which sleeps and timeouts take no real time."""

import asyncio
import math
import selectors
from collections.abc import Awaitable, Callable
from typing import TypeVar

import stamina

T = TypeVar("T")


class _FakeTimeSelector(selectors.DefaultSelector):
    """Never waits for a timer, but adds the time up."""

    microseconds = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is not None:
            self.microseconds += math.ceil(round(max(timeout, 0) * 1e6, 3))
            timeout = 0
        return super().select(timeout)


class FakeTimeLoop(asyncio.SelectorEventLoop):
    """Its clock jumps to the next timer whenever the loop is idle, and stands still otherwise.

    However slow the machine is, the code itself takes no time.
    """

    def __init__(self) -> None:
        self._selector = _FakeTimeSelector()
        super().__init__(self._selector)

    def time(self) -> float:
        return self._selector.microseconds / 1e6


def run_timed(work: Callable[[], Awaitable[T]]) -> tuple[T, float]:
    """Return the result of `work` and the seconds it would take; sleeps are skipped."""

    async def timed() -> tuple[T, float]:
        loop = asyncio.get_running_loop()
        started = loop.time()
        return await work(), loop.time() - started

    with stamina.set_testing(testing=False), asyncio.Runner(loop_factory=FakeTimeLoop) as runner:
        return runner.run(timed())


def run(work: Callable[[], Awaitable[T]]) -> T:
    """Return the result of `work`; sleeps are skipped."""
    return run_timed(work)[0]


def seconds_taken(work: Callable[[], Awaitable[object]]) -> float:
    """Return the seconds that `work` would take; sleeps are skipped."""
    return run_timed(work)[1]
