# ruff: noqa: E501 - a golden card is as wide as the card
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from inline_snapshot import snapshot
from pydantic import JsonValue

from bot.cli.terminal import render
from bot.dev.emulator.slack.block_kit import problems, view_problems
from bot.signalwire.errors import (
    AuthenticationError,
    BadRequestError,
    InvalidResponseError,
    LogNotFoundError,
    LogTooOldError,
    RateLimitedError,
    SignalWireError,
    UnavailableError,
)
from bot.signalwire.models import STATUSES, VoiceLog
from bot.slack.response_url import ephemeral
from bot.ui import search_form, search_results
from bot.ui.block_kit import Message
from bot.ui.subcommands import FIND, RECENT
from bot.voicelogs import query as queries
from bot.voicelogs.phone_numbers import telephone
from bot.voicelogs.query import Field, InvalidReason, Query, QueryError
from bot.voicelogs.results import Cursor, Match, SearchResult
from tests.support.cards import card_context

NOW = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
BACK = NOW - timedelta(hours=5)
NUMBER = telephone("+1 206 555 0199")
VALUE = "2026-11-22T12:00:00+00:00 x token 20 "
HOSTILE = "<!channel>`*x*` <https://evil.example|SignalWire>"


def log_id(number: int) -> str:
    return f"10900000-0000-4000-8000-{number:012d}"


def hit(number: int, project: str = "sales", /, **fields: object) -> Match:
    values: dict[str, object] = {
        "id": log_id(number),
        "from": "+12065550100",
        "to": "+12065550199",
        "status": "completed",
        "duration": 42,
        "charge": "0.0115",
        "created_at": NOW - timedelta(minutes=number),
        **fields,
    }
    return Match(project, VoiceLog.model_validate(values))


def shown(
    *found: Match,
    looked_at: int = 1234,
    back_to: datetime | None = None,
    errors: Mapping[str, SignalWireError] | None = None,
    query: Query | None = None,
    name_project: bool = False,
) -> Message:
    further = Cursor(back_to) if back_to is not None else None
    return search_results.search_results(
        SearchResult(found, looked_at, back_to, further, errors or {}),
        query or Query(NUMBER),
        card_context(names_projects=name_project),
        further=VALUE if further else None,
    )


def sent(message: Message) -> dict[str, JsonValue]:
    payload: dict[str, JsonValue] = json.loads(json.dumps(ephemeral(message)))
    return payload


def test_rows_with_card_how_far_back_it_looked_and_the_way_further() -> None:
    query = queries.find("2065550199 3d inbound", now=NOW)
    message = shown(
        hit(1),
        hit(2, status="in-progress", charge=None),
        hit(3, **{"from": "sip:alice@acme.example", "status": "no-answer", "charge": 0}),
        back_to=BACK,
        query=query,
    )

    assert render(message.blocks) == snapshot("""\
┃ 🔎 3 voice logs found
┃
┃ Looked for: with this number · inbound · since 2026-11-19 17:00:00 UTC
┃
┃ ✅ Completed · 42 s  [ Card ]
┃ +1 206-555-0100 → +1 206-555-0199
┃ $0.0115 · 2026-11-22 16:59:00 UTC
┃ 10900000-0000-4000-8000-000000000001
┃
┃ 🟢 In progress · live, 42 s so far  [ Card ]
┃ +1 206-555-0100 → +1 206-555-0199
┃ 2026-11-22 16:58:00 UTC
┃ 10900000-0000-4000-8000-000000000002
┃
┃ 📵 No answer · 42 s  [ Card ]
┃ sip:alice@acme.example → +1 206-555-0199
┃ $0.00 · 2026-11-22 16:57:00 UTC
┃ 10900000-0000-4000-8000-000000000003
┃
┃ Looked at 1,234 logs, back to 2026-11-22 12:00:00 UTC.
┃
┃ [ Look further back ]\
""")
    assert message.text == snapshot("""\
3 voice logs found.
Looked for: with this number · inbound · since 2026-11-19 17:00:00 UTC
Completed · 42 s. +1 206-555-0100 → +1 206-555-0199. $0.0115 · 2026-11-22 16:59:00 UTC. 10900000-0000-4000-8000-000000000001
In progress · live, 42 s so far. +1 206-555-0100 → +1 206-555-0199. 2026-11-22 16:58:00 UTC. 10900000-0000-4000-8000-000000000002
No answer · 42 s. sip:alice@acme.example → +1 206-555-0199. $0.00 · 2026-11-22 16:57:00 UTC. 10900000-0000-4000-8000-000000000003
Looked at 1,234 logs, back to 2026-11-22 12:00:00 UTC.\
""")


def test_where_there_are_several_projects_each_row_names_its_own() -> None:
    message = shown(hit(1), hit(2, "support"), name_project=True)

    assert [line for line in render(message.blocks).splitlines() if "109" in line] == snapshot(
        [
            "┃ 10900000-0000-4000-8000-000000000001 · sales",
            "┃ 10900000-0000-4000-8000-000000000002 · support",
        ]
    )


def test_a_row_has_its_buttons_value_from_the_log_s_id_alone() -> None:
    block: dict[str, JsonValue] = json.loads(json.dumps(shown(hit(7)).blocks[2]))

    assert block["accessory"] == snapshot(
        {
            "type": "button",
            "action_id": "voicelog_card",
            "text": {"type": "plain_text", "text": "Card", "emoji": False},
            "value": "10900000-0000-4000-8000-000000000007",
        }
    )


def test_a_row_whose_id_is_none_has_no_card() -> None:
    message = shown(hit(1, id="not an id"))

    assert "[ Card ]" not in render(message.blocks)
    assert problems(sent(message)) == []


@pytest.mark.parametrize(
    ("looked_at", "back_to", "query", "said"),
    [
        (0, None, Query(NUMBER), "Looked at 0 logs: that is all there is."),
        (1, None, Query(NUMBER), "Looked at 1 log: that is all there is."),
        (10_000, BACK, Query(NUMBER), "Looked at 10,000 logs, back to 2026-11-22 12:00:00 UTC."),
        (
            5,
            None,
            Query(since=BACK),
            "Looked at 5 logs: that is all since 2026-11-22 12:00:00 UTC.",
        ),
    ],
)
def test_what_was_looked_at_is_said(
    looked_at: int, back_to: datetime | None, query: Query, said: str
) -> None:
    message = shown(looked_at=looked_at, back_to=back_to, query=query)

    assert message.text.startswith("No voice logs found.")
    assert message.text.endswith(said)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (Query(NUMBER), "Looked for: with this number"),
        (Query(since=BACK), "Looked for: since 2026-11-22 12:00:00 UTC"),
        (Query(filters=("failed", "inbound")), "Looked for: failed · inbound"),
        (Query(NUMBER, BACK, ("live",)), None),
        (Query(limit=10), None),
    ],
)
def test_what_was_looked_for_is_said_without_the_number(query: Query, said: str | None) -> None:
    lines = shown(hit(1), query=query).text.splitlines()

    assert "555 0199" not in "\n".join(lines)
    if said is not None:
        assert said in lines
    assert any(line.startswith("Looked for") for line in lines) is (query != Query(limit=10))


def test_what_a_failing_project_answered_stands_under_what_the_others_have() -> None:
    errors = {
        "north": AuthenticationError(),
        "south": UnavailableError("503", 3),
        "west": RateLimitedError(12),
        "east": InvalidResponseError("HTML"),
        "centre": InvalidResponseError("HTML"),
    }
    message = shown(hit(1), errors=errors, looked_at=20, name_project=True)

    assert render(message.blocks).splitlines()[-9:] == snapshot(
        [
            "┃ 🔑 SignalWire north: SignalWire refused the bot's credentials.",
            "┃",
            "┃ 📡 SignalWire south: SignalWire isn't answering.",
            "┃",
            "┃ 🐢 SignalWire west: SignalWire asks to slow down.",
            "┃",
            "┃ … and 2 more projects",
            "┃",
            "┃ Reference k7m2.",
        ]
    )


def test_a_failure_on_the_way_leaves_the_way_further_open() -> None:
    message = shown(hit(1), errors={"sales": UnavailableError("503", 3)}, back_to=BACK)

    assert "[ Look further back ]" in render(message.blocks)
    assert "back to 2026-11-22 12:00:00 UTC" in message.text


@pytest.mark.parametrize(
    "error",
    [
        AuthenticationError(),
        RateLimitedError(None),
        UnavailableError("timeout", 3),
        InvalidResponseError("HTML"),
    ],
    ids=lambda error: error.outcome,
)
def test_if_nothing_could_be_read_only_the_reason_is_shown(error: SignalWireError) -> None:
    message = shown(looked_at=0, errors={"sales": error})

    assert "found" not in message.text.splitlines()[0].lower()
    assert "Looked at" not in message.text
    assert "Reference k7m2." in message.text


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
def test_a_search_is_not_told_about_an_id_or_one_log(error: SignalWireError) -> None:
    """There was no id: "No such voice log" and "Check the id" would send people looking for one."""
    text = shown(looked_at=0, errors={"sales": error}).text

    assert "No such voice log" not in text
    assert "the id" not in text.lower()
    assert "This log is too old" not in text
    assert "isn't a voice log" not in text


def test_twenty_rows_with_everything_fit() -> None:
    long = {"id": log_id(1), "from": HOSTILE * 20, "to": "x" * 5000, "status": HOSTILE}
    found = [hit(number, HOSTILE, **{**long, "id": log_id(number)}) for number in range(20)]
    errors: dict[str, SignalWireError] = {
        f"{HOSTILE}{number}": BadRequestError(422, ()) for number in range(9)
    }
    query = Query(NUMBER, BACK, queries.FILTERS)
    message = shown(*found, errors=errors, back_to=BACK, query=query, name_project=True)

    assert problems(sent(message)) == []
    assert len(message.blocks) <= 50
    assert "<!" not in json.dumps(message.blocks).replace("<!date^", "")
    assert "<https" not in json.dumps(message.blocks)
    assert view_problems(json.loads(json.dumps(search_results.results_modal(message, "{}")))) == []


@pytest.mark.parametrize(
    ("looked_at", "back_to", "said"),
    [
        (0, None, "Searching…"),
        (0, BACK, "Searching…"),
        (200, None, "Searching… 200 logs so far"),
        (1, BACK, "Searching… 1 log so far, back to 2026-11-22 12:00:00 UTC"),
        (9_800, BACK, "Searching… 9,800 logs so far, back to 2026-11-22 12:00:00 UTC"),
    ],
)
def test_progress_is_one_short_line(looked_at: int, back_to: datetime | None, said: str) -> None:
    message = search_results.searching(looked_at, back_to)

    assert message.text == said
    assert render(message.blocks) == f"┃ ⏳ {said}"


def test_the_form_has_three_fields_of_which_none_must_be_filled_in() -> None:
    view: dict[str, JsonValue] = json.loads(json.dumps(search_form.form('{"channel":"C0OPS"}')))

    assert view_problems(view) == []
    assert view == snapshot(
        {
            "type": "modal",
            "title": {"type": "plain_text", "text": "Find a call", "emoji": False},
            "close": {"type": "plain_text", "text": "Close", "emoji": False},
            "blocks": [
                {
                    "type": "input",
                    "block_id": "number",
                    "label": {
                        "type": "plain_text",
                        "text": "Phone number, or part of it",
                        "emoji": False,
                    },
                    "element": {
                        "type": "plain_text_input",
                        "action_id": "number",
                        "max_length": 100,
                        "placeholder": {
                            "type": "plain_text",
                            "text": "+1 206 555 0134",
                            "emoji": False,
                        },
                    },
                    "optional": True,
                    "hint": {
                        "type": "plain_text",
                        "text": "However it is written. At least three digits. A SIP address will do too.",
                        "emoji": False,
                    },
                },
                {
                    "type": "input",
                    "block_id": "window",
                    "label": {"type": "plain_text", "text": "How far back", "emoji": False},
                    "element": {
                        "type": "plain_text_input",
                        "action_id": "window",
                        "max_length": 100,
                        "placeholder": {
                            "type": "plain_text",
                            "text": "2h, 3d or 2026-11-20",
                            "emoji": False,
                        },
                    },
                    "optional": True,
                    "hint": {
                        "type": "plain_text",
                        "text": "30m, 2h, 3d, 1w, or a day in UTC. Empty: as far back as it gets.",
                        "emoji": False,
                    },
                },
                {
                    "type": "input",
                    "block_id": "words",
                    "label": {"type": "plain_text", "text": "Which calls", "emoji": False},
                    "element": {
                        "type": "static_select",
                        "action_id": "words",
                        "options": [
                            {
                                "text": {
                                    "type": "plain_text",
                                    "text": "Any status or direction",
                                    "emoji": False,
                                },
                                "value": "any",
                            },
                            {
                                "text": {"type": "plain_text", "text": "Live now", "emoji": False},
                                "value": "live",
                            },
                            {
                                "text": {"type": "plain_text", "text": "Failed", "emoji": False},
                                "value": "failed",
                            },
                            {
                                "text": {"type": "plain_text", "text": "No answer", "emoji": False},
                                "value": "no-answer",
                            },
                            {
                                "text": {"type": "plain_text", "text": "Busy", "emoji": False},
                                "value": "busy",
                            },
                            {
                                "text": {"type": "plain_text", "text": "Canceled", "emoji": False},
                                "value": "canceled",
                            },
                            {
                                "text": {"type": "plain_text", "text": "Completed", "emoji": False},
                                "value": "completed",
                            },
                            {
                                "text": {"type": "plain_text", "text": "Ended", "emoji": False},
                                "value": "ended",
                            },
                            {
                                "text": {"type": "plain_text", "text": "Inbound", "emoji": False},
                                "value": "inbound",
                            },
                            {
                                "text": {"type": "plain_text", "text": "Outbound", "emoji": False},
                                "value": "outbound",
                            },
                        ],
                        "initial_option": {
                            "text": {
                                "type": "plain_text",
                                "text": "Any status or direction",
                                "emoji": False,
                            },
                            "value": "any",
                        },
                    },
                    "optional": True,
                },
            ],
            "private_metadata": '{"channel":"C0OPS"}',
            "callback_id": "voicelog_find",
            "submit": {"type": "plain_text", "text": "Search", "emoji": False},
        }
    )


def test_each_choice_of_the_form_is_one_that_a_search_understands() -> None:
    assert isinstance(search_form.form("{}")["blocks"][2], dict)
    block: dict[str, JsonValue] = json.loads(json.dumps(search_form.form("{}")["blocks"][2]))
    element = block["element"]
    assert isinstance(element, dict)
    options = element["options"]
    assert isinstance(options, list)
    values = [str(option["value"]) for option in options if isinstance(option, dict)]

    assert search_form.chosen_words(values[0]) == ""
    assert search_form.chosen_words(None) == ""
    for value in values[1:]:
        query = queries.from_fields("", "", search_form.chosen_words(value), now=NOW)
        assert query.filters == (value,)
    assert {*values} & {*STATUSES} >= {"failed", "no-answer", "busy", "canceled"}


FAULTS: Sequence[tuple[Field, InvalidReason, str]] = (
    ("number", "empty", ""),
    ("words", "unknown", "bob"),
    ("number", "too_short", "12"),
    ("number", "too_long", "1" * 17),
    ("number", "several", "5550199"),
    ("window", "several", "3d"),
    ("window", "missing", "since"),
    ("window", "not_a_date", "2026-02-30"),
    ("window", "future", "2027-01-01"),
    ("window", "too_far", "1990-01-01"),
    ("count", "several", "4"),
    ("count", "out_of_range", "99"),
)


def test_every_way_not_to_be_understood_has_its_words() -> None:
    assert {kind for _, kind, _ in FAULTS} == {*get_args(InvalidReason)}
    said = []
    for part, kind, token in FAULTS:
        message = search_results.not_understood(
            QueryError(part, kind, token), RECENT if part == "count" else FIND, "k7m2"
        )
        assert problems(sent(message)) == []
        title, what, next_step, _ = message.text.splitlines()
        assert title == "The search isn't clear."
        said.append(f"{part} {kind}: {what} {next_step}")

    assert "\n".join(said) == snapshot("""\
number empty: There is nothing to look for. Give a phone number or part of it, a span of time, or a word such as failed.
words unknown: bob isn't understood. The words are queued, initiated, created, ringing, in-progress, answered, joined, ending, completed, ended, busy, failed, no-answer, canceled, live, inbound, outbound, sip, pstn, webrtc, laml. An address needs an @ or sip: in it.
number too_short: 12 is too short to search for. Give at least three digits, or three characters of an address.
number too_long: 11111111111111111 has more digits than any number. Give one at a time, or a part of it.
number several: 5550199 is one too many: one number, one span of time. Leave one out.
window several: 3d is one too many: one number, one span of time. Leave one out.
window missing: After since there is nothing. Write 30m, 2h, 3d or 1w, today, yesterday, or a day such as 2026-11-20.
window not_a_date: 2026-02-30 is neither a day nor a span of time. Write 30m, 2h, 3d or 1w, today, yesterday, or a day such as 2026-11-20.
window future: 2027-01-01 hasn't been yet. Write 30m, 2h, 3d or 1w, today, yesterday, or a day such as 2026-11-20.
window too_far: 1990-01-01 is more than ten years back. Write 30m, 2h, 3d or 1w, today, yesterday, or a day such as 2026-11-20.
count several: 4 is one too many: one number, one span of time. Leave one out.
count out_of_range: 99 isn't a count from 1 to 20. Give a number from 1 to 20, or none for ten.\
""")


@pytest.mark.parametrize("kind", get_args(InvalidReason))
@pytest.mark.parametrize("token", ["", HOSTILE, "x" * 5000, "None", "%s {token} {0}"])
def test_whatever_was_typed_is_shown_as_it_is(kind: InvalidReason, token: str) -> None:
    message = search_results.not_understood(QueryError("number", kind, token), FIND, "k7m2")
    said = search_form.field_errors([QueryError("number", kind, token)])["number"]

    assert problems(sent(message)) == []
    assert "<!" not in json.dumps(message.blocks)
    assert "<https" not in json.dumps(message.blocks)
    assert 0 < len(said) <= search_form.FIELD_ERROR_LIMIT
    assert "`" not in said
    assert "&lt;" not in said


def test_errors_stand_on_the_fields_of_the_form() -> None:
    errors = [
        QueryError("number", "too_short", "12"),
        QueryError("window", "not_a_date", "soon"),
        QueryError("words", "unknown", "bob"),
    ]

    assert [*search_form.field_errors(errors)] == ["number", "window", "words"]
    assert [*search_form.field_errors([QueryError("count", "several", "4")])] == ["number"]
    assert search_form.field_errors([]) == {}


def test_an_offer_has_a_button_a_number_and_holds_none_in_its_values() -> None:
    one = search_results.offer([("+1 206-555-0199", "token1")], [])
    several = search_results.offer(
        [("+1 206-555-0199", "token1"), ("+44 •••58", "token2")], ["A note."]
    )

    assert render(one.blocks).splitlines()[-1] == "┃ [ Find calls with this number ]"
    assert render(several.blocks) == snapshot("""\
┃ 🔎 No voice log id, but phone numbers
┃
┃ There is no voice log id here, but calls can be found by a number too.
┃
┃ [ Find calls with +1 206-555-0199 ]  [ Find calls with +44 •••58 ]
┃
┃ A note.\
""")
    assert json.loads(json.dumps(several.blocks))[2]["elements"] == snapshot(
        [
            {
                "type": "button",
                "action_id": "voicelog_find_number",
                "text": {
                    "type": "plain_text",
                    "text": "Find calls with +1 206-555-0199",
                    "emoji": False,
                },
                "value": "token1",
            },
            {
                "type": "button",
                "action_id": "voicelog_find_number_2",
                "text": {"type": "plain_text", "text": "Find calls with +44 •••58", "emoji": False},
                "value": "token2",
            },
        ]
    )


def test_a_search_that_has_expired_says_what_to_do() -> None:
    assert render(search_results.expired("k7m2").blocks) == snapshot("""\
┃ ⌛ This search has expired
┃
┃ The buttons of a search work for a day.
┃ Run the command again.
┃
┃ Reference k7m2.\
""")


def test_a_hit_with_a_hostile_name_or_end_is_inert() -> None:
    message = shown(hit(1, HOSTILE, **{"from": HOSTILE, "status": HOSTILE}), name_project=True)

    assert "<!" not in json.dumps(message.blocks).replace("<!date^", "")
    assert "<https" not in json.dumps(message.blocks)
