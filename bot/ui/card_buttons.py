"""The buttons of a card, which depend on where it is shown and what has been done with it."""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Final
from uuid import UUID

from bot.ui import actions
from bot.ui.block_elements import Button, Confirm, Element, button, menu_option, overflow, plain
from bot.voicelogs.masking import mask_address


class Place(Enum):
    """The kind of conversation a card is shared in, as far as Slack says; the value is its name."""

    CHANNEL = "channel"
    PRIVATE = "private conversation"
    """A private channel or a group of people."""
    DIRECT = "direct message"


@dataclass(frozen=True)
class CardOptions:
    """What determines a card's buttons, besides the log."""

    thread_ts: str | None = None
    """The thread that Share posts to; None for the conversation itself."""
    place: Place = Place.CHANNEL
    """Where that is; the confirmation of Share says so."""
    masks_shared: bool = True
    """Whether numbers in a shared card are masked; the confirmation says so."""
    public: bool = False
    """Whether the card itself is posted in the channel for everyone."""
    in_modal: bool = False
    """Whether it is in a modal, which has no response_url, so no Share and no Follow."""
    shared_by: str | None = None
    """The ID of the user who shared the card, if it was shared."""
    was_shared: bool = False
    """Whether the user has shared the leg from this card before."""
    followed: bool = False
    state: str = ""
    """A word that identifies the state of a card, so that each state can be shared once."""
    dashboard_url: str = ""
    """DASHBOARD_URL, in which `{id}` stands for a log's ID; empty for none."""

    @property
    def shared_in(self) -> str:
        """Where Share posts to, in a word or two."""
        return "thread" if self.thread_ts else self.place.value


def card_row(log_id: UUID, *, is_live: bool, options: CardOptions) -> list[Element]:
    """Build the row below a card: Details, Refresh or Follow, Share, and an overflow menu.

    A followed card has Stop following and no Refresh: a refreshed card wouldn't say that it is
    followed. The link to the dashboard is in the menu, since a row of five takes two lines on a
    phone.
    """
    value = _subject(log_id, options)
    is_own = not options.public and not options.in_modal
    menu = [
        menu_option("Legs of the call", f"{actions.LEGS} {value}"),
        menu_option(actions.COPY_AS_TEXT, f"{actions.COPY} {value}"),
    ]
    if not is_live or not is_own:
        second = button(actions.REFRESH, "Refresh", value)
    elif options.followed:
        second = button(actions.STOP_FOLLOWING, "Stop following", value)
    else:
        second = button(actions.FOLLOW, "Follow", value)
        menu.append(menu_option("Refresh", f"{actions.REFRESH} {value}"))
    if options.dashboard_url:
        url = actions.dashboard_page(log_id, options.dashboard_url)
        menu.append(
            menu_option(actions.OPEN_IN_SIGNALWIRE, f"{actions.OPEN_DASHBOARD} {value}", url)
        )
    shares = [share(log_id, options)] if is_own else []
    return [
        button(actions.DETAILS, "Details", value),
        second,
        *shares,
        overflow(actions.OVERFLOW, *menu),
    ]


def share(log_id: UUID, options: CardOptions) -> Button:
    """Build the button that posts the leg's card for everyone, after a confirmation."""
    return button(
        actions.SHARE,
        "Share again" if options.was_shared else "Share",
        actions.joined(
            _subject(log_id, options),
            actions.FOLLOWED_WORD if options.followed else None,
            f"{actions.STATE_PREFIX}{options.state}" if options.state else None,
        ),
        confirm=_confirm(options),
    )


def share_in_channel(log_id: UUID, options: CardOptions) -> Button:
    """Build the button that is offered when Slack rejected a post to the thread."""
    outside = replace(options, thread_ts=None)
    return button(
        actions.SHARE_IN_CHANNEL,
        f"Share in the {outside.shared_in}",
        _subject(log_id, outside),
        confirm=_confirm(outside),
    )


def show_card(log_id: UUID, options: CardOptions) -> Button:
    """Build the button that replaces a short message with the card, as Refresh does."""
    return button(actions.REFRESH, "View", _subject(log_id, options))


def _subject(log_id: UUID, options: CardOptions) -> str:
    """Return the part that the values of all buttons of a card have in common."""
    shared = actions.SHARED_WORD if options.was_shared else None
    return actions.joined(log_id, options.thread_ts or options.shared_by, shared)


_MASKED_EXAMPLE: Final = mask_address("+12065550100")
"""From a number reserved for fiction (NANPA: 555-0100 to 555-0199)."""


def who_has_access(place: str) -> str:
    """Return the people who can open a conversation.

    The payload doesn't tell who they are, so people from other companies may be among them
    (docs.slack.dev: Slack Connect).
    """
    return f"Everyone with access to {place}, which may include people from other companies,"


def who_will_see(everyone: str, options: CardOptions) -> str:
    """Return what these people will see when a card is shared, in two sentences."""
    numbers = (
        f"Phone numbers are masked, like {_MASKED_EXAMPLE}."
        if options.masks_shared
        else "Phone numbers are shown in full."
    )
    return f"{everyone} will see the whole card, including times and charge. {numbers}"


def _confirm(options: CardOptions) -> Confirm:
    """Ask before a card is shared."""
    everyone = (
        "The people in this direct message"
        if options.place is Place.DIRECT
        else who_has_access(f"this {options.shared_in}")
    )
    return {
        "title": plain("Share this voice log?", 100),
        "text": plain(who_will_see(everyone, options), 300),
        "confirm": plain("Share", 30),
        "deny": plain("Cancel", 30),
    }
