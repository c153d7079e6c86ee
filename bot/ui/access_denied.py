"""What somebody is told who may not look voice logs up, or not here; and whom to ask."""

from bot.access import Denial
from bot.ui import errors, mrkdwn
from bot.ui.block_kit import Message
from bot.ui.errors import ErrorText


def denial(refusal: Denial) -> ErrorText:
    """The words for why someone may not ask, or not here."""
    return ErrorText(
        "🔒", "You can't look up voice logs here", _why(refusal), _whom_to_ask(refusal)
    )


def access_denied(refused: Denial, request_id: str) -> Message:
    """The message for someone who may not ask, or not here."""
    problem = denial(refused)
    return errors.message(problem, [problem.hint], errors.reference_line(request_id))


def _why(refusal: Denial) -> str:
    match refusal.reason:
        case "channel":
            return "Voice logs may be looked up in certain channels only, and this isn't one."
        case "user":
            return "Voice logs may be looked up by certain people only."
        case "team":
            return "Voice logs may be looked up by people of certain workspaces only."


def _whom_to_ask(refusal: Denial) -> str:
    if (
        refusal.reason == "channel" and not refusal.subject
    ):  # a window or the Home tab, which are in no channel
        return "Use the `/voicelog` command in one of the channels where it is allowed."
    if not refusal.subject:
        return "Slack doesn't say here which workspace you are from. Use the `/voicelog` command."
    whose = {"channel": "this channel", "user": "you", "team": "your workspace"}[refusal.reason]
    return (
        "Ask whoever runs this bot in your workspace (the app's About tab in Slack names who"
        f" installed it) to allow {whose}: {mrkdwn.code(refusal.subject)}."
    )
