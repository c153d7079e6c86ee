"""The card that the peers post: the four things the mission names, in one section."""

from collections.abc import Mapping

from pydantic import JsonValue


def blocks(log: Mapping[str, JsonValue]) -> list[dict[str, JsonValue]]:
    """One block."""
    text = f"{log['from']} → {log['to']}: {log['status']}, {log['duration']} s, ${log['charge']}"
    return [{"type": "section", "text": {"type": "plain_text", "text": text}}]
