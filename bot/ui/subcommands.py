"""The subcommands of `/voicelog`.

The dispatch, the help, the replies to commands that weren't understood, the Home tab and the
manifest's usage hint all use this table.
"""

import re
from dataclasses import dataclass
from typing import Final

from bot.voicelogs import spelling

COMMAND: Final = "/voicelog"
EXAMPLE_ID: Final = "b7182dc2-00f3-40e4-a5ce-20f164b329df"
EXAMPLE_TIMES: Final = ("2h", "today", "since Monday")
TIME_FORMS: Final = "30m, 2h, 3d, 1w, today, yesterday, since Monday, or a date such as 2026-11-20"
EXAMPLE_FILTERS: Final = ("failed", "missed", "live", "inbound")


@dataclass(frozen=True)
class Subcommand:
    """A subcommand; `does` is a sentence without capital letter or period."""

    word: str
    """Empty for a lookup by ID."""
    arguments: str
    example: str
    """A command that finds something in most projects."""
    does: str
    synonyms: tuple[str, ...] = ()

    @property
    def usage(self) -> str:
        """The word and its arguments."""
        return f"{self.word} {self.arguments}".strip()


LOOK_UP: Final = Subcommand(
    "",
    "<id> [more ids]",
    f"{COMMAND} <id>",
    "shows the call: from and to, status, duration, charge. Takes up to ten IDs, or links to the"
    " dashboard or the API",
)
FIND: Final = Subcommand(
    "find",
    f"<number> [{'|'.join(EXAMPLE_TIMES)}] [{'|'.join(EXAMPLE_FILTERS)}]",
    f"{COMMAND} find failed today",
    "finds calls without an ID: by phone number or part of it, time, outcome or direction",
    ("search", "lookup", "look", "query", "show", "get", "calls", "call", "logs", "log", "history"),
)
RECENT: Final = Subcommand(
    "recent",
    "[n]",
    f"{COMMAND} recent 5",
    "lists the latest calls (ten by default)",
    ("last", "latest", "newest", "list"),
)
STATUS: Final = Subcommand(
    "status",
    "",
    f"{COMMAND} status",
    "checks whether the bot can reach SignalWire and whether you can look up calls here",
    ("health", "ping", "version"),
)
HELP: Final = Subcommand(
    "help",
    "",
    f"{COMMAND} help",
    "lists all commands",
    # The last ones are "help" in Spanish, Portuguese, German, French and Italian.
    ("?", "h", "usage", "man", "manual", "commands", "ayuda", "ajuda", "hilfe", "aide", "aiuto"),
)

SUBCOMMANDS: Final = (LOOK_UP, FIND, RECENT, STATUS, HELP)


USAGE_HINT: Final = " | ".join(subcommand.usage for subcommand in SUBCOMMANDS)
"""Shown by Slack while the command is typed; the manifest has it too."""


def named(word: str) -> Subcommand | None:
    """Return the subcommand that a word stands for, whatever its case and punctuation."""
    bare = re.sub(r"[\W_]", "", word.casefold()) or word.lstrip("/-")[:1]
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
"""The names that few other words resemble."""
