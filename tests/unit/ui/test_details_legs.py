# ruff: noqa: E501 - a golden window is as wide as the window
import json

import pytest
from inline_snapshot import snapshot

from bot.signalwire.errors import (
    AuthenticationError,
    LogNotFoundError,
)
from bot.signalwire.models import VoiceLog
from bot.ui import errors
from bot.ui.details import view as details_view
from bot.voicelogs.results import CallLegs
from tests.support.cards import card_context
from tests.unit.ui.details_examples import (
    LEGS,
    METADATA,
    A,
    B,
    C,
    after,
    details,
    drawn,
    family,
    leg,
    page_1,
    part,
    refused,
    searched,
)


def test_a_child_that_nobody_answered() -> None:
    view = page_1(legs=family(LEGS, of=1, window=searched()))
    assert part(view, "Legs of the call") == snapshot("""\
┃     0:00                        3:12
┃   A ████████████████████████████████ 3:12
┃ > B ░░░░                             0:20
┃   C     ███████████████████████████  2:40
┃
┃ A +1 206-555-0100 → +1 206-555-0101 · ✅ Completed · 3 min 12 s  [ Card ]
┃
┃ B +1 206-555-0101 → sip:alice@acme.example · 📵 No answer · 20 s · began 0:02 after A · parent A · this leg
┃
┃ C +1 206-555-0101 → +1 206-555-0102 · ✅ Completed · 2 min 40 s · began 0:24 after A · parent A  [ Card ]
┃
┃ Searched 2026-11-20 14:59:09 UTC to 2026-11-20 15:12:21 UTC.\
""")


def test_a_lone_leg_says_where_others_were_looked_for() -> None:
    view = page_1(legs=family(LEGS[:1], window=searched()))
    assert part(view, "Legs of the call") == snapshot("""\
┃ A +1 206-555-0100 → +1 206-555-0101 · ✅ Completed · 3 min 12 s · this leg
┃
┃ No other legs between 2026-11-20 14:59:09 UTC and 2026-11-20 15:12:21 UTC.\
""")


def test_what_wasnt_searched_is_said() -> None:
    timeless = leg(A, None, status="completed")
    view = page_1(legs=family([timeless]))
    assert part(view, "Legs of the call") == snapshot("""\
┃ A ✅ Completed · start unknown · this leg
┃
┃ SignalWire's list wasn't searched: this log has no time.\
""")
    assert (
        "SignalWire's list wasn't searched.\n"
        in part(page_1(legs=family(LEGS[:1])), "Legs of the call") + "\n"
    )


def test_legs_left_out_are_counted() -> None:
    for count, said in ((1, "1 more leg was found"), (7, "7 more legs were found")):
        legs = CallLegs(LEGS[0], LEGS, searched(), omitted=count)
        assert f"{said} and left out." in part(page_1(legs=legs), "Legs of the call")
    alone = CallLegs(LEGS[0], LEGS[:1], searched(), omitted=1)
    assert "No other legs" not in part(page_1(legs=alone), "Legs of the call")


def test_more_legs_than_letters_are_counted_and_the_one_asked_about_is_there() -> None:
    many = [leg(f"{n:08x}-0000-4000-8000-000000000000", n, status="ended") for n in range(30)]
    view = page_1(legs=CallLegs(many[29], tuple(many), searched()))
    shown = part(view, "Legs of the call")
    assert "┃ > Z" in shown
    assert "4 more legs were found and left out." in shown


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ("circle", "in a circle"),
        ("too_deep", "weren't followed any further"),
        ("not_an_id", "isn't a voice log's id"),
        (LogNotFoundError(), "The parent leg couldn't be looked up: SignalWire doesn't have it."),
    ],
)
def test_trouble_on_the_way_to_the_first_leg_is_said(trouble: object, said: str) -> None:
    legs = CallLegs(LEGS[0], LEGS[:1], searched(), parent_error=trouble)  # type: ignore[arg-type]
    assert said in part(page_1(legs=legs), "Legs of the call")


def test_a_list_that_couldnt_be_read_is_said() -> None:
    error = AuthenticationError()
    title = errors.describe(error).title
    unread = CallLegs(LEGS[0], LEGS[:1], None, list_error=error)
    shown = part(page_1(legs=unread), "Legs of the call")
    assert f"SignalWire's list couldn't be read: {title}. Ask whoever" in shown
    assert "searched" not in shown
    partly = CallLegs(LEGS[0], LEGS, searched(), list_error=error)
    shown = part(page_1(legs=partly), "Legs of the call")
    assert f"SignalWire's list couldn't be read to its end: {title}." in shown
    assert "Searched 2026" in shown


def test_a_parent_that_isnt_shown_is_named_by_its_id() -> None:
    child = leg(B, 0, parent_id=C)
    assert f"parent {C}" in part(page_1(legs=family([child])), "Legs of the call")


def test_legs_that_began_together_and_one_without_a_start() -> None:
    legs = [leg(A, 0), leg(B, 0), VoiceLog(id=C)]
    assert part(page_1(legs=family(legs)), "Legs of the call") == snapshot("""\
┃     0:00
┃ > A ┃                                ?
┃   B ┃                                ?
┃
┃ A 📄 Voice log · this leg
┃
┃ B 📄 Voice log · began with A  [ Card ]
┃
┃ C 📄 Voice log · start unknown  [ Card ]
┃
┃ SignalWire's list wasn't searched.\
""")


def test_the_legs_by_themselves() -> None:
    given = details(legs=family(LEGS, of=2, window=searched()))
    view = details_view.legs_view(given, card_context(), metadata=METADATA)
    assert drawn(view) == snapshot("""\
┃ ✅ Completed · 3 min 12 s
┃
┃ Legs of the call
┃
┃     0:00                        3:12
┃   A ████████████████████████████████ 3:12
┃   B ░░░░                             0:20
┃ > C     ███████████████████████████  2:40
┃
┃ A +1 206-555-0100 → +1 206-555-0101 · ✅ Completed · 3 min 12 s  [ Card ]
┃
┃ B +1 206-555-0101 → sip:alice@acme.example · 📵 No answer · 20 s · began 0:02 after A · parent A  [ Card ]
┃
┃ C +1 206-555-0101 → +1 206-555-0102 · ✅ Completed · 2 min 40 s · began 0:24 after A · parent A · this leg
┃
┃ Searched 2026-11-20 14:59:09 UTC to 2026-11-20 15:12:21 UTC.\
""")
    assert refused(view) == []
    assert view.get("title", {}) == {
        "type": "plain_text",
        "text": "Legs of the call",
        "emoji": False,
    }


def test_times_of_the_search_are_shown_in_the_readers_own_zone() -> None:
    view = page_1(legs=family(LEGS, window=searched()))
    said = json.dumps(view["blocks"])
    for when in (after(-300), after(492)):
        assert f"<!date^{int(when.timestamp())}^" in said
