"""Slack's payloads, parsed once into typed models; fields that the bot doesn't use are left out.

Shapes: docs.slack.dev, "Implementing slash commands", "Implementing shortcuts", "Interaction
payloads" and "app_home_opened".
"""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from pydantic import (
    BeforeValidator,
    Field,
    JsonValue,
    SkipValidation,
    StrictBool,
    ValidationError,
)

from bot.access import Actor
from bot.listeners.payload_model import PayloadModel
from bot.slack.interaction import Interaction
from bot.slack.views import ViewRef


def _as_object(value: object) -> object:
    return {"id": value} if isinstance(value, str) else value


class _WithId(PayloadModel):
    id: str


_Id = Annotated[_WithId, BeforeValidator(_as_object)]
"""Some payloads have the id alone in the place of the object."""


class PrivateMetadata(PayloadModel):
    """What a window carries from one click in it to the next: no number, no secret.

    Attributes:
        channel: where it was opened from, to authorise by; empty for none.
        log: the log it shows.
        public: whether it was opened from a message that everyone sees, or from a window that was.
            Of a window that doesn't say, opened by the version before, it isn't known.
    """

    channel: str = ""
    log: UUID | None = None
    public: bool = True

    def carried(self) -> str:
        """As a view's private_metadata."""
        return self.model_dump_json(exclude_none=True)


class SlashCommand(PayloadModel):
    """A typed command. `text` is everything after the command itself."""

    response_url: str
    trigger_id: str = ""
    user_id: str
    team_id: str
    channel_id: str
    enterprise_id: str | None = None
    text: str = ""

    @property
    def delivery(self) -> tuple[str, str] | None:
        """The same for each delivery of one and the same command, if it can be told."""
        return (self.trigger_id, self.response_url) if self.trigger_id else None

    def interaction(self, request_id: str) -> Interaction:
        """Who typed it, and where the answer goes. Only members of the workspace can."""
        caller = Actor(self.user_id, self.team_id, self.channel_id, self.enterprise_id)
        return Interaction(caller, request_id, self.response_url, self.trigger_id)


class _User(_WithId):
    team_id: str = ""


class _Team(_WithId):
    enterprise_id: str = ""


class _InteractionPayload(PayloadModel):
    """What the payloads of shortcuts, clicks and submissions have in common."""

    user: Annotated[_User, BeforeValidator(_as_object)]
    team: Annotated[_Team, BeforeValidator(_as_object)] | None = None
    enterprise: _Id | None = None
    trigger_id: str = ""
    response_url: str = ""

    def caller(self, channel_id: str, *, was_shown: bool = False) -> Actor:
        """Who did it: in a shared channel perhaps somebody of another company's workspace."""
        app_team = self.team.id if self.team else ""
        organization = self.team.enterprise_id if self.team else ""
        if not organization and self.enterprise is not None:
            organization = self.enterprise.id
        return Actor(
            user_id=self.user.id,
            team_id=self.user.team_id or app_team,
            channel_id=channel_id,
            enterprise_id=organization or None,
            app_team_id=app_team,
            was_shown=was_shown,
        )


_Ts = Annotated[str, Field(pattern=r"^[0-9]{1,20}\.[0-9]{1,10}$")]
"""A message's timestamp, which names it within its channel."""


class _Message(PayloadModel):
    ts: _Ts = ""
    thread_ts: _Ts = ""


class MessageAction(_InteractionPayload):
    """A message shortcut. `message` is the message it was used on, as Slack stores it."""

    channel: _Id | None = None
    message: dict[str, SkipValidation[JsonValue]]

    @property
    def delivery(self) -> tuple[str, str] | None:
        """The same for each delivery of one and the same use, if it can be told."""
        return (self.trigger_id, self.response_url) if self.trigger_id else None

    def interaction(self, request_id: str) -> Interaction:
        """Who used it, and where the answer goes."""
        memory = PrivateMetadata(channel=self.channel.id if self.channel else "", public=False)
        return Interaction(
            self.caller(memory.channel),
            request_id,
            self.response_url or None,
            self.trigger_id,
            metadata=memory.carried(),
        )

    @property
    def thread_ts(self) -> str | None:
        """The thread that the message stands in, or would begin."""
        message = _Message.model_validate(self.message)
        return message.thread_ts or message.ts or None


class GlobalShortcut(_InteractionPayload):
    """A shortcut that was used in no channel."""

    @property
    def delivery(self) -> tuple[str, str] | None:
        """The same for each delivery of one and the same use, if it can be told."""
        return (self.trigger_id, "") if self.trigger_id else None

    def interaction(self, request_id: str) -> Interaction:
        """Who used it. Only a window can answer."""
        return Interaction(
            self.caller(""),
            request_id,
            trigger_id=self.trigger_id,
            metadata=PrivateMetadata(public=False).carried(),
        )


class _Option(PayloadModel):
    value: str = ""


class _InputState(PayloadModel):
    value: str | None = None
    selected_option: _Option | None = None


class _ViewState(PayloadModel):
    values: Mapping[str, SkipValidation[JsonValue]] = {}


class View(PayloadModel):
    """An open window, or a Home tab."""

    id: str
    type: str = "modal"
    private_metadata: str = ""
    state: _ViewState = _ViewState()

    @property
    def metadata(self) -> PrivateMetadata:
        """What was put into it; nothing if that can't be read.

        A Home tab carries nothing, and only its person sees it.
        """
        if self.type == "home":
            return PrivateMetadata(public=False)
        try:
            return PrivateMetadata.model_validate_json(self.private_metadata or "{}")
        except ValidationError:
            return PrivateMetadata()

    @property
    def window(self) -> ViewRef | None:
        """What can be filled; None for a Home tab, which is published instead.

        Without the state it was in: a click counts even if the window was filled further since.
        """
        return ViewRef(self.id) if self.type == "modal" else None


class _Action(PayloadModel):
    action_id: str
    action_ts: str = ""
    value: str = ""
    selected_option: _Option | None = None


def _first(value: object) -> object:
    return value[:1] if isinstance(value, list) else value


class _Container(PayloadModel):
    message_ts: str = ""
    is_ephemeral: StrictBool | None = None
    channel_id: str = ""


class Click(_InteractionPayload):
    """A button or a menu that was pressed, in a message, a window or a Home tab."""

    actions: Annotated[tuple[_Action, ...], BeforeValidator(_first), Field(min_length=1)]
    container: _Container = _Container()
    channel: _Id | None = None
    message: _Message | None = None
    view: View | None = None

    @property
    def action_id(self) -> str:
        """Which element it was."""
        return self.actions[0].action_id

    @property
    def value(self) -> str:
        """What the element stands for."""
        action = self.actions[0]
        chosen = action.selected_option.value if action.selected_option else ""
        return chosen or action.value

    @property
    def metadata(self) -> PrivateMetadata:
        """What the window carries; or what one carries that is opened from the message."""
        if self.view is not None:
            return self.view.metadata
        return PrivateMetadata(
            channel=self.channel.id if self.channel else self.container.channel_id,
            public=self._is_public,
        )

    @property
    def _message_ts(self) -> str:
        return self.container.message_ts or (self.message.ts if self.message else "")

    @property
    def _was_shown(self) -> bool:
        """Whether the bot has shown it to this person alone."""
        return self.view is not None or self.container.is_ephemeral is True

    @property
    def _is_public(self) -> bool:
        """Whether everyone in the channel sees it.

        Where the container doesn't tell: a message comes with the click unless it is ephemeral
        (docs.slack.dev: block_actions payload).
        """
        if self.view is not None or self.container.is_ephemeral is not None:
            return not self._was_shown
        return self.message is not None or self.container != _Container()

    @property
    def idempotency_key(self) -> tuple[str, str, str, str]:
        """The same for each delivery of one and the same click."""
        place = self._message_ts or (self.view.id if self.view else "")
        moment = self.actions[0].action_ts or self.trigger_id
        return self.user.id, place, self.action_id, moment

    def interaction(self, request_id: str) -> Interaction:
        """Who clicked, where, and the ways to answer."""
        memory = self.metadata
        return Interaction(
            self.caller(memory.channel, was_shown=self._was_shown),
            request_id,
            self.response_url or None,
            self.trigger_id,
            message_ts=self._message_ts if self.view is None else None,
            in_channel=memory.public,
            view=self.view.window if self.view else None,
            metadata=memory.carried(),
        )


class Submission(_InteractionPayload):
    """A form that was filled in and sent."""

    view: View

    def interaction(self, request_id: str) -> Interaction:
        """Who sent it, and the window to answer in."""
        memory = self.view.metadata
        return Interaction(
            self.caller(memory.channel, was_shown=True),
            request_id,
            trigger_id=self.trigger_id,
            in_channel=memory.public,
            view=self.view.window,
            metadata=memory.carried(),
        )

    @property
    def idempotency_key(self) -> tuple[str, str, str]:
        """The same for each delivery of one and the same submission."""
        return self.user.id, self.view.id, self.trigger_id

    def field_value(self, field: str) -> str:
        """What stands in a field; empty if nothing does."""
        block = self.view.state.values.get(field)
        element = block.get(field) if isinstance(block, dict) else None
        entry = _InputState.model_validate(element if isinstance(element, dict) else {})
        return entry.value or (entry.selected_option.value if entry.selected_option else "")


class FailedInteraction(PayloadModel):
    """Any interaction on which the bot broke: as much of it as is needed to tell the person."""

    type: str = ""
    response_url: str = ""
    trigger_id: str = ""
    view: View | None = None

    def interaction(self, request_id: str) -> Interaction | None:
        """The ways to answer, if there is one."""
        if not (self.response_url or self.trigger_id):
            return None
        return Interaction(
            Actor("", "", ""),
            request_id,
            self.response_url or None,
            self.trigger_id,
            view=self.view.window if self.view else None,
        )


class _Event(PayloadModel):
    user: str
    tab: str = "home"


class _Authorization(PayloadModel):
    team_id: str = ""
    enterprise_id: str = ""


class HomeOpened(PayloadModel):
    """Somebody opened the app's Home or Messages tab; only who can use the app sees these.

    Attributes:
        authorizations: the installation that the event is for.
    """

    event: _Event
    team_id: str = ""
    enterprise_id: str = ""
    authorizations: Annotated[tuple[_Authorization, ...], BeforeValidator(_first)] = ()
    event_id: str = ""

    @property
    def delivery(self) -> str | None:
        """The same for each delivery of one and the same event, if it can be told."""
        return self.event_id or None

    def interaction(self, request_id: str) -> Interaction:
        """Who, in no channel."""
        app = self.authorizations[0] if self.authorizations else _Authorization()
        organization = self.enterprise_id or app.enterprise_id
        team = self.team_id or app.team_id or organization
        caller = Actor(self.event.user, team, "", organization or None)
        return Interaction(caller, request_id)
