"""The status: the bot's version, its SignalWire projects, and whether the user has access."""

from collections.abc import Sequence
from typing import Final

from bot import __version__
from bot.access import Denial
from bot.ui import access_denied, block_kit, errors, mrkdwn, signs
from bot.ui.block_kit import Message
from bot.voicelogs.results import ProjectHealth

ALLOWED: Final = "You can look up voice logs here."

_PROJECTS_SHOWN: Final = 20


def status(projects: Sequence[ProjectHealth], denial: Denial | None) -> Message:
    """Build the reply to `/voicelog status`; `projects` is empty for a user without access."""
    return block_kit.titled(f"VoiceLog {__version__}", lines(projects, denial))


def lines(projects: Sequence[ProjectHealth], denial: Denial | None) -> list[str]:
    """Return the status in mrkdwn: a line for each project, and one for the user's access."""
    shown = mrkdwn.first_lines(projects, _PROJECTS_SHOWN, "more projects", _project_line)
    return [*shown, access_line(denial)]


def access_line(denial: Denial | None) -> str:
    """Return, in mrkdwn, whether the user may look up voice logs, or why they may not."""
    if denial is None:
        return f"{signs.OK} {ALLOWED}"
    problem = access_denied.describe(denial)
    return f"{signs.DENIED} {problem.title}. {problem.detail} {problem.hint}"


def _project_line(project: ProjectHealth) -> str:
    name = f"SignalWire {mrkdwn.code(project.project, 40)}"
    if project.error is None:
        return f"{signs.OK} {name}: reachable, credentials accepted ({project.duration_ms} ms)"
    if project.error == "internal_error":
        return f"{signs.FAILED} {name}: {errors.INTERNAL_ERROR.title}."
    problem = errors.describe_check(project.error)
    return f"{signs.FAILED} {name} ({project.duration_ms} ms): {problem.title}. {problem.hint}"
