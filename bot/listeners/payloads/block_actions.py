"""A click on a button or a menu. Shape: docs.slack.dev, "block_actions payload"."""

import re
from typing import Annotated, Final

from pydantic import BeforeValidator, Field, StrictBool

from bot.listeners.payloads.base import (
    Channel,
    InteractionPayload,
    MessagePayload,
    Option,
    PayloadModel,
    first,
)
from bot.listeners.payloads.view import View
from bot.slack.interaction import Interaction, PrivateMetadata

_SUFFIX: Final = re.compile(r"_[0-9]+$")
"""Makes equal action ids in a block distinct; see `block_kit.actions`."""


class _Action(PayloadModel):
    action_id: str
    action_ts: str = ""
    value: str = ""
    selected_option: Option | None = None


class _Container(PayloadModel):
    message_ts: str = ""
    is_ephemeral: StrictBool | None = None
    channel_id: str = ""


class Click(InteractionPayload):
    """A click on a button or a menu option, in a message, a modal or a Home tab."""

    actions: Annotated[tuple[_Action, ...], BeforeValidator(first), Field(min_length=1)]
    container: _Container = _Container()
    channel: Channel | None = None
    message: MessagePayload | None = None
    view: View | None = None

    @property
    def action_id(self) -> str:
        """The action id, without the suffix that makes it distinct in its block."""
        return _SUFFIX.sub("", self.actions[0].action_id)

    @property
    def value(self) -> str:
        """The value of the button, or of the menu option."""
        action = self.actions[0]
        selected = action.selected_option.value if action.selected_option else ""
        return selected or action.value

    @property
    def metadata(self) -> PrivateMetadata:
        """The metadata of the modal, or of one that is opened from the message."""
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
    def _is_private(self) -> bool:
        """Whether only this user sees what they clicked in."""
        return self.view is not None or self.container.is_ephemeral is True

    @property
    def _is_public(self) -> bool:
        """Whether everyone in the channel sees the message.

        If the container doesn't say, the message does: a payload has one unless it is ephemeral
        (docs.slack.dev: block_actions payload).
        """
        if self.view is not None or self.container.is_ephemeral is not None:
            return not self._is_private
        return self.message is not None or self.container != _Container()

    def interaction(self, request_id: str) -> Interaction:
        """Return who clicked, where, and the ways to reply."""
        metadata, action = self.metadata, self.actions[0]
        container = self._message_ts or (self.view.id if self.view else "")
        time = action.action_ts or self.trigger_id
        return Interaction(
            self.actor(metadata.channel, saw_private_reply=self._is_private),
            request_id,
            self.response_url or None,
            self.trigger_id,
            message_ts=self._message_ts if self.view is None else None,
            channel_name=self.channel.name if self.channel else "",
            is_public=metadata.public,
            view=self.view.modal if self.view else None,
            idempotency_key=(self.user.id, container, action.action_id, time),
        )
