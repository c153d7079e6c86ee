"""The subcommands of `/voicelog`.

The dispatch, the help, the Home tab and the manifest's usage hint all use this table.
"""

from dataclasses import dataclass
from typing import Final

COMMAND: Final = "/voicelog"
EXAMPLE_ID: Final = "b7182dc2-00f3-40e4-a5ce-20f164b329df"


@dataclass(frozen=True)
class Subcommand:
    """A subcommand.

    Attributes:
        word: the first word; empty for a lookup by id.
        arguments: in the notation of a manual.
        example: a complete command.
        does: a sentence without capital letter or period.
    """

    word: str
    arguments: str
    example: str
    does: str

    @property
    def usage(self) -> str:
        """Return the word and its arguments."""
        return f"{self.word} {self.arguments}".strip()


LOOK_UP: Final = Subcommand(
    "",
    "<id> [more ids]",
    f"{COMMAND} {EXAMPLE_ID}",
    "shows a call's card: from and to, status, duration, charge. Up to ten ids at a time, or a"
    " dashboard or API link",
)
FIND: Final = Subcommand(
    "find",
    "<number or part of it> [2h|3d|since 2026-11-20] [failed|live|inbound|…]",
    f"{COMMAND} find 5550134 2h",
    "finds calls without an id, by a number however it is written, by time, by status or direction",
)
RECENT: Final = Subcommand(
    "recent",
    "[n]",
    f"{COMMAND} recent 5",
    "lists the latest calls, ten unless told otherwise",
)
STATUS: Final = Subcommand(
    "status",
    "",
    f"{COMMAND} status",
    "says whether the bot can reach SignalWire, and whether you may look calls up here",
)
HELP: Final = Subcommand("help", "", f"{COMMAND} help", "shows this")

SUBCOMMANDS: Final = (LOOK_UP, FIND, RECENT, STATUS, HELP)


def usage_hint() -> str:
    """Return the manifest's usage hint, which Slack shows while the command is typed."""
    return " | ".join(subcommand.usage for subcommand in SUBCOMMANDS)


def split(text: str) -> tuple[Subcommand, str]:
    """Split a text into subcommand and arguments; without a known word it is LOOK_UP."""
    word, *rest = text.split(maxsplit=1)[:2] or [HELP.word]
    for subcommand in SUBCOMMANDS:
        if subcommand.word and subcommand.word == word.lower():
            return subcommand, "".join(rest).strip()
    return LOOK_UP, text.strip()
