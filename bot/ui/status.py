"""The reply to `/voicelog status`, and the Home tab."""

from collections.abc import Sequence
from typing import Final

from bot import __version__
from bot.access import Denial
from bot.ui import access_denied, actions, block_kit, errors, mrkdwn, signs
from bot.ui.block_kit import Block, Message, View
from bot.ui.subcommands import SUBCOMMANDS
from bot.voicelogs.results import ProjectHealth

ALLOWED: Final = "You can look up voice logs here."

_WHAT: Final = (
    "Who called whom, how the call ended, how long it lasted, what it cost: VoiceLog shows"
    " SignalWire voice logs in Slack. Only you can see them, unless you press *Share*."
)
_PROJECTS_SHOWN: Final = 20
_CHECKING: Final = "Checking SignalWire… If this doesn't change, reopen the tab."


def status(healths: Sequence[ProjectHealth], denial: Denial | None) -> Message:
    """Build the status: the bot's version, its SignalWire projects, and the user's access.

    For a user without access, `healths` is empty.
    """
    return block_kit.titled(f"VoiceLog {__version__}", _status_lines(healths, denial))


def home(
    healths: Sequence[ProjectHealth] | None, denial: Denial | None, *, told: Message | None = None
) -> View:
    """Build the Home tab.

    Args:
        healths: None while SignalWire is being checked; empty for a user without access.
        denial: why the user has no access, if so.
        told: the reply to a click in the Home tab, which has no channel for it.
    """
    tries = [f"• {mrkdwn.code(each.example)} {each.does}." for each in SUBCOMMANDS]
    status_lines = _status_lines(healths, denial) if healths is not None else [_CHECKING]
    if healths is None and denial is not None:
        status_lines += _permission(denial)
    content: list[Block] = [
        *([*told.blocks, block_kit.divider()] if told is not None else []),
        block_kit.header("VoiceLog"),
        block_kit.section(_WHAT),
        *(block_kit.actions([actions.find_form()]) if denial is None else []),
        block_kit.header("Things to try"),
        block_kit.section("\n".join(tries)),
        block_kit.section(
            "On a message with IDs or a phone number, open the menu (⋮) and choose"
            " *Look up voice log*."
        ),
        block_kit.divider(),
        block_kit.header("Status"),
        *map(block_kit.section, status_lines),
        block_kit.context(f"VoiceLog {__version__}"),
    ]
    return block_kit.home(content)


def _status_lines(healths: Sequence[ProjectHealth], denial: Denial | None) -> list[str]:
    lines = mrkdwn.first(healths, _PROJECTS_SHOWN, "more projects", _project)
    return [*lines, *_permission(denial)]


def _project(health: ProjectHealth) -> str:
    name = f"SignalWire {mrkdwn.code(health.project, 40)}"
    if health.error is None:
        return f"{signs.OK} {name}: reachable, credentials accepted ({health.duration_ms} ms)"
    if health.error == "broken":
        return f"{signs.FAILED} {name}: {errors.INTERNAL_ERROR.title}."
    problem = errors.describe_check(health.error)
    return f"{signs.FAILED} {name} ({health.duration_ms} ms): {problem.title}. {problem.hint}"


def _permission(denial: Denial | None) -> list[str]:
    if denial is None:
        return [f"{signs.OK} {ALLOWED}"]
    problem = access_denied.describe(denial)
    return [f"{signs.DENIED} {problem.title}. {problem.detail} {problem.hint}"]
