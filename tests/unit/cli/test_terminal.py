"""What no golden file shows: colors, odd blocks, and what the bot doesn't use."""

from io import StringIO

import pytest

from bot.cli.terminal import render, show
from bot.ui import block_kit
from bot.ui.block_kit import Fact


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("blocks", "shown"),
    [
        ([], ""),
        ([block_kit.section("&amp;lt;")], "\u2503 &lt;"),
        (
            [{"type": "video"}, {"type": "image", "alt_text": "x"}],
            "\u2503 (video)\n\u2503\n\u2503 (image)",
        ),
        (
            [{"type": "rich_text", "elements": [{"type": "rich_text_list"}, None]}],
            "\u2503 (rich_text_list)",
        ),
        ([{"type": "section", "text": None}], "\u2503"),
    ],
    ids=["none", "entities", "other types", "other rich text", "a malformed text"],
)
def test_entities_are_decoded_once_and_other_types_are_named(
    blocks: list[object], shown: str
) -> None:
    assert render(blocks) == shown


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


def test_with_color_headings_are_bold_and_small_print_is_dim() -> None:
    every = [block_kit.header("a"), block_kit.context("b"), *block_kit.fields([Fact("c", "d")])]
    drawn = render(every, color=True)
    assert "\x1b[1ma\x1b[0m" in drawn
    assert "\x1b[2mb\x1b[0m" in drawn
    assert "\x1b[2mc" in drawn
    assert drawn.splitlines()[-1] == "\u2503 d"


@pytest.mark.parametrize(
    ("file", "environment", "colored"),
    [
        (StringIO(), {}, False),
        (Terminal(), {}, True),
        (Terminal(), {"NO_COLOR": "1"}, False),
        (Terminal(), {"NO_COLOR": "0"}, False),
        (Terminal(), {"NO_COLOR": ""}, True),
        (Terminal(), {"TERM": "dumb"}, False),
        (Terminal(), {"TERM": "xterm"}, True),
    ],
)
def test_a_message_is_in_color_on_a_terminal_unless_the_environment_says_no(
    file: StringIO, environment: dict[str, str], *, colored: bool
) -> None:
    show([block_kit.header("a")], file, environment)
    assert file.getvalue() == ("\u2503 \x1b[1ma\x1b[0m\n" if colored else "\u2503 a\n")
