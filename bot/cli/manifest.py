"""`manifest`: prints manifest.yml as JSON, the `get-manifest` hook of Slack's CLI (`slack run`)."""

import json
from pathlib import Path
from typing import Final

import yaml
from pydantic import JsonValue

from bot.cli.streams import print_json

PATH: Final = Path(__file__).parents[2] / "manifest.yml"


def show(*, socket: bool) -> int:
    """Print the manifest, or that for Socket Mode, which has no request URLs; return 0."""
    manifest = json.dumps(yaml.safe_load(PATH.read_text(encoding="utf-8")))
    print_json(json.loads(manifest, object_hook=_for_socket_mode if socket else None))
    return 0


def _for_socket_mode(part: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Convert an object of the manifest to that of the same app in Socket Mode."""
    kept = {key: value for key, value in part.items() if key not in {"url", "request_url"}}
    if "socket_mode_enabled" in kept:
        kept["socket_mode_enabled"] = True
    return kept
