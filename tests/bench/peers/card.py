"""The card that the peers post: numbers, status, duration and charge in one section."""

from collections.abc import Mapping

from pydantic import JsonValue


def blocks(log: Mapping[str, JsonValue]) -> list[dict[str, JsonValue]]:
    """Return one section."""
    text = f"{log['from']} → {log['to']}: {log['status']}, {log['duration']} s, ${log['charge']}"
    return [{"type": "section", "text": {"type": "plain_text", "text": text}}]
