"""Turns what the builders return into exhibits: the one place where typed dicts become plain JSON.

It must not know what is shown.
"""

from collections.abc import Mapping
from typing import Final

from pydantic import JsonValue, TypeAdapter

from bot.dev.gallery.model import Example
from bot.ui.block_kit import Message, View

_JSON: Final = TypeAdapter(dict[str, JsonValue])


def message(name: str, shown: Message) -> Example:
    """A message as it is posted; `name` says when."""
    payload = {"text": shown.text, "blocks": list(shown.blocks)}
    return Example(name, _JSON.validate_python(payload))


def view(name: str, shown: View, errors: Mapping[str, str] | None = None) -> Example:
    """A window or a Home tab; `errors` are what is wrong with a form's fields, by block_id."""
    payload = _JSON.validate_python(shown)
    return Example(name, payload) if errors is None else Example(name, payload, errors)
