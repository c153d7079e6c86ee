"""Submitted forms: the ack shows errors in their fields, or replaces the form."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated

from pydantic import Field, JsonValue
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.listeners.payloads import ElementPayload, InteractionPayload, PayloadModel, View
from bot.services import Services
from bot.services.form_replies import InvalidFormError
from bot.slack.interaction import Interaction
from bot.ui import actions, block_kit, search_form, search_results, share_form
from bot.ui import help as help_
from bot.ui.block_kit import Message
from bot.voicelogs.query import Fields


class _ResponseUrl(PayloadModel):
    """The response_url for the conversation that the user chose in a form."""

    block_id: str = ""
    channel_id: Annotated[str, Field(pattern=r"^[CDG][A-Z0-9]{1,20}$")]
    response_url: str


class Submission(InteractionPayload):
    """A submitted form. Shape: docs.slack.dev, "View interactions payload"."""

    view: View
    response_urls: tuple[_ResponseUrl, ...] = ()

    def interaction(self, request_id: str) -> Interaction:
        """Return who submitted it, and the modal to reply in."""
        metadata = self.view.metadata
        return replace(
            super().interaction(request_id),
            actor=self.actor(metadata.channel, saw_private_reply=True),
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
                actor = replace(interaction.actor, channel_id=chosen.channel_id)
                return Interaction(actor, interaction.request_id, chosen.response_url)
        return None

    def field(self, name: str) -> ElementPayload:
        """Return the field of that name; an empty one if there is none."""
        block = self.view.state.values.get(name)
        element = block.get(name) if isinstance(block, dict) else None
        return ElementPayload.model_validate(element if isinstance(element, dict) else {})


def register(app: AsyncApp, services: Services) -> None:
    @app.view(actions.FORM)
    async def handle_search_submission(ack: AsyncAck, body: dict[str, JsonValue]) -> None:
        searching = search_results.searching(0, None)
        await _respond(ack, services, body, _search, search_results.FORM_TITLE, searching)

    @app.view(actions.SHARE_FORM)
    async def handle_share_submission(ack: AsyncAck, body: dict[str, JsonValue]) -> None:
        await _respond(ack, services, body, _share, share_form.TITLE, share_form.sharing())


async def _respond(
    ack: AsyncAck,
    services: Services,
    body: dict[str, JsonValue],
    start: Callable[[Services, Interaction, Submission], Message | None],
    title: str,
    started: Message,
) -> None:
    """Acknowledge a submission with errors for its fields, or with a modal in place of the form.

    `start` does no I/O. The modal shows the message that it returns, or else `started`.
    """
    submission = Submission.model_validate(body)
    interaction = submission.interaction(services.new_request_id())
    try:
        message = services.runner.accept(
            interaction, lambda: start(services, interaction, submission)
        )
    except InvalidFormError as error:
        await ack(response_action="errors", errors=error.errors)
    else:
        view = block_kit.message_modal(title, message or started, interaction.private_metadata())
        await ack(response_action="update", view={**view})


def _search(services: Services, interaction: Interaction, submission: Submission) -> Message | None:
    return services.search.start_from_form(interaction, _fields(submission))


def _share(services: Services, interaction: Interaction, submission: Submission) -> Message | None:
    log_id = submission.view.metadata.log
    if log_id is None:
        return help_.help_card()
    target = submission.target(interaction, share_form.FIELD)
    return services.share.start_from_form(interaction, log_id, target)


def _fields(submission: Submission) -> Fields:
    def value(field: str) -> str:
        entered = submission.field(field).entered
        return "" if entered == search_form.ANY else entered

    return Fields(
        number=submission.field(search_form.NUMBER_FIELD).entered,
        side=value(search_form.SIDE_FIELD),
        window=value(search_form.WINDOW_FIELD),
        day=submission.field(search_form.DAY_FIELD).entered,
        filters=tuple(
            option.value
            for field in search_form.FILTER_FIELDS
            for option in submission.field(field).selected_options
        ),
    )
