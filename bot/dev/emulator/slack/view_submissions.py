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
    """Apply the response to a submission.

    Args:
        views: holds the modal, unless the user has closed it.
        view: the modal as submitted.
        body: the response. An empty one closes the modal.

    Does nothing if the user has closed the modal before the response. Raises RejectedError
    with `invalid_response` for a response that Slack rejects, and as `checked_view` and `Views` do
    for an invalid view; the modal then stays unchanged.
    """
    if not body:
        views.close(view)
        return
    answer = _parsed(body)
    action = str(answer.get("response_action"))
    if action not in _FIELDS or set(answer) != _FIELDS[action] | {"response_action"}:
        raise RejectedError(
            "invalid_response", f"/: is no response_action that Slack knows: {body}"
        )
    now = next((one for one in views.modals(view.user_id) if one.id == view.id), None)
    if action == "errors":
        errors = _errors(view, answer["errors"])
        if now is not None:
            views.change(replace(now, errors=errors))
    elif now is None:
        return
    elif action == "update":
        views.update(view.id, checked_view(answer["view"], "modal"))
    elif action == "push":
        views.push(view.id, checked_view(answer["view"], "modal"))
    else:
        views.clear(view.user_id)


def _parsed(body: str) -> dict[str, JsonValue]:
    try:
        answer: JsonValue = json.loads(body)
    except ValueError:
        raise RejectedError("invalid_response", "/: must be JSON, or nothing at all") from None
    if not isinstance(answer, dict):
        raise RejectedError("invalid_response", "/: must be an object")
    return answer


def _errors(view: OpenView, errors: JsonValue) -> dict[str, str]:
    if not isinstance(errors, dict) or not errors:
        raise RejectedError("invalid_response", "/errors: must be an object with an error in it")
    inputs = {
        block.get("block_id")
        for block in view.blocks_with_ids
        if isinstance(block, dict) and block.get("type") == "input"
    }
    said: dict[str, str] = {}
    for block_id, words in errors.items():
        if block_id not in inputs:
            raise RejectedError(
                "invalid_response", f"/errors/{block_id}: is no input block of this view"
            )
        if not isinstance(words, str) or not words:
            raise RejectedError("invalid_response", f"/errors/{block_id}: must be words")
        said[block_id] = words
    return said
