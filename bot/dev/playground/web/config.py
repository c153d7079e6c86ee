"""The page's configuration: the app, the workspace, its users and messages."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.dev.gallery.model import Section


@dataclass(frozen=True)
class Shortcut:
    name: str
    callback_id: str


@dataclass(frozen=True)
class InstalledApp:
    """What Slack knows about an app from its manifest."""

    name: str
    command: str
    usage_hint: str
    description: str
    message_shortcuts: tuple[Shortcut, ...]
    global_shortcuts: tuple[Shortcut, ...]


@dataclass(frozen=True)
class Workspace:
    name: str
    user_id: str
    channel_id: str
    names: Mapping[str, str]


@dataclass(frozen=True)
class Suggestion:
    text: str
    what: str


@dataclass(frozen=True)
class RangeControl:
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


@dataclass(frozen=True)
class CommandControl:
    """A button that sends a command to the app; `Controls.command` says which."""

    name: str
    label: str


Control = RangeControl | ChoiceControl | CommandControl


class Controls(Protocol):
    def controls(self) -> Sequence[Control]: ...

    def command(self, name: str) -> str:
        """The command that a `CommandControl` sends; it may differ each time.

        Raises ValueError for an unknown control.
        """
        ...

    def change(self, name: str, value: str) -> Awaitable[str]:
        """Change one control; returns a message for the user.

        Raises ValueError for an unknown control or an invalid value.
        """
        ...


@dataclass(frozen=True)
class PageConfig:
    app: InstalledApp
    workspace: Workspace
    controls: Controls
    suggestions: Sequence[Suggestion] = ()
    sections: Callable[[], Sequence[Section]] = tuple
