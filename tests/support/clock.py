"""A clock that tests control: only `sleep` and `advance` move it."""

import asyncio
from datetime import datetime, timedelta

from tests.support.samples import NOW


class Gate:
    """While closed, `sleep` waits; while open, it returns at once."""

    def __init__(self) -> None:
        self._open = asyncio.Event()
        self._open.set()

    def close(self) -> None:
        """Block further calls of `sleep`."""
        self._open.clear()

    def open(self) -> None:
        """Let all calls of `sleep` return."""
        self._open.set()

    async def sleep(self, _seconds: float) -> None:
        """Wait until the gate is open."""
        await self._open.wait()


class Clock:
    """The wall clock and the monotonic clock; `sleep` moves both forward and takes no real time.

    Attributes:
        time: the wall clock, in UTC; may be set.
        gate: while it is closed, `sleep` doesn't return.
    """

    def __init__(self) -> None:
        self.time = NOW
        self.gate = Gate()
        self._elapsed = 0.0

    def now(self) -> datetime:
        """Return the wall clock's time, in UTC."""
        return self.time

    def elapsed(self) -> float:
        """Return the monotonic clock's time, in seconds."""
        return self._elapsed

    def advance(self, seconds: float) -> None:
        """Move both clocks forward."""
        self.time += timedelta(seconds=seconds)
        self._elapsed += seconds

    async def sleep(self, seconds: float) -> None:
        """Wait until the gate is open, then move both clocks forward."""
        await self.gate.sleep(seconds)
        self.advance(seconds)
        await asyncio.sleep(0)
