"""The fields of each sample log are consistent, as in logs captured from SignalWire.

A duration runs from the beginning and includes the ringing; billing runs from the answer
(`duration_ms` 11521 and `billing_ms` 5209 of one call), and may be rounded up to whole minutes.
"""

from datetime import datetime
from math import ceil
from typing import Final

import pytest

from bot.dev.emulator.signalwire.catalog import catalog
from bot.dev.emulator.signalwire.fixtures import ANSWERED_AT, ENDED_AT, RINGING_AT, LogFixture
from tests.support.samples import NOW

NOT_ANSWERED_YET: Final = {"queued", "initiated", "created", "ringing"}
LIVE: Final = {*NOT_ANSWERED_YET, "in-progress", "answered", "ending"}
UNANSWERED: Final = {"busy", "failed", "no-answer", "canceled"}
MAX_RINGING_MS: Final = 60_000
MINUTE_MS: Final = 60_000
CLOCK_TOLERANCE_MS: Final = 100

STATES: Final = [
    pytest.param(state, id=f"{entry.description} at {seconds:g} s")
    for entry in catalog(NOW)
    for seconds in ((0, RINGING_AT, ANSWERED_AT, 30, ENDED_AT) if entry.timeline else (0,))
    for state in [entry.state_at(seconds)]
]
EACH_STATE: Final = pytest.mark.parametrize("state", STATES)


def number(state: LogFixture, name: str) -> float | None:
    """Return a field's number, which is text in some logs."""
    value = state.body.get(name)
    return None if value is None else float(str(value))


def state_times(state: LogFixture) -> dict[str, float]:
    """Return the milliseconds from the beginning to each state change in the events."""
    began = datetime.fromisoformat(str(state.body["created_at"]))
    return {
        event.name.removeprefix("calling_call_"): (event.at - began).total_seconds() * 1000
        for event in state.events
    }


def is_billed(state: LogFixture) -> bool:
    return number(state, "billing_ms") is not None


@EACH_STATE
def test_seconds_are_the_milliseconds_without_their_fraction(state: LogFixture) -> None:
    seconds, milliseconds = number(state, "duration"), number(state, "duration_ms")
    if milliseconds is not None:
        assert seconds == milliseconds // 1000


@EACH_STATE
def test_an_unanswered_call_is_not_billed_and_costs_only_itemized_charges(
    state: LogFixture,
) -> None:
    if state.body.get("status") in LIVE | UNANSWERED:
        assert not is_billed(state)
    if "billing_ms" in state.body and not is_billed(state):
        assert "answered" not in state_times(state) or state.body["status"] in LIVE
        assert bool(number(state, "charge")) is bool(state.body["charge_details"])


@EACH_STATE
def test_an_unanswered_call_rings_for_at_most_a_minute_and_a_busy_one_does_not_ring(
    state: LogFixture,
) -> None:
    status, duration = state.body.get("status"), number(state, "duration_ms")
    if status in UNANSWERED:
        assert (duration or 0) <= (10_000 if status == "busy" else MAX_RINGING_MS)
        assert status != "busy" or "ringing" not in state_times(state)
    if status in NOT_ANSWERED_YET:
        assert duration is None


@EACH_STATE
def test_a_call_is_billed_from_its_answer_or_in_whole_minutes(state: LogFixture) -> None:
    billed, duration = number(state, "billing_ms"), number(state, "duration_ms")
    if billed is None or duration is None:
        return
    talked = duration - state_times(state).get("answered", 0)
    is_rounded_up = billed == ceil(talked / MINUTE_MS) * MINUTE_MS
    from_the_answer = talked - billed
    if "answered" in state_times(state):
        assert is_rounded_up or abs(from_the_answer) <= CLOCK_TOLERANCE_MS
    else:
        assert is_rounded_up or from_the_answer >= 0


@EACH_STATE
def test_events_lie_within_the_call_and_the_last_one_is_its_end(state: LogFixture) -> None:
    times, duration = state_times(state), number(state, "duration_ms")
    assert all(time >= 0 for time in times.values())
    if state.body.get("status") in LIVE:
        assert not {"ended", "no_answer"} & set(times)
    elif times and duration is not None:
        assert max(times.values()) <= duration
        ends = {times[name] for name in ("ended", "no_answer") if name in times}
        assert ends <= {duration}


@pytest.mark.parametrize("entry", catalog(NOW), ids=lambda entry: str(entry.description))
def test_no_duration_is_longer_than_the_time_since_the_beginning(entry: LogFixture) -> None:
    """A live call's duration may be stale, but is never ahead of the clock."""
    began = datetime.fromisoformat(str(entry.body["created_at"]))
    duration = number(entry, "duration_ms") or 0
    assert duration <= (NOW - began).total_seconds() * 1000


def test_every_final_status_has_a_log_with_events() -> None:
    statuses = {
        entry.body["status"] for entry in catalog(NOW) if "ended" in state_times(entry.state_at(0))
    }
    assert statuses >= {*UNANSWERED, "completed", "ended"}
