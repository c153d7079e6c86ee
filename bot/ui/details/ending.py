"""The section of the Details modal that says how a leg ended."""

from typing import Final

from bot.ui import block_kit, ending_words, mrkdwn
from bot.ui.block_kit import Block, Fact
from bot.ui.voice_log_card import NO_VOICE_LOG
from bot.voicelogs.results import Details, Ending, Found

HEADING: Final = "How it ended"

_EVENTS_TO_COME: Final = f"{NO_VOICE_LOG} Events aren't available until then."
_NOT_SAID: Final = (
    "SignalWire's API doesn't say why. Search for this ID in the SignalWire dashboard."
)
_NOT_READ: Final = (
    "The Compatibility API, which may say more, couldn't be read. The rest isn't affected."
)


def provisional(found: Found, *, has_events: bool) -> list[str]:
    """Return a note in mrkdwn if there is no voice log yet.

    `has_events`: whether the modal has a place for events, which are missing then.
    """
    if found.call is None:
        return []
    return [_EVENTS_TO_COME if has_events else NO_VOICE_LOG]


def ending(details: Details) -> list[Block]:
    """Build the section with its heading; an empty list if there is nothing to say."""
    known = details.ending
    if known is None:
        return []
    content = block_kit.fields(_facts(known, details.found))
    if details.found.log.status == "failed" and known.is_complete and not known.says_why:
        content.append(block_kit.context(_NOT_SAID))
    if known.error is not None:
        content.append(block_kit.context(_NOT_READ))
    return [block_kit.header(HEADING), *content] if content else []


def _facts(known: Ending, found: Found) -> list[Fact]:
    """Return what is known. The start time is left out if the main facts already show it."""
    created_at = found.log.created_at
    started_at = known.started_at
    if started_at is not None and created_at is not None:
        is_same = started_at.replace(microsecond=0) == created_at.replace(microsecond=0)
        started_at = None if is_same else started_at
    words = (
        *ending_words.reasons(known).items(),
        ("End source", known.end_source and ending_words.word(known.end_source)),
        ("Answered by", known.answered_by and ending_words.answered_by(known.answered_by)),
        ("Start time", started_at and mrkdwn.date_token(started_at)),
        ("End time", known.ended_at and mrkdwn.date_token(known.ended_at)),
    )
    return [Fact(label, text) for label, text in words if text]
