"""Turns the builders' results into examples, converting typed dicts to plain JSON."""

from collections.abc import Mapping
from typing import Final

from pydantic import JsonValue, TypeAdapter

from bot.dev.gallery.model import Example
from bot.ui.block_kit import Message, View

_JSON: Final = TypeAdapter(dict[str, JsonValue])


def message(name: str, shown: Message) -> Example:
    """An example of a posted message; `name` says when it is posted."""
    payload = {"text": shown.text, "blocks": list(shown.blocks)}
    return Example(name, _JSON.validate_python(payload))


def view(name: str, shown: View, errors: Mapping[str, str] | None = None) -> Example:
    """An example of a modal or Home tab; `errors` are a form's error messages, by block_id."""
    payload = _JSON.validate_python(shown)
    return Example(name, payload) if errors is None else Example(name, payload, errors)
