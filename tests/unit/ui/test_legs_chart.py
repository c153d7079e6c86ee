from datetime import datetime

import pytest

from bot.signalwire.models import VoiceLog
from bot.ui.details import legs_chart
from bot.voicelogs.results import CallLegs
from tests.unit.ui.details_examples import A, B, C, after, call_legs, leg

D = "93b0a7c4-1d2e-4f3a-8b4c-5d6e7f8091a2"
E = "a1b2c3d4-0000-4000-8000-000000000005"
LATER = after(60)


def bars(*legs: VoiceLog, of: int = 0, now: datetime = LATER) -> list[str]:
    return legs_chart.render_chart(call_legs(legs, of), now).splitlines()


def signs(line: str) -> set[str]:
    return set(line) & set("█░▒▶━┃")


def test_legs_are_drawn_from_start_to_end() -> None:
    drawn = bars(
        leg(A, 0, status="completed", duration=180, billing_ms=180_000),
        leg(B, 5, status="no-answer", duration=25, billing_ms=None),
        leg(C, 30, status="busy", duration_ms=400, billing_ms=None),
        leg(D, 31, status="ended", duration=170, charge="0.01"),
        leg(E, 100, status="completed"),
        of=3,
    )
    assert (
        "\n".join(drawn)
        == """\
    0:00          3:21
  A ████████████████   3:00
  B ░░░                0:25
  C    ░               <0:01
> D    ━━━━━━━━━━━━━━━ 2:50
  E          ┃         ?
█ answered ░ not answered
━ answer unknown
┃ end unknown\
"""
    )


def test_a_live_leg_lasts_until_now_regardless_of_its_duration() -> None:
    drawn = bars(
        leg(A, 0, status="answered", duration=10),
        leg(B, 10, status="completed", duration=30, billing_ms=30_000),
        leg(C, 30, status="ringing"),
    )
    assert (
        "\n".join(drawn)
        == """\
    0:00            now
> A ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▶ 1:00
  B    ██████████       0:30
  C           ▒▒▒▒▒▒▒▒▶ 0:30
█ answered ▒ live\
"""
    )


def test_a_live_leg_alone_fills_the_axis() -> None:
    assert bars(leg(A, 0, status="answered"))[1] == f"> A {'▒' * 18}▶ 1:00"


def test_a_leg_that_should_have_ended_long_ago_is_not_drawn_as_live() -> None:
    months = after(270 * 24 * 3600)
    drawn = bars(leg(A, 0, status="answered", duration=14), leg(B, 5, duration=20), now=months)
    assert drawn[0].endswith("0:25")
    assert (signs(drawn[1]), drawn[1][-1]) == ({"┃"}, "?")


def test_a_live_leg_that_begins_after_now_is_drawn() -> None:
    drawn = bars(leg(A, 0, status="answered"), leg(B, 70, status="queued"))
    assert drawn[0].endswith("1:10")
    assert (signs(drawn[2]), drawn[2][-4:]) == ({"▶"}, "0:00")


def test_a_leg_of_unknown_duration_is_a_mark_at_its_start() -> None:
    drawn = bars(leg(A, 0, status="completed", duration=64), leg(B, 32, status="completed"))
    assert drawn[2] == "  B " + " " * 10 + "┃" + " " * 9 + "?"


def test_a_lone_start_is_drawn() -> None:
    assert bars(leg(A, 0)) == ["    0:00" + " " * 18, f"> A ┃{' ' * 22}?", "┃ end unknown"]


@pytest.mark.parametrize("status", ["completed", "ended", "no-answer"])
@pytest.mark.parametrize("billing_ms", [None, 0])
def test_a_leg_that_was_not_answered_is_light(status: str, billing_ms: int | None) -> None:
    drawn = bars(leg(A, 0, status=status, duration=9, billing_ms=billing_ms, charge=0))
    assert drawn[1:] == [f"> A {'░' * 19} 0:09", "░ not answered"]


@pytest.mark.parametrize("status", ["completed", "failed", "something new", None])
def test_a_leg_that_was_answered_is_solid(status: str | None) -> None:
    drawn = bars(leg(A, 0, status=status, duration=9, billing_ms=1))
    assert drawn[1:] == [f"> A {'█' * 19} 0:09", "█ answered"]


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "ended"},
        {"status": "ended", "billing_ms": None, "charge": "0.0004"},
        {"status": "ended", "billing_ms": "much", "charge": 0},
        {"status": "something new", "billing_ms": None, "charge": 0},
    ],
)
def test_a_leg_that_may_have_been_answered_is_drawn_as_neither(fields: dict[str, object]) -> None:
    drawn = bars(leg(A, 0, duration=9, **fields))
    assert drawn[1:] == [f"> A {'━' * 19} 0:09", "━ answer unknown"]


def test_the_shortest_leg_can_be_seen_wherever_it_is() -> None:
    drawn = bars(
        leg(A, 0, status="completed", duration=36_000),
        leg(B, 0, duration_ms=1),
        leg(C, 36_000, duration_ms=0),
    )
    assert drawn[0].endswith("10:00:00")
    assert drawn[2] == "  B ━" + " " * 15 + "<0:01"
    assert drawn[3] == "  C " + " " * 14 + "━ 0:00"


def test_a_leg_without_a_start_keeps_its_letter_and_isnt_drawn() -> None:
    drawn = bars(leg(A, 0, duration=9), leg(B, None, duration=9), leg(C, 1, duration=8))
    assert [line[2] for line in drawn[1:3]] == ["A", "C"]


def test_there_is_no_chart_without_a_start() -> None:
    assert bars(leg(A, None, duration=9)) == []


def test_absurd_durations_stay_within_a_line() -> None:
    drawn = bars(
        leg(A, 0, status="completed", duration=10**15),
        leg(B, 1, status="completed", duration_ms=10**15),
    )
    assert max(map(len, drawn)) <= legs_chart.LINE_LENGTH
    assert len({line.index("A") for line in drawn if "A" in line}) == 1


def test_the_requested_leg_is_drawn_even_among_many() -> None:
    many = [leg(f"{n:08x}-0000-4000-8000-000000000000", n) for n in range(40)]
    shown = legs_chart.labeled(CallLegs(many[33], tuple(many)))
    assert len(shown) == legs_chart.LEGS_LIMIT
    assert [each.log.id for each in shown if each.is_current] == [many[33].id]
    assert "> Z" in legs_chart.render_chart(CallLegs(many[33], tuple(many)), LATER)
