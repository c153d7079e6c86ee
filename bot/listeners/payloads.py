"""Slack's payloads, parsed once into typed models; fields that the bot doesn't use are left out.

Shapes: docs.slack.dev, "Implementing slash commands", "Implementing shortcuts", "Interaction
payloads" and "app_home_opened".
"""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue

from bot.access import Caller
from bot.desks.reception import Visit
from bot.windows import Window


def _empty_if_wrong(value: object) -> object:
    return value if isinstance(value, str) else ""


_Optional = Annotated[str, BeforeValidator(_empty_if_wrong)]
"""A text that the bot can do without."""


class _Payload(BaseModel):
    model_config = ConfigDict(
        defer_build=True, frozen=True, extra="ignore", hide_input_in_errors=True
    )


class SlashCommand(_Payload):
    """A typed command. `text` is everything after the command itself."""

    response_url: str
    trigger_id: _Optional = ""
    user_id: str
    team_id: str
    channel_id: str
    enterprise_id: str | None = None
    text: str = ""

    @property
    def delivery(self) -> tuple[str, str] | None:
        """The same for each delivery of one and the same command, if it can be told."""
        return (self.trigger_id, self.response_url) if self.trigger_id else None

    def visit(self, reference: str) -> Visit:
        """Who typed it, and where the answer goes. Only members of the workspace can."""
        caller = Caller(self.user_id, self.team_id, self.channel_id, self.enterprise_id)
        return Visit(caller, reference, self.response_url)


class _User(_Payload):
    id: str
    team_id: str | None = None


class _Ided(_Payload):
    id: str


class _Interaction(_Payload):
    """What the payloads of shortcuts, clicks and submissions have in common."""

    user: _User
    team: _Ided | None = None
    enterprise: _Ided | None = None
    trigger_id: _Optional = ""
    response_url: _Optional = ""

    def caller(self, channel_id: str) -> Caller:
        """Who did it: in a shared channel perhaps somebody of another company's workspace."""
        app_team = self.team.id if self.team else None
        return Caller(
            user_id=self.user.id,
            team_id=self.user.team_id or app_team or "",
            channel_id=channel_id,
            enterprise_id=self.enterprise.id if self.enterprise else None,
            app_team_id=app_team,
        )


class _Message(_Payload):
    ts: _Optional = ""
    thread_ts: _Optional = ""


class MessageAction(_Interaction):
    """A message shortcut. `message` is the message it was used on, as Slack stores it."""

    response_url: str
    channel: _Ided
    message: dict[str, JsonValue]

    @property
    def delivery(self) -> tuple[str, str] | None:
        """The same for each delivery of one and the same use, if it can be told."""
        return (self.trigger_id, self.response_url) if self.trigger_id else None

    def visit(self, reference: str) -> Visit:
        """Who used it, and where the answer goes."""
        return Visit(self.caller(self.channel.id), reference, self.response_url, self.trigger_id)

    @property
    def thread_ts(self) -> str | None:
        """The thread that the message stands in, or would begin."""
        message = _Message.model_validate(self.message)
        return message.thread_ts or message.ts or None


class GlobalShortcut(_Interaction):
    """A shortcut that was used in no channel."""

    @property
    def delivery(self) -> tuple[str, str] | None:
        """The same for each delivery of one and the same use, if it can be told."""
        return (self.trigger_id, "") if self.trigger_id else None

    def visit(self, reference: str) -> Visit:
        """Who used it. Only a window can answer."""
        return Visit(self.caller(""), reference, trigger_id=self.trigger_id)


class Memory(_Payload):
    """What a window carries from one click in it to the next: no number, no secret.

    Attributes:
        channel: where it was opened from, to authorise by; empty for none.
        log: the log it shows.
    """

    channel: str = ""
    log: UUID | None = None


class _Choice(_Payload):
    value: str = ""


class _Entry(_Payload):
    value: str | None = None
    selected_option: _Choice | None = None


class _State(_Payload):
    values: Mapping[str, Mapping[str, _Entry]] = {}


class View(_Payload):
    """An open window, or a Home tab."""

    id: str
    type: str = "modal"
    private_metadata: str = ""
    state: _State = _State()

    @property
    def memory(self) -> Memory:
        """What was put into it."""
        return Memory.model_validate_json(self.private_metadata or "{}")

    @property
    def window(self) -> Window | None:
        """What can be filled; None for a Home tab, which is published instead.

        Without the state it was in: a click counts even if the window was filled further since.
        """
        return Window(self.id) if self.type == "modal" else None


class _Action(_Payload):
    action_id: str
    action_ts: str = ""
    value: str = ""
    selected_option: _Choice | None = None


class _Container(_Payload):
    message_ts: str | None = None
    is_ephemeral: bool = False
    channel_id: str = ""


class Click(_Interaction):
    """A button or a menu that was pressed, in a message, a window or a Home tab."""

    actions: Annotated[tuple[_Action, ...], Field(min_length=1)]
    container: _Container = _Container()
    channel: _Ided | None = None
    view: View | None = None

    @property
    def action_id(self) -> str:
        """Which element it was."""
        return self.actions[0].action_id

    @property
    def value(self) -> str:
        """What the element stands for."""
        action = self.actions[0]
        return action.selected_option.value if action.selected_option else action.value

    @property
    def memory(self) -> Memory:
        """What the window carries, or of a message, its channel."""
        if self.view is not None:
            return self.view.memory
        return Memory(channel=self.channel.id if self.channel else self.container.channel_id)

    @property
    def delivery(self) -> tuple[str, str, str, str]:
        """The same for each delivery of one and the same click."""
        place = self.container.message_ts or (self.view.id if self.view else "")
        moment = self.actions[0].action_ts or self.trigger_id
        return self.user.id, place, self.action_id, moment

    def visit(self, reference: str) -> Visit:
        """Who clicked, where, and the ways to answer."""
        return Visit(
            self.caller(self.memory.channel),
            reference,
            self.response_url or None,
            self.trigger_id,
            clicked_ts=self.container.message_ts,
            public=self.container.message_ts is not None and not self.container.is_ephemeral,
            window=self.view.window if self.view else None,
        )


class Submission(_Interaction):
    """A form that was filled in and sent."""

    view: View

    def visit(self, reference: str) -> Visit:
        """Who sent it, and the window to answer in."""
        caller = self.caller(self.view.memory.channel)
        return Visit(caller, reference, trigger_id=self.trigger_id, window=self.view.window)

    @property
    def delivery(self) -> tuple[str, str, str]:
        """The same for each delivery of one and the same submission."""
        return self.user.id, self.view.id, self.trigger_id

    def written(self, field: str) -> str:
        """What stands in a field; empty if nothing does."""
        entry = self.view.state.values.get(field, {}).get(field, _Entry())
        return entry.value or (entry.selected_option.value if entry.selected_option else "")


class _StrickenView(_Payload):
    id: _Optional = ""
    type: _Optional = ""


class Stricken(_Payload):
    """Any interaction on which the bot broke: as much of it as is needed to tell the person."""

    type: _Optional = ""
    response_url: _Optional = ""
    trigger_id: _Optional = ""
    view: _StrickenView = _StrickenView()

    def visit(self, reference: str) -> Visit | None:
        """The ways to answer, if there is one."""
        if not (self.response_url or self.trigger_id):
            return None
        return Visit(
            Caller("", "", ""),
            reference,
            self.response_url or None,
            self.trigger_id,
            clicked_ts="" if self.type == "block_actions" else None,
            window=Window(self.view.id) if self.view.type == "modal" else None,
        )


class HomeOpened(_Payload):
    """Somebody opened the app's Home or Messages tab."""

    class _Event(_Payload):
        user: str
        tab: str = "home"

    event: _Event
    team_id: str = ""
    enterprise_id: str | None = None
    event_id: _Optional = ""

    @property
    def delivery(self) -> str | None:
        """The same for each delivery of one and the same event, if it can be told."""
        return self.event_id or None

    def visit(self, reference: str) -> Visit:
        """Who, in no channel."""
        return Visit(
            Caller(self.event.user, self.team_id, "", self.enterprise_id),
            reference,
        )
