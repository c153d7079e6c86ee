"""Applies the app's response to a modal's submission: close, update or show errors.

Facts: docs.slack.dev: surfaces/modals, "Responding to a view_submission" (response_action).
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from pydantic import JsonValue

from bot.dev.emulator.slack.trigger_ids import RejectedError
from bot.dev.emulator.slack.view import OpenView, checked_view
from bot.dev.emulator.slack.view_store import Views

_FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "errors": frozenset({"errors"}),
    "update": frozenset({"view"}),
    "push": frozenset({"view"}),
    "clear": frozenset(),
}


def apply_response_action(views: Views, view: OpenView, body: str) -> None:
    """Apply the response to the submission of `view`; an empty one closes the modal.

    Does nothing if the user has closed the modal before the response. Raises RejectedError with
    `invalid_response` for a response that Slack rejects, and as `checked_view` and `Views` do for
    an invalid view; the modal then stays unchanged.
    """
    if not body:
        views.close(view)
        return
    response = _parsed(body)
    action = str(response.get("response_action"))
    if action not in _FIELDS or set(response) != _FIELDS[action] | {"response_action"}:
        raise _invalid(f"/: is not a known response_action: {body}")
    now = next((one for one in views.modals(view.user_id) if one.id == view.id), None)
    if action == "errors":
        errors = _errors(view, response["errors"])
        if now is not None:
            views.change(replace(now, errors=errors))
    elif now is None:
        return
    elif action == "update":
        views.update(view.id, checked_view(response["view"], "modal"))
    elif action == "push":
        views.push(view.id, checked_view(response["view"], "modal"))
    else:
        views.clear(view.user_id)


def _parsed(body: str) -> dict[str, JsonValue]:
    try:
        response: JsonValue = json.loads(body)
    except ValueError:
        raise _invalid("/: must be JSON or empty") from None
    if not isinstance(response, dict):
        raise _invalid("/: must be an object")
    return response


def _invalid(message: str) -> RejectedError:
    return RejectedError("invalid_response", message)


def _errors(view: OpenView, errors: JsonValue) -> dict[str, str]:
    if not isinstance(errors, dict) or not errors:
        raise _invalid("/errors: must be a non-empty object")
    inputs = {
        block.get("block_id")
        for block in view.blocks_with_ids
        if isinstance(block, dict) and block.get("type") == "input"
    }
    checked: dict[str, str] = {}
    for block_id, message in errors.items():
        if block_id not in inputs:
            raise _invalid(f"/errors/{block_id}: is not an input block of this view")
        if not isinstance(message, str) or not message:
            raise _invalid(f"/errors/{block_id}: must be a non-empty string")
        checked[block_id] = message
    return checked
