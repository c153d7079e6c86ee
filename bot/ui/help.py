"""The help message, and messages about text without a complete voice log ID."""

from collections.abc import Sequence
from typing import Final

from bot.ui import actions, block_kit, mrkdwn, other_ids, signs
from bot.ui.block_kit import Message
from bot.ui.subcommands import COMMAND, EXAMPLE_ID, FIND, SUBCOMMANDS, TIME_FORMS
from bot.voicelogs.ids import Ids
from bot.voicelogs.query import FILTERS

_INCOMPLETE_ID: Final = "This ID is incomplete"
_TRUNCATED_SHOWN: Final = 3
_MORE: Final = (
    "On a message with IDs or a phone number, open the menu (⋮) and choose *Look up voice log*.",
    "The *Find a call* shortcut in the message box opens a search form.",
    "Only you can see the replies, unless you press *Share*.",
)
WHERE_IDS_ARE: Final = (
    "In the SignalWire dashboard, open Logs → Voice, then the call. The ID is its"
    f" *Voice Segment ID*. It looks like this: `{EXAMPLE_ID}`"
)
_SEARCH_TERMS: Final = f"Times: {TIME_FORMS} (UTC). Filters: {', '.join(FILTERS)}."
_TRUNCATED_HINT: Final = (
    "The list in the dashboard truncates IDs. Open the call there and copy the full"
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
    message = _message("VoiceLog", [*usages, *more, "", example, WHERE_IDS_ARE])
    return block_kit.with_notes(message, [_SEARCH_TERMS])


def no_id(truncated: Sequence[str]) -> Message:
    """Build the message for a command without an ID, but perhaps with truncated ones."""
    if truncated:
        example = f"A full ID looks like this: `{EXAMPLE_ID}`"
        return _message(_INCOMPLETE_ID, [_found(truncated), _TRUNCATED_HINT, example], signs.SEARCH)
    return _message("No voice log ID found", [WHERE_IDS_ARE], signs.SEARCH)


def no_id_in_message(found: Ids) -> Message:
    """Build the reply to the shortcut on a message without a complete ID."""
    find_form = [actions.find_form()]
    truncated = other_ids.truncated(found)
    if truncated and not found.others:
        return block_kit.with_buttons(no_id(truncated), find_form)
    notes = about_other_text(found) or [
        "Searched the text, links, attachments, forwarded messages and file names."
    ]
    if other_ids.mistyped(found):
        title = "This ID is mistyped"
    else:
        title = _INCOMPLETE_ID if truncated else "No voice log ID in this message"
    message = _message(title, [*notes, WHERE_IDS_ARE], signs.SEARCH)
    return block_kit.with_buttons(message, find_form)


def about_other_text(found: Ids) -> list[str]:
    """Return notes in mrkdwn about text that looks like an ID but isn't a complete one."""
    return [*other_ids.sentences(found.others), *about_truncated(found)]


def about_truncated(found: Ids) -> list[str]:
    """Return a note in mrkdwn about truncated IDs, if there are any."""
    truncated = other_ids.truncated(found)
    return [f"{_found(truncated)} {_TRUNCATED_HINT}"] if truncated else []


def left_out(count: int) -> str:
    """Return a note in mrkdwn about `count` IDs beyond the limit."""
    ids = "1 more ID wasn't" if count == 1 else f"{count} more IDs weren't"
    most = actions.IDS_IN_VALUE_LIMIT
    further = f" You can look up the next {most} from here." if count > most else ""
    return f"{ids} looked up: the limit is ten at a time.{further}"


def _found(pieces: Sequence[str]) -> str:
    return f"Found {', '.join(mrkdwn.code(piece, 40) for piece in pieces[:_TRUNCATED_SHOWN])}."


def _message(title: str, paragraphs: Sequence[str], emoji: str = "") -> Message:
    return block_kit.titled(title, ["\n".join(paragraphs)], emoji)
