"""The contents of the playground: this bot's manifest, and a channel with messages to try it on."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.dev import gallery
from bot.dev.emulator.signalwire.catalog import BUSY, CHILDREN, DOCUMENTED, FAILED, LIVE
from bot.dev.emulator.signalwire.failures import descriptions
from bot.dev.emulator.slack.block_elements import CONVERSATIONS
from bot.dev.emulator.slack.payloads import BOT_USER_ID, SLACKBOT
from bot.dev.emulator.slack.workspace import PostedMessage
from bot.dev.local_stack import LocalStack
from bot.dev.playground.controls import Controls
from bot.dev.playground.web.config import InstalledApp, PageConfig, Shortcut, Suggestion, Workspace
from bot.listeners import shortcuts
from bot.ui import actions
from bot.ui.subcommands import COMMAND, SUBCOMMANDS, USAGE_HINT

# As in manifest.yml; copied to avoid a YAML parser. A test compares the two.
APP: Final = InstalledApp(
    name="VoiceLog",
    command=COMMAND,
    usage_hint=USAGE_HINT,
    description="Look up a SignalWire voice log",
    message_shortcuts=(Shortcut("Look up voice log", shortcuts.LOOK_UP),),
    global_shortcuts=(Shortcut("Find a call", actions.FORM),),
)
WORKSPACE: Final = Workspace(
    name="Acme",
    user_id="U0SUPPORT",
    channel_id="C0SUPPORT",
    names={
        "U0SUPPORT": "You",
        "U0FRONTDESK": "Front desk",
        "U0BILLING": "Billing",
        "U0NIGHTSHIFT": "Night shift",
        BOT_USER_ID: APP.name,
        SLACKBOT: "Slackbot",
        **{each.id: each.name for each in CONVERSATIONS},
        "T0ACME": "Acme",
    },
)
_UNKNOWN: Final = "00000000-0000-4000-8000-000000000000"
_RECORDED: Final = "c0570000-0000-4000-8000-000000000001"
_RECORDING_CALLBACK: Final = {
    "event_type": "calling.call.record",
    "project_id": "0d3ce2c6-9b5c-4a7e-8b1e-2d7a3c1f9e11",
    "space_id": "5a1f77c2-6d0e-4b1b-9a3c-0c1d2e3f4a5b",
    "params": {
        "call_id": _RECORDED,
        "node_id": "bbbb6666-3333-4444-8555-0000000000f6",
        "state": "finished",
        "url": "https://files.signalwire.com/5a1f77c2-6d0e-4b1b-9a3c-0c1d2e3f4a5b"
        "/0d3ce2c6-9b5c-4a7e-8b1e-2d7a3c1f9e11/recordings/9e8d7c6b-3333-4444-8555-0000000000d4.wav",
        "recording_id": "9e8d7c6b-3333-4444-8555-0000000000d4",
        "duration": 18,
    },
}
"""As SignalWire sends it (developer.signalwire.com: SWML, record_call)."""
_SEARCHES: Final = (
    Suggestion(f"{COMMAND} find 5550102 missed today", "the missed calls of a number"),
    Suggestion(f"{COMMAND} find 5550103", "all calls of a number"),
    Suggestion(f"{COMMAND} live", "the calls in progress"),
)
_TICKET: Final = "8bbf1a4e-6c4a-4c7b-b3c1-1c8d2a9d0001"
_MAILED: Final = "57a70500-0000-4000-8000-000000000007"
# By the minutes since and the user who wrote it.
_WRITTEN: Final = {
    (31, "U0FRONTDESK"): (
        "A customer says these calls never came through. Can somebody take a look?\n"
        f"```{BUSY}\n{FAILED}\n{_UNKNOWN}```"
    ),
    (27, "U0NIGHTSHIFT"): (
        "Our webhook got this, but the recording is silent:\n"
        f"```{json.dumps(_RECORDING_CALLBACK, indent=1)}```"
    ),
    (22, "U0BILLING"): (
        "How much did this call cost, and why? <https://acme.signalwire.com/logs/voice/"
        f"{DOCUMENTED}|acme.signalwire.com/logs/voice/{DOCUMENTED[:8]}…>"
    ),
    (14, "U0FRONTDESK"): (
        "+1 (206) 555-0103 called again, and was cut off again. I have only the number, no id."
    ),
    (11, "U0BILLING"): (f"Ticket {_TICKET}: customer +1 (206) 555-0102 says that nobody answers."),
    (9, "U0FRONTDESK"): (
        "Forwarding an email from a customer:\n"
        "&gt; Subject: Re: Missed call\n&gt; Hello,\n"
        "&gt; nobody picked up. Your colleague gave me this number for the call:\n"
        f"&gt; Voice Segment ID: {_MAILED[:24]}\n&gt; {_MAILED[24:]}\n&gt; Best regards, Jo"
    ),
    (6, "U0NIGHTSHIFT"): f"This call rang two extensions; only one answered: `{CHILDREN[1]}`",
    (1, "U0FRONTDESK"): f"I called them back. Is that call still live? `{LIVE}`",
}


def seed_messages(began: datetime) -> Sequence[PostedMessage]:
    """What users wrote in the last half hour."""
    return [
        PostedMessage(
            f"{int((began - timedelta(minutes=minutes)).timestamp())}.000000",
            WORKSPACE.channel_id,
            "in_channel",
            {"text": text},
            user_id=user_id,
        )
        for (minutes, user_id), text in _WRITTEN.items()
    ]


def page_config(stack: LocalStack, began: datetime) -> PageConfig:
    return PageConfig(
        app=APP,
        workspace=WORKSPACE,
        controls=Controls(stack),
        suggestions=(
            *(Suggestion(subcommand.example, subcommand.does) for subcommand in SUBCOMMANDS[1:]),
            *_SEARCHES,
            *(Suggestion(f"{COMMAND} {id_}", what) for id_, what in descriptions(began).items()),
        ),
        sections=gallery.sections,
    )
