"""Tells how many logs are asked for: `last 5`, `5 calls`, `10 most recent`, `3 failed calls`."""

import re
from collections.abc import Sequence
from typing import Final

from bot.voicelogs.query import lengths, words

LONGEST_FORM: Final = 6
"""Tokens, as in `5 most recent failed inbound calls`."""

_COUNT: Final = re.compile("[0-9]{1,3}|[1-9][0-9]{3}")
"""As a number of calls; `0103` is the end of a phone number."""
_SHORT_COUNT: Final = re.compile("[0-9]{1,2}")
_LATEST: Final = frozenset({"last", "latest", "newest", "recent"})
_LISTED: Final = _LATEST | {"top", "first", "head", "limit", "--limit"}
_LOG: Final = frozenset({"call", "log", "caller"})
_LOGS: Final = _LOG | {"calls", "logs", "leg", "legs"}


def match(tokens: Sequence[str], *, is_bare: bool) -> tuple[int, int] | None:
    """Read a number of logs; return it and its number of tokens, or None.

    `is_bare` tells whether it needs no other word beside it.
    """
    first, *others = (lengths.in_digits(token.casefold()) for token in tokens[:LONGEST_FORM])
    second = others[0] if others else ""
    if is_bare and _COUNT.fullmatch(first):
        return int(first), 1
    if first in _LISTED and _COUNT.fullmatch(second):
        return int(second), 2
    noun = _noun(others)
    if first in _LATEST and noun in _LOG:
        return 1, 1 + (second == noun)
    if noun and _SHORT_COUNT.fullmatch(first):
        return int(first), 1
    return None


def _noun(tokens: Sequence[str]) -> str:
    """Return the noun that they begin with, perhaps after filters: `failed calls`, `recent`."""
    at = 0
    while at < len(tokens) and tokens[at] not in _LOGS | _LATEST:
        word, length = words.look_up(tokens[at:])
        if word is None or word.connective:
            return ""
        at += length
    return tokens[at] if at < len(tokens) else ""
