"""Retries a failed call."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

import stamina

T = TypeVar("T")


async def retry(
    attempt: Callable[[int], Awaitable[T]], again: Callable[[], AsyncIterator[stamina.Attempt]]
) -> T:
    """Return the result of the first attempt that succeeds.

    The first call bypasses stamina, which takes as long as building a message and is rarely needed.
    If it fails, stamina's first attempt raises the same exception.

    Args:
        attempt: called with its number, from 1.
        again: creates stamina's retry_context, which decides what is retried and when.

    Raises:
        Exception: the last attempt's exception.
    """
    try:
        return await attempt(1)
    except Exception as error:  # noqa: BLE001 - raised again below for stamina
        first = error
    async for each in again():
        with each:
            if each.num == 1:
                raise first
            return await attempt(each.num)
    raise AssertionError("stamina either returns or raises")
