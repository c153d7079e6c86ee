"""The traffic between Slack and the app as developers read it."""

import json
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from pydantic import JsonValue

from bot.dev.emulator.slack.payloads import json_or_none

_BLOCK_KIT_BUILDER: Final = "https://app.slack.com/block-kit-builder/#"
_INVISIBLE: Final = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_KINDS: Final[Mapping[str, str]] = {
    "block_actions": "click",
    "message_action": "message shortcut",
    "shortcut": "global shortcut",
    "view_submission": "form submitted",
}

_Tree = Mapping[str, JsonValue]


def builder_link(payload: _Tree) -> str:
    """A link to Slack's Block Kit Builder with a message's blocks, or a view or a method's `view`.

    The builder reads the URL fragment (docs.slack.dev: block-kit, "Block Kit Builder").
    """
    view = payload.get("view")
    payload = view if isinstance(view, dict) else payload
    if payload.get("type") in {"modal", "home"}:
        shown: JsonValue = dict(payload)
    elif payload.get("blocks"):
        shown = {"blocks": payload["blocks"]}
    else:
        return ""
    # In ASCII, so that lone surrogates are kept: the page shows anything the app sends.
    return _BLOCK_KIT_BUILDER + quote(json.dumps(shown, separators=(",", ":")))


def what(payload: _Tree) -> str:
    """What the user did, in a few words, from the request to the app."""
    match payload:
        case {"command": str(command), "text": str(text)}:
            return f"{command} {text}".rstrip()
        case {"actions": [{"action_id": str(action_id)}, *_]}:
            return f"click on {action_id}"
        case (
            {"event": {"type": str(name)}}
            | {"callback_id": str(name)}
            | {"view": {"callback_id": str(name)}}
        ):
            kind = str(payload.get("type"))
            return f"{_KINDS.get(kind, kind)} {name}".rstrip()
    return str(payload.get("type"))


def readable(text: str) -> str:
    """Indented JSON if the text is a JSON object; otherwise the text as is."""
    value = json_or_none(text)
    return indented(value) if isinstance(value, dict) else text


def indented(value: _Tree) -> str:
    """Indented JSON with invisible characters and bidi controls escaped."""
    return _INVISIBLE.sub(
        lambda unseen: f"\\u{ord(unseen[0]):04x}", json.dumps(value, ensure_ascii=False, indent=2)
    )
