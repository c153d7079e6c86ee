"""Tells whoever shows a workspace that something in it has changed. It must not know what."""

import asyncio


class ChangeCounter:
    """Counts changes, and wakes who waits for the next one.

    Attributes:
        count: how many there have been.
    """

    def __init__(self) -> None:
        self.count = 0
        self._next = asyncio.Event()

    def bump(self) -> None:
        """Something has changed."""
        self.count += 1
        self._next.set()
        self._next = asyncio.Event()

    async def wait_past(self, count: int) -> int:
        """Wait until there have been more than `count` changes; returns how many."""
        while self.count <= count:
            await self._next.wait()
        return self.count
