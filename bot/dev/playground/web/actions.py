"""Passes the user's actions on the page to the Slack emulator; parses the request bodies."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.dev.emulator.slack.payloads import SLACKBOT
from bot.dev.emulator.slack.workspace import (
    NotFilledInError,
    OpenView,
    PostedMessage,
    RecordedInteraction,
    SlackEmulator,
)
from bot.dev.playground.web.channel import escape, stored
from bot.dev.playground.web.config import PageConfig

_OUTDATED: Final = "That no longer exists: it was replaced or closed in the meantime."
_MAX_LENGTH: Final = 4000


class _UserAction(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TypedText(_UserAction):
    act: Literal["type"]
    text: Annotated[str, Field(max_length=_MAX_LENGTH)]


class MessageShortcut(_UserAction):
    act: Literal["message_shortcut"]
    callback_id: str
    ts: str


class GlobalShortcut(_UserAction):
    act: Literal["global_shortcut"]
    callback_id: str


class Click(_UserAction):
    """An element was clicked: the nth with this action ID, in a message or a view.

    The element may have changed since the page was rendered, so `edits` is the number of edits of
    the message that was shown, and `hash` is the hash of the view that was shown.
    """

    act: Literal["click"]
    ts: str = ""
    edits: int = 0
    view_id: str | None = None
    hash: str | None = None
    action_id: str
    nth: Annotated[int, Field(ge=0)] = 0
    option: Annotated[int, Field(ge=0)] = 0


class Submit(_UserAction):
    act: Literal["submit"]
    view_id: str
    values: Mapping[str, str | tuple[str, ...]]


class Close(_UserAction):
    act: Literal["close"]
    view_id: str


class OpenHome(_UserAction):
    act: Literal["home"]


class ControlChange(_UserAction):
    act: Literal["control"]
    name: str
    value: str


class ControlPress(_UserAction):
    act: Literal["command"]
    name: str


UserAction = Annotated[
    TypedText
    | MessageShortcut
    | GlobalShortcut
    | Click
    | Submit
    | Close
    | OpenHome
    | ControlChange
    | ControlPress,
    Field(discriminator="act"),
]
USER_ACTION: Final[TypeAdapter[UserAction]] = TypeAdapter(UserAction)


@dataclass(frozen=True)
class Result:
    """The immediate response to an action: a message to the user, and a form's errors by block ID.

    Everything else appears in the channel or in a modal.
    """

    message: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


def _result(interaction: RecordedInteraction | None) -> Result:
    """What Slack shows beside the element."""
    if interaction is None or interaction.failed is None:
        return Result()
    return Result(f"The app didn't accept that: {interaction.failed}.")


class PageUser:
    def __init__(self, config: PageConfig, slack: SlackEmulator) -> None:
        self._slack = slack
        self._app = config.app
        self._user_id = config.workspace.user_id
        self._channel_id = config.workspace.channel_id
        self._controls = config.controls

    async def perform(self, action: UserAction) -> Result:
        """Perform an action; an outdated or invalid one is reported in the result."""
        try:
            return await self._perform(action)
        except LookupError:
            return Result(_OUTDATED)
        except NotFilledInError as error:
            return Result(errors=error.errors)
        except ValueError as error:
            return Result(f"That can't be sent: {error}.")

    async def _perform(self, action: UserAction) -> Result:
        slack, interaction = self._slack, None
        match action:
            case TypedText():
                return await self._type(action.text.strip())
            case ControlChange():
                return Result(await self._controls.change(action.name, action.value))
            case ControlPress():
                return await self._type(self._controls.command(action.name))
            case Click():
                interaction = await self._click(action)
            case Submit():
                interaction = await slack.submit(self._view(action.view_id), action.values)
            case Close():
                await slack.close(self._view(action.view_id))
            case OpenHome():
                interaction = await slack.open_home(self._user_id)
            case GlobalShortcut():
                interaction = await slack.global_shortcut(action.callback_id, user_id=self._user_id)
            case MessageShortcut():
                interaction = await slack.message_shortcut(
                    self._public_message(action.ts).payload_for_app,
                    callback_id=action.callback_id,
                    user_id=self._user_id,
                    channel_id=self._channel_id,
                )
        return _result(interaction)

    async def _type(self, text: str) -> Result:
        if not text:
            return Result()
        command, rest = (*text.split(maxsplit=1), "")[:2]
        if not text.startswith("/"):
            return self._show(stored(text), self._user_id)
        if command != self._app.command:
            return self._show(f"No app here has the command {escape(command)}.")
        interaction = await self._slack.command(
            rest,
            command=command,
            user_id=self._user_id,
            channel_id=self._channel_id,
        )
        if interaction.failed is not None:
            return self._show(f"{command} failed: {escape(interaction.failed)}")
        return Result()

    def _show(self, text: str, user_id: str = SLACKBOT) -> Result:
        """Show a message of a user to everyone, or a notice of Slackbot to this user."""
        kind = "ephemeral" if user_id == SLACKBOT else "in_channel"
        ts, content = self._slack.new_ts(), {"text": text}
        message = PostedMessage(ts, self._channel_id, kind, content, user_id=user_id)
        self._slack.messages.show(message)
        return Result()

    def _public_message(self, ts: str) -> PostedMessage:
        for message in self._slack.messages.messages:
            if message.ts == ts and not message.is_ephemeral:
                return message
        raise LookupError(ts)

    async def _click(self, action: Click) -> RecordedInteraction:
        if action.view_id is not None:
            view = self._view(action.view_id)
            if action.hash not in {None, view.hash}:
                raise LookupError(action.hash)
            return await self._slack.click_in_view(
                view, action.action_id, nth=action.nth, option=action.option
            )
        return await self._slack.click(
            self._slack.messages.seen(action.ts, action.edits),
            action.action_id,
            nth=action.nth,
            option=action.option,
            user_id=self._user_id,
        )

    def _view(self, view_id: str) -> OpenView:
        modals = self._slack.modals(self._user_id)
        home = self._slack.home_tab(self._user_id)
        for view in modals if home is None else [*modals, home]:
            if view.id == view_id:
                return view
        raise LookupError(view_id)
