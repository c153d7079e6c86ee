from io import StringIO

import pytest

from bot.cli.terminal import render, show
from bot.ui import block_kit
from bot.ui.block_elements import Button, menu_option, overflow
from bot.ui.block_kit import Fact

REFRESH: Button = {
    "type": "button",
    "action_id": "a",
    "text": {"type": "plain_text", "text": "Refresh", "emoji": False},
}
DELETE: Button = {**REFRESH, "text": {"type": "plain_text", "text": "Delete", "emoji": False}}


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_blocks_have_a_bar_and_a_blank_line_between_them() -> None:
    drawn = render(
        [block_kit.header("Completed"), block_kit.section("one\ntwo"), block_kit.context("id")]
    )
    assert drawn.splitlines() == [
        "\u2503 Completed",
        "\u2503",
        "\u2503 one",
        "\u2503 two",
        "\u2503",
        "\u2503 id",
    ]


def test_no_blocks_render_as_an_empty_string() -> None:
    assert render([]) == ""


def test_fields_are_in_two_columns() -> None:
    facts = [Fact("From", "a"), Fact("To", "b"), Fact("Charge", "c")]
    assert render(block_kit.fields(facts)).splitlines() == [
        "\u2503 From" + " " * 34 + "To",
        "\u2503 a" + " " * 37 + "b",
        "\u2503 Charge",
        "\u2503 c",
    ]


def test_a_field_keeps_its_lines() -> None:
    facts = [Fact("From", "a\nb"), Fact("To", "c")]
    assert render(block_kit.fields(facts)).splitlines() == [
        "\u2503 From" + " " * 34 + "To",
        "\u2503 a" + " " * 37 + "c",
        "\u2503 b",
    ]


def test_buttons_are_on_one_line() -> None:
    assert render(block_kit.actions([REFRESH, DELETE])) == "\u2503 [ Refresh ]  [ Delete ]"


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
def test_slacks_markup_is_removed(marked: str, plain: str) -> None:
    assert render([block_kit.section(marked)]) == f"\u2503 {plain}"


def test_a_block_of_another_type_is_named() -> None:
    assert render([{"type": "video"}, {"type": "image", "alt_text": "x"}]) == (
        "\u2503 (video)\n\u2503\n\u2503 (image)"
    )


def test_preformatted_lines_are_unchanged() -> None:
    drawn = render([block_kit.preformatted("a *b* `c`\n  &lt;d")])
    assert drawn == "\u2503 a *b* `c`\n\u2503   &lt;d"


def test_rich_text_of_another_kind_is_named() -> None:
    odd = {"type": "rich_text", "elements": [{"type": "rich_text_list"}, None]}
    assert render([odd]) == "\u2503 (rich_text_list)"


def test_a_divider_is_a_line() -> None:
    drawn = render([block_kit.header("a"), block_kit.divider(), block_kit.header("b")]).splitlines()
    assert set(drawn[2].removeprefix("\u2503 ")) == {"\u2500"}


def test_an_accessory_ends_the_first_line_of_its_section() -> None:
    menu = overflow("m", menu_option("Refresh", "r"))
    assert render([block_kit.section("one\ntwo", REFRESH)]) == (
        "\u2503 one  [ Refresh ]\n\u2503 two"
    )
    assert render([block_kit.section("one", menu)]) == "\u2503 one  [ \u22ef ]"


def test_a_menu_among_buttons_is_three_dots() -> None:
    menu = overflow("m", menu_option("Refresh", "r"), menu_option("Legs", "l"))
    assert render(block_kit.actions([DELETE, menu])) == "\u2503 [ Delete ]  [ \u22ef ]"


@pytest.mark.parametrize(
    ("element", "shown"),
    [
        (
            {"type": "plain_text_input", "placeholder": {"text": "+1 206 555 0100"}},
            "+1 206 555 0100",
        ),
        (
            {"type": "plain_text_input", "initial_value": "0101", "placeholder": {"text": "x"}},
            "0101",
        ),
        ({"type": "plain_text_input"}, "\u2026"),
        ({"type": "static_select", "options": [{"text": {"text": "Today"}}]}, "Today \u25be"),
        (
            {
                "type": "static_select",
                "options": [{"text": {"text": "Today"}}],
                "initial_option": {"text": {"text": "This week"}},
            },
            "This week \u25be",
        ),
    ],
)
def test_an_input_is_below_its_label(element: object, shown: str) -> None:
    block = {"type": "input", "label": {"text": "Number"}, "element": element}
    assert render([block]) == f"\u2503 Number\n\u2503 [ {shown} ]"


@pytest.mark.parametrize("odd", [None, "x", {}, {"type": 5}, []])
def test_an_invalid_block_is_skipped(odd: object) -> None:
    assert render([block_kit.header("a"), odd]).split() == ["\u2503", "a", "\u2503"]


def test_a_malformed_text_is_an_empty_line() -> None:
    assert render([{"type": "section", "text": None}]) == "\u2503"


def test_without_color_there_are_no_escape_codes() -> None:
    every = [block_kit.header("a"), block_kit.context("b"), *block_kit.fields([Fact("c", "d")])]
    assert "\x1b" not in render(every)


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
