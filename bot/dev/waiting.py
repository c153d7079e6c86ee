"""Waits for the first of several things that may happen."""

import asyncio
from collections.abc import Awaitable


async def wait_for_first(*ends: Awaitable[object], seconds: float) -> None:
    """Wait until one of `ends` is done, but at most so many seconds; the rest are cancelled."""
    waiting = [asyncio.ensure_future(end) for end in ends]
    try:
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in waiting:
            each.cancel()
