"""A submitted form. Shape: docs.slack.dev, "View interactions payload"."""

from dataclasses import replace
from typing import Annotated

from pydantic import Field

from bot.listeners.payloads.base import InteractionPayload, Option, PayloadModel
from bot.listeners.payloads.view import View
from bot.slack.interaction import Interaction


class _InputState(PayloadModel):
    value: str | None = None
    selected_option: Option | None = None
    selected_options: tuple[Option, ...] = ()
    selected_date: str | None = None


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
