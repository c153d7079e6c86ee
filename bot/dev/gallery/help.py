"""Help, and the responses to text without a complete ID."""

from bot.dev.gallery import build
from bot.dev.gallery.model import Section
from bot.ui import help as cards


def help_() -> Section:
    """The help, and the messages for missing or truncated IDs."""
    cut = ["b7182dc2…"]
    several = ["b7182dc2-00f3…", "ca110000-", "57a70500-0000-40", "fa000000…"]
    hostile = ["<!channel> `code` *bold*"]
    return Section(
        "Help and cut ids",
        (
            build.message("/voicelog help", cards.help_card()),
            build.message("no id in the command", cards.no_id([])),
            build.message("a cut id in the command", cards.no_id(cut)),
            build.message("several cut ids in the command", cards.no_id(several)),
            build.message("hostile text for a cut id", cards.no_id(hostile)),
            build.message("no id in the message", cards.no_id_in_message([])),
            build.message("a cut id in the message", cards.no_id_in_message(cut)),
        ),
    )
