"""What users without access see, in a message and in a modal."""

from typing import Final

from bot.access import Denial
from bot.dev.gallery import build
from bot.dev.gallery.fixtures import REFERENCE
from bot.ui import access_denied, block_kit, search_results

DENIALS: Final = {
    "this channel isn't allowed": Denial("channel", "C0RANDOM"),
    "used outside of any channel": Denial("channel", ""),
    "this person isn't allowed": Denial("user", "U0VISITOR"),
    "this person's workspace isn't allowed": Denial("team", "T0PARTNER"),
    "this person's workspace isn't known": Denial("team", ""),
}


def denials() -> build.Examples:
    """Every reason; the form shows it in a modal."""
    messages = {
        name: access_denied.access_denied(each, REFERENCE) for name, each in DENIALS.items()
    }
    return {
        **messages,
        **{
            f"{name}; instead of a form": block_kit.message_modal(search_results.FORM_TITLE, each)
            for name, each in messages.items()
        },
    }
