"""Parses JSON and writes its numbers without losing a digit."""

import codecs
import json
import re
from decimal import Decimal
from typing import Final

from bot.signalwire.models import Json, Scalar

MAX_DEPTH: Final = 100
"""Levels of nested lists and objects. Python's parser fails at about nine hundred."""

_STRING_OR_BRACKET: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[][{}]', re.DOTALL)
_CONTAINERS: Final = (dict, list)
_MAX_ZEROS: Final = 30
"""A number with more of them is written with its exponent, which may be a million."""


def parse_json(body: bytes) -> Json:
    """Parse JSON in UTF-8 or UTF-16. Raises ValueError if that fails.

    One unreadable value doesn't invalidate the rest: NaN becomes null, a number out of Decimal's
    range becomes a string, and a value nested deeper than MAX_DEPTH becomes an ellipsis.
    """
    text = _text(body)
    try:
        return _parsed(text)
    except RecursionError:
        return _parsed(_shallow(text))


def scalar_text(value: Scalar) -> str:
    """Return a string as it is, and anything else as JSON, with every digit of a number."""
    match value:
        case str():
            return value
        case Decimal():
            return f"{value:f}" if abs(value.adjusted()) < _MAX_ZEROS else str(value)
        case _:
            return json.dumps(value)


def _text(body: bytes) -> str:
    # These two codecs are built in; others would be loaded from disk.
    in_utf_16 = body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return body.decode("utf-16" if in_utf_16 else "utf-8").removeprefix("\ufeff")


def _parsed(text: str) -> Json:
    parsed: Json = json.loads(
        text,
        parse_float=_decimal,
        parse_int=Decimal,
        parse_constant=lambda _not_json: None,  # NaN and Infinity
    )
    # Counting brackets is fast, and most documents have no more than MAX_DEPTH.
    if text.count("{") + text.count("[") > MAX_DEPTH and _is_too_deep(parsed):
        raise RecursionError
    return parsed


def _decimal(digits: str) -> Decimal | str:
    try:
        return Decimal(digits)
    except ArithmeticError:  # an exponent of nineteen digits
        return digits


def _is_too_deep(parsed: Json) -> bool:
    level = [parsed]
    for _ in range(MAX_DEPTH):
        containers = [value for value in level if isinstance(value, _CONTAINERS)]
        level = [
            item
            for value in containers
            for item in (value.values() if isinstance(value, dict) else value)
        ]
    return any(isinstance(value, _CONTAINERS) for value in level)


def _shallow(text: str) -> str:
    """Replace values that are nested too deeply with an ellipsis."""
    kept, end, depth = [], 0, 0
    for match in _STRING_OR_BRACKET.finditer(text):
        if match.group() in "[{":
            depth += 1
            if depth == MAX_DEPTH + 1:
                kept += [text[end : match.start()], '"…"']
        elif match.group() in "]}":
            if depth == MAX_DEPTH + 1:
                end = match.end()
            depth -= 1
    return "".join(kept) + (text[end:] if depth <= MAX_DEPTH else "")
