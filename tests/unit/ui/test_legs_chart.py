from datetime import datetime

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


def test_a_live_leg_that_begins_after_now_is_drawn() -> None:
    drawn = bars(leg(A, 0, status="answered"), leg(B, 70, status="queued"))
    assert drawn[0].endswith("1:10")
    assert (signs(drawn[2]), drawn[2][-4:]) == ({"▶"}, "0:00")


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
