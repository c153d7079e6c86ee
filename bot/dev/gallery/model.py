"""The gallery's data model: named messages and views."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue


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
