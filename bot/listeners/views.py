"""The form **Find a call**, when it is sent: errors on its fields, or the search in its place."""

from pydantic import JsonValue
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.listeners.payloads import Submission
from bot.services import Services
from bot.slack.interaction import Interaction
from bot.ui import actions, search_form, search_results
from bot.ui.block_kit import Message
from bot.ui.details import view as details_view
from bot.voicelogs.query import QueryError


def register(app: AsyncApp, services: Services) -> None:
    """Attach the form."""

    @app.view(actions.FORM)
    async def sent(ack: AsyncAck, body: dict[str, JsonValue]) -> None:
        submission = Submission.model_validate(body)
        interaction = submission.interaction(services.new_request_id())
        try:
            message = services.runner.accept(
                interaction,
                submission.idempotency_key,
                lambda: _handle(services, interaction, submission),
            )
        except ExceptionGroup as group:
            errors = [error for error in group.exceptions if isinstance(error, QueryError)]
            await ack(response_action="errors", errors=search_form.field_errors(errors))
            return
        view = (
            search_results.results_modal(search_results.searching(0, None), interaction.metadata)
            if message is None
            else details_view.message_modal(message)
        )
        await ack(response_action="update", view={**view})


def _handle(services: Services, interaction: Interaction, submission: Submission) -> Message | None:
    """Begin the search; or what to say instead. Raises as `queries.from_fields` does."""
    refused = services.search.deny(interaction)
    if refused is not None:
        return refused
    query = services.search.read_form(
        submission.field_value(search_form.NUMBER_FIELD),
        submission.field_value(search_form.WINDOW_FIELD),
        _filter_words(submission.field_value(search_form.WORDS_FIELD)),
    )
    return services.search.start_from_form(interaction, query, interaction.metadata)


def _filter_words(chosen: str | None) -> str:
    return "" if chosen is None or chosen == search_form.ANY else chosen
