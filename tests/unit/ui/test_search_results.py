import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from pydantic import JsonValue

from bot.dev.emulator.slack.block_kit import problems, view_problems
from bot.signalwire.errors import (
    BadRequestError,
    InvalidResponseError,
    LogNotFoundError,
    LogTooOldError,
    SignalWireError,
)
from bot.signalwire.models import STATUSES, VoiceLog
from bot.slack.response_url import ephemeral
from bot.ui import errors as error_texts
from bot.ui import not_understood, search_form, search_results
from bot.ui.block_kit import Message
from bot.ui.not_understood import SearchButtons
from bot.voicelogs import query as queries
from bot.voicelogs.phone_numbers import telephone
from bot.voicelogs.query import InvalidReason, Query, QueryError
from bot.voicelogs.results import Cursor, Match, SearchResult
from tests.support.cards import card_context

NOW = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
BACK = NOW - timedelta(hours=5)
NUMBER = telephone("+1 206 555 0199")
HOSTILE = "<!channel>`*x*` <https://evil.example|SignalWire>"


def hit(number: int) -> Match:
    values: dict[str, object] = {
        "id": f"10900000-0000-4000-8000-{number:012d}",
        "from": HOSTILE * 20,
        "to": "x" * 5000,
        "status": HOSTILE,
        "duration": 42,
        "charge": "0.0115",
        "created_at": NOW,
    }
    return Match(HOSTILE, VoiceLog.model_validate(values))


def shown(
    *found: Match,
    scanned: int = 0,
    errors: Mapping[str, SignalWireError],
    query: Query,
) -> Message:
    return search_results.search_results(
        SearchResult(found, scanned, BACK, Cursor(BACK), errors),
        query,
        card_context(names_projects=True),
        further="2026-11-22T12:00:00+00:00 x token 20 ",
    )


def as_sent(content: object) -> dict[str, JsonValue]:
    payload: dict[str, JsonValue] = json.loads(json.dumps(content))
    return payload


@pytest.mark.parametrize(
    "error",
    [
        LogNotFoundError(),
        LogTooOldError("2026-10-01"),
        BadRequestError(422, ()),
        InvalidResponseError("HTML"),
    ],
    ids=lambda error: error.outcome,
)
def test_an_error_of_a_search_is_not_about_an_id_or_one_log(error: SignalWireError) -> None:
    """There was no id: "Check the id" would send people looking for one."""
    text = shown(errors={"sales": error}, query=Query((NUMBER,))).text

    assert error_texts.NOT_FOUND.title not in text
    assert error_texts.TOO_OLD.title not in text
    assert error_texts.UNREADABLE.detail not in text
    assert "the id" not in text.lower()


def test_twenty_rows_with_everything_fit() -> None:
    errors: dict[str, SignalWireError] = {
        f"{HOSTILE}{number}": BadRequestError(422, ()) for number in range(9)
    }
    query = Query((NUMBER,), BACK, queries.FILTERS)
    message = shown(*map(hit, range(20)), scanned=1234, errors=errors, query=query)

    assert problems(as_sent(ephemeral(message))) == []
    assert len(message.blocks) <= 50
    assert view_problems(as_sent(search_results.results_modal(message, "{}"))) == []


def test_each_choice_of_the_form_is_a_filter() -> None:
    blocks = as_sent({"blocks": search_form.form("{}")["blocks"]})["blocks"]
    assert isinstance(blocks, list)
    match blocks[2]:
        case {"element": {"options": [*options]}}:
            values = [str(option["value"]) for option in options if isinstance(option, dict)]

    assert values[0] == search_form.ANY
    for value in values[1:]:
        assert queries.from_fields("", "", value, now=NOW).filters == (value,)
    assert {*values} & {*STATUSES} >= {"failed", "no-answer", "busy", "canceled"}


@pytest.mark.parametrize("reason", get_args(InvalidReason))
@pytest.mark.parametrize("token", ["", HOSTILE, "x" * 5000, "None", "%s {token} {0}"])
def test_any_text_is_quoted_as_typed(reason: InvalidReason, token: str) -> None:
    error = QueryError("number", reason, token)
    searches = SearchButtons(lambda _: "sealed", NOW)
    message = not_understood.not_understood([error], Query(), [], searches)
    said = search_form.field_errors([error])["number"]

    assert problems(as_sent(ephemeral(message))) == []
    assert "<!" not in json.dumps(message.blocks)
    assert "<https" not in json.dumps(message.blocks)
    assert 0 < len(said) <= search_form.FIELD_ERROR_LIMIT
    assert "`" not in said
    assert "&lt;" not in said


def test_errors_are_assigned_to_the_fields_of_the_form() -> None:
    errors = [
        QueryError("number", "too_short", "12"),
        QueryError("window", "not_a_date", "soon"),
        QueryError("words", "unknown", "bob"),
    ]

    assert [*search_form.field_errors(errors)] == ["number", "window", "words"]
    assert [*search_form.field_errors([QueryError("count", "several", "4")])] == ["number"]
    assert search_form.field_errors([]) == {}
