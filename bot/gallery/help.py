"""Help, and the answers to text that holds no whole id."""

from bot.cards import help as cards
from bot.gallery import hanging
from bot.slack_page.exhibits import Section


def help_() -> Section:
    """The help, and what is said when ids are missing or cut short."""
    cut = ["b7182dc2…"]
    several = ["b7182dc2-00f3…", "ca110000-", "57a70500-0000-40", "fa000000…"]
    hostile = ["<!channel> `code` *bold*"]
    return Section(
        "Help and cut ids",
        (
            hanging.message("/voicelog help", cards.help_card()),
            hanging.message("no id in the command", cards.no_id([])),
            hanging.message("a cut id in the command", cards.no_id(cut)),
            hanging.message("several cut ids in the command", cards.no_id(several)),
            hanging.message("hostile text for a cut id", cards.no_id(hostile)),
            hanging.message("no id in the message", cards.no_id_in_message([])),
            hanging.message("a cut id in the message", cards.no_id_in_message(cut)),
        ),
    )
