"""The Home tab: what the bot does, examples to try, and the status."""

from collections.abc import Sequence
from typing import Final

from bot import __version__
from bot.access import Denial
from bot.ui import actions, block_kit, mrkdwn, status
from bot.ui.block_kit import Block, Message, View
from bot.ui.subcommands import SUBCOMMANDS
from bot.voicelogs.results import ProjectHealth

_WHAT: Final = (
    "Who called whom, how the call ended, how long it lasted, what it cost: VoiceLog shows"
    " SignalWire voice logs in Slack. Only you can see them, unless you press *Share*."
)
_CHECKING: Final = "Checking SignalWire… If this doesn't change, reopen the tab."


def home_tab(
    projects: Sequence[ProjectHealth] | None,
    denial: Denial | None,
    *,
    reply: Message | None = None,
) -> View:
    """Build the Home tab; `projects` is None while they are checked, or empty without access.

    `reply` is shown at the top, after a click in the Home tab: there is no channel to reply in.
    """
    if projects is not None:
        lines = status.lines(projects, denial)
    else:
        lines = [_CHECKING, *([] if denial is None else [status.access_line(denial)])]
    examples = [f"• {mrkdwn.code(each.example)} {each.does}." for each in SUBCOMMANDS]
    content: list[Block] = [
        *([*reply.blocks, block_kit.divider()] if reply is not None else []),
        block_kit.header("VoiceLog"),
        block_kit.section(_WHAT),
        *(block_kit.actions([actions.find_form()]) if denial is None else []),
        block_kit.header("Things to try"),
        block_kit.section("\n".join(examples)),
        block_kit.section(
            "On a message with IDs or a phone number, open the menu (⋮) and choose"
            " *Look up voice log*."
        ),
        block_kit.divider(),
        block_kit.header("Status"),
        *map(block_kit.section, lines),
        block_kit.context(f"VoiceLog {__version__}"),
    ]
    return block_kit.home(content)
