"""Notifies observers that something in a workspace has changed."""

import asyncio


class ChangeCounter:
    def __init__(self) -> None:
        self.count = 0
        self._next = asyncio.Event()

    def bump(self) -> None:
        self.count += 1
        self._next.set()
        self._next = asyncio.Event()

    async def wait_past(self, count: int) -> int:
        """Wait until there are more than `count` changes; return the number of changes."""
        while self.count <= count:
            await self._next.wait()
        return self.count
