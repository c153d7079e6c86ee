import json
from dataclasses import replace

import pytest
from inline_snapshot import snapshot

from bot.ui.details import view as details_view
from bot.voicelogs.results import Details
from tests.support.cards import card_context
from tests.unit.ui.details_examples import A, found, page_1, part


def test_the_charge_is_itemised_to_the_last_digit() -> None:
    assert part(page_1(), "Charge") == snapshot("""\
┃ $0.0870 for this leg
┃ • Outbound call $0.0500
┃ • Text to Speech $0.037000
┃
┃ The lines needn't add up to the charge.\
""")


def test_every_line_of_a_long_charge_is_there() -> None:
    lines = [{"description": f"Line {n}", "charge": 0.01} for n in range(100)]
    text = json.dumps({"id": A, "charge": 1.5, "charge_details": lines})
    assert part(page_1(text), "Charge").count("• Line") == 100


def test_a_charge_beyond_measure_says_how_much_is_left_out() -> None:
    text = json.dumps({"id": A, "charge_details": [{"description": "Line"}] * 103})
    shown = part(page_1(text), "Charge")
    assert shown.count("• Line without an amount") == 100
    assert "… and 3 more: see Raw JSON" in shown


def test_a_charge_without_lines_says_so() -> None:
    text = json.dumps({"id": A, "charge": 0.01, "status": "completed"})
    assert part(page_1(text), "Charge") == snapshot("""\
┃ $0.01 for this leg
┃
┃ SignalWire sent no itemised lines for it.\
""")
    assert part(page_1(json.dumps({"id": A})), "Charge") == snapshot(
        "┃ SignalWire names no charge for this log."
    )


def test_every_field_is_shown_as_it_was_sent() -> None:
    text = (
        '{"id":"b7182dc2-00f3-40e4-a5ce-20f164b329df","charge":0.10000,"big":123456789012345678901,'
        '"tiny":1e-9,"no":false,"nil":null,"quoted":"a \\"b\\" \\u00e9","blank":"",'
        '"nested":{"a":[1.50,{}],"b":"x, y: z"}}'
    )
    assert part(page_1(text), "All fields of the record") == snapshot("""\
┃ id                                    charge
┃ b7182dc2-00f3-40e4-a5ce-20f164b329df  0.10000
┃ big                                   tiny
┃ 123456789012345678901                 1e-9
┃ no                                    nil
┃ false                                 null
┃ quoted                                blank
┃ a "b" é                               (blank)
┃ nested
┃ {"a": [1.50, {}], "b": "x, y: z"}
┃
┃ [ Raw JSON ]\
""")


def test_no_field_can_end_the_bold_that_it_is_set_in() -> None:
    shown = json.dumps(page_1('{"id":"b7182dc2","a*b":1}')["blocks"], ensure_ascii=False)
    assert "*`a∗b`*" in shown  # noqa: RUF001 - what stands in for an asterisk


def test_more_than_sixty_fields_are_counted() -> None:
    text = json.dumps({"id": A} | {f"field_{n:02}": n for n in range(72)})
    shown = part(page_1(text), "All fields of the record")
    assert "field_58" in shown
    assert "field_59" not in shown
    assert "… and 13 more: see Raw JSON" in shown


def test_a_value_too_long_is_clipped() -> None:
    text = json.dumps({"id": A, "note": "x" * 5000, "list": [7] * 5000})
    shown = part(page_1(text), "All fields of the record")
    assert "x" * 150 in shown
    assert max(map(len, shown.splitlines())) < 450
    assert shown.count("…") == 2


@pytest.mark.parametrize("text", ["", "[1]", "nonsense", "[" * 100_000])
def test_a_record_that_is_no_object_is_left_to_the_json_page(text: str) -> None:
    broken = replace(found(), json=text)
    view = details_view.view(Details(broken), card_context(), page=1, metadata="")
    assert part(view, "All fields of the record") == snapshot("""\
┃ The record couldn't be read field by field: see Raw JSON.
┃
┃ [ Raw JSON ]\
""")
