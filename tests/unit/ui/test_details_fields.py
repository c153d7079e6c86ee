import json

from bot.ui.block_kit import View
from bot.ui.details import raw_json as raw_json_page
from bot.ui.details import view as details_view
from tests.support.as_sent import refused
from tests.support.cards import card_context
from tests.support.raw_json import document
from tests.support.reading import section_of
from tests.unit.ui.details_examples import A, details


def raw_json(text: str, page: int = 1) -> View:
    return details_view.raw_view(details(text), card_context(), page)


def all_fields(text: str) -> str:
    return section_of(raw_json(text), "All fields")


def test_every_field_is_shown_as_it_was_sent() -> None:
    text = (
        '{"id":"b7182dc2-00f3-40e4-a5ce-20f164b329df","charge":0.10000,"big":123456789012345678901,'
        '"tiny":1e-9,"no":false,"nil":null,"quoted":"a \\"b\\" \\u00e9","blank":"",'
        '"nested":{"a":[1.50,{}],"b":"x, y: z"}}'
    )
    assert (
        all_fields(text)
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
┃ [1.50, {}]                            x, y: z\
"""
    )


def test_no_field_can_end_its_bold_markup() -> None:
    shown = json.dumps(raw_json('{"id":"b7182dc2","a*b":1}')["blocks"], ensure_ascii=False)
    assert "*`a∗b`*" in shown  # noqa: RUF001 - what replaces an asterisk


def test_names_with_digits_are_not_joined_to_what_looks_like_a_number() -> None:
    shown = all_fields('{"id":"b7182dc2","+120655":{"a":"b","51212":1}}')
    assert "+120655.51212" not in shown
    assert '{"a": "b", "51212": 1}' in shown


def test_wide_fields_leave_half_of_the_page_for_the_json() -> None:
    wide = "\U0001f4de" * 200
    text = json.dumps({"id": A} | {f"{n}{wide}": wide for n in range(60)})
    view = raw_json(text)
    listed = raw_json_page.all_fields(document(text))
    assert refused(view) == []
    assert len(json.dumps(view)) < 200_000
    assert len(json.dumps(listed)) <= raw_json_page.FIELDS_SIZE_LIMIT
    assert view["blocks"][: len(listed)] == listed
    assert "more in the JSON below" in section_of(view, "All fields")


def test_blocks_above_the_json_reduce_its_length() -> None:
    sent = document(json.dumps({"id": A, "note": "\U0001f4de" * 20_000}))
    documents = [("The record", sent)]
    above = raw_json_page.all_fields(
        document(json.dumps({f"{n}": "\U0001f4de" * 200 for n in range(20)}))
    )
    first, alone = (raw_json_page.page(documents, 1, first=it) for it in (above, ()))
    assert len(first.content) - len(above) < len(alone.content)
