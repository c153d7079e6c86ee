import json
import re
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from bot.signalwire.errors import ApiError, BadRequestError
from bot.signalwire.models import LogEvent, Timeline, VoiceLog
from bot.ui.block_kit import View
from bot.ui.details import legs_chart
from bot.ui.details import view as details_view
from bot.voicelogs.results import CallLegs, Details, Found, PartError, TimeSpan
from tests.support.as_sent import as_sent, refused, sent_blocks
from tests.support.cards import card_context
from tests.support.json_paths import objects
from tests.support.raw_json import document, raw
from tests.unit.ui.details_examples import A, after
from tests.unit.ui.untrusted_text import (
    HOSTILE,
    IDS,
    MARK,
    assert_inert,
    errors,
    known_fields,
    moments,
    untrusted_text,
)

QUICK = settings(max_examples=60)
TEXT = untrusted_text(400)
JSON: st.SearchStrategy[JsonValue] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXT, inner, max_size=4)),
    max_leaves=8,
)


def record(log_id: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, object]]:
    unknown: st.SearchStrategy[dict[str, object]] = st.one_of(
        st.dictionaries(TEXT, JSON, max_size=5),
        st.tuples(TEXT, JSON, st.integers(1, 90)).map(
            lambda item: {f"{n}{item[0]}": item[1] for n in range(item[2])}
        ),
    )
    return st.tuples(known_fields(log_id, TEXT), unknown).map(lambda pair: {**pair[1], **pair[0]})


FOUND = st.builds(
    lambda sent, project: Found(
        UUID(A), project, VoiceLog.model_validate(sent), raw(json.dumps(sent))
    ),
    record(st.just(A)),
    TEXT,
)
EVENT = st.builds(
    lambda when, level, name, details: LogEvent.model_validate(
        {
            "event_at": when,
            "level": level,
            "name": name,
            "details": document(json.dumps(details)),
        }
    ),
    moments(TEXT),
    st.one_of(st.none(), st.sampled_from(["info", "warn", "error", "debug"]), TEXT),
    st.one_of(st.none(), st.just("calling_call_initiated"), TEXT),
    st.one_of(st.just({}), st.dictionaries(TEXT, JSON, max_size=3)),
)
TIMELINE = st.builds(
    lambda some, count, sent: Timeline((tuple(some) * 2000)[:count], raw(json.dumps(sent))),
    st.lists(EVENT, min_size=1, max_size=4),
    st.one_of(st.integers(0, 5), st.integers(0, 2000)),
    st.dictionaries(TEXT, JSON, max_size=4),
)
ERROR = errors(TEXT)
PART_ERROR: st.SearchStrategy[PartError | None] = st.one_of(
    st.none(), st.just("internal_error"), ERROR
)


@st.composite
def all_call_legs(draw: st.DrawFn) -> CallLegs:
    ids = st.one_of(st.sampled_from(IDS), TEXT)
    sent = draw(st.lists(record(ids), min_size=1, max_size=3))
    count = draw(st.integers(1, 20))
    legs = [
        VoiceLog.model_validate({**log, "id": log["id"] if n < len(sent) else IDS[n]})
        for n, log in enumerate((sent * 20)[:count])
    ]
    return CallLegs(
        draw(st.sampled_from(legs)),
        tuple(legs),
        draw(st.sampled_from([None, TimeSpan(after(-300), after(600))])),
        draw(st.integers(0, 3)),
        draw(st.one_of(st.sampled_from([None, "cycle", "too_deep", "not_an_id"]), ERROR)),
        draw(st.one_of(st.none(), ERROR)),
    )


DETAILS = st.builds(
    Details, FOUND, st.one_of(TIMELINE, PART_ERROR), st.one_of(all_call_legs(), PART_ERROR)
)
PAGE = st.one_of(st.integers(-1, 3), st.integers(-10, 100))


def details_with(text: str) -> Details:
    """Return details with `text` wherever untrusted text can be."""
    sent: dict[str, JsonValue] = dict.fromkeys(
        ("from", "to", "source", "type", "direction", "status", "parent_id", f"{text} field"), text
    )
    sent["charge_details"] = [{"description": text, text: text}]
    log = VoiceLog.model_validate({"id": text, "created_at": after(0), **sent})
    other = VoiceLog.model_validate(
        {"id": A, "created_at": after(1), **sent, "parent_id": text * 2}
    )
    event = LogEvent(event_at=after(0), level=text, name=text, details={text: [text]})
    error = BadRequestError(422, [ApiError(text, text)])
    return Details(
        Found(UUID(A), text, log, raw(json.dumps(sent))),
        Timeline((event,), raw(json.dumps({"data": [text]}))),
        CallLegs(log, (log, other), None, 0, error, error),
    )


def events_in(view: View) -> int:
    """Count the events that a modal shows."""
    joined = "\n".join(str(item["text"]) for item in objects(sent_blocks(view), "mrkdwn"))
    return len(re.findall(r"^`(?:[+-]\d[\d:]*\.\d{3}|no time)` ", joined, re.MULTILINE))


@pytest.mark.parametrize("text", [*HOSTILE, "".join(HOSTILE)])
def test_hostile_text_is_inert_in_every_place(text: str) -> None:
    """The test with random texts in test_ui_property may miss a place."""
    parts = details_with(f"{MARK}{text}x")
    context = card_context(names_projects=True)
    for builder in (
        details_view.view,
        details_view.legs_view,
        details_view.raw_view,
        details_view.errors_view,
        details_view.text_view,
    ):
        view = builder(parts, context)
        assert_inert(as_sent(view))
        assert refused(view) == []


@QUICK
@given(all_call_legs())
def test_the_chart_keeps_to_its_width(call_legs: CallLegs) -> None:
    chart = legs_chart.render_chart(call_legs, after(60))
    lines = chart.split("\n")
    assert all(len(line) <= legs_chart.LINE_LENGTH for line in lines)
    assert MARK not in chart
    begun = sum(leg.created_at is not None for leg in call_legs.legs)
    drawn = [line for line in lines if re.match("[> ] [A-Z] ", line)]
    assert len(drawn) == begun
    signs = {sign for line in drawn for sign in re.findall("[█░▒━┃]", line.replace("▶", "▒"))}
    assert [line[0] for line in lines[1 + begun :] if line[0] not in signs] == []
    assert signs == set(re.findall("[█░▒━┃]", "".join(lines[1 + begun :])))


@pytest.mark.parametrize("errors_only", [True, False])
@QUICK
@given(given=DETAILS)
def test_every_event_is_on_exactly_one_page(given: Details, *, errors_only: bool) -> None:
    if not isinstance(given.timeline, Timeline):
        return
    levels = [event.level for event in given.timeline.events]
    wanted = sum(level in {"error", "warn"} or not errors_only for level in levels)
    build = details_view.errors_view if errors_only else details_view.view
    shown = 0
    for page in range(1, -(-wanted // 40) + 1):
        view = build(given, card_context(), page)
        if errors_only:
            reduced = details_view.reduce_to_page(given, page, errors_only=True)
            assert build(reduced, card_context(), page) == view
        shown += events_in(view)
    assert shown == wanted
