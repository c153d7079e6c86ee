"""What somebody is told who may not look calls up, in a message and in a window."""

from typing import Final

from bot.access import Denial
from bot.cards import details
from bot.cards import refusals as cards
from bot.gallery import hanging
from bot.gallery.samples import REFERENCE
from bot.slack_page.exhibits import Section

REFUSALS: Final = {
    "this channel isn't allowed": Denial("channel", "C0RANDOM"),
    "asked outside of any channel": Denial("channel", ""),
    "this person isn't allowed": Denial("user", "U0VISITOR"),
    "this person's workspace isn't allowed": Denial("team", "T0PARTNER"),
    "this person's workspace isn't known": Denial("team", ""),
}


def refusals() -> Section:
    """Every reason; a form that is refused says so in its window."""
    told = {name: cards.access_denied(each, REFERENCE) for name, each in REFUSALS.items()}
    return Section(
        "Refusals",
        (
            *(hanging.message(name, each) for name, each in told.items()),
            *(
                hanging.view(f"{name}; in the place of a form", details.message_modal(each))
                for name, each in told.items()
            ),
        ),
    )
