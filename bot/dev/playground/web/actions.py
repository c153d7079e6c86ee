"""Passes the user's actions on the page to the Slack emulator.

A request body is a JSON object with the action's name, `act`, and the arguments of its method.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final

from pydantic import Field, JsonValue, TypeAdapter, ValidationError, validate_call

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
_OBJECT: Final = TypeAdapter(dict[str, JsonValue])
_Index = Annotated[int, Field(ge=0)]


@dataclass(frozen=True)
class Result:
    """The immediate response to an action: a message to the user, and a form's errors by block ID.

    Everything else appears in the channel or in a modal.
    """

    message: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


def _result(interaction: RecordedInteraction) -> Result:
    """What Slack shows beside the element."""
    if interaction.failed is None:
        return Result()
    return Result(f"The app didn't accept that: {interaction.failed}.")


class PageUser:
    def __init__(self, config: PageConfig, slack: SlackEmulator) -> None:
        self._slack = slack
        self._app = config.app
        self._user_id = config.workspace.user_id
        self._channel_id = config.workspace.channel_id
        self._controls = config.controls
        actions: Mapping[str, Callable[..., Awaitable[Result]]] = {
            "type": self._type,
            "message_shortcut": self._use_message_shortcut,
            "global_shortcut": self._use_global_shortcut,
            "click": self._click,
            "submit": self._submit,
            "close": self._close,
            "home": self._open_home,
            "control": self._change_control,
            "command": self._press_control,
        }
        self._actions = {name: validate_call(action) for name, action in actions.items()}

    async def perform(self, body: bytes) -> Result | None:
        """Perform an action; an outdated or invalid one is reported in the result.

        Returns None for a body that isn't an action.
        """
        try:
            arguments = _OBJECT.validate_json(body)
            action = self._actions.get(str(arguments.pop("act", "")))
            return await action(**arguments) if action else None
        except ValidationError:
            return None
        except LookupError:
            return Result(_OUTDATED)
        except NotFilledInError as error:
            return Result(errors=error.errors)
        except ValueError as error:
            return Result(f"That can't be sent: {error}.")

    async def _type(self, text: Annotated[str, Field(max_length=_MAX_LENGTH)]) -> Result:
        text = text.strip()
        if not text:
            return Result()
        command, rest = (*text.split(maxsplit=1), "")[:2]
        if not text.startswith("/"):
            return self._show(stored(text), self._user_id)
        if command != self._app.command:
            return self._show(f"No app here has the command {escape(command)}.")
        interaction = await self._slack.command(
            rest, command=command, user_id=self._user_id, channel_id=self._channel_id
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

    async def _use_message_shortcut(self, callback_id: str, ts: str) -> Result:
        for message in self._slack.messages.messages:
            if message.ts == ts and not message.is_ephemeral:
                interaction = await self._slack.message_shortcut(
                    message.payload_for_app,
                    callback_id=callback_id,
                    user_id=self._user_id,
                    channel_id=self._channel_id,
                )
                return _result(interaction)
        raise LookupError(ts)

    async def _use_global_shortcut(self, callback_id: str) -> Result:
        return _result(await self._slack.global_shortcut(callback_id, user_id=self._user_id))

    async def _click(
        self,
        action_id: str,
        *,
        ts: str = "",
        edits: int = 0,
        view_id: str | None = None,
        hash: str | None = None,  # noqa: A002 - as Slack names it
        nth: _Index = 0,
        option: _Index = 0,
    ) -> Result:
        """Click the nth element with this action ID, in a message or a view.

        The element may have changed since the page was rendered, so `edits` is the number of edits
        of the message that was shown, and `hash` is the hash of the view that was shown.
        """
        if view_id is not None:
            view = self._view(view_id)
            if hash not in {None, view.hash}:
                raise LookupError(hash)
            click = self._slack.click_in_view(view, action_id, nth=nth, option=option)
        else:
            message = self._slack.messages.seen(ts, edits)
            click = self._slack.click(
                message, action_id, nth=nth, option=option, user_id=self._user_id
            )
        return _result(await click)

    async def _submit(self, view_id: str, values: Mapping[str, str | tuple[str, ...]]) -> Result:
        return _result(await self._slack.submit(self._view(view_id), values))

    async def _close(self, view_id: str) -> Result:
        await self._slack.close(self._view(view_id))
        return Result()

    def _view(self, view_id: str) -> OpenView:
        modals = self._slack.modals(self._user_id)
        home = self._slack.home_tab(self._user_id)
        for view in modals if home is None else [*modals, home]:
            if view.id == view_id:
                return view
        raise LookupError(view_id)

    async def _open_home(self) -> Result:
        return _result(await self._slack.open_home(self._user_id))

    async def _change_control(self, name: str, value: str) -> Result:
        return Result(await self._controls.change(name, value))

    async def _press_control(self, name: str) -> Result:
        return await self._type(self._controls.command(name))
