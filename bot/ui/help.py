"""The help message, and messages about text without a complete voice log ID."""

from collections.abc import Sequence
from typing import Final

from bot.ui import actions, block_kit, mrkdwn, other_ids, signs
from bot.ui.block_elements import Button
from bot.ui.block_kit import Message
from bot.ui.subcommands import COMMAND, EXAMPLE_ID, FIND, SUBCOMMANDS, TIME_FORMS
from bot.voicelogs.ids import Ids
from bot.voicelogs.query import FILTERS

NO_ID: Final = "No voice log id found"
NO_ID_IN_MESSAGE: Final = "No voice log id in this message"
INCOMPLETE_ID: Final = "This id is incomplete"
MISTYPED_ID: Final = "This id is mistyped"

_SHOWN: Final = 3
"""Truncated ids."""
_MORE: Final = (
    "On a message with ids or a phone number, open the menu (⋮) and choose *Look up voice log*.",
    "The *Find a call* shortcut in the message box opens a search form.",
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
    example = f"For example, `{FIND.example}`."
    message = _message("VoiceLog", "VoiceLog", [*usages, *more, "", example, WHERE_IDS_ARE])
    return block_kit.with_notes(message, [_SEARCH_TERMS])


def no_id(cut_short: Sequence[str]) -> Message:
    """Build the message for a command without an ID, but perhaps with truncated ones."""
    if cut_short:
        example = f"A full id looks like this: `{EXAMPLE_ID}`"
        return _nothing_to_look_up(INCOMPLETE_ID, [_found(cut_short), _CUT_SHORT, example])
    return _nothing_to_look_up(NO_ID, [WHERE_IDS_ARE])


def no_id_in_message(found: Ids) -> Message:
    """Build the message for a message shortcut used on a message without a complete id."""
    find_form = [actions.find_form()]
    cut_short = other_ids.truncated(found)
    if cut_short and not found.others:
        return block_kit.with_buttons(no_id(cut_short), find_form)
    said = about_other_text(found) or [
        "Searched the text, links, attachments, forwarded messages and file names."
    ]
    is_mistyped = bool(other_ids.mistyped(found))
    title = MISTYPED_ID if is_mistyped else INCOMPLETE_ID if cut_short else NO_ID_IN_MESSAGE
    return _nothing_to_look_up(title, [*said, WHERE_IDS_ARE], find_form)


def where_ids_are() -> str:
    """Say in mrkdwn without emphasis where an id is shown, and what it looks like."""
    return f"{_WHERE.replace('*', '')} `{EXAMPLE_ID}`"


def about_other_text(found: Ids) -> list[str]:
    """Return notes in mrkdwn about what looks like an id, but isn't one."""
    cut_short = other_ids.truncated(found)
    said = other_ids.sentences(found.others)
    return [*said, *([also_cut_short(cut_short)] if cut_short else [])]


def left_out(count: int) -> str:
    """Return a note in mrkdwn about ids beyond the limit."""
    ids = "1 more id wasn't" if count == 1 else f"{count} more ids weren't"
    most = actions.MOST_IDS
    further = f" You can look up the next {most} from here." if count > most else ""
    return f"{ids} looked up: the limit is ten at a time.{further}"


def also_cut_short(pieces: Sequence[str]) -> str:
    """Return a note in mrkdwn about truncated IDs among complete ones."""
    return f"{_found(pieces)} {_CUT_SHORT.replace('*', '')}"


def _found(pieces: Sequence[str]) -> str:
    return f"Found {', '.join(mrkdwn.code(piece, 40) for piece in pieces[:_SHOWN])}."


def _nothing_to_look_up(
    title: str, paragraphs: Sequence[str], buttons: Sequence[Button] = ()
) -> Message:
    message = _message(title, f"{signs.SEARCH} {title}", paragraphs)
    return block_kit.with_buttons(message, buttons)


def _message(title: str, heading: str, paragraphs: Sequence[str]) -> Message:
    text = "\n".join(paragraphs)
    return block_kit.message(
        [f"{title}.", text.replace("*", "")],
        [block_kit.header(heading), block_kit.section(text)],
    )
