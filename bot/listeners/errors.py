"""Handles errors in listeners, and requests without a listener: logs them, and tells the user."""

from typing import Final

import structlog
from pydantic import JsonValue
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_bolt.error import BoltUnhandledRequestError

from bot.access import Actor
from bot.listeners.payloads import PayloadModel, View
from bot.runtime.tasks import NotAcceptingTasksError
from bot.services import Services
from bot.slack.interaction import Interaction
from bot.slack.response_url import ephemeral
from bot.ui import block_kit, error_messages, errors
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


class _FailedInteraction(PayloadModel):
    """The fields of an interaction that are needed to tell the user that its listener failed."""

    response_url: str = ""
    trigger_id: str = ""
    view: View | None = None

    def interaction(self, request_id: str) -> Interaction:
        """Return the ways to reply."""
        return Interaction(
            Actor("", "", ""),
            request_id,
            self.response_url or None,
            self.trigger_id,
            is_public=True,
            view=self.view.modal if self.view else None,
        )


def register(app: AsyncApp, services: Services) -> None:
    @app.error
    async def handle_error(error: Exception, body: dict[str, JsonValue]) -> BoltResponse:
        if isinstance(error, BoltUnhandledRequestError):
            _log.warning("request.unhandled", kind=_kind(body))
            return BoltResponse(status=404)
        if isinstance(error, NotAcceptingTasksError):
            # Slack itself will tell the user that the app didn't respond.
            _log.warning("interaction.notice_dropped", kind=_kind(body))
            return BoltResponse(status=503)
        request_id = services.new_request_id()
        _log.error("listener.failed", request_id=request_id, exc_info=error)
        message = error_messages.message(errors.INTERNAL_ERROR, request_id)
        if "command" in body:
            return BoltResponse(status=200, body=ephemeral(message))
        if body.get("type") == "view_submission":
            # An empty response would close the form, as if it had been accepted.
            view = block_kit.message_modal(details_view.TITLE, message)
            return BoltResponse(status=200, body={"response_action": "update", "view": view})
        failed = _FailedInteraction.model_validate(body)
        if failed.response_url or failed.trigger_id:
            services.runner.notify_later(failed.interaction(request_id), message)
        return BoltResponse(status=200)


def _kind(body: dict[str, JsonValue]) -> str:
    """Return the type of a request for the log; `other` if it isn't one of Slack's types."""
    kind = body.get("type", "command" if "command" in body else None)
    return kind if isinstance(kind, str) and kind in _KINDS else "other"
