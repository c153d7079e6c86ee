"""The gallery's data model: named messages and views."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from pydantic import JsonValue, TypeAdapter

from bot.ui.block_kit import Message, View

_JSON: Final = TypeAdapter(dict[str, JsonValue])


@dataclass(frozen=True)
class RejectedForm:
    """A form, and its error messages by block_id."""

    form: View
    errors: Mapping[str, str]


Examples = Mapping[str, Message | View | RejectedForm]
"""What the builders return, by the situation in which it is shown."""


@dataclass(frozen=True)
class Example:
    """One message or view as sent to Slack, named by when it is shown; a form has errors, too."""

    name: str
    payload: Mapping[str, JsonValue]
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """`message`, `modal` or `home`."""
        return str(self.payload.get("type", "message"))

    @property
    def text(self) -> str:
        """A message's top-level text, empty for a view."""
        return str(self.payload.get("text", ""))

    @property
    def blocks(self) -> list[JsonValue]:
        """The blocks, empty if there are none."""
        blocks = self.payload.get("blocks")
        return blocks if isinstance(blocks, list) else []

    @property
    def title(self) -> str:
        """A modal's title, empty if it has none."""
        title = self.payload.get("title")
        return str(title.get("text", "")) if isinstance(title, dict) else ""


@dataclass(frozen=True)
class Section:
    """A named group of examples."""

    name: str
    examples: tuple[Example, ...]


def section(name: str, examples: Examples) -> Section:
    return Section(name, tuple(_example(when, shown) for when, shown in examples.items()))


def _example(name: str, shown: Message | View | RejectedForm) -> Example:
    match shown:
        case RejectedForm(form, errors):
            return Example(name, _JSON.validate_python(form), errors)
        case Message():
            payload = {"text": shown.text, "blocks": list(shown.blocks)}
            return Example(name, _JSON.validate_python(payload))
        case _:
            return Example(name, _JSON.validate_python(shown))
