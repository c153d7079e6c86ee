"""Tells users that a request takes a while."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

PROGRESS_AFTER_SECONDS: Final = 3.0
"""Nearly every result arrives sooner; the notice about a later one stays above it."""


@asynccontextmanager
async def progress(show: Callable[[], Awaitable[bool]], every: float) -> AsyncIterator[None]:
    """Call `show` every `every` seconds while the block runs, until it returns False.

    A call that is running when the block ends is waited for, so that the result comes after it.
    An exception that `show` raises cancels the block, and is raised.
    """
    finished, block = asyncio.Event(), asyncio.timeout(None)

    async def show_repeatedly() -> None:
        try:
            while not await _is_set_within(every, finished) and await show():
                pass
        except Exception:  # whatever it is, the block must end too; it is raised again
            if not finished.is_set():
                block.reschedule(0)  # now
            raise

    showing = asyncio.create_task(show_repeatedly())
    try:
        async with block:
            yield
        finished.set()
        await showing
    except Exception:  # whatever it is, it is raised again, or the exception of `show`
        if block.expired():
            showing.result()  # raises its exception
        raise
    finally:
        showing.cancel()


async def _is_set_within(seconds: float, event: asyncio.Event) -> bool:
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False
