"""Parses JSON as the bot does, and serializes it."""

import json

from bot.signalwire.models import JsonObject, RawJson
from bot.signalwire.raw_json import parse_json


def document(text: str) -> JsonObject:
    parsed = parse_json(text.encode())
    assert isinstance(parsed, dict)
    return parsed


def raw(text: str) -> RawJson:
    return RawJson(document(text), len(text))


def as_text(sent: JsonObject | RawJson | None) -> str:
    """Serialize JSON, with its numbers as strings."""
    found = sent.document if isinstance(sent, RawJson) else sent
    return json.dumps(found, default=str, ensure_ascii=False)
