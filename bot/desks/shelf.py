"""Keeps phone numbers for half an hour, so that buttons needn't carry them.

In this process only, and no more than a few thousand: a button whose number isn't here any more
says so. It must not know what the numbers are looked for in.
"""

import secrets
import time
from collections.abc import Callable
from typing import Final

from cachetools import TTLCache

from bot.numbers import Number

NUMBERS_KEPT: Final = 5000
SECONDS_KEPT: Final = 30 * 60.0
"""As long as a response_url is good for."""


def new_token() -> str:
    """A word that nobody can guess."""
    return secrets.token_urlsafe(9)


class Shelf:
    """Numbers under tokens.

    Args:
        new_token: a word not given out before.
        elapsed: a clock that only counts, in seconds.
    """

    def __init__(
        self,
        *,
        new_token: Callable[[], str] = new_token,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._new_token = new_token
        self._kept: TTLCache[str, Number] = TTLCache(NUMBERS_KEPT, SECONDS_KEPT, elapsed)

    def put(self, number: Number) -> str:
        """Keep a number; the token it is under."""
        token = self._new_token()
        self._kept[token] = number
        return token

    def get(self, token: str) -> Number | None:
        """The number under a token, if it is still there."""
        return self._kept.get(token)
