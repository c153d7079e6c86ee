"""What can be typed after `/voicelog`.

The one table that the dispatch, the help, the App Home and the manifest's usage hint follow.
"""

import re
from dataclasses import dataclass
from typing import Final

from bot.voicelogs import spelling

COMMAND: Final = "/voicelog"
EXAMPLE_ID: Final = "b7182dc2-00f3-40e4-a5ce-20f164b329df"


@dataclass(frozen=True)
class Subcommand:
    """One way to use the command.

    Attributes:
        word: what it begins with; empty for the one that takes ids alone.
        arguments: what may follow, as in a manual.
        example: a command to try, whole.
        does: one sentence, without a capital or a full stop.
        synonyms: other words for `word`.
    """

    word: str
    arguments: str
    example: str
    does: str
    synonyms: tuple[str, ...] = ()

    @property
    def usage(self) -> str:
        """The word and its arguments."""
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
    ("search", "lookup", "look", "query", "show", "get", "calls", "call"),
)
RECENT: Final = Subcommand(
    "recent",
    "[n]",
    f"{COMMAND} recent 5",
    "lists the latest calls, ten unless told otherwise",
    ("last", "latest", "newest", "list"),
)
STATUS: Final = Subcommand(
    "status",
    "",
    f"{COMMAND} status",
    "says whether the bot can reach SignalWire, and whether you may look calls up here",
    ("health", "ping"),
)
HELP: Final = Subcommand(
    "help", "", f"{COMMAND} help", "shows this", ("?", "h", "usage", "man", "commands")
)

SUBCOMMANDS: Final = (LOOK_UP, FIND, RECENT, STATUS, HELP)


def usage_hint() -> str:
    """The hint that Slack shows while the command is typed; the manifest carries it."""
    return " | ".join(subcommand.usage for subcommand in SUBCOMMANDS)


def named(word: str) -> Subcommand | None:
    """Return the subcommand that a word stands for, whatever its case and punctuation."""
    bare = re.sub(r"[\W_]", "", word.casefold()) or word[:1]
    return _NAMES.get(bare)


def nearest(word: str) -> Subcommand | None:
    """Return the subcommand whose name a misspelled word may be."""
    near = spelling.nearest(word.casefold(), _LONG_NAMES)
    return None if near is None else _NAMES[near]


_NAMES: Final = {
    name: subcommand
    for subcommand in SUBCOMMANDS
    for name in (subcommand.word, *subcommand.synonyms)
    if name
}
_LONG_NAMES: Final = ("find", "search", "lookup", "recent", "latest", "status", "help")
"""Those that few other words are near to."""
