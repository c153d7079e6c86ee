import json
from collections.abc import Iterator
from decimal import Decimal
from uuid import UUID

import pytest

from bot.signalwire.models import Timeline, VoiceLog
from bot.signalwire.raw_json import parse_json
from bot.ui import actions
from bot.ui.block_kit import SECTION_LIMIT, View
from bot.ui.details import pretty_json, raw_json
from bot.ui.details import view as details_view
from bot.ui.details.raw_json import JsonDocument
from bot.voicelogs.results import Details, Found
from tests.support.as_sent import refused, sent_blocks
from tests.support.cards import card_context
from tests.support.raw_json import document, raw
from tests.support.reading import buttons
from tests.unit.ui.details_examples import A

SMALL = (
    '{"id":"b7182dc2-00f3-40e4-a5ce-20f164b329df","charge":0.0100,"charge_details":[],'
    '"x":{},"n":[1e-9,{"a":null}]}'
)


def shown(text: str, page: int = 1, events: str | None = None) -> View:
    log = VoiceLog(id=A)
    sent = raw(text) if text else None
    parts = None if events is None else Timeline((), raw(events))
    found = Found(UUID(A), "acme", log, sent)
    return details_view.raw_view(Details(found, parts), card_context(), page)


def preformatted(view: View) -> list[str]:
    return [
        leaf["text"]
        for block in view["blocks"]
        if block["type"] == "rich_text"
        for part in block["elements"]
        for leaf in part["elements"]
    ]


def pressed(view: View) -> list[tuple[str, str]]:
    return [(each.action_id, each.value) for each in buttons(sent_blocks(view))]


def records(count: int) -> str:
    return json.dumps({"data": [{"n": n, "text": "x" * 100} for n in range(count)]})


@pytest.mark.parametrize(
    "text",
    [
        *('{"a": [], "b": {}, "c": [1, [2, {"d": null}], "x"], "e": {"f": [{}], "g": "é"}}', "{}"),
        *('{"a": "x, y: [c] {d}", "b\\"": "\\\\"}', "[[], [{}], {}]", "[1]", '"a,"', "true", "5"),
    ],
)
def test_json_is_formatted_as_by_the_standard_library(text: str) -> None:
    value = json.loads(text)
    sent = parse_json(text.encode())
    lines = list(pretty_json.indented_lines(sent))
    assert "\n".join(lines) == json.dumps(value, ensure_ascii=False, indent=2)
    assert pretty_json.compact(sent) == json.dumps(value, ensure_ascii=False)


def test_compact_json_is_cut_at_a_thousand_characters() -> None:
    assert len(pretty_json.compact([Decimal(7)] * 100_000)) < 1010


@pytest.mark.parametrize(
    ("hidden", "visible"),
    [
        ("\u202e", r"\u202e"),
        ("\u200b", r"\u200b"),
        ("\u2028", r"\u2028"),
        ("\u3164", r"\u3164"),
        ("\u00a0", r"\u00a0"),
        ("\U000e0041", r"\udb40\udc41"),
        ("e\u0301", "e\u0301"),
        ("e\u0301\u0301\u0301\u0301", "e\u0301\u0301\\u0301\\u0301"),
        ("é 漢 😀", "é 漢 😀"),
    ],
)
def test_invisible_characters_are_escaped(hidden: str, visible: str) -> None:
    text = f'{{"a":"{hidden}"}}'
    lines = list(pretty_json.indented_lines(document(text)))
    assert lines == ["{", f'  "a": "{visible}"', "}"]
    assert json.loads("".join(lines)) == json.loads(text)


def test_a_line_longer_than_a_block_is_split() -> None:
    text = json.dumps({"a": "x" * 7000})
    texts = preformatted(shown(text))
    assert "".join(texts).replace("\n", "") == '{  "a": "' + "x" * 7000 + '"}'
    assert max(map(len, texts)) <= SECTION_LIMIT


def test_long_json_is_in_blocks_of_whole_lines_and_in_pages() -> None:
    text = records(1000)
    whole = []
    views = [shown(text, number) for number in (1, 2, 3)]
    for view in views:
        assert refused(view) == []
        whole += preformatted(view)
    assert "\n".join(whole) == json.dumps(json.loads(text), indent=2)
    assert [len(preformatted(view)) for view in views[:2]] == [20, 20]
    assert all(SECTION_LIMIT - 200 < len(part) <= SECTION_LIMIT for part in whole[:-1])
    assert [pressed(view) for view in views] == [
        [(actions.PAGE, "1"), (actions.RAW, "2")],
        [(actions.PAGE, "1"), (actions.RAW_BACK, "1"), (actions.RAW, "3")],
        [(actions.PAGE, "1"), (actions.RAW_BACK, "2")],
    ]


def test_a_page_that_does_not_exist_shows_the_nearest_page() -> None:
    text = records(1000)
    assert shown(text, 99) == shown(text, 3)
    assert shown(text, 0) == shown(text, -1) == shown(text, 1)
    assert pressed(shown(SMALL, 5)) == [(actions.PAGE, "1")]


def test_json_beyond_fifty_pages_is_not_rendered() -> None:
    def documents() -> Iterator[JsonDocument]:
        yield "The record", {"data": ["x" * 2000] * 2000}
        raise AssertionError("beyond fifty pages")

    last = raw_json.page(documents(), 1000)
    assert (last.number, last.total, last.truncated) == (50, 50, True)


def test_a_page_of_wide_characters_is_within_slacks_limit() -> None:
    text = json.dumps({"a": "\U0001f4de" * 100_000}, ensure_ascii=False)
    view = shown(text)
    assert 100_000 < len(json.dumps(view)) < 200_000
    assert pressed(view) == [(actions.PAGE, "1"), (actions.RAW, "2")]


def test_the_indentation_of_deep_json_is_limited_to_fifty_pages() -> None:
    bomb = document(
        f'{{"a":{"[" * 500}0{"]" * 500},"b":{"[" * 98}{",".join("1" * 30_000)}{"]" * 98}}}'
    )
    assert raw_json.page([("The record", bomb)], 1).total == 50
