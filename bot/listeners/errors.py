"""What happens when a listener breaks, or none is there: a log line, and a word to the person."""

from typing import Final

import structlog
from pydantic import JsonValue, ValidationError
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_bolt.error import BoltUnhandledRequestError

from bot.listeners.payloads import FailedInteraction
from bot.runtime.tasks import NotAcceptingTasksError
from bot.services import Services
from bot.slack.response_url import ephemeral
from bot.ui import errors
from bot.ui.block_kit import Message
from bot.ui.details import view as details_view

_KINDS: Final = frozenset(
    {
        "command",
        "block_actions",
        "block_suggestion",
        "event_callback",
        "message_action",
        "shortcut",
        "view_closed",
        "view_submission",
    }
)

_log = structlog.stdlib.get_logger(__name__)


def register(app: AsyncApp, services: Services) -> None:
    """Attach the error handler."""

    @app.error
    async def fault(error: Exception, body: dict[str, JsonValue]) -> BoltResponse:
        if isinstance(error, BoltUnhandledRequestError):
            _log.warning("request.unhandled", kind=_kind(body))
            return BoltResponse(status=404)
        if isinstance(error, NotAcceptingTasksError):
            # What is left is Slack's own word to the person, that the app didn't respond.
            _log.warning("interaction.notice_dropped", kind=_kind(body))
            return BoltResponse(status=503)
        request_id = services.new_request_id()
        _log.error("listener.failed", request_id=request_id, exc_info=error)
        message = errors.internal_error(request_id)
        if "command" in body:
            return BoltResponse(status=200, body=ephemeral(message))
        if body.get("type") == "view_submission":
            # An empty answer would close the form, as if all were well.
            answer = {"response_action": "update", "view": details_view.message_modal(message)}
            return BoltResponse(status=200, body=answer)
        _tell(services, body, message, request_id)
        return BoltResponse(status=200)


def _tell(
    services: Services, body: dict[str, JsonValue], message: Message, request_id: str
) -> None:
    try:
        interaction = FailedInteraction.model_validate(body).interaction(request_id)
    except ValidationError:  # too broken even for that; the log has a line of it
        return
    if interaction is not None:
        services.runner.send_later(interaction, message)


def _kind(body: dict[str, JsonValue]) -> str:
    """The type of a request as Slack names it; never anything else that may stand there."""
    kind = body.get("type", "command" if "command" in body else None)
    return kind if isinstance(kind, str) and kind in _KINDS else "other"
