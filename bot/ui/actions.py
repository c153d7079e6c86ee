"""Buttons and menus, with their action IDs and values.

A value holds a voice log ID, a thread timestamp, a page number or a sealed token: never a secret,
a plain phone number or a permission. The listeners import these action IDs, so that a button and
its handler always match.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final
from uuid import UUID

from bot.ui import block_kit
from bot.ui.block_kit import Button, Confirm, Element, Option, Overflow
from bot.voicelogs.masking import mask_address

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
"""Shows the form again, in the place of what came of it."""
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
"""The first of several; see FIND_NUMBER."""
CHANGE_SEARCH: Final = "voicelog_change_search"
FIND_NUMBER: Final = "voicelog_find_number"
"""The first of several; the others end in `_2`, `_3` and so on."""
TYPED_SEARCH: Final = "voicelog_typed_search"
"""The first of several, as FIND_NUMBER. The result replaces the message."""
TYPED_NUMBER: Final = "voicelog_typed_number"
"""The first of several, as FIND_NUMBER. The result is a new message."""
FIND_FORM: Final = "voicelog_find_form"
HELP: Final = "voicelog_help"
STATUS: Final = "voicelog_status"
FORM: Final = "voicelog_find"
"""The callback ID of the form and of the global shortcut that opens it."""

COPY_AS_TEXT: Final = "Copy as text"
SHARE_IN_ANY: Final = "Share…"
OPEN_IN_SIGNALWIRE: Final = "Open in SignalWire"

LABEL_LIMIT: Final = 75
VALUE_LIMIT: Final = 2000
"""Characters (docs.slack.dev: button element)."""
NUMBER_PREFIX: Final = "number:"
"""Begins a sealed number in a value with ids."""
STATE_PREFIX: Final = "state:"
"""Begins, in the value of Share, the word that tells one state of a message from another."""
SHARED_WORD: Final = "shared"
"""In a value: the card was shared before."""
FOLLOWED_WORD: Final = "followed"
"""In the value of Share: the card is being followed, so it has to stay."""
MOST_IDS: Final = 50
"""Ids in a value."""
_AT_ONCE: Final = 10
"""Ids that are looked up at once."""


class Place(Enum):
    """The kind of conversation a card is shared in, as far as Slack says; the value is its name."""

    CHANNEL = "channel"
    PRIVATE = "private conversation"
    """A private channel or a group of people."""
    DIRECT = "direct message"


@dataclass(frozen=True)
class CardOptions:
    """What determines a card's buttons, besides the log.

    Attributes:
        thread_ts: the thread that Share posts to; None for the conversation itself.
        place: where that is; the confirmation of Share says so.
        masks_shared: whether numbers in a shared card are masked; the confirmation says which.
        public: whether the card itself is posted in the channel for everyone.
        in_modal: whether it is in a modal, where there is no response_url to share and follow by.
        shared_by: the ID of the user who shared the card, if it was shared.
        was_shared: whether the user has shared the leg from this card before.
        followed: whether the card is being followed.
        state: a word that differs between the states of a card, so that each can be shared once.
        dashboard_url: DASHBOARD_URL, in which `{id}` stands for a log's id; empty for none.
    """

    thread_ts: str | None = None
    place: Place = Place.CHANNEL
    masks_shared: bool = True
    public: bool = False
    in_modal: bool = False
    shared_by: str | None = None
    was_shared: bool = False
    followed: bool = False
    state: str = ""
    dashboard_url: str = ""

    @property
    def shared_in(self) -> str:
        """Where Share posts to, in a word or two."""
        return "thread" if self.thread_ts else self.place.value


def card_actions(log_id: UUID, *, is_live: bool, setting: CardOptions) -> list[Element]:
    """Build the row below a card: Details, Refresh or Follow, Share, and an overflow menu.

    A card that is followed has Stop following, and no Refresh, which would end that it says so. The
    link to the dashboard is in the menu: a row of five is two lines on a phone.
    """
    value = _subject(log_id, setting)
    is_own = not setting.public and not setting.in_modal
    menu = [
        menu_option("Legs of the call", f"{LEGS} {value}"),
        menu_option(COPY_AS_TEXT, f"{COPY} {value}"),
    ]
    if not is_live or not is_own:
        second = button(REFRESH, "Refresh", value)
    elif setting.followed:
        second = button(STOP_FOLLOWING, "Stop following", value)
    else:
        second = button(FOLLOW, "Follow", value)
        menu.append(menu_option("Refresh", f"{REFRESH} {value}"))
    if setting.dashboard_url:
        url = _dashboard_page(log_id, setting.dashboard_url)
        menu.append(menu_option(OPEN_IN_SIGNALWIRE, f"{OPEN_DASHBOARD} {value}", url))
    shares = [share(log_id, setting)] if is_own else []
    return [button(DETAILS, "Details", value), second, *shares, overflow(OVERFLOW, *menu)]


def share(log_id: UUID, setting: CardOptions) -> Button:
    """Build the button that posts the leg's card for everyone, after a confirmation."""
    return button(
        SHARE,
        "Share again" if setting.was_shared else "Share",
        _joined(
            _subject(log_id, setting),
            FOLLOWED_WORD if setting.followed else None,
            f"{STATE_PREFIX}{setting.state}" if setting.state else None,
        ),
        confirm=_confirm(setting),
    )


def share_in_channel(log_id: UUID, setting: CardOptions) -> Button:
    """Build the button that is offered when Slack rejected a post to the thread."""
    outside = replace(setting, thread_ts=None)
    return button(
        SHARE_IN_CHANNEL,
        f"Share in the {outside.shared_in}",
        _subject(log_id, outside),
        confirm=_confirm(outside),
    )


def share_in_any(log_id: UUID, *, is_in_place: bool = False) -> Button:
    """Build the button that opens the form to choose a conversation for the leg's card.

    Args:
        log_id: the leg's.
        is_in_place: whether the form takes the place of the modal that is clicked in.
    """
    return button(SHARE_FORM_BACK if is_in_place else SHARE_FORM, SHARE_IN_ANY, str(log_id))


def show_card(log_id: UUID, setting: CardOptions) -> Button:
    """Build the button that shows the card in place of a short message: a Refresh of that."""
    return button(REFRESH, "View", _subject(log_id, setting))


def _subject(log_id: UUID, setting: CardOptions) -> str:
    """Return what the values of a card's buttons have in common."""
    shared = SHARED_WORD if setting.was_shared else None
    return _joined(log_id, setting.thread_ts or setting.shared_by, shared)


def card(log_id: UUID, thread_ts: str | None = None) -> Button:
    """Build the button that shows a row's full card; that card can be shared to `thread_ts`."""
    return button(CARD, "View", _joined(log_id, thread_ts))


def try_row_again(log_id: UUID, thread_ts: str | None = None) -> Button:
    """Build the button that retries the lookup of a row; a card found is a new message."""
    return button(CARD, "Try again", _joined(log_id, thread_ts))


def retry(
    log_ids: Sequence[UUID], thread_ts: str | None = None, numbers: Sequence[str] = ()
) -> Button:
    """Build the button that retries a lookup; the result replaces the message.

    Args:
        log_ids: at most ten.
        thread_ts: the thread of the message, if any.
        numbers: sealed, to be offered again. Too long ones are left out.
    """
    value = _joined(*log_ids, thread_ts)
    for number in numbers:
        longer = f"{value} {NUMBER_PREFIX}{number}"
        value = longer if len(longer) <= VALUE_LIMIT else value
    return button(RETRY, "Try again", value)


def look_up_rest(log_ids: Sequence[UUID], thread_ts: str | None = None) -> Button:
    """Build the button that looks up the ids beyond the first ten, ten at a time."""
    count = len(log_ids)
    others = f"other {count}" if count > 1 else "other id"
    which = others if count <= _AT_ONCE else f"next {_AT_ONCE}"
    return button(LOOK_UP_REST, f"Look up the {which}", _joined(*log_ids[:MOST_IDS], thread_ts))


def older(value: str, label: str = "Older calls") -> Button:
    """Build the button that continues a search where it stopped; `value` is sealed."""
    return button(SEARCH_OLDER, label, value)


def wider(label: str, value: str, index: int) -> Button:
    """Build the button that searches for more than what wasn't found; `value` is sealed."""
    return button(_numbered(SEARCH_WIDER, index), label, value)


def change_search(value: str, label: str = "Change search") -> Button:
    """Build the button that opens the form with a search filled in; `value` is sealed."""
    return button(CHANGE_SEARCH, label, value)


def search_again(value: str) -> Button:
    """Build the button that retries a failed search; `value` is sealed."""
    return button(SEARCH_RETRY, "Try again", value)


def find_number(label: str, value: str, index: int) -> Button:
    """Build the button that finds calls by a number in a message; `value` is sealed."""
    return button(_numbered(FIND_NUMBER, index), label, value)


def find_numbers(labels: Sequence[tuple[str, str]]) -> list[Button]:
    """Build the buttons that find calls by a message's numbers.

    Args:
        labels: each number as it is shown, and the sealed value of its button.
    """
    return [
        find_number(f"Find calls with {label}", value, index)
        for index, (label, value) in enumerate(labels)
    ]


def typed_search(name: str, value: str, index: int, *, in_place: bool = True) -> Button:
    """Build the button that starts a search that may have been meant; `value` is sealed.

    Args:
        name: of the search, perhaps in small letters.
        value: the search.
        index: of the button in its message.
        in_place: whether the result replaces the message.
    """
    action_id = TYPED_SEARCH if in_place else TYPED_NUMBER
    return button(_numbered(action_id, index), name[:1].upper() + name[1:], value)


def find_form(value: str = "") -> Button:
    """Build the button that opens the search form, with a search filled in if `value` has one."""
    return button(FIND_FORM, "Open the form" if value else "Find a call", value)


def show_help() -> Button:
    """Build the button that shows the help."""
    return button(HELP, "Help")


def show_status() -> Button:
    """Build the button that shows the status."""
    return button(STATUS, "Status")


def raw_json(log_id: UUID) -> Button:
    """Build the button in the Details modal that shows the JSON as SignalWire sent it."""
    return button(RAW, "Raw JSON", str(log_id))


def copy_as_text(log_id: UUID) -> Button:
    """Build the button in a modal that shows the log as text to copy, at first masked."""
    return button(COPY, COPY_AS_TEXT, str(log_id))


def copy_in_full(log_id: UUID) -> Button:
    """Build the button that shows the text with full numbers to those who may see them."""
    return button(COPY_IN_FULL, "Show full numbers", str(log_id))


def open_dashboard(log_id: UUID, dashboard_url: str) -> Button:
    """Build the button that opens a log's page of the dashboard; see `CardOptions`."""
    link = button(OPEN_DASHBOARD, OPEN_IN_SIGNALWIRE, str(log_id))
    link["url"] = _dashboard_page(log_id, dashboard_url)
    return link


def page_button(action_id: str, label: str, number: int) -> Button:
    """Build a button that shows page `number` of the timeline, its errors or the JSON."""
    return button(action_id, label, str(number))


def button(
    action_id: str, label: str, value: str = "", *, confirm: Confirm | None = None
) -> Button:
    """Build a button; `label` is clipped to 75 characters."""
    element: Button = {
        "type": "button",
        "action_id": action_id,
        "text": block_kit.plain(label, LABEL_LIMIT),
    }
    if value:
        element["value"] = value
    if confirm is not None:
        element["confirm"] = confirm
    return element


def menu_option(label: str, value: str, url: str = "") -> Option:
    """Build an option of an overflow menu; `url` is opened when it is chosen."""
    option: Option = {"text": block_kit.plain(label, LABEL_LIMIT), "value": value}
    if url:
        option["url"] = url
    return option


def overflow(action_id: str, *options: Option) -> Overflow:
    """Build an overflow menu of up to five options."""
    return {"type": "overflow", "action_id": action_id, "options": [*options]}


def _dashboard_page(log_id: UUID, dashboard_url: str) -> str:
    return dashboard_url.replace("{id}", str(log_id))


def _numbered(action_id: str, index: int) -> str:
    """Tell the buttons of one row apart, as Slack requires."""
    return action_id if index == 0 else f"{action_id}_{index + 1}"


def _joined(*parts: UUID | str | None) -> str:
    return " ".join(str(part) for part in parts if part is not None)


_MASKED_EXAMPLE: Final = mask_address("+12065550100")
"""Made of a number reserved for fiction (NANPA: 555-0100 to 555-0199)."""


def who_has_access(place: str) -> str:
    """Return the people who can open a conversation.

    The payload doesn't tell who they are, so people from other companies may be among them
    (docs.slack.dev: Slack Connect).
    """
    return f"Everyone with access to {place}, which may include people from other companies,"


def who_will_see(everyone: str, setting: CardOptions) -> str:
    """Return what these people will see when a card is shared, in two sentences."""
    numbers = (
        f"Phone numbers are masked, like {_MASKED_EXAMPLE}."
        if setting.masks_shared
        else "Phone numbers are shown in full."
    )
    return f"{everyone} will see the whole card, including times and charge. {numbers}"


def _confirm(setting: CardOptions) -> Confirm:
    """Ask before a card is shared."""
    everyone = (
        "The people in this direct message"
        if setting.place is Place.DIRECT
        else who_has_access(f"this {setting.shared_in}")
    )
    return {
        "title": block_kit.plain("Share this voice log?", 100),
        "text": block_kit.plain(who_will_see(everyone, setting), 300),
        "confirm": block_kit.plain("Share", 30),
        "deny": block_kit.plain("Cancel", 30),
    }
