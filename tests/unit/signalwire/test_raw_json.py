"""JSON is parsed without loss of digits, for any numbers, depth and encoding."""

from decimal import Decimal

import pytest

from bot.signalwire.models import Json
from bot.signalwire.raw_json import MAX_DEPTH, parse_json, scalar_text


@pytest.mark.parametrize(
    ("sent", "written"),
    [
        *[(same, same) for same in ("0.0100", "123456789012345678901", "-0", "0.00000010")],
        *[(same, same) for same in ("9" * 5000, f"0.{'9' * 5000}", "true", "null")],
        *[("1.20e2", "120"), ("1e-9", "0.000000001"), ("1E+400", "1E+400")],
        *[("1e1000000", "1E+1000000"), ("-1e-1000000", "-1E-1000000"), ("0e1000000", "0E+1000000")],
        ("1e9999999999999999999", "1e9999999999999999999"),
        *[("NaN", "null"), ("-Infinity", "null")],
    ],
    ids=lambda text: text[:20],
)
def test_a_number_keeps_its_digits_and_a_large_exponent_is_not_written_out(
    sent: str, written: str
) -> None:
    parsed = parse_json(sent.encode())
    assert parsed is None or isinstance(parsed, bool | Decimal | str)
    assert scalar_text(parsed) == written


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_json_may_have_any_unicode_encoding(encoding: str) -> None:
    assert parse_json('{"id": "é"}'.encode(encoding)) == {"id": "é"}


def depth(value: Json) -> int:
    levels = 0
    while isinstance(value, list):
        levels, value = levels + 1, value[0]
    assert value in {"…", Decimal(1)}
    return levels


@pytest.mark.parametrize("levels", [1, MAX_DEPTH, MAX_DEPTH + 1, 500, 5000])
def test_json_nested_over_a_hundred_levels_is_an_ellipsis(levels: int) -> None:
    parsed = parse_json(f"{'[' * levels}1, 2{']' * levels}".encode())
    assert depth(parsed) == min(levels, MAX_DEPTH)


@pytest.mark.parametrize("sent", ["", "nothing", '{"a": 1', '"', "[" * 5000])
def test_invalid_json_is_a_value_error(sent: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the message is the standard library's
        parse_json(sent.encode())
