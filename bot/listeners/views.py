"""Submitted forms: the ack shows errors in their fields, or replaces them."""

from itertools import chain

from pydantic import JsonValue
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.listeners.clicks import Submission
from bot.services import Services
from bot.services.share import ConversationRejectedError
from bot.slack.interaction import Interaction
from bot.ui import actions, block_kit, search_form, search_results, share_form
from bot.ui import help as help_
from bot.ui.block_kit import Message
from bot.voicelogs.query import Fields, QueryError


def register(app: AsyncApp, services: Services) -> None:
    @app.view(actions.FORM)
    async def handle_search_submission(ack: AsyncAck, body: dict[str, JsonValue]) -> None:
        submission = Submission.model_validate(body)
        interaction = submission.interaction(services.new_request_id())
        try:
            message = services.runner.accept(
                interaction,
                lambda: services.search.start_from_form(interaction, _fields(submission)),
            )
        except ExceptionGroup as group:
            errors = [error for error in group.exceptions if isinstance(error, QueryError)]
            await ack(response_action="errors", errors=search_form.field_errors(errors))
            return
        view = block_kit.message_modal(
            search_results.FORM_TITLE,
            message or search_results.searching(0, None),
            interaction.private_metadata(),
        )
        await ack(response_action="update", view={**view})

    @app.view(actions.SHARE_FORM)
    async def handle_share_submission(ack: AsyncAck, body: dict[str, JsonValue]) -> None:
        submission = Submission.model_validate(body)
        interaction = submission.interaction(services.new_request_id())
        try:
            message = services.runner.accept(
                interaction,
                lambda: _share(services, interaction, submission),
            )
        except ConversationRejectedError as error:
            await ack(response_action="errors", errors={share_form.FIELD: str(error)})
            return
        view = block_kit.message_modal(share_form.TITLE, message or share_form.sharing())
        await ack(response_action="update", view={**view})


def _share(services: Services, interaction: Interaction, submission: Submission) -> Message | None:
    """Start to share, or return a message for the modal."""
    log_id = submission.view.metadata.log
    if log_id is None:
        return help_.help_card()
    target = submission.target(interaction, share_form.FIELD)
    return services.share.start_from_form(interaction, log_id, target)


def _fields(submission: Submission) -> Fields:
    def value(field: str) -> str:
        entered = submission.field_value(field)
        return "" if entered == search_form.ANY else entered

    filters = (submission.field_values(field) for field in search_form.FILTER_FIELDS)
    return Fields(
        number=submission.field_value(search_form.NUMBER_FIELD),
        side=value(search_form.SIDE_FIELD),
        window=value(search_form.WINDOW_FIELD),
        day=submission.field_value(search_form.DAY_FIELD),
        filters=tuple(chain.from_iterable(filters)),
    )
