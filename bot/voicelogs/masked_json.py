"""Masks numbers and names in JSON: in keys, strings and numbers, and across adjacent ones."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Final, NamedTuple

from bot.signalwire.models import Json, JsonObject, Scalar
from bot.signalwire.raw_json import scalar_text
from bot.voicelogs.masked_keys import Holds, holds, holds_within, is_known, is_of_person
from bot.voicelogs.masked_names import mask_name
from bot.voicelogs.masked_secrets import BULLET, mask_secret
from bot.voicelogs.masked_text import LEAST, mask_across, mask_address, mask_label, mask_text

_KEYS_BESIDE: Final = {"value": ("key", "name"), "params": ("type",)}
"""What says the key of a value; RELAY has pairs like `{"type": "digit", "params": {…}}`."""
_MEASURED: Final = re.compile(r"-?[0-9]{1,4}\.[0-9]+")
"""A number with a fraction, which a phone number in JSON doesn't have."""


class _Keyed(NamedTuple):
    """A scalar, the key that says most of it, and whether it is an item of a list."""

    key: str
    value: Scalar
    is_item: bool = False


def mask_json(document: JsonObject) -> JsonObject:
    """Mask a document; a number with masked digits becomes a string."""
    mask = cache(_masked)  # The events of a log repeat the same keys and values.
    masked = [
        mask(key, scalar_text(value), is_number=isinstance(value, Decimal), is_item=is_item)
        for key, value, is_item in _scalars("", document)
    ]
    return _with_texts(document, iter(mask_across(masked)))


def _scalars(key: str, value: Json, *, is_item: bool = False) -> Iterator[_Keyed]:
    """Yield each key, without a key, and each scalar, with the key that says most of it."""
    match value:
        case dict():
            is_person = holds(key) is Holds.LABEL or (holds(key) is None and is_of_person(value))
            outer = "person" if is_person else key
            for name, item in value.items():
                yield _Keyed("", name)
                yield from _scalars(holds_within(outer, _key_in(value, name)), item)
        case [str(name), item] if is_item and holds(key) is None:  # ["Authorization", "…"]
            yield _Keyed(key, name, is_item=True)
            yield from _scalars(holds_within(key, name), item, is_item=True)
        case list():
            for item in value:
                yield from _scalars(key, item, is_item=True)
        case _:
            yield _Keyed(key, value, is_item=is_item)


def _key_in(whole: JsonObject, name: str) -> str:
    """Return the key that says most about the value of `name`; often that is `name` itself.

    In a pair like `{"name": "Authorization", "value": "…"}` it is `Authorization`. A text beside a
    code, like `text` beside `cause` (RFC 3326), is a reason rather than what was said.
    """
    own = name.lower()
    if own.endswith("text"):
        start = own.removesuffix("text")
        codes = {f"{start}code"} if start else {"cause", "sip_code", "sipcode"}
        return name if codes.isdisjoint(map(str.lower, whole)) else "reason_text"
    if own not in _KEYS_BESIDE:
        return name
    keys = (key for other, key in whole.items() if other.lower() in _KEYS_BESIDE[own])
    return next((key for key in keys if isinstance(key, str) and key), name)


def _masked(key: str, text: str, *, is_number: bool, is_item: bool) -> tuple[str, bool]:
    """Mask the text of a scalar; return also whether it is known to be no part of a number."""
    if is_known(key, text, is_number=is_number, is_item=is_item):
        return text, True
    match holds(key):
        case Holds.NAME:
            return mask_name(mask_address(text)), False
        case Holds.LABEL:
            return mask_label(text), False
        case Holds.ADDRESS:
            return mask_address(text), False
        case Holds.SECRET | Holds.SPEECH:
            return mask_secret(text), False
        case None:
            is_measured = is_number and _MEASURED.fullmatch(text)
            return _measured(text) if is_measured else mask_text(text), False


def _measured(text: str) -> str:
    """Mask the last digits of a number with a fraction, if it has as many as a phone number."""
    whole, point, fraction = text.partition(".")
    decimals = LEAST - 1 - len(whole.lstrip("-0"))
    return f"{whole}{point}{fraction[:decimals]}{BULLET * len(fraction[decimals:])}"


def _with_texts(document: JsonObject, texts: Iterator[str]) -> JsonObject:
    """Replace each key and scalar, in order, by the next text. Masked keys may be equal."""
    made: JsonObject = {}
    for number, value in enumerate(document.values()):
        key = next(texts)
        made[f"{key} ({number})" if key in made else key] = _with_text(value, texts)
    return made


def _with_text(value: Json, texts: Iterator[str]) -> Json:
    match value:
        case dict():
            return _with_texts(value, texts)
        case list():
            return [_with_text(item, texts) for item in value]
        case _:
            text = next(texts)
            return value if text == scalar_text(value) else text
