"""The modal **Find a call**: its inputs and their errors."""

import html
from collections.abc import Mapping, Sequence
from typing import Final

from bot.ui import block_kit, mrkdwn, search_results
from bot.ui.actions import FORM
from bot.ui.block_kit import Form, Input, Option, View
from bot.voicelogs.query import Field, QueryError

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
_FIELDS: Final[Mapping[Field, str]] = {
    "number": NUMBER_FIELD,
    "window": WINDOW_FIELD,
    "words": WORDS_FIELD,
    "count": NUMBER_FIELD,
}


def form(metadata: str) -> View:
    """Build the modal."""
    content: list[Input] = [
        _field(
            NUMBER_FIELD,
            "Phone number or part of it",
            "+1 206 555 0134",
            "In any format, at least three digits. Or a SIP address.",
        ),
        _field(
            WINDOW_FIELD,
            "How far back",
            "2h, 3d or 2026-11-20",
            "30m, 2h, 3d, 1w or a date (UTC). Leave empty to search as far back as possible.",
        ),
        {
            "type": "input",
            "block_id": WORDS_FIELD,
            "label": block_kit.plain("Which calls", 100),
            "element": {
                "type": "static_select",
                "action_id": WORDS_FIELD,
                "options": [_option(label, value) for label, value in _CHOICES],
                "initial_option": _option(*_CHOICES[0]),
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
        problem = search_results.explain(error)
        text = html.unescape(mrkdwn.mrkdwn_to_text(f"{problem.detail} {problem.hint}"))
        texts[_FIELDS[error.field]] = mrkdwn.clip(text, FIELD_ERROR_LIMIT)
    return texts


def _field(field: str, label: str, placeholder: str, hint: str) -> Input:
    return {
        "type": "input",
        "block_id": field,
        "label": block_kit.plain(label, 100),
        "element": {
            "type": "plain_text_input",
            "action_id": field,
            "max_length": FIELD_LIMIT,
            "placeholder": block_kit.plain(placeholder, 100),
        },
        "optional": True,
        "hint": block_kit.plain(hint, 200),
    }


def _option(label: str, value: str) -> Option:
    return {"text": block_kit.plain(label, 75), "value": value}
