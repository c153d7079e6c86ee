"""Requests as Bolt takes them, whatever stands in the fields that nobody needs.

Bolt picks ids out of a payload before any listener sees it, and raises where one is of another type
than it expects (slack_bolt/request/internals.py). Nothing here reads those: the token is the same
for all, and the listeners parse the payload themselves.
"""

import json
from collections.abc import Mapping
from urllib.parse import parse_qsl

from pydantic import JsonValue
from slack_bolt.async_app import AsyncBoltRequest


def parsed(body: str, *, is_json: bool) -> dict[str, JsonValue]:
    """What a request's body holds: an event, an interaction, or a command's fields.

    Raises:
        ValueError, RecursionError: it isn't JSON, or its payload isn't.
    """
    if is_json:
        return _object(body)
    form = dict(parse_qsl(body, keep_blank_values=True))
    return _object(form["payload"]) if "payload" in form else {**form}


def bolt_request(payload: Mapping[str, JsonValue]) -> AsyncBoltRequest:
    """The request that Bolt dispatches."""
    request = AsyncBoltRequest(body="")
    request.body = _routable(payload)
    return request


def _object(text: str) -> dict[str, JsonValue]:
    held: JsonValue = json.loads(text)
    if not isinstance(held, dict):
        raise ValueError("no object")  # noqa: TRY004 - it is what was sent that is wrong
    return held


def _routable(payload: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """The payload without what Bolt would stumble over on the way to a listener.

    It looks for an `event` in anything, for a `type` in every view, and at the first of the
    `actions` only. Actions of which none can be told make it raise where the person is told of it.
    """
    kept = {**payload}
    if payload.get("type") != "event_callback" or not isinstance(payload.get("event"), dict):
        kept.pop("event", None)
    if "view" in payload:
        view = payload["view"]
        kept["view"] = {"type": "modal", **view} if isinstance(view, dict) else {}
    if "actions" in payload:
        actions = payload["actions"]
        told = (
            [action for action in actions if _has_id(action)] if isinstance(actions, list) else []
        )
        kept["actions"] = [*told] or [{}]
    return kept


def _has_id(action: JsonValue) -> bool:
    return isinstance(action, dict) and isinstance(action.get("action_id"), str)
