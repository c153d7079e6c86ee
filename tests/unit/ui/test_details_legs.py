from bot.ui.details import view as details_view
from bot.voicelogs.results import CallLegs
from tests.support.cards import card_context
from tests.unit.ui.details_examples import LEGS, B, C, call_legs, details, drawn, leg


def legs(given: CallLegs) -> str:
    return drawn(details_view.legs_view(details(legs=given), card_context(), metadata=""))


def test_a_parent_that_is_shown_is_named_by_its_letter_in_any_case() -> None:
    """The parent ID of the last leg is in upper case."""
    assert legs(call_legs(LEGS)).count("parent A") == len(LEGS) - 1


def test_a_parent_that_is_not_shown_is_named_by_its_id() -> None:
    assert f"parent {C}" in legs(call_legs([leg(B, 0, parent_id=C)]))
