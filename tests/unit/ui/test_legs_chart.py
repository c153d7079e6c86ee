from datetime import datetime

from bot.signalwire.models import VoiceLog
from bot.ui.details import legs_chart
from tests.unit.ui.details_examples import A, B, C, after, call_legs, leg

D = "93b0a7c4-1d2e-4f3a-8b4c-5d6e7f8091a2"
E = "a1b2c3d4-0000-4000-8000-000000000005"
LATER = after(60)


def bars(*legs: VoiceLog, of: int = 0, now: datetime = LATER) -> list[str]:
    return legs_chart.render_chart(call_legs(legs, of), now).splitlines()


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


def test_absurd_durations_stay_within_a_line() -> None:
    drawn = bars(
        leg(A, 0, status="completed", duration=10**15),
        leg(B, 1, status="completed", duration_ms=10**15),
    )
    assert max(map(len, drawn)) <= legs_chart.LINE_LENGTH
    assert len({line.index("A") for line in drawn if "A" in line}) == 1
