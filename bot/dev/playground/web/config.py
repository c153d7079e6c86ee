"""The page's configuration: the app, the workspace, its users and messages."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pydantic import JsonValue

from bot.dev.gallery.model import Section


@dataclass(frozen=True)
class Shortcut:
    """A menu entry: its name, and its callback_id in the app."""

    name: str
    callback_id: str


@dataclass(frozen=True)
class InstalledApp:
    """What Slack knows about an app from its manifest.

    Attributes:
        name: the author of its messages.
        command: its slash command, including the slash.
        usage_hint: shown by Slack while the command is typed.
        description: what the command does, in one line.
        message_shortcuts: the shortcuts in a message's menu.
        global_shortcuts: the shortcuts beside the message box.
    """

    name: str
    command: str
    usage_hint: str
    description: str
    message_shortcuts: tuple[Shortcut, ...]
    global_shortcuts: tuple[Shortcut, ...]


@dataclass(frozen=True)
class Workspace:
    """The workspace and channel of the page.

    Attributes:
        name: the workspace's name.
        user_id: the page's user.
        channel_id: the channel shown.
        names: the names of users and channels, by Slack ID.
    """

    name: str
    user_id: str
    channel_id: str
    names: Mapping[str, str]


@dataclass(frozen=True)
class SeedMessage:
    """A message that a user wrote, as Slack stores it.

    Attributes:
        ts: its timestamp, which is also its ID.
        user_id: the author.
        text: in Slack's markup.
        blocks: its blocks, if it has any.
    """

    ts: str
    user_id: str
    text: str
    blocks: Sequence[JsonValue] = ()

    def whole(self) -> dict[str, JsonValue]:
        """The message as Slack sends it to a shortcut."""
        message: dict[str, JsonValue] = {
            "type": "message",
            "user": self.user_id,
            "ts": self.ts,
            "text": self.text,
        }
        return {**message, "blocks": [*self.blocks]} if self.blocks else message


@dataclass(frozen=True)
class Suggestion:
    """A text to type, and a description of its effect."""

    text: str
    what: str


@dataclass(frozen=True)
class RangeControl:
    """A control for a number.

    Attributes:
        name: identifies it in the page's requests.
        label: the visible label.
        highest: the end of the range, which starts at zero.
        step: the step size.
        unit: shown after the number.
        value: the current value.
    """

    name: str
    label: str
    highest: float
    step: float
    unit: str
    value: float


@dataclass(frozen=True)
class ChoiceControl:
    """A control for one of several options, as (value, label), and the chosen value."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    chosen: str


class Controls(Protocol):
    """The settings of the emulators and the app that a developer can change."""

    def controls(self) -> Sequence[RangeControl | ChoiceControl]:
        """All controls, with their current values."""
        ...

    def change(self, name: str, value: str) -> Awaitable[str]:
        """Change one control; returns a message for the user.

        Raises ValueError for an unknown control or an invalid value.
        """
        ...


@dataclass(frozen=True)
class PageConfig:
    """Everything the page is configured with.

    Attributes:
        app: the installed app.
        workspace: the page's workspace and channel.
        controls: the settings that a developer can change.
        seed_messages: the messages in the channel at the start.
        suggestions: texts to type.
        sections: builds the gallery, on request.
    """

    app: InstalledApp
    workspace: Workspace
    controls: Controls
    seed_messages: Sequence[SeedMessage] = ()
    suggestions: Sequence[Suggestion] = ()
    sections: Callable[[], Sequence[Section]] = tuple
