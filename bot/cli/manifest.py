"""Prints manifest.yml as the JSON that Slack's command-line tool asks for (`slack run`)."""

import json
import sys
from pathlib import Path
from typing import Final

from pydantic import JsonValue, TypeAdapter

PATH: Final = Path(__file__).parents[2] / "manifest.yml"

_Tree = dict[str, JsonValue]


def show(*, socket: bool) -> int:
    """Print the manifest.

    Args:
        socket: for Socket Mode: without request URLs.

    Returns:
        0; 1 without PyYAML, which only development installs.
    """
    try:
        import yaml  # only development installs it
    except ImportError:
        print("PyYAML is missing: pip install -r tests/requirements.txt", file=sys.stderr)
        return 1
    manifest = TypeAdapter(_Tree).validate_python(yaml.safe_load(PATH.read_text()))
    print(json.dumps(_without_urls(manifest) if socket else manifest, ensure_ascii=False))
    return 0


def _without_urls(manifest: _Tree) -> _Tree:
    """The same app over Socket Mode, where a URL is neither needed nor allowed to be made up."""
    bare = _pruned(manifest)
    match bare:
        case {"settings": dict(settings)}:
            settings["socket_mode_enabled"] = True
            return bare
        case _:
            raise ValueError("manifest.yml has no settings")


def _pruned(tree: _Tree) -> _Tree:
    return {key: _bare(value) for key, value in tree.items() if key not in {"url", "request_url"}}


def _bare(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return _pruned(value)
    return [_bare(item) for item in value] if isinstance(value, list) else value
