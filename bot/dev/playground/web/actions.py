"""What the person at the page does, and how it is passed on to the sandbox's Slack.

A request's body is parsed here, once. It must not know how the page shows what comes of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.dev.emulator.slack.workspace import (
    NotFilledInError,
    OpenView,
    PostedMessage,
    RecordedInteraction,
    SlackEmulator,
)
from bot.dev.playground.web.channel import Channel, escape
from bot.dev.playground.web.config import Controls, InstalledApp, Workspace

_GONE: Final = "That isn't there any more: it was replaced or closed meanwhile."
_LONGEST: Final = 4000


class _UserAction(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TypedText(_UserAction):
    """Something was typed and sent: a command, or a message."""

    act: Literal["type"]
    text: Annotated[str, Field(max_length=_LONGEST)]


class MessageShortcut(_UserAction):
    """A shortcut was chosen in a message's menu."""

    act: Literal["message_shortcut"]
    callback_id: str
    ts: str


class GlobalShortcut(_UserAction):
    """A shortcut was chosen beside the box."""

    act: Literal["global_shortcut"]
    callback_id: str


class Click(_UserAction):
    """An element was clicked: the nth with this action id, of a message or of a view.

    What it was may have changed while the click was on its way, so `edits` says after how many
    edits the message was seen, and `hash` which state of the view.
    """

    act: Literal["click"]
    ts: str | None = None
    edits: int | None = None
    view_id: str | None = None
    hash: str | None = None
    action_id: str
    nth: Annotated[int, Field(ge=0)] = 0
    option: Annotated[int, Field(ge=0)] = 0


class Submit(_UserAction):
    """A form was sent; `values` by block id."""

    act: Literal["submit"]
    view_id: str
    values: Mapping[str, str]


class Close(_UserAction):
    """A window was closed."""

    act: Literal["close"]
    view_id: str


class OpenHome(_UserAction):
    """The app's Home tab was opened."""

    act: Literal["home"]


class ControlChange(_UserAction):
    """A knob was turned."""

    act: Literal["turn"]
    name: str
    value: str


UserAction = Annotated[
    TypedText
    | MessageShortcut
    | GlobalShortcut
    | Click
    | Submit
    | Close
    | OpenHome
    | ControlChange,
    Field(discriminator="act"),
]
ACT: Final[TypeAdapter[UserAction]] = TypeAdapter(UserAction)


@dataclass(frozen=True)
class Result:
    """What the page says at once; all else is seen in the channel or in a window.

    Attributes:
        said: for the person, empty if there is nothing to say.
        errors: about the fields of a form, by block id.
    """

    message: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


class PageUser:
    """The person at the page."""

    def __init__(
        self,
        slack: SlackEmulator,
        channel: Channel,
        app: InstalledApp,
        workspace: Workspace,
        controls: Controls,
    ) -> None:
        """Parts that outlive the page; nothing is done yet."""
        self._slack = slack
        self._channel = channel
        self._app = app
        self._workspace = workspace
        self._controls = controls

    async def perform(self, act: UserAction) -> Result:
        """Do it. What isn't there any more, or can't be sent like this, is said in the outcome."""
        try:
            return await self._perform(act)
        except LookupError:
            return Result(_GONE)
        except NotFilledInError as error:
            return Result(errors=error.errors)
        except ValueError as error:
            return Result(f"That can't be sent: {error}.")

    async def _perform(self, act: UserAction) -> Result:
        match act:
            case TypedText():
                return await self._type(act.text.strip())
            case Click():
                return _outcome_of(await self._click(act))
            case Submit():
                view = self._view(act.view_id)
                return _outcome_of(await self._slack.submit(view, act.values))
            case Close():
                return _outcome_of(await self._slack.close(self._view(act.view_id)))
            case OpenHome():
                return _outcome_of(await self._slack.open_home(self._workspace.user_id))
            case ControlChange():
                return Result(await self._controls.change(act.name, act.value))
            case _:
                return _outcome_of(await self._use_shortcut(act))

    async def _type(self, text: str) -> Result:
        if not text:
            return Result()
        command, rest = (*text.split(maxsplit=1), "")[:2]
        if not text.startswith("/"):
            self._channel.say(text)
            self._slack.changes.bump()
            return Result()
        if command != self._app.command:
            return self._told(f"No app here has the command {escape(command)}.")
        exchange = await self._slack.command(
            rest,
            command=command,
            user_id=self._workspace.user_id,
            channel_id=self._workspace.channel_id,
        )
        if exchange.failed is not None:
            return self._told(f"{command} failed: {escape(exchange.failed)}")
        return Result()

    def _told(self, text: str) -> Result:
        self._channel.notice(text)
        self._slack.changes.bump()
        return Result()

    async def _use_shortcut(self, act: MessageShortcut | GlobalShortcut) -> RecordedInteraction:
        user_id, channel_id = self._workspace.user_id, self._workspace.channel_id
        if isinstance(act, GlobalShortcut):
            return await self._slack.global_shortcut(act.callback_id, user_id=user_id)
        return await self._slack.message_shortcut(
            self._channel.message(act.ts, self._slack.screen.messages),
            callback_id=act.callback_id,
            user_id=user_id,
            channel_id=channel_id,
        )

    async def _click(self, act: Click) -> RecordedInteraction:
        if act.view_id is not None:
            view = self._view(act.view_id)
            if act.hash not in {None, view.hash}:
                raise LookupError(act.hash)
            return await self._slack.click_in_view(
                view, act.action_id, nth=act.nth, option=act.option, user_id=view.user_id
            )
        return await self._slack.click(
            self._message(act),
            act.action_id,
            nth=act.nth,
            option=act.option,
            user_id=self._workspace.user_id,
        )

    def _message(self, act: Click) -> PostedMessage:
        for message in self._slack.screen.messages:
            if message.ts == act.ts:
                edits = message.edits if act.edits is None else act.edits
                return self._slack.screen.seen(message.ts, edits)
        raise LookupError(act.ts)

    def _view(self, view_id: str) -> OpenView:
        windows = self._slack.modals(self._workspace.user_id)
        home = self._slack.home_tab(self._workspace.user_id)
        for view in windows if home is None else [*windows, home]:
            if view.id == view_id:
                return view
        raise LookupError(view_id)


def _outcome_of(exchange: RecordedInteraction | None) -> Result:
    """Slack shows a warning beside what was used, if the app fails it."""
    if exchange is None or exchange.failed is None:
        return Result()
    return Result(f"The app didn't take that: {exchange.failed}.")
