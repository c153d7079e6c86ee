"""The requests that Slack sends to an app: documented payloads and their signature.

Facts: docs.slack.dev: interactivity/implementing-slash-commands and implementing-shortcuts,
reference/interaction-payloads, reference/events/app_home_opened, apis/events-api,
authentication/verifying-requests-from-slack.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from pydantic import JsonValue

FORM_TYPE: Final = "application/x-www-form-urlencoded"
JSON_TYPE: Final = "application/json"
TEAM_DOMAIN: Final = "acme"
APP_ID: Final = "A0VOICELOG"
BOT_ID: Final = "B0VOICELOG"
BOT_USER_ID: Final = "U0VOICELOG"
SLACKBOT: Final = "USLACKBOT"


@dataclass
class InteractionContext:
    """The user and place of an interaction, its response URL and its trigger ID.

    The fields from `enterprise_id` on are as in `Installation`.
    """

    user_id: str
    team_id: str
    """The user's own workspace, or on Enterprise Grid possibly their organization; for a command
    and the Home tab, the workspace in which the interaction happened.
    """
    channel_id: str
    """Empty for an interaction outside a channel, unless a form was submitted in which a
    conversation was chosen. So is `response_url`.
    """
    response_url: str
    trigger_id: str
    """Empty for an interaction that can't open a modal."""
    action_ts: str
    app_team_id: str = ""
    """The workspace in which the app was used; `team_id` if empty."""
    enterprise_id: str | None = None
    is_enterprise_install: bool = False
    fields: Mapping[str, JsonValue] = field(default_factory=dict)
    left_out: AbstractSet[str] = frozenset()


def json_or_none(text: str) -> JsonValue:
    """Parse JSON from the app; None if the text is not JSON."""
    try:
        value: JsonValue = json.loads(text)
    except ValueError:
        return None
    return value


def sign(body: bytes, timestamp: int, secret: str) -> dict[str, str]:
    """The two headers with which Slack signs a request body; the time is in epoch seconds."""
    base = b"v0:%d:%s" % (timestamp, body)
    signature = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {
        "X-Slack-Request-Timestamp": str(timestamp),
        "X-Slack-Signature": f"v0={signature}",
    }


def _channel_name(channel_id: str) -> str:
    """Only a public channel has its own name in a payload."""
    return {"D": "directmessage", "G": "privategroup"}.get(channel_id[:1], "support")


def command_form(context: InteractionContext, command: str, text: str) -> str:
    """The form body of a slash command; `text` is sent as typed (should_escape is off)."""
    organization = {} if context.enterprise_id is None else {"enterprise_id": context.enterprise_id}
    return urlencode(
        {
            "token": "deprecated",
            "team_id": context.team_id,
            "team_domain": TEAM_DOMAIN,
            **organization,
            "channel_id": context.channel_id,
            "channel_name": _channel_name(context.channel_id),
            "user_id": context.user_id,
            "user_name": "support",
            "command": command,
            "text": text,
            "api_app_id": APP_ID,
            "is_enterprise_install": str(context.is_enterprise_install).lower(),
            "response_url": context.response_url,
            "trigger_id": context.trigger_id,
        }
    )


def payload_form(context: InteractionContext, kind: str, own: Mapping[str, JsonValue]) -> str:
    """The form body of an interaction of this type: the shared fields, and those of the type."""
    team: dict[str, JsonValue] = {
        "id": context.app_team_id or context.team_id,
        "domain": TEAM_DOMAIN,
    }
    organization: JsonValue = None
    if context.enterprise_id is not None:
        team["enterprise_id"] = context.enterprise_id
        organization = {"id": context.enterprise_id, "name": "Acme"}
    shared: dict[str, JsonValue] = {
        "type": kind,
        "token": "deprecated",
        "team": team,
        "user": {
            "id": context.user_id,
            "username": "support",
            "name": "support",
            "team_id": context.team_id,
        },
        "is_enterprise_install": context.is_enterprise_install,
        "enterprise": organization,
    }
    if context.trigger_id:
        shared["trigger_id"] = context.trigger_id
    whole = {**shared, **own, **context.fields}
    sent = {name: value for name, value in whole.items() if name not in context.left_out}
    return urlencode({"payload": json.dumps(sent, separators=(",", ":"))})


def _place(context: InteractionContext) -> Mapping[str, JsonValue]:
    """The fields that only the payloads of messages have."""
    if not context.channel_id:
        return {}
    name = _channel_name(context.channel_id)
    return {
        "channel": {"id": context.channel_id, "name": name},
        "response_url": context.response_url,
    }


def shortcut_form(
    context: InteractionContext, callback_id: str, message: Mapping[str, JsonValue]
) -> str:
    whole: dict[str, JsonValue] = {"type": "message", "ts": context.action_ts, **message}
    own: dict[str, JsonValue] = {
        **_place(context),
        "action_ts": context.action_ts,
        "callback_id": callback_id,
        "message_ts": whole["ts"],
        "message": whole,
    }
    return payload_form(context, "message_action", own)


def click_form(
    context: InteractionContext,
    message: Mapping[str, JsonValue],
    action: Mapping[str, JsonValue],
    *,
    is_ephemeral: bool,
) -> str:
    """The form body of a click in a message: the message as the user saw it, and the action."""
    container: dict[str, JsonValue] = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": context.channel_id,
        "is_ephemeral": is_ephemeral,
    }
    if "thread_ts" in message:
        container["thread_ts"] = message["thread_ts"]
    own: dict[str, JsonValue] = {
        **_place(context),
        "api_app_id": APP_ID,
        "container": container,
        "state": {"values": {}},
        "actions": [{**action, "action_ts": context.action_ts}],
    }
    # docs.slack.dev: reference/interaction-payloads/block_actions-payload: an ephemeral message is
    # not stored, so it is not sent back either.
    if not is_ephemeral:
        own["message"] = dict(message)
    return payload_form(context, "block_actions", own)


def home_event(context: InteractionContext, tab: str, view: Mapping[str, JsonValue] | None) -> str:
    """The JSON body of `app_home_opened`, for the `home` or the `messages` tab.

    `view` is the user's published Home tab, which is only sent for that tab.
    """
    event: dict[str, JsonValue] = {
        "type": "app_home_opened",
        "user": context.user_id,
        "channel": f"D{context.user_id[1:]}",
        "tab": tab,
        "event_ts": context.action_ts,
    }
    if view is not None and tab == "home":
        event["view"] = dict(view)
    body: dict[str, JsonValue] = {
        "token": "deprecated",
        "team_id": context.team_id,
        "enterprise_id": context.enterprise_id,
        "api_app_id": APP_ID,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{context.action_ts.replace('.', '')}",
        "event_time": int(context.action_ts.partition(".")[0]),
        "authorizations": [
            {
                "enterprise_id": context.enterprise_id,
                "team_id": None if context.is_enterprise_install else context.team_id,
                "user_id": BOT_USER_ID,
                "is_bot": True,
                "is_enterprise_install": context.is_enterprise_install,
            }
        ],
        "is_ext_shared_channel": False,
    }
    return json.dumps(body, separators=(",", ":"))
