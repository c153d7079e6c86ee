from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.ui import search_form
from bot.ui.block_kit import View
from bot.voicelogs import query as queries
from bot.voicelogs.query import Fields, QueryError
from tests.support.as_sent import refused

NOW = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)


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
