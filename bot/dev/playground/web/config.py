"""What stands on the page before anybody has done anything: the workspace, its people, the app.

Types alone. It must not know which app it is.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pydantic import JsonValue

from bot.dev.gallery.model import Section


@dataclass(frozen=True)
class Shortcut:
    """An entry of a menu: its name, and the callback_id that the app knows it by."""

    name: str
    callback_id: str


@dataclass(frozen=True)
class InstalledApp:
    """What Slack knows of an app from its manifest.

    Attributes:
        name: as it signs its messages.
        command: its slash command, with the slash.
        usage_hint: what Slack shows while the command is typed.
        description: one line on what the command does.
        message_shortcuts: those in a message's menu.
        global_shortcuts: those beside the box in which one types.
    """

    name: str
    command: str
    usage_hint: str
    description: str
    message_shortcuts: tuple[Shortcut, ...]
    global_shortcuts: tuple[Shortcut, ...]


@dataclass(frozen=True)
class Workspace:
    """Where the page is.

    Attributes:
        name: the workspace's.
        user_id: the person at the page.
        channel_id: the channel they look at.
        names: what people and channels are called, by their Slack ids.
    """

    name: str
    user_id: str
    channel_id: str
    names: Mapping[str, str]


@dataclass(frozen=True)
class SeedMessage:
    """A message that a person wrote, as Slack stores it.

    Attributes:
        ts: its timestamp, which is also its id.
        user_id: who wrote it.
        text: in Slack's markup.
        blocks: its blocks, if it has any.
    """

    ts: str
    user_id: str
    text: str
    blocks: Sequence[JsonValue] = ()

    def whole(self) -> dict[str, JsonValue]:
        """The message as Slack hands it to a shortcut."""
        message: dict[str, JsonValue] = {
            "type": "message",
            "user": self.user_id,
            "ts": self.ts,
            "text": self.text,
        }
        return {**message, "blocks": [*self.blocks]} if self.blocks else message


@dataclass(frozen=True)
class Suggestion:
    """Something to type, and what comes of it."""

    text: str
    what: str


@dataclass(frozen=True)
class RangeControl:
    """A number to set.

    Attributes:
        name: what the page calls it when it is moved.
        label: what people read beside it.
        highest: the end of its range, which begins at zero.
        step: how finely.
        unit: after the number.
        value: where it stands.
    """

    name: str
    label: str
    highest: float
    step: float
    unit: str
    value: float


@dataclass(frozen=True)
class ChoiceControl:
    """One of a few things to choose: (value, label) each, and which one is chosen."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    chosen: str


class Controls(Protocol):
    """What a developer can change about the world outside, and about the app."""

    def controls(self) -> Sequence[RangeControl | ChoiceControl]:
        """All of them as they stand."""
        ...

    def change(self, name: str, value: str) -> Awaitable[str]:
        """Change one; returns what has come of it, for people.

        Raises ValueError when there is no such knob, and for a value it doesn't take.
        """
        ...


@dataclass(frozen=True)
class PageConfig:
    """All that the page is given.

    Attributes:
        app: the app that is installed.
        workspace: where the page is.
        said: what people have written in the channel.
        examples: things to type.
        controls: what a developer can change.
        rooms: builds the gallery, when it is asked for.
    """

    app: InstalledApp
    workspace: Workspace
    controls: Controls
    seed_messages: Sequence[SeedMessage] = ()
    suggestions: Sequence[Suggestion] = ()
    sections: Callable[[], Sequence[Section]] = tuple
