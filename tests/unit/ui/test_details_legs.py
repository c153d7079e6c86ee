import re
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

NOW = card_context().now
SENTENCE = re.compile(
    r"^┃ ((?:Of .*)?[A-Z] .*)\. SignalWire's log doesn't say who hung up\.$", re.MULTILINE
)


def legs(given: CallLegs) -> str:
    return rendered(details_view.legs_view(details(legs=given), card_context()))


def ended(log_id: str, begins: float, **fields: object) -> VoiceLog:
    """Return a completed leg that began so many seconds after START."""
    return leg(log_id, begins, status="completed", **fields)


def order_sentence(*given: VoiceLog) -> str:
    found = SENTENCE.findall(legs(call_legs(given, window=searched())))
    assert len(found) < 2
    return "".join(found)


def test_a_parent_that_is_shown_is_named_by_its_letter_in_any_case() -> None:
    """The parent ID of the last leg is in upper case."""
    assert legs(call_legs(LEGS)).count("parent A") == len(LEGS) - 1


def test_a_total_of_masked_legs_reveals_no_more_than_they_do() -> None:
    given = details(
        legs=call_legs([ended(A, 0, charge="12.06555010"), ended(B, 0, charge=Decimal(0))])
    )
    masked = masking.mask_details(given)
    shown = rendered(details_view.legs_view(masked, card_context()))
    assert "$12.0656 for" in shown
    assert "12.06555" not in shown


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ({"duration_ms": 55_900}, "B ended first, 0.1 s before A"),
        ({"duration_ms": 55_951}, "B ended first, less than 0.1 s before A"),
        ({"duration_ms": 56_040}, "A ended first, less than 0.1 s before B"),
        ({"duration_ms": 115_949}, "A ended first, 1 min before B"),
        ({"duration_ms": 115_950}, "A ended first, 1 min before B"),
        ({"duration": 55}, "B and A ended within 2 s of each other"),
        ({"duration": 56}, "A and B ended within 1 s of each other"),
        ({"duration": 54}, "B ended first, about 2 s before A"),
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
