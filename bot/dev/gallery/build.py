"""Turns the builders' results into examples, converting typed dicts to plain JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue, TypeAdapter

from bot.dev.gallery.model import Example, Section
from bot.ui.block_kit import Message, View


@dataclass(frozen=True)
class RejectedForm:
    """A form, and its error messages by block_id."""

    form: View
    errors: Mapping[str, str]


Examples = Mapping[str, Message | View | RejectedForm]
"""Messages and views, by the situation in which they are shown."""

_JSON: Final = TypeAdapter(dict[str, JsonValue])


def section(name: str, examples: Examples) -> Section:
    return Section(name, tuple(_example(when, shown) for when, shown in examples.items()))


def _example(name: str, shown: Message | View | RejectedForm) -> Example:
    if isinstance(shown, RejectedForm):
        return Example(name, _JSON.validate_python(shown.form), shown.errors)
    if isinstance(shown, Message):
        return Example(
            name, _JSON.validate_python({"text": shown.text, "blocks": list(shown.blocks)})
        )
    return Example(name, _JSON.validate_python(shown))
