"""The form **Find a call**: empty, filled in, and with errors."""

from datetime import datetime, timedelta
from typing import Final

from bot.dev.gallery import build
from bot.dev.gallery.build import RejectedForm
from bot.dev.gallery.fixtures import CHANNEL
from bot.ui import search_form
from bot.voicelogs import query
from bot.voicelogs.query import SINCE_DAY, Fields, QueryError

_METADATA: Final = f'{{"channel":"{CHANNEL}"}}'


def form(now: datetime) -> build.Examples:
    """The form when it opens, to change a search, and with errors after an invalid submission."""
    before, yesterday, tomorrow = (f"{now + timedelta(days=days):%Y-%m-%d}" for days in (-2, -1, 1))
    invalid = {
        "a word instead of a number": Fields("reception"),
        "two digits": Fields("12"),
        "a number without a unit": Fields("5550103 2"),
        "more digits than a number has": Fields("1" * 16),
        "more characters than an address has": Fields("sip:" + "a" * 300),
        "three numbers": Fields("sip:alice@acme.example 5550147 5550148"),
        "no day": Fields(window=SINCE_DAY),
        "a future day": Fields(window=SINCE_DAY, day=tomorrow),
        "over ten years back": Fields(window=SINCE_DAY, day="2001-01-01"),
        "a day and another time span": Fields(window="last hour", day=before),
        "hostile text": Fields("<!channel> `code`"),
    }
    searches = {
        "two numbers": "5550100, +1 206 555 0103 3 days missed busy inbound",
        "the number that called": "from alice@acme.example today",
        "the number that was called": f"to 5550103 since {before} whatsapp anonymous",
        "from one number to another": "5550100 to 5550103 yesterday",
        "between two times": f"failed since {before} 14:00 until {yesterday} 15:00",
        "no time": "0134",
    }
    return {
        "as it opens": search_form.form(_METADATA),
        **{
            f"changing a search: {name}": search_form.form(_METADATA, query.find(text, now=now))
            for name, text in searches.items()
        },
        **{f"submitted with: {name}": _rejected(fields, now) for name, fields in invalid.items()},
    }


def _rejected(fields: Fields, now: datetime) -> RejectedForm:
    """The form with its errors; raises if the input is valid."""
    try:
        query.from_fields(fields, now=now)
    except ExceptionGroup as group:
        errors = [error for error in group.exceptions if isinstance(error, QueryError)]
        return RejectedForm(search_form.form(_METADATA), search_form.field_errors(errors))
    raise ValueError(f"{fields} is understood")
