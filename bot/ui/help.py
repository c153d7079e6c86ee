"""The help, and messages about text without a voice log ID: truncated, mistyped or other IDs."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from bot.ui import actions, block_kit, mrkdwn, signs
from bot.ui.block_kit import Message
from bot.ui.subcommands import COMMAND, EXAMPLE_ID, FIND, SUBCOMMANDS, TIME_FORMS
from bot.voicelogs.id_mentions import Kind, OtherId
from bot.voicelogs.ids import Ids
from bot.voicelogs.query import FILTERS

_INCOMPLETE_ID: Final = "This ID is incomplete"
_SHOWN: Final = 3
"""IDs that a note is about."""
_OTHER_ID_LIMIT: Final = 100
"""Characters shown of an ID or an address."""
_DIGITS: Final = 32
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
_KINDS: Final = {
    Kind.RECORDING: "a recording",
    Kind.PROJECT: "a project or an account",
    Kind.SPACE: "a space",
    Kind.OTHER: "something else, such as a request or a ticket",
}


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


def no_id(truncated: Sequence[str], others: Sequence[OtherId] = ()) -> Message:
    """Build the message for a command without an ID, but perhaps with truncated or other ones."""
    if truncated:
        example = f"A full ID looks like this: `{EXAMPLE_ID}`"
        return _message(_INCOMPLETE_ID, [_found(truncated), _TRUNCATED_HINT, example], signs.SEARCH)
    paragraphs = [*about_others(others), WHERE_IDS_ARE]
    return _message("No voice log ID found", paragraphs, signs.SEARCH)


def no_id_in_message(found: Ids) -> Message:
    """Build the reply to the shortcut on a message without a complete ID."""
    truncated = _truncated(found)
    if truncated and not found.others:
        message = no_id(truncated)
    else:
        notes = about_other_text(found) or [
            "Searched the text, links, attachments, forwarded messages and file names."
        ]
        title = _INCOMPLETE_ID if truncated else "No voice log ID in this message"
        title = "This ID is mistyped" if _mistyped(found) else title
        message = _message(title, [*notes, WHERE_IDS_ARE], signs.SEARCH)
    return block_kit.with_buttons(message, [actions.find_form()])


# ── Notes in mrkdwn ───────────────────────────────────────────────────────────────────────────


def about_other_text(found: Ids) -> list[str]:
    """Return notes about text that looks like an ID but isn't a complete one."""
    return [*about_others(found.others), *about_truncated(found)]


def about_incomplete(found: Ids) -> list[str]:
    """Return notes about IDs with too few digits, too many, or misplaced dashes."""
    return [*about_others(_mistyped(found)), *about_truncated(found)]


def about_truncated(found: Ids) -> list[str]:
    """Return a note about truncated IDs, if there are any."""
    truncated = _truncated(found)
    return [f"{_found(truncated)} {_TRUNCATED_HINT}"] if truncated else []


def about_others(others: Sequence[OtherId], *, is_shown: bool = False) -> list[str]:
    """Return sentences about the first few IDs that aren't a voice log's.

    `is_shown`: there is one ID, and the message shows it elsewhere.
    """
    return [_sentence(other, is_shown=is_shown) for other in others[:_SHOWN]]


def left_out(count: int) -> str:
    """Return a note about `count` IDs beyond the limit."""
    ids = "1 more ID wasn't" if count == 1 else f"{count} more IDs weren't"
    most = actions.IDS_IN_VALUE_LIMIT
    further = f" You can look up the next {most} from here." if count > most else ""
    return f"{ids} looked up: the limit is ten at a time.{further}"


def labeled(log_ids: Iterable[object], others: Sequence[OtherId]) -> list[OtherId]:
    """Return the looked-up IDs that are labeled as something else's."""
    looked_up = {str(log_id) for log_id in log_ids}
    return [other for other in others if other.text in looked_up]


def _mistyped(ids: Ids) -> list[OtherId]:
    return [other for other in ids.others if other.kind is Kind.MISTYPED]


def _truncated(ids: Ids) -> list[str]:
    """Return the truncated IDs, without the mistyped ones."""
    typos = {other.text for other in _mistyped(ids)}
    return [piece for piece in ids.truncated if piece not in typos]


def _found(pieces: Sequence[str]) -> str:
    return f"Found {', '.join(mrkdwn.code(piece, 40) for piece in pieces[:_SHOWN])}."


def _sentence(other: OtherId, *, is_shown: bool) -> str:
    text = other.text
    shown = mrkdwn.code(text, _OTHER_ID_LIMIT)
    if other.kind is Kind.MISTYPED:
        digits = len(re.sub("[^0-9a-fA-F]", "", text))
        if digits == _DIGITS:
            return f"{shown} has its dashes in the wrong places."
        return f"{shown} has {digits} digits, but an ID has {_DIGITS}."
    if other.kind is Kind.TWILIO_CALL:
        return f"{shown} is a Twilio call SID, not a SignalWire ID."
    if other.kind is Kind.RECORDING and "/" in text:
        host, *_, name = re.split("[?#]", text)[0].rstrip("/").split("/")
        address = mrkdwn.code(f"{host}/…/{name}", _OTHER_ID_LIMIT)
        return f"{address} is a recording's URL. It doesn't contain the call's ID."
    subject = "It's" if is_shown else f"{shown} is"
    return f"{subject} labeled as the ID of {_KINDS[other.kind]}."


def _message(title: str, paragraphs: Sequence[str], emoji: str = "") -> Message:
    return block_kit.titled(title, ["\n".join(paragraphs)], emoji)
