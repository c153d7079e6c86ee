"""Everything that can be pressed, and the names by which Slack tells which it was.

A value holds a voice log's id, a thread's timestamp, a page, or what only the bot can read: never
a secret, never a plain number, never a permission. The listeners take these names from here, so
that a button and what it does can't drift apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from bot.ui import block_kit
from bot.ui.block_kit import Button, Confirm, Element, Option, Overflow

CARD: Final = "voicelog_card"
RETRY: Final = "voicelog_retry"
DETAILS: Final = "voicelog_details"
REFRESH: Final = "voicelog_refresh"
FOLLOW: Final = "voicelog_follow"
LEGS: Final = "voicelog_legs"
SEARCH_RETRY: Final = "voicelog_search_again"
SHARE: Final = "voicelog_share"
SHARE_IN_CHANNEL: Final = "voicelog_share_in_channel"
OVERFLOW: Final = "voicelog_more"
"""The menu. Its lines' values begin with the action they stand for."""
PAGE: Final = "voicelog_page"
PAGE_BACK: Final = "voicelog_page_back"
RAW: Final = "voicelog_raw"
RAW_BACK: Final = "voicelog_raw_back"
SEARCH_OLDER: Final = "voicelog_further"
FIND_NUMBER: Final = "voicelog_find_number"
"""The first of several; the others have `_2`, `_3` after it."""
FIND_FORM: Final = "voicelog_find_form"
FORM: Final = "voicelog_find"
"""The form itself, and the global shortcut that opens it."""

LABEL_LIMIT: Final = 75


@dataclass(frozen=True)
class CardOptions:
    """What the buttons of a card depend on, besides the log itself.

    Attributes:
        thread_ts: the thread that Share posts into; None for the channel.
        masks_shared: whether numbers are masked in what is shared; the confirmation says so.
        public: whether the card itself stands in the channel for everyone.
        may_share: whether there is anywhere to share to, and it wasn't shared already.
        shared_by: who shared the card, if it stands in the channel: a user id.
        followed: whether the card is being followed, so that Follow would be one too many.
    """

    thread_ts: str | None = None
    masks_shared: bool = True
    public: bool = False
    may_share: bool = True
    shared_by: str | None = None
    followed: bool = False


def card_actions(log_id: UUID, *, is_live: bool, setting: CardOptions) -> list[Element]:
    """The row under a card: Details, Refresh or Follow, Share, and a menu."""
    subject = _subject(log_id, setting.thread_ts or setting.shared_by)
    refresh = ("Refresh", REFRESH)
    follows = is_live and not setting.public and not setting.followed
    second = ("Follow", FOLLOW) if follows else refresh
    row: list[Element] = [
        button(DETAILS, "Details", subject),
        button(second[1], second[0], subject),
    ]
    if setting.may_share and not setting.public:
        row.append(button(SHARE, "Share", subject, confirm=_confirm(setting)))
    menu = [("Legs of the call", f"{LEGS} {subject}")]
    if follows:
        menu.append((refresh[0], f"{REFRESH} {subject}"))
    return [*row, overflow(OVERFLOW, *menu)]


def share_in_channel(log_id: UUID, *, masks_shared: bool) -> Button:
    """Offered when Slack refused the thread."""
    setting = CardOptions(masks_shared=masks_shared)
    return button(SHARE_IN_CHANNEL, "Share in the channel", str(log_id), confirm=_confirm(setting))


def card(log_id: UUID, thread_ts: str | None = None) -> Button:
    """Shows the whole card of a row; `thread_ts` is where that card may be shared."""
    return button(CARD, "Card", _subject(log_id, thread_ts))


def try_row_again(log_id: UUID, thread_ts: str | None = None) -> Button:
    """Looks a row's log up once more; the card, if there is one now, comes as a new message."""
    return button(CARD, "Try again", _subject(log_id, thread_ts))


def retry(log_ids: Sequence[UUID], thread_ts: str | None = None) -> Button:
    """Looks the same ids up once more, in the place of the message."""
    return button(RETRY, "Try again", _subject(*log_ids, thread_ts))


def further(value: str) -> Button:
    """Goes on with a search where it stopped. `value` is sealed."""
    return button(SEARCH_OLDER, "Look further back", value)


def search_again(value: str) -> Button:
    """Begins a search anew that failed. `value` is sealed."""
    return button(SEARCH_RETRY, "Try again", value)


def find_number(label: str, value: str, index: int) -> Button:
    """Finds the calls with one of the numbers of a message. `value` is sealed."""
    action_id = FIND_NUMBER if index == 0 else f"{FIND_NUMBER}_{index + 1}"
    return button(action_id, label, value)


def find_form() -> Button:
    """Opens the form in which a search is filled in."""
    return button(FIND_FORM, "Find a call")


def raw_json(log_id: UUID) -> Button:
    """In the details: the page with the JSON as SignalWire sent it. The window knows the log."""
    return button(RAW, "Raw JSON", str(log_id))


def page_button(action_id: str, label: str, number: int) -> Button:
    """In the details: another page of the timeline or of the JSON."""
    return button(action_id, label, str(number))


def button(
    action_id: str, label: str, value: str = "", *, confirm: Confirm | None = None
) -> Button:
    """A button; `label` of at most 75 characters."""
    made: Button = {
        "type": "button",
        "action_id": action_id,
        "text": block_kit.plain(label, LABEL_LIMIT),
    }
    if value:
        made["value"] = value
    if confirm is not None:
        made["confirm"] = confirm
    return made


def overflow(action_id: str, *options: tuple[str, str]) -> Overflow:
    """A menu of (label, value) lines."""
    lines: list[Option] = [
        {"text": block_kit.plain(label, LABEL_LIMIT), "value": value} for label, value in options
    ]
    return {"type": "overflow", "action_id": action_id, "options": lines}


def _subject(*parts: UUID | str | None) -> str:
    return " ".join(str(part) for part in parts if part is not None)


def _confirm(setting: CardOptions) -> Confirm:
    where = "in this thread" if setting.thread_ts else "in this channel or conversation"
    numbers = (
        "Phone numbers are masked: country and last two digits stay."
        if setting.masks_shared
        else "Phone numbers are shown in full."
    )
    return {
        "title": block_kit.plain("Share this voice log?", 100),
        "text": block_kit.plain(
            f"Everyone {where} will see the card, people of other companies too if they are here."
            f" {numbers}",
            300,
        ),
        "confirm": block_kit.plain("Share", 30),
        "deny": block_kit.plain("Cancel", 30),
    }
