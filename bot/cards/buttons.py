"""Everything that can be pressed, and the names by which Slack tells which it was.

A value holds a voice log's id, a thread's timestamp, a page, or a token for what this process
remembers: never a secret, never a number, never a permission. The listeners take these names from
here, so that a button and what it does can't drift apart.
"""

from typing import Final
from uuid import UUID

from bot.cards import blocks
from bot.cards.blocks import Button, Confirm, Element, Option, Overflow

CARD: Final = "voicelog_card"
RETRY: Final = "voicelog_retry"
DETAILS: Final = "voicelog_details"
REFRESH: Final = "voicelog_refresh"
FOLLOW: Final = "voicelog_follow"
LEGS: Final = "voicelog_legs"
SHARE: Final = "voicelog_share"
MORE: Final = "voicelog_more"
PAGE: Final = "voicelog_page"
PAGE_BACK: Final = "voicelog_page_back"
RAW: Final = "voicelog_raw"
RAW_BACK: Final = "voicelog_raw_back"
FURTHER: Final = "voicelog_further"
FIND_NUMBER: Final = "voicelog_find_number"
FIND_FORM: Final = "voicelog_find_form"

LABEL_LIMIT: Final = 75


def button(
    action_id: str, label: str, value: str = "", *, confirm: Confirm | None = None
) -> Button:
    """A button; `label` of at most 75 characters."""
    made: Button = {
        "type": "button",
        "action_id": action_id,
        "text": blocks.plain(label, LABEL_LIMIT),
    }
    if value:
        made["value"] = value
    if confirm is not None:
        made["confirm"] = confirm
    return made


def overflow(action_id: str, *options: tuple[str, str]) -> Overflow:
    """A menu of (label, value) lines."""
    lines: list[Option] = [
        {"text": blocks.plain(label, LABEL_LIMIT), "value": value} for label, value in options
    ]
    return {"type": "overflow", "action_id": action_id, "options": lines}


def card(log_id: UUID) -> Element:
    """Shows the whole card of a row."""
    return button(CARD, "Card", str(log_id))


def raw_json(log_id: UUID) -> Button:
    """In the details: the page with the JSON as SignalWire sent it. The window knows the log."""
    return button(RAW, "Raw JSON", str(log_id))


def turn_page(action_id: str, label: str, number: int) -> Button:
    """In the details: another page of the timeline or of the JSON."""
    return button(action_id, label, str(number))
