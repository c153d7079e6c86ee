"""Masks numbers and names in JSON: in keys, strings and numbers, and across adjacent ones."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from decimal import Decimal
from functools import cache
from typing import Final

from bot.signalwire.models import Json, JsonObject
from bot.signalwire.raw_json import scalar_text
from bot.voicelogs.masked_keys import Holds, holds, holds_within, is_known, is_of_person
from bot.voicelogs.masked_names import mask_name, mask_secret
from bot.voicelogs.masked_text import BULLET, LEAST, mask_across, mask_address, mask_text

_KEYS_BESIDE: Final = {"value": ("key", "name"), "params": ("type",)}
"""What says the key of a value; RELAY has pairs like `{"type": "digit", "params": {…}}`."""
_MEASURED: Final = re.compile(r"-?[0-9]{1,4}\.[0-9]+")
"""A number with a fraction, which a phone number in JSON doesn't have."""


def mask_json(document: JsonObject) -> JsonObject:
    """Mask a document; a number with masked digits becomes a string."""
    # The events of a log repeat the same keys and values.
    masked = list(_masked_texts("", document, cache(_masked)))
    kept = frozenset(index for index, (_, is_kept) in enumerate(masked) if is_kept)
    return _with_texts(document, iter(mask_across([text for text, _ in masked], kept)))


def _masked_texts(
    key: str, value: Json, mask: Callable[[str, str], str]
) -> Iterator[tuple[str, bool]]:
    """Yield the masked text of each key and scalar, in order, and whether to leave it at that."""
    match value:
        case dict():
            is_person = holds(key) is None and is_of_person(value)
            outer = "person" if is_person else key
            for name, item in value.items():
                yield mask("", name), False
                beside = _KEYS_BESIDE.get(name.lower())
                named = _key_beside(value, beside) if beside else None
                yield from _masked_texts(holds_within(outer, named or name), item, mask)
        case list():
            for item in value:
                yield from _masked_texts(key, item, mask)
        case _:
            text = scalar_text(value)
            if is_known(key, value):
                yield text, True
            elif isinstance(value, Decimal) and holds(key) is None and _MEASURED.fullmatch(text):
                yield _measured(text), False
            else:
                yield mask(key, text), False


def _key_beside(pair: JsonObject, names: Collection[str]) -> str | None:
    """Return the key that a pair like `{"name": "Authorization", "value": "…"}` has as a value."""
    keys = (key for name, key in pair.items() if name.lower() in names)
    return next((key for key in keys if isinstance(key, str)), None)


def _masked(key: str, text: str) -> str:
    match holds(key):
        case Holds.NAME:
            return mask_name(mask_address(text))
        case Holds.ADDRESS:
            return mask_address(text)
        case Holds.SECRET | Holds.SPEECH:
            return mask_secret(text)
        case None:
            return mask_text(text)


def _measured(text: str) -> str:
    """Mask the last digits of a number with a fraction, if it has as many as a phone number."""
    whole, point, fraction = text.partition(".")
    decimals = LEAST - 1 - len(whole.lstrip("-0"))
    return f"{whole}{point}{fraction[:decimals]}{BULLET * len(fraction[decimals:])}"


def _with_texts(document: JsonObject, texts: Iterator[str]) -> JsonObject:
    """Replace each key and scalar, in the order of the document, by the next text."""
    return _with_distinct_keys((next(texts), _with_text(item, texts)) for item in document.values())


def _with_text(value: Json, texts: Iterator[str]) -> Json:
    match value:
        case dict():
            return _with_texts(value, texts)
        case list():
            return [_with_text(item, texts) for item in value]
        case _:
            text = next(texts)
            return value if text == scalar_text(value) else text


def _with_distinct_keys(members: Iterable[tuple[str, Json]]) -> JsonObject:
    """Build an object with distinct keys, since masked keys may be equal."""
    made: JsonObject = {}
    for number, (key, value) in enumerate(members):
        made[f"{key} ({number})" if key in made else key] = value
    return made
