import json

from tests.unit.ui.details_examples import A, page_1, part


def test_every_field_is_shown_as_it_was_sent() -> None:
    text = (
        '{"id":"b7182dc2-00f3-40e4-a5ce-20f164b329df","charge":0.10000,"big":123456789012345678901,'
        '"tiny":1e-9,"no":false,"nil":null,"quoted":"a \\"b\\" \\u00e9","blank":"",'
        '"nested":{"a":[1.50,{}],"b":"x, y: z"}}'
    )
    assert (
        part(page_1(text), "All fields of the record")
        == """\
┃ id                                    charge
┃ b7182dc2-00f3-40e4-a5ce-20f164b329df  0.10000
┃ big                                   tiny
┃ 123456789012345678901                 0.000000001
┃ no                                    nil
┃ false                                 null
┃ quoted                                blank
┃ a "b" é                               (blank)
┃ nested.a                              nested.b
┃ [1.50, {}]                            x, y: z
┃
┃ [ Raw JSON ]\
"""
    )


def test_no_field_can_end_its_bold_markup() -> None:
    shown = json.dumps(page_1('{"id":"b7182dc2","a*b":1}')["blocks"], ensure_ascii=False)
    assert "*`a∗b`*" in shown  # noqa: RUF001 - what replaces an asterisk


def test_a_value_too_long_is_clipped() -> None:
    text = json.dumps({"id": A, "note": "x" * 5000, "list": [7] * 5000})
    shown = part(page_1(text), "All fields of the record")
    assert "x" * 150 in shown
    assert max(map(len, shown.splitlines())) < 450
    assert shown.count("…") == 2
