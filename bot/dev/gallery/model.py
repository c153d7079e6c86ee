"""What a gallery shows: messages and views by name. It must not know what any of them means."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from pydantic import JsonValue

_NO_ERRORS: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True)
class Example:
    """One thing that an app can show.

    Attributes:
        name: when it is shown, in a few words.
        payload: as Slack gets it: a message (`text`, `blocks`), or a view (`type`, `blocks`…).
        errors: for a form, what is said about its fields, by block_id.
    """

    name: str
    payload: Mapping[str, JsonValue]
    errors: Mapping[str, str] = field(default_factory=lambda: _NO_ERRORS)

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
        """A window's title, empty if it has none."""
        title = self.payload.get("title")
        return str(title.get("text", "")) if isinstance(title, dict) else ""


@dataclass(frozen=True)
class Section:
    """A part of the gallery."""

    name: str
    examples: tuple[Example, ...]
