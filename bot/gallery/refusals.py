"""What somebody is told who may not look calls up, in a message and in a window."""

from typing import Final

from bot.access import Refusal
from bot.cards import details
from bot.cards import refusals as cards
from bot.gallery import hanging
from bot.gallery.samples import REFERENCE
from bot.slack_page.exhibits import Room

REFUSALS: Final = {
    "this channel isn't allowed": Refusal("channel", "C0RANDOM"),
    "asked outside of any channel": Refusal("channel", ""),
    "this person isn't allowed": Refusal("user", "U0VISITOR"),
    "this person's workspace isn't allowed": Refusal("team", "T0PARTNER"),
    "this person's workspace isn't known": Refusal("team", ""),
}


def refusals() -> Room:
    """Every reason; a form that is refused says so in its window."""
    told = {name: cards.refused(each, REFERENCE) for name, each in REFUSALS.items()}
    return Room(
        "Refusals",
        (
            *(hanging.message(name, each) for name, each in told.items()),
            *(
                hanging.view(f"{name}; in the place of a form", details.trouble(each))
                for name, each in told.items()
            ),
        ),
    )
