"""Tells the number of a ticket from a telephone number: `#48213`, `[48213]`."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.voicelogs.query import numbers, words
from bot.voicelogs.query.lookahead import Lookahead
from bot.voicelogs.query.model import Field
from bot.voicelogs.query.tokens import Token

_SIDES: Final = frozenset({"from", "to", "between"})


def separate(tokens: Sequence[Token], fields: Sequence[Field], now: datetime) -> list[Token]:
    """Leave the numbers of tickets as they are written, so that they aren't searched for.

    They are those beside a telephone number, and short ones after a word that adds a filter, or
    nothing: `missed #48213`. By themselves, or after `from`, digits are searched for.
    """
    if not any(token.ticket for token in tokens):
        return [*tokens]
    written = [_as_written(token) if token.ticket else token for token in tokens]
    has_number = Lookahead(written, fields, now, second=False).has_whole_number
    before = [None, *(words.look_up([token.text])[0] for token in tokens)]
    return [
        as_written
        if token.ticket and not _is_side(word) and (has_number or (word and _is_short(token)))
        else token
        for token, as_written, word in zip(tokens, written, before, strict=False)
    ]


def _as_written(token: Token) -> Token:
    return replace(token, text=token.ticket)


def _is_short(token: Token) -> bool:
    return len(token.text) < numbers.LOCAL


def _is_side(word: words.Word | None) -> bool:
    return word is not None and word.connective in _SIDES
