import re
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.signalwire.models import VoiceLog
from bot.ui.details import view as details_view
from bot.voicelogs import masking
from bot.voicelogs.results import CallLegs
from tests.support.cards import card_context
from tests.unit.ui.details_examples import (
    LEGS,
    A,
    B,
    C,
    call_legs,
    details,
    leg,
    rendered,
    searched,
)

LIVE_FOR = timedelta(minutes=14, seconds=2)
NOW = card_context().now
SENTENCE = re.compile(
    r"^┃ ((?:Of .*)?[A-Z] .*)\. SignalWire's log doesn't say who hung up\.$", re.MULTILINE
)


def legs(given: CallLegs) -> str:
    return rendered(details_view.legs_view(details(legs=given), card_context()))


def ended(log_id: str, begins: float, **fields: object) -> VoiceLog:
    """Return a completed leg that began so many seconds after START."""
    return leg(log_id, begins, status="completed", **fields)


def total_line(given: CallLegs) -> str:
    (line,) = re.findall("^┃ (One call.*)$", legs(given), re.MULTILINE)
    return str(line)


def order_sentence(*given: VoiceLog) -> str:
    found = SENTENCE.findall(legs(call_legs(given, window=searched())))
    assert len(found) < 2
    return "".join(found)


def test_a_parent_that_is_shown_is_named_by_its_letter_in_any_case() -> None:
    """The parent ID of the last leg is in upper case."""
    assert legs(call_legs(LEGS)).count("parent A") == len(LEGS) - 1


def test_a_parent_that_is_not_shown_is_named_by_its_id() -> None:
    assert f"parent {C}" in legs(call_legs([leg(B, 0, parent_id=C)]))


def test_each_row_has_its_charge_with_every_digit() -> None:
    shown = legs(call_legs([ended(A, 0, charge="0.50415001"), ended(B, 0, charge=0), ended(C, 0)]))
    rows = [line for line in shown.splitlines() if re.match("┃ [A-C] ", line)]
    assert [re.findall(r"\$[\d.]+", row) for row in rows] == [["$0.50415001"], ["$0.00"], []]


@pytest.mark.parametrize(
    ("charges", "omitted", "expected"),
    [
        (["0.01", 0, "0.0132"], 0, "One call, 3 legs · $0.0232"),
        (["0.01", None, "0.0132"], 0, "One call, 3 legs · $0.0232 for the 2 with a charge"),
        (["0.01", None], 0, "One call, 2 legs · $0.01 for the one with a charge"),
        ([None, None], 0, "One call, 2 legs · charge unknown"),
        (["0.01", "0.01"], 3, "One call, 5 legs found · $0.02 for the 2 shown"),
        (["0.01", None], 3, "One call, 5 legs found · $0.01 for the one shown with a charge"),
    ],
)
def test_the_total_says_for_which_legs_it_is(
    charges: list[str | None], omitted: int, expected: str
) -> None:
    ids = (A, B, C)
    given = [ended(ids[n], 0, duration=9, charge=each) for n, each in enumerate(charges)]
    assert total_line(CallLegs(given[0], tuple(given), searched(), omitted)) == expected


def test_the_total_is_of_the_legs_found_if_others_may_be_missing() -> None:
    given = call_legs([ended(A, 0, duration=9, charge=1), ended(B, 0, duration=9, charge=1)])
    assert total_line(given) == "One call · $2.00 for the 2 legs found"


def test_the_total_is_so_far_while_a_leg_is_live() -> None:
    began = (NOW - LIVE_FOR).isoformat()
    live = VoiceLog.model_validate({"id": B, "created_at": began, "status": "ringing", "charge": 0})
    assert "$1.00 so far" in total_line(call_legs([ended(A, 0, duration=9, charge=1), live]))


def test_a_total_of_masked_legs_reveals_no_more_than_they_do() -> None:
    given = details(
        legs=call_legs([ended(A, 0, charge="12.06555010"), ended(B, 0, charge=Decimal(0))])
    )
    masked = masking.mask_details(given)
    shown = rendered(details_view.legs_view(masked, card_context()))
    assert "$12.0656 for" in shown
    assert "12.06555" not in shown


def test_a_live_leg_counts_from_its_start_to_now_and_is_dated() -> None:
    """Its own duration is out of date."""
    began = (NOW - LIVE_FOR).isoformat()
    fields = {"id": A, "created_at": began, "status": "in-progress", "duration": 14}
    shown = legs(call_legs([VoiceLog.model_validate(fields), ended(B, 0, duration=9)]))
    assert "In progress · 14 min 02 s so far (at 17:00:00 UTC)" in shown
    assert "▶ 14:02" in shown


def test_a_leg_that_never_ended_counts_nothing() -> None:
    fields = {"id": A, "created_at": "2026-01-01T00:00:00Z", "status": "in-progress"}
    shown = legs(call_legs([VoiceLog.model_validate(fields), ended(B, 0, duration=9)]))
    assert "⚠️ In progress · no end in the log" in shown
    assert "so far (at" not in shown


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ({"duration_ms": 53_900}, "B ended first, 2.1 s before A"),
        ({"duration_ms": 55_900}, "B ended first, 0.1 s before A"),
        ({"duration_ms": 55_951}, "B ended first, less than 0.1 s before A"),
        ({"duration_ms": 56_000}, "A and B ended at the same time"),
        ({"duration_ms": 56_040}, "A ended first, less than 0.1 s before B"),
        ({"duration_ms": 115_949}, "A ended first, 1 min before B"),
        ({"duration_ms": 115_950}, "A ended first, 1 min before B"),
        ({"duration": 55}, "B and A ended within 2 s of each other"),
        ({"duration": 56}, "A and B ended within 1 s of each other"),
        ({"duration": 54}, "B ended first, about 2 s before A"),
        ({}, ""),
        ({"status": "answered", "duration_ms": 10}, ""),
    ],
)
def test_which_of_two_legs_ended_first(second: dict[str, object], expected: str) -> None:
    fields = {"status": "completed", **second}
    assert order_sentence(ended(A, 0, duration_ms=60_000), leg(B, 4, **fields)) == expected


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [
        ((95_000, 18_000, 94_200), "B ended first, 1 min 16 s before C, and A last, 0.8 s after C"),
        ((95_000, 18_000, 18_000), "A ended last, 1 min 17 s after C"),
        ((95_000, 18_000, 95_000), "B ended first, 1 min 17 s before A"),
        ((9_000, 9_000, 9_000), ""),
    ],
)
def test_which_of_several_legs_ended_first_and_last(
    lengths: tuple[int, ...], expected: str
) -> None:
    given = [ended(each, 0, duration_ms=ms) for each, ms in zip((A, B, C), lengths, strict=True)]
    assert order_sentence(*given) == expected


def test_the_order_is_of_these_legs_if_others_may_be_missing() -> None:
    given = [ended(A, 0, duration_ms=9_000), ended(B, 0, duration_ms=8_000)]
    assert SENTENCE.findall(legs(call_legs(given))) == [
        "Of these legs, B ended first, 1 s before A"
    ]


def test_the_order_is_of_the_legs_whose_end_is_known() -> None:
    given = [ended(A, 0, duration_ms=9_000), ended(B, 0, duration_ms=8_000), ended(C, 0)]
    assert order_sentence(*given) == "Of the legs whose end is known, B ended first, 1 s before A"


def test_a_single_leg_has_no_total_and_no_order() -> None:
    shown = legs(call_legs([ended(A, 0, duration_ms=9_000, charge=1)], window=searched()))
    assert "One call" not in shown
    assert "ended" not in shown
