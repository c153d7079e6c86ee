"""JSON as text: indented over several lines, or its beginning on one line.

`json.dumps` doesn't accept Decimal, which keeps every digit of a charge.
"""

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from bot.signalwire.models import Json
from bot.signalwire.raw_json import scalar_text
from bot.ui import mrkdwn
from bot.voicelogs.unicode import with_few_marks

_quoted: Final = json.JSONEncoder(ensure_ascii=False).encode
_INDENT: Final = "  "
_COMPACT_LIMIT: Final = 1000
"""Characters. Outside the raw JSON, less than this is shown of a value."""


def indented_lines(value: Json) -> Iterator[str]:
    r"""Yield the lines of a value, indented by two spaces per level.

    Invisible characters and those that change the reading direction are escaped, like `\u202e`.
    """
    return map(_visible, _lines(value))


def compact(value: Json) -> str:
    """Return the beginning of a value on one line."""
    text = ""
    for line in _lines(value):
        text += line.lstrip() + (" " if line.endswith(",") else "")
        if len(text) > _COMPACT_LIMIT:
            return f"{text}…"
    return text


def _lines(value: Json, indent: str = "", key: str = "", comma: str = "") -> Iterator[str]:
    opening, closing, members = _parts(value)
    if not members:
        yield f"{indent}{key}{opening}{closing}{comma}"
        return
    yield f"{indent}{key}{opening}"
    for number, (name, item) in enumerate(members, 1):
        yield from _lines(item, indent + _INDENT, name, "," if number < len(members) else "")
    yield f"{indent}{closing}{comma}"


def _parts(value: Json) -> tuple[str, str, Sequence[tuple[str, Json]]]:
    """Return a value's first and last characters, and what is between them, with its keys."""
    match value:
        case dict():
            return "{", "}", [(f"{_quoted(key)}: ", item) for key, item in value.items()]
        case list():
            return "[", "]", [("", item) for item in value]
        case str():
            return _quoted(value), "", ()
        case _:
            return scalar_text(value), "", ()


def _visible(line: str) -> str:
    if line.isascii() and line.isprintable():
        return line
    hidden = {ord(each): _escape(each) for each in set(line) if _is_hidden(each)}
    return with_few_marks(line, _escape).translate(hidden)


@lru_cache(maxsize=4096)
def _is_hidden(character: str) -> bool:
    return character != " " and not mrkdwn.clean(character)


def _escape(text: str) -> str:
    return json.dumps(text)[1:-1]  # a character above U+FFFF is two escapes
