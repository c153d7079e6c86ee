"""The form **Find a call**, when it is sent: errors on its fields, or the search in its place."""

from pydantic import JsonValue
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.cards import buttons, details, form, hits
from bot.cards.blocks import Message
from bot.desks import Desks
from bot.desks.reception import Visit
from bot.listeners.payloads import Submission
from bot.queries import QueryError


def register(app: AsyncApp, desks: Desks) -> None:
    """Attach the form."""

    @app.view(buttons.FORM)
    async def sent(ack: AsyncAck, body: dict[str, JsonValue]) -> None:
        submission = Submission.model_validate(body)
        visit = submission.visit(desks.new_reference())
        try:
            message = desks.reception.take(
                visit, submission.delivery, lambda: _begin(desks, visit, submission)
            )
        except ExceptionGroup as group:
            errors = [error for error in group.exceptions if isinstance(error, QueryError)]
            await ack(response_action="errors", errors=form.field_errors(errors))
            return
        view = (
            hits.window(hits.searching(0, None), visit.metadata)
            if message is None
            else details.trouble(message)
        )
        await ack(response_action="update", view={**view})


def _begin(desks: Desks, visit: Visit, submission: Submission) -> Message | None:
    """Begin the search; or what to say instead. Raises as `queries.from_fields` does."""
    refused = desks.searching.may(visit)
    if refused is not None:
        return refused
    query = desks.searching.read_form(
        submission.written(form.NUMBER_FIELD),
        submission.written(form.WINDOW_FIELD),
        form.chosen_words(submission.written(form.WORDS_FIELD)),
    )
    return desks.searching.filled_in(visit, query, visit.metadata)
