from tests.bench.report import Row, table

LATENCY = Row("ack p50", "1 ms", "bare Bolt: 10 ms", 0.1, 0.2)
THROUGHPUT = Row("cards", "9 a second", "floor: 12", 0.75, 0.8, at_least=True)


def test_goal_is_a_maximum_or_a_minimum() -> None:
    assert LATENCY.reached
    assert not THROUGHPUT.reached
    assert Row("", "", "", 1.6, 1.6).reached
    assert Row("", "", "", 1, 1, at_least=True).reached
    assert not Row("", "", "", 1.61, 1.6).reached


def test_table_is_markdown_with_aligned_columns() -> None:
    assert table([LATENCY, THROUGHPUT]) == (
        """\
| figure  | this bot   | compared with    | ratio | goal   | reached |
| ------- | ---------- | ---------------- | ----- | ------ | ------- |
| ack p50 | 1 ms       | bare Bolt: 10 ms | 0.10  | ≤ 0.20 | yes     |
| cards   | 9 a second | floor: 12        | 0.75  | ≥ 0.80 | no      |\
"""
    )


def test_json_row_has_ratio_and_whether_goal_is_reached() -> None:
    assert THROUGHPUT.as_json() == {
        "figure": "cards",
        "ours": "9 a second",
        "other": "floor: 12",
        "ratio": 0.75,
        "goal": 0.8,
        "at_least": True,
        "reached": False,
    }
