"""The message for a user who may not look up voice logs, with whom to ask for access."""

from bot.access import Denial
from bot.ui import errors, mrkdwn
from bot.ui.block_kit import Message
from bot.ui.errors import ErrorText


def denial(refusal: Denial) -> ErrorText:
    """Describe in words why access was denied."""
    return ErrorText("🔒", "You can't look up voice logs here", _detail(refusal), _hint(refusal))


def access_denied(refused: Denial, request_id: str) -> Message:
    """Build the message for a user whose access was denied."""
    text = denial(refused)
    return errors.message(text, [text.hint], errors.reference_line(request_id))


def _detail(refusal: Denial) -> str:
    match refusal.reason:
        case "channel":
            return "Voice logs may be looked up in certain channels only, and this isn't one."
        case "user":
            return "Voice logs may be looked up by certain people only."
        case "team":
            return "Voice logs may be looked up by people of certain workspaces only."


def _hint(refusal: Denial) -> str:
    if (
        refusal.reason == "channel" and not refusal.subject
    ):  # modals and the Home tab have no channel
        return "Use the `/voicelog` command in one of the channels where it is allowed."
    if not refusal.subject:
        return "Slack doesn't say here which workspace you are from. Use the `/voicelog` command."
    subject = {"channel": "this channel", "user": "you", "team": "your workspace"}[refusal.reason]
    return (
        "Ask whoever runs this bot in your workspace (the app's About tab in Slack names who"
        f" installed it) to allow {subject}: {mrkdwn.code(refusal.subject)}."
    )
