"""JSON from the other side, which may be anything. It must not know what it should be."""

import json

from pydantic import JsonValue


def json_or_none(text: str) -> JsonValue:
    """The value, null if the text is no JSON."""
    try:
        value: JsonValue = json.loads(text)
    except ValueError:
        return None
    return value
