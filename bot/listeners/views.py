"""The form **Find a call**, when it is sent: errors on its fields, or the search in its place."""

from pydantic import JsonValue
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.cards import buttons, details, form, hits
from bot.cards.views import View
from bot.desks import Desks
from bot.desks.reception import Visit
from bot.listeners.payloads import Submission
from bot.queries import Query, QueryError


def register(app: AsyncApp, desks: Desks) -> None:
    """Attach the form."""

    @app.view(buttons.FORM)
    async def sent(ack: AsyncAck, body: dict[str, JsonValue]) -> None:
        submission = Submission.model_validate(body)
        visit = submission.visit(desks.new_reference())
        refused = desks.searching.may(visit)
        if refused is not None:
            await ack(response_action="update", view={**details.trouble(refused)})
            return
        try:
            query = desks.searching.read_form(
                submission.written(form.NUMBER_FIELD),
                submission.written(form.WINDOW_FIELD),
                form.chosen_words(submission.written(form.WORDS_FIELD)),
            )
        except ExceptionGroup as group:
            errors = [error for error in group.exceptions if isinstance(error, QueryError)]
            await ack(response_action="errors", errors=form.field_errors(errors))
            return
        await ack(response_action="update", view={**_begin(desks, visit, submission, query)})


def _begin(desks: Desks, visit: Visit, submission: Submission, query: Query) -> View:
    """Begin the search, and what to show meanwhile; or what stands in its way."""
    metadata = visit.metadata
    # Over a socket the same submission may be delivered twice.
    if desks.reception.first_time(submission.delivery):
        message = desks.searching.filled_in(visit, query, metadata)
        if message is not None:
            return details.trouble(message)
    return hits.window(hits.searching(0, None), metadata)
