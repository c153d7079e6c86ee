"""The action IDs of all buttons and menus, and the buttons that several messages have.

A value holds a voice log ID, a thread timestamp or a page number, or is sealed: never a secret, a
plain phone number or a permission. The listeners import these action IDs, so that a button and
its handler always match; in a row, an ID may end in a number (see `block_kit.actions`).
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from bot.ui.block_elements import VALUE_LIMIT, Button, button
from bot.voicelogs.lookup import MAX_IDS

CARD: Final = "voicelog_card"
RETRY: Final = "voicelog_retry"
LOOK_UP_REST: Final = "voicelog_look_up_rest"
DETAILS: Final = "voicelog_details"
REFRESH: Final = "voicelog_refresh"
FOLLOW: Final = "voicelog_follow"
STOP_FOLLOWING: Final = "voicelog_stop_following"
LEGS: Final = "voicelog_legs"
SEARCH_RETRY: Final = "voicelog_search_again"
SHARE: Final = "voicelog_share"
SHARE_IN_CHANNEL: Final = "voicelog_share_in_channel"
SHARE_FORM: Final = "voicelog_share_form"
"""The action ID of the button, and the callback ID of the form that it opens."""
SHARE_FORM_BACK: Final = "voicelog_share_form_back"
"""Shows the form again, in place of the outcome of its submission."""
OVERFLOW: Final = "voicelog_more"
"""The overflow menu. The value of each option begins with the action ID it triggers."""
PAGE: Final = "voicelog_page"
PAGE_BACK: Final = "voicelog_page_back"
ERRORS: Final = "voicelog_errors"
ERRORS_BACK: Final = "voicelog_errors_back"
RAW: Final = "voicelog_raw"
RAW_BACK: Final = "voicelog_raw_back"
COPY: Final = "voicelog_copy"
COPY_IN_FULL: Final = "voicelog_copy_in_full"
OPEN_DASHBOARD: Final = "voicelog_open_dashboard"
SEARCH_OLDER: Final = "voicelog_further"
SEARCH_WIDER: Final = "voicelog_wider"
CHANGE_SEARCH: Final = "voicelog_change_search"
FIND_NUMBER: Final = "voicelog_find_number"
TYPED_SEARCH: Final = "voicelog_typed_search"
"""The result replaces the message."""
TYPED_NUMBER: Final = "voicelog_typed_number"
"""The result is a new message."""
FIND_FORM: Final = "voicelog_find_form"
HELP: Final = "voicelog_help"
STATUS: Final = "voicelog_status"
FORM: Final = "voicelog_find"
"""The callback ID of the form and of the global shortcut that opens it."""

COPY_AS_TEXT: Final = "Copy as text"
OPEN_IN_SIGNALWIRE: Final = "Open in SignalWire"

NUMBER_PREFIX: Final = "number:"
"""Begins a sealed number in a value that also has IDs."""
STATE_PREFIX: Final = "state:"
"""Begins the word in the value of Share that distinguishes the states of a card."""
SHARED_WORD: Final = "shared"
"""In a value: the user has shared the card before."""
FOLLOWED_WORD: Final = "followed"
"""In the value of Share: the card is being followed, so the notice doesn't replace it."""
IDS_IN_VALUE_LIMIT: Final = 50
"""IDs that a button's value may hold."""


def open_share_form(log_id: UUID, *, is_in_place: bool = False) -> Button:
    """Build the button **Share…**, which opens the form to choose a conversation for a leg's card.

    If `is_in_place`, the form replaces what the modal shows.
    """
    return button(SHARE_FORM_BACK if is_in_place else SHARE_FORM, "Share…", str(log_id))


def card(log_id: UUID, thread_ts: str | None = None, label: str = "View") -> Button:
    """Build the button that shows a row's log in a new message, to share to `thread_ts`."""
    return button(CARD, label, joined(log_id, thread_ts))


def retry(
    log_ids: Sequence[UUID], thread_ts: str | None = None, numbers: Sequence[str] = ()
) -> Button:
    """Build the button that looks up at most ten IDs again; the result replaces the message.

    `numbers` are sealed, to be offered again; too long ones are left out.
    """
    value = joined(*log_ids, thread_ts)
    for number in numbers:
        longer = f"{value} {NUMBER_PREFIX}{number}"
        value = longer if len(longer) <= VALUE_LIMIT else value
    return button(RETRY, "Try again", value)


def look_up_rest(log_ids: Sequence[UUID], thread_ts: str | None = None) -> Button:
    """Build the button that looks up the IDs beyond the first ten, ten at a time."""
    count = len(log_ids)
    others = f"other {count}" if count > 1 else "other ID"
    which = others if count <= MAX_IDS else f"next {MAX_IDS}"
    return button(
        LOOK_UP_REST, f"Look up the {which}", joined(*log_ids[:IDS_IN_VALUE_LIMIT], thread_ts)
    )


def find_numbers(labels: Sequence[tuple[str, str]]) -> list[Button]:
    """Build a button for each number; `labels` pairs what it shows with its sealed value."""
    return [button(FIND_NUMBER, f"Find calls with {label}", value) for label, value in labels]


def typed_search(name: str, value: str, *, in_place: bool = True) -> Button:
    """Build the button for a search that may have been meant, under its name; `value` is sealed."""
    action_id = TYPED_SEARCH if in_place else TYPED_NUMBER
    return button(action_id, name[:1].upper() + name[1:], value)


def find_form(value: str = "") -> Button:
    """Build the button that opens the search form, with a search filled in if `value` has one."""
    return button(FIND_FORM, "Open the form" if value else "Find a call", value)


def show_help() -> Button:
    """Build the button that shows the help."""
    return button(HELP, "Help")


def show_status() -> Button:
    """Build the button that shows the status."""
    return button(STATUS, "Status")


def dashboard_page(log_id: UUID, dashboard_url: str) -> str:
    """Return the URL of a log's page in the dashboard."""
    return dashboard_url.replace("{id}", str(log_id))


def joined(*parts: UUID | str | None) -> str:
    """Join the parts of a button's value, without those that are None."""
    return " ".join(str(part) for part in parts if part is not None)
