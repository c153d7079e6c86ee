"""The requests Slack sends to an app: their documented payloads, and the signature over them.

It must not know how they are delivered nor what the app answers.

Facts: docs.slack.dev: interactivity/implementing-slash-commands, reference/interaction-payloads,
authentication/verifying-requests-from-slack.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from pydantic import JsonValue

FORM_TYPE: Final = "application/x-www-form-urlencoded"
TEAM_DOMAIN: Final = "acme"
APP_ID: Final = "A0VOICELOG"
BOT_ID: Final = "B0VOICELOG"
BOT_USER_ID: Final = "U0VOICELOG"


@dataclass(frozen=True)
class Origin:
    """Who did it, where, and the two tickets Slack hands out with it."""

    user_id: str
    team_id: str
    channel_id: str
    response_url: str
    trigger_id: str
    action_ts: str


def sign(body: bytes, timestamp: int, secret: str) -> dict[str, str]:
    """The two headers with which Slack signs a request body.

    Takes the body as sent, the time in epoch seconds, and the app's signing secret.
    """
    base = b"v0:%d:%s" % (timestamp, body)
    signature = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {
        "X-Slack-Request-Timestamp": str(timestamp),
        "X-Slack-Signature": f"v0={signature}",
    }


def command_form(origin: Origin, command: str, text: str) -> str:
    """The form body of a slash command; `text` travels as typed (should_escape is off)."""
    return urlencode(
        {
            "token": "deprecated",
            "team_id": origin.team_id,
            "team_domain": TEAM_DOMAIN,
            "channel_id": origin.channel_id,
            "channel_name": "directmessage" if origin.channel_id.startswith("D") else "support",
            "user_id": origin.user_id,
            "user_name": "support",
            "command": command,
            "text": text,
            "api_app_id": APP_ID,
            "is_enterprise_install": "false",
            "response_url": origin.response_url,
            "trigger_id": origin.trigger_id,
        }
    )


def _payload_form(origin: Origin, kind: str, own: Mapping[str, JsonValue]) -> str:
    shared: dict[str, JsonValue] = {
        "type": kind,
        "token": "deprecated",
        "team": {"id": origin.team_id, "domain": TEAM_DOMAIN},
        "user": {
            "id": origin.user_id,
            "username": "support",
            "name": "support",
            "team_id": origin.team_id,
        },
        "channel": {"id": origin.channel_id, "name": "support"},
        "is_enterprise_install": False,
        "enterprise": None,
        "response_url": origin.response_url,
        "trigger_id": origin.trigger_id,
    }
    return urlencode({"payload": json.dumps({**shared, **own}, separators=(",", ":"))})


def shortcut_form(origin: Origin, callback_id: str, message: Mapping[str, JsonValue]) -> str:
    """The form body of a message shortcut used on `message`, which travels whole."""
    whole: dict[str, JsonValue] = {"type": "message", "ts": origin.action_ts, **message}
    own: dict[str, JsonValue] = {
        "action_ts": origin.action_ts,
        "callback_id": callback_id,
        "message_ts": whole["ts"],
        "message": whole,
    }
    return _payload_form(origin, "message_action", own)


def click_form(
    origin: Origin,
    message: Mapping[str, JsonValue],
    action: Mapping[str, JsonValue],
    *,
    is_ephemeral: bool,
) -> str:
    """The form body of a click: `message` as it stood, and the action of `action_on`."""
    container: dict[str, JsonValue] = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": origin.channel_id,
        "is_ephemeral": is_ephemeral,
    }
    own: dict[str, JsonValue] = {
        "api_app_id": APP_ID,
        "container": container,
        "state": {"values": {}},
        "actions": [{**action, "action_ts": origin.action_ts}],
    }
    # docs.slack.dev: reference/interaction-payloads/block_actions-payload: an ephemeral message is
    # not stored, so it is not sent back either.
    if not is_ephemeral:
        own["message"] = dict(message)
    return _payload_form(origin, "block_actions", own)


def with_block_ids(blocks: JsonValue) -> list[JsonValue]:
    """The blocks as Slack keeps them: one without a `block_id` is given one."""
    return [
        {"block_id": f"b{index}", **block} if isinstance(block, dict) else block
        for index, block in enumerate(blocks if isinstance(blocks, list) else ())
    ]


def _elements(block: Mapping[str, JsonValue]) -> Iterator[Mapping[str, JsonValue]]:
    held = block.get("elements") if block.get("type") == "actions" else [block.get("accessory")]
    for element in held if isinstance(held, list) else ():
        if isinstance(element, dict):
            yield element


def action_on(blocks: list[JsonValue], action_id: str, option: int) -> dict[str, JsonValue]:
    """The action that a click on the element `action_id` sends; a menu sends its nth `option`.

    Raises LookupError when there is no such element or option: nobody can click what isn't there.
    """
    for block in blocks:
        for element in _elements(block) if isinstance(block, dict) else ():
            if element.get("action_id") == action_id and isinstance(block, dict):
                return _action(element, block.get("block_id"), option)
    raise LookupError(f"no element {action_id!r} in this message")


def _action(
    element: Mapping[str, JsonValue], block_id: JsonValue, option: int
) -> dict[str, JsonValue]:
    kept = ("type", "action_id", "text", "value", "style")
    action = {name: element[name] for name in kept if name in element}
    options = element.get("options")
    if isinstance(options, list):
        action["selected_option"] = options[option]
    return {**action, "block_id": block_id}
