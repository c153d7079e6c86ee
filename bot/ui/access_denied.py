"""The message for a user who may not look up voice logs, with whom to ask for access."""

from typing import Final

from bot.access import Denial
from bot.ui import error_messages, mrkdwn, signs
from bot.ui.block_kit import Message
from bot.ui.errors import ErrorText

TITLE: Final = "You can't look up voice logs here"

_DETAILS: Final = {
    "channel": "Voice logs can only be looked up in certain channels, and this isn't one of them.",
    "user": "Only certain people can look up voice logs.",
    "team": "Only people in certain workspaces can look up voice logs.",
}
_SUBJECTS: Final = {"channel": "this channel", "user": "you", "team": "your workspace"}


def describe(denial: Denial) -> ErrorText:
    """Describe why access was denied."""
    return ErrorText(signs.DENIED, TITLE, _DETAILS[denial.reason], _hint(denial))


def access_denied(denial: Denial, request_id: str) -> Message:
    """Build the message for a user whose access was denied."""
    return error_messages.message(describe(denial), request_id)


def _hint(denial: Denial) -> str:
    if denial.reason == "channel" and not denial.subject:  # from a modal or the Home tab
        return "Run `/voicelog` in one of the channels where it is allowed."
    if not denial.subject:
        return "The bot can't tell from here which workspace you're in. Run `/voicelog` instead."
    return (
        "Ask the bot's administrator (the app's About tab in Slack shows who installed it) to allow"
        f" {_SUBJECTS[denial.reason]}: {mrkdwn.code(denial.subject)}."
    )
