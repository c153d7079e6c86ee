"""The modal **Find a call**: its inputs and their errors."""

import html
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from bot.ui import block_kit, mrkdwn, not_understood, query_text, search_results
from bot.ui.actions import FORM
from bot.ui.block_elements import (
    DatePicker,
    Input,
    MultiSelect,
    Select,
    TextInput,
    input_block,
    menu_option,
    plain,
)
from bot.ui.block_kit import View
from bot.voicelogs import phone_numbers
from bot.voicelogs import query as queries
from bot.voicelogs.phone_numbers import Number
from bot.voicelogs.query import DEFAULT_WINDOW, SINCE_DAY, Field, Query, QueryError

NUMBER_FIELD: Final = "number"
SIDE_FIELD: Final = "side"
WINDOW_FIELD: Final = "window"
DAY_FIELD: Final = "day"
OUTCOMES_FIELD: Final = "outcomes"
DIRECTIONS_FIELD: Final = "directions"
KINDS_FIELD: Final = "kinds"
FILTER_FIELDS: Final = (OUTCOMES_FIELD, DIRECTIONS_FIELD, KINDS_FIELD)
FIELD_ERROR_LIMIT: Final = 300
FIELD_LIMIT: Final = 600
"""Characters of the phone numbers: two of the longest addresses."""

ANY: Final = "any"
"""The choice that limits nothing."""

_SIDES: Final = {ANY: "Either", "from": "From this number", "to": "To this number"}
_LENGTHS: Final = ("last hour", DEFAULT_WINDOW, "last 2 days", "last 7 days", "last 30 days")
_WINDOWS: Final = {
    **{length: length.capitalize() for length in _LENGTHS},
    SINCE_DAY: "Since a day…",
    ANY: "As far back as possible",
}
_COMMON_OUTCOMES: Final = (
    "answered",
    "missed",
    "failed",
    "live",
    "completed",
    "no-answer",
    "busy",
    "canceled",
)
_OUTCOMES: Final = tuple(dict.fromkeys((*_COMMON_OUTCOMES, *queries.OUTCOMES)))
_KINDS: Final = (*queries.KINDS, *queries.CALLER_IDS)
_LABELS: Final[Mapping[str, str]] = {
    "outbound-api": "Outbound (API)",
    "outbound-dial": "Outbound (dial)",
    "sip": "SIP",
    "pstn": "Phone (PSTN)",
    "webrtc": "WebRTC",
    "laml": "LaML (cXML)",
    "relay": "RELAY",
    "video": "Video room",
    "fabric": "Fabric subscriber",
    "whatsapp": "WhatsApp",
    "anonymous": "Anonymous caller",
}
"""The labels that aren't just the capitalized filter word."""

_NUMBER_HINT: Final = (
    "At least three digits in any format, or a SIP address. Enter two numbers to find the calls"
    " between them."
)
_SIDE_HINT: Final = "If you enter two numbers, this applies to the first."
_DAY_HINT: Final = "Only for “Since a day…”. Days begin at midnight UTC."

_NOTHING_ENTERED: Final = Query(length=timedelta(hours=24))
"""The values that the form opens with: only DEFAULT_WINDOW."""

_FIELDS: Final[Mapping[Field, str]] = {
    "number": NUMBER_FIELD,
    "window": WINDOW_FIELD,
    "day": DAY_FIELD,
    "words": OUTCOMES_FIELD,
    "count": NUMBER_FIELD,
}


def form(metadata: str, query: Query | None = None) -> View:
    """Build the modal, filled in with `query`, whose numbers are shown in full."""
    query = query or _NOTHING_ENTERED
    content = [
        _number(query),
        input_block("From or to", _select(SIDE_FIELD, _SIDES, _side(query)), _SIDE_HINT),
        input_block("How far back", _window(query), optional=False),
        input_block("Since this day", _day(query), _DAY_HINT),
        input_block("Outcome", _filters(OUTCOMES_FIELD, _OUTCOMES, query)),
        input_block("Direction", _filters(DIRECTIONS_FIELD, queries.DIRECTIONS, query)),
        input_block("Kind of call", _filters(KINDS_FIELD, _KINDS, query)),
    ]
    return block_kit.form(
        search_results.FORM_TITLE, content, metadata, callback_id=FORM, submit="Search"
    )


def field_errors(errors: Sequence[QueryError]) -> dict[str, str]:
    """Return the errors in plain text, by `block_id`."""
    texts = {}
    for error in errors:
        problem = not_understood.explain(error)
        text = html.unescape(mrkdwn.mrkdwn_to_text(f"{problem.detail} {problem.hint}"))
        texts[_FIELDS[error.field]] = mrkdwn.clip(text, FIELD_ERROR_LIMIT)
    return texts


def _number(query: Query) -> Input:
    element: TextInput = {
        "type": "plain_text_input",
        "action_id": NUMBER_FIELD,
        "max_length": FIELD_LIMIT,
        "placeholder": plain("+1 206 555 0134", 100),
    }
    if query.has_number:
        # The side selected in the form applies to the first number.
        sought = [*query.numbers, query.from_, query.to]
        entered = ", ".join(_entered(number) for number in sought if number is not None)
        element["initial_value"] = mrkdwn.clip(entered, FIELD_LIMIT)
    return input_block("Phone number or part of it", element, _NUMBER_HINT)


def _entered(number: Number) -> str:
    """Return a number as it can be entered: formatted, unless that is read as another number."""
    text = number.formatted()
    return text if phone_numbers.restore(text) == number else number.saved()


def _side(query: Query) -> str:
    return "from" if query.from_ is not None else "to" if query.to is not None else ANY


def _window(query: Query) -> Select:
    """Offer the time spans, with the query's own if it is another one."""
    chosen, offered = _chosen_window(query), _WINDOWS
    if chosen not in offered:
        label = mrkdwn.mrkdwn_to_text(query_text.span(query))
        offered = {chosen: label[0].upper() + label[1:], **_WINDOWS}
    return _select(WINDOW_FIELD, offered, chosen)


def _chosen_window(query: Query) -> str:
    """Return the time span as `query.from_fields` reads it."""
    if query.length is not None:
        return query_text.span(query)
    if query_text.since_day(query) is not None:
        return SINCE_DAY
    return Query(since=query.since, until=query.until).filter_text() or ANY


def _day(query: Query) -> DatePicker:
    picker: DatePicker = {"type": "datepicker", "action_id": DAY_FIELD}
    day = query_text.since_day(query)
    if day is not None:
        picker["initial_date"] = f"{day:%Y-%m-%d}"
    return picker


def _filters(field: str, words: Sequence[str], query: Query) -> MultiSelect:
    labels = {word: _LABELS.get(word, word.replace("-", " ").capitalize()) for word in words}
    options = {word: menu_option(label, word) for word, label in labels.items()}
    element: MultiSelect = {
        "type": "multi_static_select",
        "action_id": field,
        "placeholder": plain("Any", 100),
        "options": [*options.values()],
    }
    initial = [option for word, option in options.items() if word in query.filters]
    if initial:  # Slack rejects an empty list
        element["initial_options"] = initial
    return element


def _select(field: str, labels: Mapping[str, str], chosen: str) -> Select:
    options = {value: menu_option(label, value) for value, label in labels.items()}
    return {
        "type": "static_select",
        "action_id": field,
        "options": [*options.values()],
        "initial_option": options[chosen],
    }
