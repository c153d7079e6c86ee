"""Builds requests for Bolt, without malformed fields that would make it raise.

Bolt extracts ids from a payload before any listener sees it, and raises if one has an unexpected
type (slack_bolt/request/internals.py). The bot doesn't need them: it has a single token, and the
listeners parse the payload themselves.
"""

import json
from collections.abc import Mapping
from urllib.parse import parse_qsl

from pydantic import JsonValue
from slack_bolt.async_app import AsyncBoltRequest


def parse_body(body: str, *, is_json: bool) -> dict[str, JsonValue]:
    """Parse a request body: an event, an interaction payload or a command's fields.

    Raises ValueError or RecursionError if the body or its `payload` isn't a JSON object.
    """
    if is_json:
        return _object(body)
    form = dict(parse_qsl(body, keep_blank_values=True))
    return _object(form["payload"]) if "payload" in form else {**form}


def bolt_request(payload: Mapping[str, JsonValue]) -> AsyncBoltRequest:
    """Build the request for Bolt to dispatch."""
    request = AsyncBoltRequest(body="")
    request.body = _routable(payload)
    return request


def _object(text: str) -> dict[str, JsonValue]:
    parsed_json: JsonValue = json.loads(text)
    if not isinstance(parsed_json, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - the input is invalid, not the call
    return parsed_json


def _routable(payload: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return the payload without the values that make Bolt raise before it reaches a listener.

    Bolt looks for `event` in any payload, for `type` in every view, and only at the first of the
    `actions`. If no action has an id, an empty one remains: Bolt then raises at a point where the
    user still gets an error message.
    """
    kept = {**payload}
    if payload.get("type") != "event_callback" or not isinstance(payload.get("event"), dict):
        kept.pop("event", None)
    if "view" in payload:
        view = payload["view"]
        kept["view"] = {"type": "modal", **view} if isinstance(view, dict) else {}
    if "actions" in payload:
        actions = payload["actions"]
        valid = (
            [action for action in actions if _has_id(action)] if isinstance(actions, list) else []
        )
        kept["actions"] = [*valid] or [{}]
    return kept


def _has_id(action: JsonValue) -> bool:
    return isinstance(action, dict) and isinstance(action.get("action_id"), str)
