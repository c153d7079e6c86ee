"""The payloads of clicks and submitted forms, parsed once into typed models.

Fields that the bot doesn't use are left out. Shapes: docs.slack.dev, "Interaction payloads".
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Final

from pydantic import BeforeValidator, Field, JsonValue, SkipValidation, StrictBool

from bot.access import Actor
from bot.listeners.payload_model import (
    Channel,
    InteractionPayload,
    MessagePayload,
    PayloadModel,
    first,
)
from bot.slack.interaction import Interaction, PrivateMetadata
from bot.slack.views import ViewRef

_SUFFIX: Final = re.compile(r"_[0-9]+$")
"""Makes equal action ids in a block distinct; see `block_kit.actions`."""


class _Option(PayloadModel):
    value: str = ""


class _InputState(PayloadModel):
    value: str | None = None
    selected_option: _Option | None = None
    selected_options: tuple[_Option, ...] = ()
    selected_date: str | None = None


class _ViewState(PayloadModel):
    values: Mapping[str, SkipValidation[JsonValue]] = {}


class View(PayloadModel):
    """An open modal, or a Home tab."""

    id: str
    type: str = "modal"
    private_metadata: str = ""
    state: _ViewState = _ViewState()

    @property
    def metadata(self) -> PrivateMetadata:
        """The modal's private_metadata. A Home tab has none, and only its user sees it."""
        if self.type == "home":
            return PrivateMetadata(public=False)
        return PrivateMetadata.parse(self.private_metadata)

    @property
    def modal(self) -> ViewRef | None:
        """The modal; None for a Home tab, which is published instead of updated.

        The hash is left out: a click counts even if the modal has been updated since.
        """
        return ViewRef(self.id) if self.type == "modal" else None


class _Action(PayloadModel):
    action_id: str
    action_ts: str = ""
    value: str = ""
    selected_option: _Option | None = None


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

    @property
    def _idempotency_key(self) -> tuple[str, str, str, str]:
        container = self._message_ts or (self.view.id if self.view else "")
        time = self.actions[0].action_ts or self.trigger_id
        return self.user.id, container, self.actions[0].action_id, time

    def interaction(self, request_id: str) -> Interaction:
        """Return who clicked, where, and the ways to reply."""
        metadata = self.metadata
        return Interaction(
            self.actor(metadata.channel, saw_private_reply=self._is_private),
            request_id,
            self.response_url or None,
            self.trigger_id,
            message_ts=self._message_ts if self.view is None else None,
            channel_name=self.channel.name if self.channel else "",
            is_public=metadata.public,
            view=self.view.modal if self.view else None,
            idempotency_key=self._idempotency_key,
        )


class _ResponseUrl(PayloadModel):
    """The response_url for the conversation that the user chose in a form."""

    block_id: str = ""
    channel_id: Annotated[str, Field(pattern=r"^[CDG][A-Z0-9]{1,20}$")]
    response_url: str


class Submission(InteractionPayload):
    """A submitted form."""

    view: View
    response_urls: tuple[_ResponseUrl, ...] = ()

    def interaction(self, request_id: str) -> Interaction:
        """Return who submitted it, and the modal to reply in."""
        metadata = self.view.metadata
        return Interaction(
            self.actor(metadata.channel, saw_private_reply=True),
            request_id,
            trigger_id=self.trigger_id,
            is_public=metadata.public,
            view=self.view.modal,
            idempotency_key=(self.user.id, self.view.id, self.trigger_id),
        )

    def target(self, interaction: Interaction, field: str) -> Interaction | None:
        """Return the interaction as if it came from the conversation chosen in a field.

        None if Slack sent no response_url for that conversation.
        """
        for chosen in self.response_urls:
            if chosen.block_id == field:
                return Interaction(
                    replace(interaction.actor, channel_id=chosen.channel_id),
                    interaction.request_id,
                    chosen.response_url,
                )
        return None

    def field_value(self, field: str) -> str:
        """Return a field's text, option or date; empty if there is none."""
        state = self._state(field)
        selected = state.selected_option.value if state.selected_option else ""
        return state.value or selected or state.selected_date or ""

    def field_values(self, field: str) -> tuple[str, ...]:
        """Return the options chosen in a field that allows several."""
        return tuple(option.value for option in self._state(field).selected_options)

    def _state(self, field: str) -> _InputState:
        block = self.view.state.values.get(field)
        element = block.get(field) if isinstance(block, dict) else None
        return _InputState.model_validate(element if isinstance(element, dict) else {})


class FailedInteraction(PayloadModel):
    """The fields of an interaction that are needed to tell the user that its listener failed."""

    response_url: str = ""
    trigger_id: str = ""
    view: View | None = None

    def interaction(self, request_id: str) -> Interaction | None:
        """Return the ways to reply, if there are any."""
        if not (self.response_url or self.trigger_id):
            return None
        return Interaction(
            Actor("", "", ""),
            request_id,
            self.response_url or None,
            self.trigger_id,
            is_public=True,
            view=self.view.modal if self.view else None,
        )
