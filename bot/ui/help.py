"""The help message, and messages about text without a complete voice log ID."""

from collections.abc import Sequence
from typing import Final

from bot.ui import block_kit, mrkdwn
from bot.ui.block_kit import Message
from bot.ui.subcommands import COMMAND, EXAMPLE_ID, FIND, SUBCOMMANDS, TIME_FORMS
from bot.voicelogs.query import FILTERS

__all__ = ["EXAMPLE_ID", "also_cut_short", "help_card", "left_out", "no_id", "no_id_in_message"]

NO_ID: Final = "No voice log id found"
NO_ID_IN_MESSAGE: Final = "No voice log id in this message"
INCOMPLETE_ID: Final = "This id is incomplete"

_MORE: Final = (
    "On a message with ids or a phone number, open the menu (⋮) and choose *Look up voice log*.",
    "*Find a call*, one of the shortcuts in the message box, opens a search form.",
    "Only you can see the replies, unless you press *Share*.",
)
_WHERE: Final = (
    "In the SignalWire dashboard, open Logs → Voice, then the call. The id is its"
    " *Voice Segment ID*. It looks like this:"
)
WHERE_IDS_ARE: Final = f"{_WHERE} `{EXAMPLE_ID}`"
_SEARCH_TERMS: Final = f"Times: {TIME_FORMS} (UTC). Filters: {', '.join(FILTERS)}."
_CUT_SHORT: Final = (
    "The list in the dashboard truncates ids. Open the call there and copy the full"
    " *Voice Segment ID*."
)


def help_card() -> Message:
    """Build the help message."""
    usages = [
        f"• {mrkdwn.code(f'{COMMAND} {subcommand.usage}')} {subcommand.does}."
        for subcommand in SUBCOMMANDS
    ]
    more = [f"• {line}" for line in _MORE]
    example = f"For example `{FIND.example}`."
    message = _message("VoiceLog", "📞", [*usages, *more, "", example, WHERE_IDS_ARE])
    return block_kit.with_notes(message, [_SEARCH_TERMS])


def no_id(cut_short: Sequence[str]) -> Message:
    """Build the message for a command without an ID.

    Args:
        cut_short: pieces of the text that look like truncated IDs.
    """
    if cut_short:
        return _message(
            INCOMPLETE_ID,
            "✂️",
            [*_shown(cut_short), _CUT_SHORT, f"A full id looks like this: `{EXAMPLE_ID}`"],
        )
    return _message(NO_ID, "🔎", [WHERE_IDS_ARE])


def no_id_in_message(cut_short: Sequence[str]) -> Message:
    """Build the message for a message shortcut used on a message without an ID."""
    if cut_short:
        return no_id(cut_short)
    return _message(
        NO_ID_IN_MESSAGE,
        "🔎",
        [
            "Searched the text, links, attachments, forwarded messages and file names.",
            WHERE_IDS_ARE,
        ],
    )


def left_out(count: int) -> str:
    """Return a note in mrkdwn about IDs that were skipped."""
    ids = "1 more id was" if count == 1 else f"{count} more ids were"
    return f"{ids} skipped (limit: ten). Run the command again with the rest."


def also_cut_short(pieces: Sequence[str]) -> str:
    """Return a note in mrkdwn about truncated IDs among complete ones."""
    return " ".join([*_shown(pieces), _CUT_SHORT.replace("*", "")])


def _shown(pieces: Sequence[str], limit: int = 3) -> list[str]:
    return [f"Found {', '.join(mrkdwn.code(piece, 40) for piece in pieces[:limit])}."]


def _message(title: str, emoji: str, paragraphs: Sequence[str]) -> Message:
    text = "\n".join(paragraphs)
    return block_kit.message(
        [f"{title}.", mrkdwn.mrkdwn_to_text(text.replace("*", ""))],
        [block_kit.header(f"{emoji} {title}"), block_kit.section(text)],
    )
