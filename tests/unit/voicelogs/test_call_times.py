"""The ring time and talk time of a leg; tests/cases/details.json has more kinds of timelines."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.signalwire.models import Json, LogEvent, VoiceLog
from bot.voicelogs.call_times import CallTimes, call_times

LOG_ID: Final = "b7182dc2-00f3-40e4-a5ce-20f164b329df"
OTHER_ID: Final = "ca110000-0000-4000-8000-000000000002"
START: Final = datetime(2026, 11, 20, 15, 4, 9, 640_000, tzinfo=UTC)
BILLED: Final = {"status": "ended", "duration_ms": 73_310, "billing_ms": 69_450}
UNBILLED: Final = {"status": "ended", "duration_ms": 18_040, "billing_ms": None, "charge": 0}
LIVE: Final = {"status": "in-progress", "billing_ms": None}

Moment = tuple[float | None, str | None] | tuple[float | None, str | None, Mapping[str, Json]]


def log(fields: Mapping[str, object]) -> VoiceLog:
    return VoiceLog.model_validate({"id": LOG_ID, "created_at": START, **fields})


def event(at: Moment, level: str = "info") -> LogEvent:
    seconds, name, *details = at
    when = None if seconds is None else START + timedelta(seconds=seconds)
    return LogEvent(
        event_at=when, level=level, name=name, details=dict(details[0]) if details else {}
    )


def times(fields: Mapping[str, object], *moments: Moment) -> CallTimes | None:
    return call_times(log(fields), [*map(event, moments)])


RANG_AND_TALKED: Final = CallTimes(rang_ms=3200, talked_ms=69_410)

KNOWN: Final[dict[str, Sequence[Moment]]] = {
    "LaML statuses in the details": (
        (0.7, "Call Status Changed", {"CallStatus": "ringing", "CallSid": LOG_ID.upper()}),
        (3.9, "Call Status Changed", {"CallStatus": "in-progress", "CallSid": LOG_ID.upper()}),
        (73.31, "Call Status Changed", {"CallStatus": "completed", "CallSid": LOG_ID.upper()}),
    ),
    "FreeSWITCH's channel events": (
        *((0, "CHANNEL_CREATE"), (0.7, "CHANNEL_RINGING"), (3.9, "CHANNEL_ANSWER")),
        *((73.31, "CHANNEL_HANGUP"), (73.4, "CHANNEL_HANGUP_COMPLETE"), (73.5, "CHANNEL_DESTROY")),
    ),
    "other things between, which begin, are answered, end and complete": (
        *((0, "webrtc_offer_received"), (0.1, "webrtc_answer_sent"), (0.3, "ice_completed")),
        *((0.7, "calling.call.ringing"), (1.2, "early_media_started"), (3.2, "swml_answer")),
        *((3.9, "calling.call.answered"), (4, "recording_started"), (4.1, "ai_started")),
        (5.1, "machine_answered", {"answered_by": "machine_start", "status": "completed"}),
        *((6, "calling.call.detect", {"state": "answered"}), (8, "play_completed")),
        *((9, "queue_ended"), (20, "conference_ended"), (21, "ai_answered_question")),
        *((40, "transfer_completed"), (60, "ai_conversation_ended"), (70, "swml_hangup")),
        (70, "calling.call.record", {"state": "completed"}),
        *((73.31, "Call completed"), (73.4, "media_ended")),
    ),
    "an end recorded by several engines": (
        *((0.7, "calling_call_ringing"), (3.9, "calling_call_answered")),
        *((73.31, "hung up"), (73.4, "calling_call_ended"), (73.9, "call_completed")),
    ),
}


@pytest.mark.parametrize("moments", KNOWN.values(), ids=KNOWN.keys())
def test_ring_and_talk_times_are_known(moments: Sequence[Moment]) -> None:
    assert times(BILLED, *moments) == RANG_AND_TALKED


INITIATED: Final = (0, "calling_call_initiated")
RINGING: Final = (0.7, "calling_call_ringing")
ANSWERED: Final = (3.9, "calling_call_answered")
RINGING_AGAIN: Final = (9, "calling_call_ringing")
ANSWERED_AGAIN: Final = (9, "calling_call_answered")
ENDED: Final = (73.31, "calling_call_ended")

UNCLEAR: Final[dict[str, Sequence[Moment]]] = {
    "no events": (),
    "only the beginning": (INITIATED,),
    "only an end": (INITIATED, ENDED),
    "only ringing": (RINGING,),
    "ringing and an end, though it was billed": (RINGING, ENDED),
    "answered before it rang": (ANSWERED, RINGING_AGAIN, ENDED),
    "ringing after it was answered too": (RINGING, ANSWERED, RINGING_AGAIN, ENDED),
    "answered after its end": (RINGING, (3.9, "calling_call_ended"), ANSWERED_AGAIN),
    "answered twice": (RINGING, ANSWERED, ANSWERED_AGAIN, ENDED),
    "two ends": (RINGING, ANSWERED, (20, "calling_call_ended"), ENDED),
    "an answer without a time": (RINGING, (None, "calling_call_answered"), ENDED),
    "an answer with a time and one without": (
        *(RINGING, ANSWERED, ENDED),
        (None, "calling_call_answered"),
    ),
    "an event of another leg": (RINGING, (*ANSWERED, {"call_id": OTHER_ID}), ENDED),
    "other names that contain answered": (
        *((0.7, "ringing_started"), (3.9, "machine_answered"), (4, "answered_by_human")),
        *((5, "calling_call_not_answered"), (6, "answered_elsewhere"), (7, "answer_timeout")),
        ENDED,
    ),
    "connected isn't answered": ((0.7, "ringback"), (3.9, "calling_call_connected"), ENDED),
    "another alphabet": ((0.7, "вызов ringing"), (3.9, "ответ answered"), (73.31, "конец ended")),
    "a state without a word for what has it": (
        *((0.7, "state", {"state": "ringing"}), (3.9, "status", {"status": "answered"})),
        (73.31, None, {"state": "ended"}),
    ),
    "states that aren't text": (
        (3.9, "call_state", {"call_state": ["answered"], "params": "answered"}),
        (73.31, "call_state", {"call_state": "ended"}),
    ),
    "a name without words": ((3.9, "_"), (73.31, "?")),
    "a name of a megabyte": ((3.9, "call " * 200_000 + "answered"), ENDED),
}


@pytest.mark.parametrize("moments", UNCLEAR.values(), ids=UNCLEAR.keys())
def test_unclear_timelines_have_no_times(moments: Sequence[Moment]) -> None:
    assert times(BILLED, *moments) is None


def test_an_event_with_two_states_is_ignored() -> None:
    either = (3.9, "call_state", {"call_state": "answered", "status": "ringing"})
    assert times(UNBILLED, either, (73.31, "ended")) is None


def test_events_of_level_error_are_ignored_beside_others() -> None:
    events = [
        event((0.7, "calling_call_ringing")),
        event((2, "calling_call_answered"), "error"),
        event((3.9, "calling_call_answered")),
        event((9, "calling_call_ended"), " ERROR "),
        event((73.31, "calling_call_ended"), "debug"),
    ]
    assert call_times(log(BILLED), events) == RANG_AND_TALKED


def test_an_error_may_be_the_end_but_nothing_else() -> None:
    moments = [event((0.7, "calling_call_ringing")), event((3.9, "calling_call_answered"))]
    for name, expected in {
        "calling_call_ended": RANG_AND_TALKED,
        **dict.fromkeys(("hangup", "play_failed", "answered"), CallTimes(rang_ms=3200)),
    }.items():
        assert call_times(log(BILLED), [*moments, event((73.31, name), "error")]) == expected


def test_without_an_end_only_the_ring_time_is_known() -> None:
    assert times(BILLED, (0.7, "ringing"), (3.9, "answered")) == CallTimes(rang_ms=3200)
    assert times(BILLED, (3.9, "answered")) is None


@pytest.mark.parametrize("end", ["ended", "no_answer", "busy", "canceled", "cancelled", "failed"])
def test_an_unanswered_leg_rang_until_its_end(end: str) -> None:
    moments = ((0, "calling_call_initiated"), (0.8, "ringing"), (18.04, f"calling_call_{end}"))
    expected = CallTimes(rang_ms=17_240, ended_unanswered=True)
    assert times(UNBILLED, *moments) == expected
    assert times({**UNBILLED, "billing_ms": 0}, *moments) == expected


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"status": "ended"}, id="its billing isn't known"),
        pytest.param({**UNBILLED, "billing_ms": 5}, id="it was billed"),
        pytest.param({**UNBILLED, "charge": None}, id="it may yet be billed"),
        pytest.param({**UNBILLED, "status": "completed"}, id="completed means answered"),
        pytest.param({**UNBILLED, "status": "odd"}, id="its status isn't known"),
    ],
)
def test_a_leg_that_may_have_been_answered_is_not_called_unanswered(
    fields: Mapping[str, object],
) -> None:
    assert times(fields, (0.8, "ringing"), (18.04, "ended")) is None


def test_a_live_leg_has_been_talking_since_it_was_answered() -> None:
    answered = START + timedelta(seconds=3.9)
    moments = ((0.7, "ringing"), (3.9, "answered"))
    assert times(LIVE, *moments) == CallTimes(rang_ms=3200, talking_since=answered)
    for status in ("ending", "queued", "ringing", "ended", "odd"):
        assert times({**LIVE, "status": status}, *moments) == CallTimes(rang_ms=3200)


def test_an_event_newer_than_the_log_is_used() -> None:
    ended = (73.31, "ended")
    at = START + timedelta(seconds=73.31)
    expected = replace(RANG_AND_TALKED, ended_at=at)
    assert times(LIVE, (0.7, "ringing"), (3.9, "answered"), ended) == expected
    assert times(LIVE, ended) == times(LIVE, (0.7, "ringing"), ended) == CallTimes(ended_at=at)


RELAY_END: Final[Mapping[str, Json]] = {
    "call_state": "ended",
    "answer_time": Decimal(1_795_187_053_540),
}
"""Answered 3.9 s after START."""


@pytest.mark.parametrize(
    "end",
    [
        RELAY_END,
        {"params": RELAY_END},
        {**RELAY_END, "answer_time": "1795187053540"},
        {"CallState": "ended", "answerTime": Decimal(1_795_187_053_540)},
    ],
)
def test_the_last_event_of_a_relay_leg_may_have_its_answer_time(end: Mapping[str, Json]) -> None:
    ringing, ended = (0.7, "ringing"), (73.31, "calling.call.state", end)
    assert times(BILLED, ringing, ended) == RANG_AND_TALKED
    assert times(BILLED, ended) == CallTimes(talked_ms=69_410)
    assert times(BILLED, ringing, (4, "answered"), ended) == CallTimes(
        rang_ms=3300, talked_ms=69_310
    )


@pytest.mark.parametrize("sent", [None, Decimal(0), "", "soon", Decimal(17_951_870), {"at": "1"}])
def test_an_invalid_answer_time_is_ignored(sent: Json) -> None:
    end = (18.04, "calling_call_ended", {"answer_time": sent})
    assert times(BILLED, (0.7, "ringing"), end) is None


def test_an_answer_time_after_the_end_is_ignored() -> None:
    end = (2, "calling_call_ended", {"answer_time": RELAY_END["answer_time"]})
    assert times(BILLED, (0.7, "ringing"), end) is None


STATES = st.sampled_from(["ringing", "answered", "answer", "ended", "hangup", "step", None])
MOMENTS = st.lists(st.tuples(st.floats(0, 9, width=16), STATES), max_size=6)
FIELDS = st.sampled_from([BILLED, UNBILLED, LIVE])


@settings(max_examples=300)
@given(fields=FIELDS, moments=MOMENTS)
def test_times_are_never_negative_and_fit_together(
    fields: Mapping[str, object], moments: list[Moment]
) -> None:
    result = times(fields, *moments)
    if result is None:
        return
    assert result != CallTimes()
    assert (result.rang_ms or 0) >= 0
    assert (result.talked_ms or 0) >= 0
    assert (result.rang_ms or 0) + (result.talked_ms or 0) <= 9000
    assert result.talked_ms is None or result.talking_since is None
    if result.ended_unanswered:
        assert (result.talked_ms, result.talking_since) == (None, None)
        assert {name for _, name, *_ in moments}.isdisjoint({"answered", "answer"})
    assert result == times(fields, *reversed(moments)), "the order in the list doesn't matter"
