"""What happens when a listener breaks, or none is there: a log line, and a word to the person."""

import structlog
from pydantic import JsonValue
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_bolt.error import BoltUnhandledRequestError

from bot.cards import problems
from bot.listeners.desk import Desk
from bot.reply import ephemeral

_log = structlog.stdlib.get_logger(__name__)


def register(app: AsyncApp, desk: Desk) -> None:
    """Attach the error handler."""

    @app.error
    async def fault(error: Exception, body: dict[str, JsonValue]) -> BoltResponse:
        if isinstance(error, BoltUnhandledRequestError):
            _log.warning("request.unhandled", kind=str(body.get("type") or body.get("command")))
            return BoltResponse(status=404)
        reference = desk.new_reference()
        _log.error("listener.fault", ref=reference, exc_info=error)
        message = problems.own_fault(reference)
        if "command" in body:
            return BoltResponse(status=200, body=ephemeral(message))
        response_url = body.get("response_url")
        if isinstance(response_url, str):
            desk.tell(response_url, message, reference)
        return BoltResponse(status=200)
