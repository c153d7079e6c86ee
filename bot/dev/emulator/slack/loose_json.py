"""Lenient parsing of JSON from the app, which may be malformed."""

import json

from pydantic import JsonValue


def json_or_none(text: str) -> JsonValue:
    """Parse JSON; None if the text is not JSON."""
    try:
        value: JsonValue = json.loads(text)
    except ValueError:
        return None
    return value
