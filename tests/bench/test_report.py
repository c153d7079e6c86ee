"""The benchmark's table says what was reached, and what wasn't."""

from tests.bench.report import Row, table

FASTER = Row("ack p50", "1 ms", "bare Bolt: 10 ms", 0.1, 0.2)
FEWER = Row("cards", "9 a second", "floor: 12", 0.75, 0.8, at_least=True)


def test_a_goal_is_reached_on_its_own_side() -> None:
    assert FASTER.reached
    assert not FEWER.reached
    assert Row("", "", "", 1.6, 1.6).reached
    assert Row("", "", "", 1, 1, at_least=True).reached
    assert not Row("", "", "", 1.61, 1.6).reached


def test_the_table_is_markdown() -> None:
    assert table([FASTER, FEWER]) == (
        """\
| figure  | this bot   | compared with    | ratio | goal   | reached |
| ------- | ---------- | ---------------- | ----- | ------ | ------- |
| ack p50 | 1 ms       | bare Bolt: 10 ms | 0.10  | ≤ 0.20 | yes     |
| cards   | 9 a second | floor: 12        | 0.75  | ≥ 0.80 | no      |\
"""
    )


def test_a_row_for_a_machine_has_the_ratio_and_the_verdict() -> None:
    assert FEWER.as_json() == {
        "figure": "cards",
        "ours": "9 a second",
        "other": "floor: 12",
        "ratio": 0.75,
        "goal": 0.8,
        "at_least": True,
        "reached": False,
    }
