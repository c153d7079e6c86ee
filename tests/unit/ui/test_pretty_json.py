import json
from collections.abc import Iterator
from uuid import UUID

import pytest
from inline_snapshot import snapshot

from bot.signalwire.models import Timeline, VoiceLog
from bot.ui import actions
from bot.ui.block_kit import SECTION_LIMIT, View
from bot.ui.details import json_pages, pretty_json
from bot.ui.details import view as details_view
from bot.ui.details.json_pages import JsonDocument
from bot.voicelogs.results import Details, Found
from tests.unit.ui.details_examples import METADATA, A, details, drawn, refused, timeline

SMALL = (
    '{"id":"b7182dc2-00f3-40e4-a5ce-20f164b329df","charge":0.0100,"charge_details":[],'
    '"x":{},"n":[1e-9,{"a":null}]}'
)


def shown(text: str, page: int = 1, events: str | None = None) -> View:
    log = VoiceLog(id=A)
    parts = None if events is None else Timeline((), events)
    return details_view.raw_view(
        Details(Found(UUID(A), "acme", log, text), parts), page=page, metadata=METADATA
    )


def preformatted(view: View) -> list[str]:
    return [
        leaf["text"]
        for block in view["blocks"]
        if block["type"] == "rich_text"
        for part in block["elements"]
        for leaf in part["elements"]
    ]


def pressed(view: View) -> list[tuple[str, str | None]]:
    foot = view["blocks"][-1]
    assert foot["type"] == "actions"
    return [
        (each["action_id"], each.get("value"))
        for each in foot["elements"]
        if each["type"] == "button"
    ]


def records(count: int) -> str:
    return json.dumps({"data": [{"n": n, "text": "x" * 100} for n in range(count)]})


def test_the_json_page() -> None:
    view = shown(SMALL, events='{"data":[{"level":"info","name":"a"}]}')
    assert drawn(view) == snapshot("""\
┃ The record
┃
┃ {
┃   "id": "b7182dc2-00f3-40e4-a5ce-20f164b329df",
┃   "charge": 0.0100,
┃   "charge_details": [],
┃   "x": {},
┃   "n": [
┃     1e-9,
┃     {
┃       "a": null
┃     }
┃   ]
┃ }
┃
┃ The timeline
┃
┃ {
┃   "data": [
┃     {
┃       "level": "info",
┃       "name": "a"
┃     }
┃   ]
┃ }
┃
┃ [ Back to the details ]\
""")
    assert refused(view) == []
    assert view.get("title", {}) == {"type": "plain_text", "text": "Raw JSON", "emoji": False}


@pytest.mark.parametrize(
    "text",
    [
        SMALL,
        "[]",
        "{}",
        "[[],[{}],{}]",
        '"a, b: [c] {d}"',
        r'{"a\"b":"\\","c":"\u202e\ud83d\ude00"}',
        '{"a":NaN,"b":-0.00,"c":1E+400}',
        ' \n{ "a" :\t1 }\n',
    ],
)
def test_indenting_changes_no_token(text: str) -> None:
    lines = list(pretty_json.indented_lines(text))
    tokens = "".join(line.strip() for line in lines)
    unspaced = pretty_json._TOKEN.findall(tokens)  # noqa: SLF001 - what a token is, is the claim
    assert unspaced == pretty_json._TOKEN.findall(text)  # noqa: SLF001
    assert all(not line.strip().startswith(":") for line in lines)


def test_indenting_agrees_with_the_standard_librarys() -> None:
    value = {"a": [], "b": {}, "c": [1, [2, {"d": None}], "x"], "e": {"f": [{}], "g": "é"}}
    text = json.dumps(value, ensure_ascii=False)
    assert "\n".join(pretty_json.indented_lines(text)) == json.dumps(
        value, ensure_ascii=False, indent=2
    )


@pytest.mark.parametrize("text", ["<html>\n  no\n</html>", '{"a": 1', "nonsense"])
def test_what_is_no_json_is_shown_as_it_is(text: str) -> None:
    assert "\n".join(pretty_json.indented_lines(text)) == text


def test_json_nested_beyond_measure_is_shown_as_it_is() -> None:
    deep = "[" * 5000 + "]" * 5000
    assert preformatted(shown(deep)) == [deep[:2900], deep[2900:5800], deep[5800:8700], deep[8700:]]


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
def test_what_cant_be_seen_is_written_as_json_writes_it(hidden: str, visible: str) -> None:
    text = f'{{"a":"{hidden}"}}'
    lines = list(pretty_json.indented_lines(text))
    assert lines == ["{", f'  "a": "{visible}"', "}"]
    assert json.loads("".join(lines)) == json.loads(text)


def test_control_characters_outside_json_are_written_out_too() -> None:
    assert list(pretty_json.indented_lines("a\x1b[31m\r\nb\tc")) == [r"a\u001b[31m", r"b\tc"]


def test_blocks_are_cut_at_the_ends_of_lines() -> None:
    view = shown(records(100))
    texts = preformatted(view)
    assert len(texts) > 1
    assert "\n".join(texts) == json.dumps(json.loads(records(100)), indent=2)
    assert all(SECTION_LIMIT - 200 < len(text) <= SECTION_LIMIT for text in texts[:-1])


def test_a_line_longer_than_a_block_is_broken() -> None:
    text = json.dumps({"a": "x" * 7000})
    texts = preformatted(shown(text))
    assert "".join(texts).replace("\n", "") == '{  "a": "' + "x" * 7000 + '"}'
    assert max(map(len, texts)) <= SECTION_LIMIT


def test_long_json_is_paged() -> None:
    text = records(1000)
    whole = []
    views = [shown(text, number) for number in (1, 2, 3)]
    for view in views:
        assert refused(view) == []
        whole += preformatted(view)
    assert "\n".join(whole) == json.dumps(json.loads(text), indent=2)
    assert [len(preformatted(view)) for view in views[:2]] == [20, 20]
    assert [pressed(view) for view in views] == [
        [(actions.PAGE, "1"), (actions.RAW, "2")],
        [(actions.PAGE, "1"), (actions.RAW_BACK, "1"), (actions.RAW, "3")],
        [(actions.PAGE, "1"), (actions.RAW_BACK, "2")],
    ]
    assert drawn(views[1]).endswith(
        "┃ Page 2 of 3.\n┃\n┃ [ Back to the details ]  [ ◀ Previous page ]  [ Next page ▶ ]"
    )


def test_each_page_says_whose_json_it_is() -> None:
    last = drawn(shown(SMALL, page=3, events=records(1000)))
    assert last.startswith("┃ The timeline\n")
    first = drawn(shown(SMALL, page=1, events=records(1000)))
    assert first.startswith("┃ The record\n")
    assert "┃ The timeline\n" in first


def test_a_page_that_isnt_there_is_taken_for_the_nearest() -> None:
    text = records(1000)
    assert shown(text, 99) == shown(text, 3)
    assert shown(text, 0) == shown(text, -1) == shown(text, 1)
    assert pressed(shown(SMALL, 5)) == [(actions.PAGE, "1")]


def test_json_without_end_is_cut_off_and_says_so() -> None:
    endless = json.dumps(["x" * 2000] * 1500)
    last = json_pages.page([JsonDocument("The record", endless)], 1000)
    assert (last.number, last.total, last.truncated) == (50, 50, True)
    assert "┃ Page 50 of 50. Truncated here." in drawn(shown(endless, 1000))


def test_nothing_beyond_the_last_page_is_gone_through() -> None:
    def documents() -> Iterator[JsonDocument]:
        yield JsonDocument("The record", json.dumps(["x" * 2000] * 2000))
        raise AssertionError("beyond fifty pages")

    assert json_pages.page(documents(), 1).truncated


def test_a_page_of_wide_characters_is_one_that_slack_takes() -> None:
    text = json.dumps({"a": "\U0001f4de" * 100_000}, ensure_ascii=False)
    view = shown(text)
    assert 100_000 < len(json.dumps(view)) < 200_000
    assert pressed(view) == [(actions.PAGE, "1"), (actions.RAW, "2")]


def test_deep_json_cant_be_blown_up_by_its_indentation() -> None:
    bomb = "[" * 500 + ",".join("1" * 100_000) + "]" * 500
    assert json_pages.page([JsonDocument("The record", bomb)], 1).total == 50


def test_no_json_at_all_is_said() -> None:
    view = shown("")
    assert drawn(view) == "┃ The JSON isn't available.\n┃\n┃ [ Back to the details ]"
    assert refused(view) == []


def test_only_a_timeline_that_came_has_json() -> None:
    coming = details_view.raw_view(details(events=None), page=1, metadata="")
    assert "The timeline" not in drawn(coming)
    broken = drawn(details_view.raw_view(details(events="broken"), page=1, metadata=""))
    assert "The timeline's JSON is missing; the rest isn't affected." in broken
    view = details_view.raw_view(details(events=timeline()), page=1, metadata="")
    assert "The timeline" in drawn(view)
