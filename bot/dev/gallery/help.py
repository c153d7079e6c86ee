"""Help, and the responses to text without a complete ID."""

from dataclasses import replace

from bot.dev.gallery import build
from bot.dev.gallery.fixtures import LOG_ID, RECORDING
from bot.ui import help as cards
from bot.voicelogs.id_mentions import Kind, OtherId
from bot.voicelogs.ids import Ids


def help_() -> build.Examples:
    """The help, and the messages for missing or truncated IDs."""
    cut = ["b7182dc2…"]
    several = ["b7182dc2-00f3…", "ca110000-", "57a70500-0000-40", "fa000000…"]
    hostile = ["<!channel> `code` *bold*"]
    return {
        "/voicelog help": cards.help_card(),
        "no id in the command": cards.no_id([]),
        "a truncated id in the command": cards.no_id(cut),
        "several truncated ids in the command": cards.no_id(several),
        "hostile text for a truncated id": cards.no_id(hostile),
        "no id in the message": cards.no_id_in_message(Ids()),
        "a truncated id in the message": cards.no_id_in_message(Ids(truncated=(*cut,))),
        "a recording's address in the message": cards.no_id_in_message(RECORDING),
        **{
            f"{name} in the message": cards.no_id_in_message(_of(kind, text))
            for name, kind, text in (
                ("a Twilio SID", Kind.TWILIO_CALL, f"CA{'0123456789abcdef' * 2}"),
                ("an account's address", Kind.PROJECT, str(LOG_ID)),
                ("an id with a missing digit", Kind.MISTYPED, str(LOG_ID)[:-1]),
                ("an id with an extra digit", Kind.MISTYPED, f"{LOG_ID}0"),
                ("misplaced dashes", Kind.MISTYPED, "b7182dc20-0f3-40e4-a5ce-20f164b329df"),
            )
        },
        "a recording's address and a truncated id in the message": cards.no_id_in_message(
            replace(RECORDING, truncated=(*cut,))
        ),
    }


def _of(kind: Kind, text: str) -> Ids:
    """The result of reading a message whose only id isn't a voice log's."""
    return Ids(others=(OtherId(kind, text),))
