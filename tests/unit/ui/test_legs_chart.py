import pytest

from bot.signalwire.models import VoiceLog
from bot.ui.details import legs_chart
from bot.voicelogs.results import CallLegs
from tests.unit.ui.details_examples import A, B, C, call_legs, leg

D = "93b0a7c4-1d2e-4f3a-8b4c-5d6e7f8091a2"
E = "a1b2c3d4-0000-4000-8000-000000000005"


def bars(*legs: VoiceLog, of: int = 0) -> list[str]:
    return legs_chart.render_chart(call_legs(legs, of)).splitlines()


def test_legs_are_drawn_from_start_to_end() -> None:
    drawn = bars(
        leg(A, 0, status="completed", duration=180),
        leg(B, 5, status="no-answer", duration=25),
        leg(C, 30, status="busy", duration_ms=400),
        leg(D, 31, status="ended", duration=170),
        leg(E, 100, status="completed"),
        of=3,
    )
    assert (
        "\n".join(drawn)
        == """\
    0:00                        3:21
  A █████████████████████████████    3:00
  B  ░░░░                            0:25
  C      ░                           <0:01
> D      ███████████████████████████ 2:50
  E                 ┃                ?\
"""
    )


def test_a_live_leg_extends_to_the_latest_known_end() -> None:
    drawn = bars(
        leg(A, 0, status="answered", duration=10),
        leg(B, 10, status="completed", duration=30),
        leg(C, 20, status="ringing"),
    )
    assert (
        "\n".join(drawn)
        == """\
    0:00                        0:40
> A ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▶ live
  B         ████████████████████████ 0:30
  C                 ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▶ live\
"""
    )


def test_a_live_leg_alone_fills_the_axis() -> None:
    assert bars(leg(A, 0, status="answered"))[1] == f"> A {'▒' * 31}▶ live"


def test_a_leg_of_unknown_duration_is_a_mark_at_its_start() -> None:
    drawn = bars(leg(A, 0, status="completed", duration=64), leg(B, 32, status="completed"))
    assert drawn[2] == "  B " + " " * 16 + "┃" + " " * 16 + "?"


def test_a_lone_start_is_drawn() -> None:
    assert bars(leg(A, 0)) == ["    0:00" + " " * 28, f"> A ┃{' ' * 32}?"]


@pytest.mark.parametrize("status", ["busy", "failed", "no-answer", "canceled"])
def test_an_unanswered_leg_is_light(status: str) -> None:
    assert bars(leg(A, 0, status=status, duration=9))[1] == f"> A {'░' * 32} 0:09"


@pytest.mark.parametrize("status", ["completed", "ended", "something new", None])
def test_any_other_leg_that_is_over_is_solid(status: str | None) -> None:
    assert bars(leg(A, 0, status=status, duration=9))[1] == f"> A {'█' * 32} 0:09"


def test_the_shortest_leg_can_be_seen_wherever_it_is() -> None:
    drawn = bars(
        leg(A, 0, status="completed", duration=36_000),
        leg(B, 0, status="busy", duration_ms=1),
        leg(C, 36_000, status="busy", duration_ms=0),
    )
    assert drawn[0].endswith("10:00:00")
    assert drawn[2] == "  B ░" + " " * 32 + "<0:01"
    assert drawn[3] == "  C " + " " * 31 + "░ 0:00"


def test_a_leg_without_a_start_keeps_its_letter_and_isnt_drawn() -> None:
    drawn = bars(leg(A, 0, duration=9), leg(B, None, duration=9), leg(C, 1, duration=8))
    assert [line[2] for line in drawn[1:]] == ["A", "C"]


def test_there_is_no_chart_without_a_start() -> None:
    assert bars(leg(A, None, duration=9)) == []


def test_absurd_durations_stay_within_a_line() -> None:
    drawn = bars(
        leg(A, 0, status="completed", duration=10**15),
        leg(B, 1, status="completed", duration_ms=10**15),
    )
    assert max(map(len, drawn)) <= 60
    assert len({line.index("A") for line in drawn if "A" in line}) == 1


def test_the_leg_asked_about_is_drawn_however_many_there_are() -> None:
    many = [leg(f"{n:08x}-0000-4000-8000-000000000000", n) for n in range(40)]
    shown = legs_chart.labelled(CallLegs(many[33], tuple(many)))
    assert len(shown) == legs_chart.LEGS_LIMIT
    assert [each.log.id for each in shown if each.is_current] == [many[33].id]
    assert "> Z" in legs_chart.render_chart(CallLegs(many[33], tuple(many)))
