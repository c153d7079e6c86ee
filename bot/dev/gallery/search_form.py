"""The form **Find a call**: empty, and with an error on each of its fields."""

from datetime import datetime, timedelta

from bot.dev.gallery import build
from bot.dev.gallery.fixtures import CHANNEL
from bot.dev.gallery.model import Example, Section
from bot.ui import search_form
from bot.voicelogs import query
from bot.voicelogs.query import QueryError


def form(now: datetime) -> Section:
    """The form when it opens, and with errors after an invalid submission."""
    tomorrow = f"{now + timedelta(days=1):%Y-%m-%d}"
    written = {
        "nothing": ("", ""),
        "a word for a number": ("reception", ""),
        "two digits": ("12", ""),
        "more digits than a number has": ("1" * 16, ""),
        "more characters than an address has": ("sip:" + "a" * 300, ""),
        "three numbers": ("sip:alice@acme.example 5550147 5550148", ""),
        "a word for a time": ("", "lunch"),
        "no such day": ("", "2026-02-30"),
        "two spans of time": ("", "2h 3d"),
        "a date whose day and month can be swapped": ("", "3/4"),
        "nothing after since": ("", "since"),
        "a day to come": ("", tomorrow),
        "over ten years back": ("", "2001-01-01"),
        "hostile text in both fields": ("<!channel> `code`", "*bold*"),
    }
    typed = {
        "a number and a length of time": "5550103 2h failed",
        "two sides and days": "from 5550103 to sip:alice on 2026-11-20",
        "an address that is too long for the field": f"{'a' * 100}@acme.example video",
    }
    return Section(
        "The form",
        (
            build.view("as it opens", search_form.form(_metadata())),
            *(_filled(name, text, now) for name, text in typed.items()),
            *(_wrong(name, *fields, now) for name, fields in written.items()),
        ),
    )


def _metadata() -> str:
    return f'{{"channel":"{CHANNEL}"}}'


def _filled(name: str, text: str, now: datetime) -> Example:
    """The form with what was understood of a command."""
    return build.view(
        f"filled in: {name}", search_form.form(_metadata(), query.parse(text, now=now).query)
    )


def _wrong(name: str, number: str, window: str, now: datetime) -> Example:
    """The form with its errors; raises if the input is valid."""
    try:
        query.from_fields(number, window, "", now=now)
    except ExceptionGroup as group:
        errors = [error for error in group.exceptions if isinstance(error, QueryError)]
        return build.view(
            f"sent with: {name}", search_form.form(_metadata()), search_form.field_errors(errors)
        )
    raise ValueError(f"{number!r} and {window!r} are understood")
