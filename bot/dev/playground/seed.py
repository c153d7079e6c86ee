"""The playground's page: this bot's manifest, and a channel with messages to try it on."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from bot.dev import gallery
from bot.dev.emulator.signalwire.catalogue import DOCUMENTED, LIVE, catalogue
from bot.dev.emulator.signalwire.failures import canned_failures
from bot.dev.emulator.slack.payloads import BOT_USER_ID
from bot.dev.local_stack import LocalStack
from bot.dev.playground.controls import Controls
from bot.dev.playground.web.config import (
    InstalledApp,
    PageConfig,
    SeedMessage,
    Shortcut,
    Suggestion,
    Workspace,
)
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
        "C0SUPPORT": "support",
        "T0ACME": "Acme",
    },
)
_BUSY: Final = "57a70500-0000-4000-8000-000000000005"
_FAILED: Final = "57a70500-0000-4000-8000-000000000006"
_UNKNOWN: Final = "00000000-0000-4000-8000-000000000000"
_CHILD_LEG: Final = "fa000000-0000-4000-8000-000000000003"


def _seed_messages(began: datetime) -> Sequence[SeedMessage]:
    def ts(minutes_ago: int) -> str:
        return f"{int((began - timedelta(minutes=minutes_ago)).timestamp())}.000000"

    return (
        SeedMessage(
            ts(31),
            "U0FRONTDESK",
            "A customer says these calls never came through. Can somebody take a look?\n"
            f"```{_BUSY}\n{_FAILED}\n{_UNKNOWN}```",
        ),
        SeedMessage(
            ts(22),
            "U0BILLING",
            "How much did this call cost, and why? <https://acme.signalwire.com/logs/voice/"
            f"{DOCUMENTED}|acme.signalwire.com/logs/voice/{DOCUMENTED[:8]}…>",
        ),
        SeedMessage(
            ts(14),
            "U0FRONTDESK",
            "+1 (206) 555-0103 called again, and was cut off again. I have only the number, no id.",
        ),
        SeedMessage(
            ts(6),
            "U0NIGHTSHIFT",
            f"This call rang two extensions; only one answered: `{_CHILD_LEG}`",
        ),
        SeedMessage(ts(1), "U0FRONTDESK", f"This call is still in progress: `{LIVE}`"),
    )


def _examples(began: datetime) -> Sequence[Suggestion]:
    known = [(entry.id, entry.description) for entry in catalogue(began)]
    known += [(failure.id, failure.description) for failure in canned_failures()]
    return (
        *(Suggestion(subcommand.example, subcommand.does) for subcommand in SUBCOMMANDS[1:]),
        *(Suggestion(f"{COMMAND} {log_id}", what) for log_id, what in known),
    )


def page_config(stack: LocalStack, began: datetime) -> PageConfig:
    return PageConfig(
        app=APP,
        workspace=WORKSPACE,
        controls=Controls(stack),
        seed_messages=_seed_messages(began),
        suggestions=_examples(began),
        sections=partial(gallery.sections, began),
    )
