from io import StringIO

import pytest

from bot.cards import blocks
from bot.cards.blocks import Button, Fact
from bot.terminal import render, show

REFRESH: Button = {
    "type": "button",
    "action_id": "a",
    "text": {"type": "plain_text", "text": "Refresh", "emoji": False},
}
DELETE: Button = {**REFRESH, "text": {"type": "plain_text", "text": "Delete", "emoji": False}}


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_blocks_stand_behind_a_bar_with_a_gap_between_them() -> None:
    drawn = render([blocks.header("Completed"), blocks.section("one\ntwo"), blocks.context("id")])
    assert drawn.splitlines() == [
        "\u2503 Completed",
        "\u2503",
        "\u2503 one",
        "\u2503 two",
        "\u2503",
        "\u2503 id",
    ]


def test_nothing_is_drawn_of_no_blocks() -> None:
    assert render([]) == ""


def test_fields_stand_two_by_two_under_their_labels() -> None:
    facts = [Fact("From", "a"), Fact("To", "b"), Fact("Charge", "c")]
    assert render(blocks.fields(facts)).splitlines() == [
        "\u2503 From" + " " * 34 + "To",
        "\u2503 a" + " " * 37 + "b",
        "\u2503 Charge",
        "\u2503 c",
    ]


def test_a_field_of_several_lines_keeps_them() -> None:
    facts = [Fact("From", "a\nb"), Fact("To", "c")]
    assert render(blocks.fields(facts)).splitlines() == [
        "\u2503 From" + " " * 34 + "To",
        "\u2503 a" + " " * 37 + "c",
        "\u2503 b",
    ]


def test_buttons_stand_in_a_row() -> None:
    assert render(blocks.actions([REFRESH, DELETE])) == "\u2503 [ Refresh ]  [ Delete ]"


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("*bold* text", "bold text"),
        ("`code`", "code"),
        ("&lt;!here&gt; &amp; x", "<!here> & x"),
        ("&amp;lt;", "&lt;"),
        ("2 * 3", "2 * 3"),
        (
            "at <!date^1714998000^{date_short_pretty} at {time_secs}|2024-05-06 12:20:00 UTC>",
            "at 2024-05-06 12:20:00 UTC",
        ),
    ],
)
def test_slacks_markup_is_undone(marked: str, plain: str) -> None:
    assert render([blocks.section(marked)]) == f"\u2503 {plain}"


def test_a_block_of_another_type_is_named() -> None:
    assert render([{"type": "divider"}, {"type": "image", "alt_text": "x"}]) == (
        "\u2503 (divider)\n\u2503\n\u2503 (image)"
    )


@pytest.mark.parametrize("odd", [None, "x", {}, {"type": 5}, []])
def test_what_is_no_block_is_left_out(odd: object) -> None:
    assert render([blocks.header("a"), odd]).split() == ["\u2503", "a", "\u2503"]


def test_a_text_of_another_shape_is_an_empty_line() -> None:
    assert render([{"type": "section", "text": None}]) == "\u2503"


def test_without_colour_there_are_no_escape_codes() -> None:
    every = [blocks.header("a"), blocks.context("b"), *blocks.fields([Fact("c", "d")])]
    assert "\x1b" not in render(every)


def test_with_colour_headings_are_bold_and_small_print_is_dim() -> None:
    every = [blocks.header("a"), blocks.context("b"), *blocks.fields([Fact("c", "d")])]
    drawn = render(every, colour=True)
    assert "\x1b[1ma\x1b[0m" in drawn
    assert "\x1b[2mb\x1b[0m" in drawn
    assert "\x1b[2mc" in drawn
    assert drawn.splitlines()[-1] == "\u2503 d"


def test_a_message_is_printed_in_colour_on_a_terminal_only() -> None:
    message = blocks.message(["a"], [blocks.header("a")])
    file, terminal = StringIO(), Terminal()
    show(message, file)
    show(message, terminal)
    assert file.getvalue() == "\u2503 a\n"
    assert terminal.getvalue() == "\u2503 \x1b[1ma\x1b[0m\n"
