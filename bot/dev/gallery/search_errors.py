"""Invalid searches: the error messages for commands, and the errors on the form's fields."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.dev.gallery import build
from bot.dev.gallery.fixtures import REFERENCE
from bot.dev.gallery.model import Example, Section
from bot.ui import search_results
from bot.ui.subcommands import COMMAND, FIND, RECENT, Subcommand
from bot.voicelogs import query
from bot.voicelogs.query import Query, QueryError


def unclear(now: datetime) -> Section:
    """Invalid text after the search commands."""
    tomorrow = f"{now + timedelta(days=1):%Y-%m-%d}"
    find = {
        "nothing": "",
        "a word that isn't understood": "reception",
        "hostile text": "<!channel> `code`",
        "two digits": "12",
        "an address of two characters": "sip:a",
        "more digits than a number has": "1" * 16,
        "more characters than an address has": "sip:" + "a" * 300,
        "three numbers": "5550134 failed 5550147 5550148",
        "a count without a unit": "5550134 2",
        "a date whose day and month can be swapped": "since 3/4",
        "two spans of time": "2h 3d",
        "nothing after since": "since",
        "no time after since": "since lunch",
        "no such day": "since 2026-02-30",
        "a day to come": f"since {tomorrow}",
        "over ten years back": "since 2001-01-01",
    }
    recent = {
        "a word that isn't understood": "reception",
        "more than twenty": "21",
        "two counts": "5 6",
        "a day to come": tomorrow,
    }
    return Section(
        "Search, not understood",
        (
            *(_told(FIND, query.find, name, text, now) for name, text in find.items()),
            *(_told(RECENT, query.recent, name, text, now) for name, text in recent.items()),
        ),
    )


def _told(
    subcommand: Subcommand,
    read: Callable[..., Query],
    name: str,
    text: str,
    now: datetime,
) -> Example:
    """The message for a text that can't be parsed; raises if the text is valid."""
    try:
        read(text, now=now)
    except QueryError as error:
        message = search_results.not_understood(error, subcommand, REFERENCE)
        return build.message(f"{COMMAND} {subcommand.word}: {name}", message)
    raise ValueError(f"{text!r} is understood")
