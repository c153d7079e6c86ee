"""Tries again what failed. It must not know what is tried."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

import stamina

T = TypeVar("T")


async def retry(
    attempt: Callable[[int], Awaitable[T]], again: Callable[[], AsyncIterator[stamina.Attempt]]
) -> T:
    """What `attempt` returns, as soon as it doesn't fail.

    Stamina's first attempt is to fail as the real one did: what goes well the first time, as
    nearly everything does, needs none of its machinery, which takes as long as making the card.

    Args:
        attempt: told which one it is, from 1.
        again: begins stamina's retry_context, which decides what is tried again, and when.

    Raises:
        Exception: what the last attempt raised.
    """
    try:
        return await attempt(1)
    except Exception as error:  # noqa: BLE001 - raised again below, where stamina judges it
        first = error
    async for each in again():
        with each:
            if each.num == 1:
                raise first
            return await attempt(each.num)
    raise AssertionError("stamina either returns or raises")
