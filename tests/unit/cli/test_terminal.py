"""What no golden file shows: colors, odd blocks, and what the bot doesn't use."""

from io import StringIO

import pytest

from bot.cli.terminal import render, show
from bot.ui import block_kit
from bot.ui.block_kit import Fact


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_entities_are_decoded_once() -> None:
    assert render([block_kit.section("&amp;lt;")]) == "\u2503 &lt;"


def test_no_blocks_render_as_an_empty_string() -> None:
    assert render([]) == ""


def test_a_block_of_another_type_is_named() -> None:
    assert render([{"type": "video"}, {"type": "image", "alt_text": "x"}]) == (
        "\u2503 (video)\n\u2503\n\u2503 (image)"
    )


def test_rich_text_of_another_kind_is_named() -> None:
    odd = {"type": "rich_text", "elements": [{"type": "rich_text_list"}, None]}
    assert render([odd]) == "\u2503 (rich_text_list)"


@pytest.mark.parametrize(
    ("element", "shown"),
    [
        ({"initial_value": "0101", "placeholder": {"text": "x"}}, "0101"),
        ({"type": "plain_text_input"}, "\u2026"),
    ],
)
def test_an_input_shows_its_value_or_dots(element: object, shown: str) -> None:
    block = {"type": "input", "label": {"text": "Number"}, "element": element}
    assert render([block]) == f"\u2503 Number\n\u2503 [ {shown} ]"


@pytest.mark.parametrize("odd", [None, "x", {}, {"type": 5}, []])
def test_an_invalid_block_is_skipped(odd: object) -> None:
    assert render([block_kit.header("a"), odd]).split() == ["\u2503", "a", "\u2503"]


def test_a_malformed_text_is_an_empty_line() -> None:
    assert render([{"type": "section", "text": None}]) == "\u2503"


def test_with_color_headings_are_bold_and_small_print_is_dim() -> None:
    every = [block_kit.header("a"), block_kit.context("b"), *block_kit.fields([Fact("c", "d")])]
    drawn = render(every, color=True)
    assert "\x1b[1ma\x1b[0m" in drawn
    assert "\x1b[2mb\x1b[0m" in drawn
    assert "\x1b[2mc" in drawn
    assert drawn.splitlines()[-1] == "\u2503 d"


def test_a_message_is_printed_in_color_on_a_terminal_only() -> None:
    file, terminal = StringIO(), Terminal()
    show([block_kit.header("a")], file, {})
    show([block_kit.header("a")], terminal, {})
    assert file.getvalue() == "\u2503 a\n"
    assert terminal.getvalue() == "\u2503 \x1b[1ma\x1b[0m\n"


@pytest.mark.parametrize(
    ("environment", "colored"),
    [
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": "0"}, False),
        ({"NO_COLOR": ""}, True),
        ({"TERM": "dumb"}, False),
        ({"TERM": "xterm"}, True),
    ],
)
def test_the_variable_no_color_turns_color_off(
    environment: dict[str, str], *, colored: bool
) -> None:
    terminal = Terminal()
    show([block_kit.header("a")], terminal, environment)
    assert ("\x1b" in terminal.getvalue()) is colored
