"""Where somebody stands: the answer to `/voicelog status`, and the App Home tab."""

from collections.abc import Sequence
from typing import Final

from bot import __version__
from bot.access import Denial
from bot.cards import blocks, buttons, list_problems, problems, refusals, views
from bot.cards import text as words
from bot.cards.blocks import Block, Message
from bot.cards.views import View
from bot.report import ProjectHealth
from bot.signalwire.errors import SignalWireError
from bot.subcommands import SUBCOMMANDS

_WHAT: Final = (
    "Who called whom, how the call ended, how long it took, what it cost: VoiceLog shows a"
    " SignalWire voice log here in Slack, to you alone."
)
_PROJECTS_SHOWN: Final = 20
_CHECKING: Final = "Asking SignalWire… If this stays, open the tab again."


def status(healths: Sequence[ProjectHealth], refusal: Denial | None) -> Message:
    """The bot's version, its SignalWire projects, and whether the asker may look calls up here.

    Args:
        healths: none for somebody who may not.
        refusal: why the asker may not.
    """
    title = f"VoiceLog {__version__}"
    lines = _standing(healths, refusal)
    return blocks.message(
        [f"{title}.", *(words.mrkdwn_to_text(line) for line in lines)],
        [blocks.header(f"📟 {title}"), *map(blocks.section, lines)],
    )


def home(
    healths: Sequence[ProjectHealth] | None, refusal: Denial | None, *, told: Message | None = None
) -> View:
    """The Home tab; without `healths` while SignalWire is being asked.

    Args:
        healths: none for somebody who may not look voice logs up.
        refusal: why they may not.
        told: what somebody who pressed something here couldn't be told anywhere else.
    """
    tries = [f"• `{each.example}` {each.does}" for each in SUBCOMMANDS]
    standing = _standing(healths, refusal) if healths is not None else [_CHECKING]
    if healths is None and refusal is not None:
        standing += _permission(refusal)
    content: list[Block] = [
        *([*told.blocks, blocks.divider()] if told is not None else []),
        blocks.header("📞 VoiceLog"),
        blocks.section(_WHAT),
        *(blocks.actions([buttons.find_form()]) if refusal is None else []),
        blocks.header("Things to try"),
        blocks.section("\n".join(tries)),
        blocks.section(
            "On a message that holds ids or a phone number: its menu (⋮), *Look up voice log*."
        ),
        blocks.divider(),
        blocks.header("Status"),
        *map(blocks.section, standing),
        blocks.context(f"VoiceLog {__version__}"),
    ]
    return views.home(content)


def _standing(healths: Sequence[ProjectHealth], refusal: Denial | None) -> list[str]:
    lines = [_project(health) for health in healths[:_PROJECTS_SHOWN]]
    if len(healths) > _PROJECTS_SHOWN:
        lines.append(f"… and {len(healths) - _PROJECTS_SHOWN} more projects")
    return [*lines, *_permission(refusal)]


def _project(health: ProjectHealth) -> str:
    name = f"SignalWire {words.code(health.project, 40)}"
    match health.error:
        case None:
            return f"✅ {name}: reachable, credentials accepted ({health.duration_ms} ms)"
        case SignalWireError() as error:
            problem = list_problems.describe_list(error)
            return f"❌ {name}: {problem.title} ({health.duration_ms} ms). {problem.hint}"
        case "broken":
            return f"❌ {name}: {problems.INTERNAL_ERROR.title}."


def _permission(refusal: Denial | None) -> list[str]:
    if refusal is None:
        return ["✅ You may look voice logs up here."]
    problem = refusals.denial(refusal)
    return [f"🔒 {problem.title}. {problem.detail} {problem.hint}"]
