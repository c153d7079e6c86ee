"""JSON as it was sent, made readable: indented, cut into its fields, nothing in it changed.

`json.dumps` would write numbers anew, and a charge must keep every digit; so this works on the
text's own tokens.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bot.ui import mrkdwn

_TOKEN: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[][{}:,]|[^\s"\][{}:,]+', re.DOTALL)
_INDENT: Final = "  "
_MARKS_ON_A_LETTER: Final = 2  # as in text.py
_COMPACT_LIMIT: Final = 1000
"""Characters; more of a value is never shown outside the JSON's own page."""


@dataclass(frozen=True)
class JsonField:
    """A field of an object: its name, and its value as it was sent, on one line.

    `value` is the text itself if it is a string; all else is JSON.
    """

    name: str
    value: str


def members(text: str) -> list[JsonField] | None:
    """The fields of the JSON object `text`, in the order sent; None if it is no JSON object."""
    if not _is_json(text):
        return None
    tokens = (match.group() for match in _TOKEN.finditer(text))
    if next(tokens) != "{":
        return None
    found: list[JsonField] = []
    for piece in tokens:
        if piece.startswith('"'):
            next(tokens)  # the colon
            found.append(JsonField(_string(piece), _value(tokens)))
    return found


def indented_lines(text: str) -> Iterator[str]:
    r"""The lines of `text`, indented by two blanks a level; as it is if it isn't JSON.

    What can't be seen, or turns the direction of reading, is written as JSON's own `\u202e`.
    """
    lines = _indented(text) if _is_json(text) else iter(text.replace("\r", "").split("\n"))
    return map(_visible, lines)


def _is_json(text: str) -> bool:
    try:
        json.loads(text, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return False
    return True


def _string(piece: str) -> str:
    return str(json.loads(piece, strict=False))


def _value(tokens: Iterator[str]) -> str:
    """The next value, of which no more is kept than anyone could want to see."""
    first = next(tokens)
    if first.startswith('"'):
        return _string(first)
    kept, length, depth = [first], len(first), int(first in "[{")
    while depth:
        piece = next(tokens)
        depth += (piece in "[{") - (piece in "]}")
        if length <= _COMPACT_LIMIT:
            kept.append(piece if piece not in ":," else f"{piece} ")
        length += len(piece)
    return "".join(kept) + ("…" if length > _COMPACT_LIMIT else "")


def _indented(text: str) -> Iterator[str]:
    line, depth, opened = "", 0, False
    for match in _TOKEN.finditer(text):
        piece = match.group()
        if piece in "]}":
            depth -= 1
            if not opened:  # an empty list or object stays on one line
                yield line
                line = _INDENT * depth
        elif opened:
            yield line
            line = _INDENT * depth
        line += piece
        opened = piece in "[{"
        if opened:
            depth += 1
        elif piece == ":":
            line += " "
        elif piece == ",":
            yield line
            line = _INDENT * depth
    yield line


def _visible(line: str) -> str:
    if line.isascii() and line.isprintable():
        return line
    distinct = set(line)
    hidden = {ord(each): _escape(each) for each in distinct if _is_hidden(each)}
    if not any(map(_is_mark, distinct)):
        return line.translate(hidden)
    shown, marks = [], 0
    for character in line:
        marks = marks + 1 if _is_mark(character) else 0
        stacked = marks > _MARKS_ON_A_LETTER
        shown.append(_escape(character) if stacked else hidden.get(ord(character), character))
    return "".join(shown)


@lru_cache(maxsize=4096)
def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in {"Mn", "Me"}


@lru_cache(maxsize=4096)
def _is_hidden(character: str) -> bool:
    return character != " " and not mrkdwn.clean(character)


def _escape(character: str) -> str:
    return json.dumps(character)[1:-1]  # `\u202e`; above U+FFFF it takes two of them
