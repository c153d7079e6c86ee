"""The most memory that a contender holds while something goes on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from tests.bench.processes import Standing

MEBIBYTE: Final = 1024 * 1024
_LOOK_EVERY_SECONDS: Final = 0.02


class Watch:
    """Looks every few milliseconds.

    Attributes:
        most: bytes, the most so far.
    """

    def __init__(self, watched: Standing) -> None:
        self._watched = watched
        self.most = watched.resident_bytes

    async def look_on(self) -> None:
        """Until cancelled."""
        while True:
            self.most = max(self.most, self._watched.resident_bytes)
            await asyncio.sleep(_LOOK_EVERY_SECONDS)


@asynccontextmanager
async def watching(contender: Standing) -> AsyncIterator[Watch]:
    """Watch while the context lasts."""
    watch = Watch(contender)
    looking = asyncio.create_task(watch.look_on())
    try:
        yield watch
    finally:
        looking.cancel()
        await asyncio.wait({looking})
