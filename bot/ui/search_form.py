"""The modal **Find a call**: its inputs and their errors."""

import html
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.ui import block_kit, mrkdwn, not_understood, search_results
from bot.ui.actions import FORM
from bot.ui.block_kit import Form, Input, Option, TextInput, View
from bot.ui.subcommands import TIME_FORMS
from bot.voicelogs.phone_numbers import Number, is_address
from bot.voicelogs.query import Field, Query, QueryError

NUMBER_FIELD: Final = "number"
WINDOW_FIELD: Final = "window"
WORDS_FIELD: Final = "words"
FIELD_ERROR_LIMIT: Final = 300
FIELD_LIMIT: Final = 100
"""Characters per input."""

ANY: Final = "any"
"""The value of the choice that filters nothing."""

_CHOICES: Final = (
    ("Any status or direction", ANY),
    ("Live now", "live"),
    ("Failed", "failed"),
    ("No answer", "no-answer"),
    ("Busy", "busy"),
    ("Canceled", "canceled"),
    ("Completed", "completed"),
    ("Ended", "ended"),
    ("Inbound", "inbound"),
    ("Outbound", "outbound"),
)
_UNITS: Final = ((86_400, "d"), (3600, "h"), (60, "m"), (1, "s"))
"""Seconds, longest first."""
_FIELDS: Final[Mapping[Field, str]] = {
    "number": NUMBER_FIELD,
    "window": WINDOW_FIELD,
    "words": WORDS_FIELD,
    "count": NUMBER_FIELD,
}


def form(metadata: str, query: Query | None = None) -> View:
    """Build the modal; `query` is filled in, as far as the fields take it."""
    query = query or Query()
    words = {word: label for label, word in _CHOICES}
    chosen = next((word for word in query.filters if word in words), ANY)
    content: list[Input] = [
        _field(
            NUMBER_FIELD,
            "Phone number or part of it",
            "+1 206 555 0134",
            "In any format, at least three digits. Or a SIP address.",
            _numbers(query),
        ),
        _field(
            WINDOW_FIELD,
            "How far back",
            "2h, 3d or 2026-11-20",
            f"{TIME_FORMS} (UTC). Leave empty to search as far back as possible.",
            _period(query),
        ),
        {
            "type": "input",
            "block_id": WORDS_FIELD,
            "label": block_kit.plain("Which calls", 100),
            "element": {
                "type": "static_select",
                "action_id": WORDS_FIELD,
                "options": [_option(label, value) for label, value in _CHOICES],
                "initial_option": _option(words[chosen], chosen),
            },
            "optional": True,
        },
    ]
    return block_kit.modal(
        search_results.FORM_TITLE, content, metadata=metadata, form=Form(FORM, "Search")
    )


def field_errors(errors: Sequence[QueryError]) -> dict[str, str]:
    """Return the errors in plain text, by `block_id`."""
    texts = {}
    for error in errors:
        problem = not_understood.explain(error)
        text = html.unescape(mrkdwn.mrkdwn_to_text(f"{problem.detail} {problem.hint}"))
        texts[_FIELDS[error.field]] = mrkdwn.clip(text, FIELD_ERROR_LIMIT)
    return texts


def _numbers(query: Query) -> str:
    """Write the numbers as `query.from_fields` reads them."""
    sides = (("from", query.from_), ("to", query.to))
    written = [_number(number) for number in query.numbers]
    return " ".join([*written, *(f"{side} {_number(number)}" for side, number in sides if number)])


def _number(number: Number) -> str:
    fragment = number.fragment
    return number.digits or (fragment if is_address(fragment) else f"sip:{fragment}")


def _period(query: Query) -> str:
    """Write the time span as `query.from_fields` reads it."""
    if query.length is not None:
        seconds = int(query.length.total_seconds())
        size, unit = next(each for each in _UNITS if not seconds % each[0])
        return f"{seconds // size}{unit}"
    return replace(query, filters=()).filter_text()


def _field(field: str, label: str, placeholder: str, hint: str, value: str) -> Input:
    element: TextInput = {
        "type": "plain_text_input",
        "action_id": field,
        "max_length": FIELD_LIMIT,
        "placeholder": block_kit.plain(placeholder, 100),
    }
    if 0 < len(value) <= FIELD_LIMIT:
        element["initial_value"] = value
    return {
        "type": "input",
        "block_id": field,
        "label": block_kit.plain(label, 100),
        "element": element,
        "optional": True,
        "hint": block_kit.plain(hint, 200),
    }


def _option(label: str, value: str) -> Option:
    return {"text": block_kit.plain(label, 75), "value": value}
