"""`manifest`: prints manifest.yml as JSON, the `get-manifest` hook of Slack's CLI (`slack run`)."""

from pathlib import Path
from typing import Final

import yaml
from pydantic import JsonValue, TypeAdapter

from bot.cli.streams import print_json

PATH: Final = Path(__file__).parents[2] / "manifest.yml"

_Tree = dict[str, JsonValue]


def show(*, socket: bool) -> int:
    """Print the manifest, or that for Socket Mode, which has no request URLs; return 0."""
    manifest = TypeAdapter(_Tree).validate_python(yaml.safe_load(PATH.read_text(encoding="utf-8")))
    print_json(_without_urls(manifest) if socket else manifest)
    return 0


def _without_urls(manifest: _Tree) -> _Tree:
    """The manifest of the same app in Socket Mode."""
    without_urls = _pruned(manifest)
    match without_urls:
        case {"settings": dict(settings)}:
            settings["socket_mode_enabled"] = True
            return without_urls
        case _:
            raise ValueError("manifest.yml has no settings")


def _pruned(tree: _Tree) -> _Tree:
    return {
        key: _pruned_value(value)
        for key, value in tree.items()
        if key not in {"url", "request_url"}
    }


def _pruned_value(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return _pruned(value)
    return [_pruned_value(item) for item in value] if isinstance(value, list) else value
