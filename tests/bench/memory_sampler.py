"""Samples the memory of a running program."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from tests.bench.processes import RunningProgram

MEBIBYTE: Final = 1024 * 1024
_INTERVAL_SECONDS: Final = 0.02


class MemorySampler:
    """Samples the memory every few milliseconds.

    Attributes:
        peak_bytes: the largest sample so far.
    """

    def __init__(self, bot: RunningProgram) -> None:
        self._bot = bot
        self.peak_bytes = bot.resident_bytes

    async def run(self) -> None:
        """Sample until canceled."""
        while True:
            self.peak_bytes = max(self.peak_bytes, self._bot.resident_bytes)
            await asyncio.sleep(_INTERVAL_SECONDS)


@asynccontextmanager
async def sampling_memory(bot: RunningProgram) -> AsyncIterator[MemorySampler]:
    """Sample the memory of a program meanwhile."""
    sampler = MemorySampler(bot)
    task = asyncio.create_task(sampler.run())
    try:
        yield sampler
    finally:
        task.cancel()
        await asyncio.wait({task})
