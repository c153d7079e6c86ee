"""The form **Find a call**, when it is sent: errors on its fields, or the search in its place."""

from typing import Final

from pydantic import JsonValue
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.cards import buttons, details, hits
from bot.cards.views import View
from bot.desks import Desks
from bot.listeners.payloads import Submission
from bot.queries import Query, QueryError

_ACK_SECONDS: Final = 0.3
"""What Slack needs to show what the acknowledgement carries. A search that ended sooner would have
its results replaced by "Searching…"."""


def register(app: AsyncApp, desks: Desks) -> None:
    """Attach the form."""

    @app.view(buttons.FORM)
    async def sent(ack: AsyncAck, body: dict[str, JsonValue]) -> None:
        submission = Submission.model_validate(body)
        try:
            query = desks.searching.read_form(
                submission.written(hits.NUMBER_FIELD),
                submission.written(hits.WINDOW_FIELD),
                hits.chosen_words(submission.written(hits.WORDS_FIELD)),
            )
        except ExceptionGroup as group:
            errors = [error for error in group.exceptions if isinstance(error, QueryError)]
            await ack(response_action="errors", errors=hits.field_errors(errors))
            return
        await ack(response_action="update", view={**_begin(desks, submission, query)})


def _begin(desks: Desks, submission: Submission, query: Query) -> View:
    """Begin the search, and what to show meanwhile; or what stands in its way."""
    visit = submission.visit(desks.new_reference())
    metadata = submission.view.private_metadata
    message = desks.searching.filled_in(visit, query, metadata, not_before=_ACK_SECONDS)
    if message is not None:
        return details.trouble(message)
    return hits.window(hits.searching(0, None), metadata)
