"""What stands on the playground's page: this bot by its manifest, and a channel to try it in.

It must not know how any of it is shown.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from bot import gallery
from bot.cards import buttons
from bot.listeners import shortcuts
from bot.playground.controls import Controls
from bot.sandbox.catalogue import DOCUMENTED, LIVE, catalogue
from bot.sandbox.faults import faults
from bot.sandbox.slack_payloads import BOT_USER_ID
from bot.slack_page.scene import Example, InstalledApp, Said, Scene, Shortcut, Workspace
from bot.stage import Stage
from bot.subcommands import COMMAND, SUBCOMMANDS, usage_hint

# As in manifest.yml, which takes a YAML reader to read; a test compares the two.
APP: Final = InstalledApp(
    name="VoiceLog",
    command=COMMAND,
    usage_hint=usage_hint(),
    description="Look up a SignalWire voice log",
    message_shortcuts=(Shortcut("Look up voice log", shortcuts.LOOK_UP),),
    global_shortcuts=(Shortcut("Find a call", buttons.FORM),),
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
_FAMILY: Final = "fa000000-0000-4000-8000-000000000003"


def _said(began: datetime) -> Sequence[Said]:
    def ts(minutes_ago: int) -> str:
        return f"{int((began - timedelta(minutes=minutes_ago)).timestamp())}.000000"

    return (
        Said(
            ts(31),
            "U0FRONTDESK",
            "A customer says these calls never came through. Can somebody look?\n"
            f"```{_BUSY}\n{_FAILED}\n{_UNKNOWN}```",
        ),
        Said(
            ts(22),
            "U0BILLING",
            "What did this one cost, and why? <https://acme.signalwire.com/logs/voice/"
            f"{DOCUMENTED}|acme.signalwire.com/logs/voice/{DOCUMENTED[:8]}…>",
        ),
        Said(
            ts(14),
            "U0FRONTDESK",
            "+1 (206) 555-0103 called again, and was cut off again. I have no id, only the number.",
        ),
        Said(
            ts(6),
            "U0NIGHTSHIFT",
            f"Three people were rung for this call, only one picked up: `{_FAMILY}`",
        ),
        Said(ts(1), "U0FRONTDESK", f"This one is still going on: `{LIVE}`"),
    )


def _examples(began: datetime) -> Sequence[Example]:
    known = [(entry.id, entry.what) for entry in catalogue(began)]
    known += [(fault.id, fault.what) for fault in faults()]
    return (
        *(Example(subcommand.example, subcommand.does) for subcommand in SUBCOMMANDS[1:]),
        *(Example(f"{COMMAND} {log_id}", what) for log_id, what in known),
    )


def scene(stage: Stage, began: datetime) -> Scene:
    """The page for a stage that was set at `began`, aware and in UTC."""
    return Scene(
        app=APP,
        workspace=WORKSPACE,
        controls=Controls(stage),
        said=_said(began),
        examples=_examples(began),
        rooms=partial(gallery.rooms, began),
    )
