from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.signalwire.errors import (
    BadRequestError,
    InvalidResponseError,
    LogNotFoundError,
    LogTooOldError,
    SignalWireError,
)
from bot.signalwire.models import VoiceLog
from bot.ui import block_kit, search_form, search_results
from bot.ui import errors as error_texts
from bot.ui.block_kit import Message, View
from bot.ui.search_results import SearchButtons
from bot.voicelogs import query as queries
from bot.voicelogs.phone_numbers import telephone
from bot.voicelogs.query import Fields, Query, QueryError
from bot.voicelogs.results import Cursor, Match, SearchResult
from tests.support.as_sent import refused
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
        buttons=SearchButtons(older="token", change="token"),
    )


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
    """A search has no ID, so "Check the ID" would be misleading."""
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

    assert refused(message) == []
    assert len(message.blocks) <= 50
    assert refused(block_kit.message_modal("Find a call", message, "{}")) == []


def options_of(view: View, field: str) -> list[str]:
    for block in view["blocks"]:
        if block["type"] == "input" and block["block_id"] == field:
            element = block["element"]
            assert element["type"] in {"static_select", "multi_static_select"}
            return [option["value"] for option in element["options"]]
    raise AssertionError(field)


def test_each_filter_can_be_chosen_in_the_form() -> None:
    view = search_form.form("{}")
    chosen = [word for field in search_form.FILTER_FIELDS for word in options_of(view, field)]

    assert sorted(chosen) == sorted(queries.FILTERS)
    for word in chosen:
        assert queries.from_fields(Fields(filters=(word,)), now=NOW).filters == (word,)


def test_each_time_span_of_the_form_is_understood() -> None:
    values = options_of(search_form.form("{}"), search_form.WINDOW_FIELD)

    for value in {*values} - {queries.SINCE_DAY, search_form.ANY}:
        assert queries.from_fields(Fields(window=value), now=NOW).since is not None


def initial_fields(view: View) -> Fields:
    """Return what is sent if the form is submitted unchanged."""
    entered: dict[str, str] = {}
    filters: list[str] = []
    for block in view["blocks"]:
        match block:
            case {"block_id": str(field), "element": {"initial_option": option}}:
                entered[field] = "" if option["value"] == search_form.ANY else option["value"]
            case {"block_id": str(field), "element": {"initial_value": str(text)}}:
                entered[field] = text
            case {"block_id": str(field), "element": {"initial_date": str(day)}}:
                entered[field] = day
            case {"element": {"initial_options": [*options]}}:
                filters += [option["value"] for option in options]
    return Fields(**entered, filters=tuple(filters))


@pytest.mark.parametrize(
    "text",
    [
        *("+1 206 555 0100", "5550103", "0103", "007", "+44 20 7946 0018", "2065550103 2d"),
        *("sip:alice", "alice@acme.example", "/private/reception", "whatsapp:+12065550147"),
        *("5550100 5550103 last hour", "from 5550100 24h", "to alice@acme 7d", "1 to 5550103 30d"),
        *("5550100 to 5550103 90m", "sip:alice sip:bob 45s", "since 2026-11-20", "3 weeks"),
        *("since 2026-11-20 14:00", "on 2026-11-20", "2026-11-18 to 2026-11-20"),
        *("until 2026-11-20", "since 2026-11-20 14:00:05 until 2026-11-21 10:00"),
        *("missed failed inbound outbound-api sip whatsapp anonymous", "queued", "live 1h"),
    ],
)
def test_the_form_of_a_search_has_its_criteria(text: str) -> None:
    """Submitted at the same time, the form starts the same search."""
    query = queries.parse(text, now=NOW).query
    view = search_form.form("{}", query)

    assert refused(view) == []
    assert queries.from_fields(initial_fields(view), now=NOW) == query


def test_yesterday_is_48_hours_in_the_form() -> None:
    query = queries.find("yesterday", now=NOW)
    again = queries.from_fields(initial_fields(search_form.form("{}", query)), now=NOW)

    assert again == replace(query, in_hours=False)


def test_the_form_opens_with_24_hours() -> None:
    assert queries.from_fields(initial_fields(search_form.form("{}")), now=NOW) == queries.find(
        "24h", now=NOW
    )


def test_errors_are_assigned_to_the_fields_of_the_form() -> None:
    errors = [
        QueryError("number", "too_short", "12"),
        QueryError("window", "not_a_date", "soon"),
        QueryError("day", "missing"),
        QueryError("words", "unknown", "bob"),
    ]

    assert [*search_form.field_errors(errors)] == ["number", "window", "day", "outcomes"]
    assert [*search_form.field_errors([QueryError("count", "several", "4")])] == ["number"]
    assert search_form.field_errors([]) == {}
