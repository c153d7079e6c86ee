"""Durations as text."""

from decimal import Decimal

import pytest

from bot.ui import durations


@pytest.mark.parametrize(
    ("milliseconds", "shown"),
    [
        (0, "0 s"),
        (1, "under 1 s"),
        (999, "under 1 s"),
        (1000, "1 s"),
        (9499, "9 s"),
        (9638, "10 s"),
        (59_499, "59 s"),
        (59_500, "1 min"),
        (60_000, "1 min"),
        (61_000, "1 min 01 s"),
        (192_000, "3 min 12 s"),
        (3_599_499, "59 min 59 s"),
        (3_599_500, "1 h"),
        (3_600_000, "1 h"),
        (3_725_009, "1 h 02 min"),
        (90_000_000, "25 h"),
    ],
)
def test_a_duration_is_shown_in_readable_form(milliseconds: int, shown: str) -> None:
    assert durations.rounded(milliseconds) == shown
    if milliseconds < 1_000_000:
        assert durations.with_milliseconds(milliseconds) == f"{shown} ({milliseconds} ms)"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        ("0", "0 s"),
        ("9", "9 s"),
        ("12.7", "12.7 s"),
        ("60", "1 min"),
        ("65.12", "1 min 05.12 s"),
        ("1000", "16 min 40 s"),
        ("3599.7", "59 min 59.7 s"),
        ("3600", "1 h"),
        ("3605", "1 h 00 min 05 s"),
        ("4000.0", "1 h 06 min 40 s"),
        ("3725.009", "1 h 02 min 05.009 s"),
        ("2147483647", "596523 h 14 min 07 s"),
        ("0.0000001", "0 s"),
    ],
)
def test_an_exact_duration_is_not_rounded(seconds: str, shown: str) -> None:
    assert durations.exact_seconds(Decimal(seconds)) == shown
    if Decimal(seconds) >= 1000:
        assert durations.with_milliseconds(int(Decimal(seconds) * 1000)) == shown
