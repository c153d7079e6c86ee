"""Submitted forms: the ack shows errors in their fields, or replaces the form."""

from collections.abc import Callable
from itertools import chain

from pydantic import JsonValue
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.listeners.payloads.view_submission import Submission
from bot.services import Services
from bot.services.form_replies import InvalidFormError
from bot.slack.interaction import Interaction
from bot.ui import actions, block_kit, search_form, search_results, share_form
from bot.ui import help as help_
from bot.ui.block_kit import Message
from bot.voicelogs.query import Fields


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
