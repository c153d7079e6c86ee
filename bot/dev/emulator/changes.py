"""Notifies observers that something in a workspace has changed."""

import asyncio
from collections.abc import Callable


class ChangeCounter:
    def __init__(self) -> None:
        self.count = 0
        self._next = asyncio.Event()

    def bump(self) -> None:
        self.count += 1
        self._next.set()
        self._next = asyncio.Event()

    async def wait_until(self, condition: Callable[[], bool]) -> None:
        """Wait until the condition holds; it is checked after each change."""
        while not condition():
            await self._next.wait()

    async def wait_past(self, count: int) -> int:
        """Wait until there are more than `count` changes; return the number of changes."""
        await self.wait_until(lambda: self.count > count)
        return self.count
