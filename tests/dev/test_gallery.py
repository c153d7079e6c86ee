import json
import re
from collections.abc import Iterator
from typing import Final, get_args, get_type_hints

import pytest
from pydantic import JsonValue

from bot.__main__ import main
from bot.access import Denial
from bot.dev.emulator.signalwire.catalog import catalog
from bot.dev.emulator.signalwire.fixtures import LogFixture
from bot.dev.emulator.slack import block_kit
from bot.dev.gallery import sections
from bot.dev.gallery.fixtures import NOW
from bot.dev.gallery.help import DENIALS
from bot.dev.gallery.model import Example, Section
from bot.ui import not_understood
from bot.ui.mrkdwn import strip_markup
from bot.voicelogs.query import InvalidReason, QueryError
from tests.support.json_paths import strings
from tests.support.samples import ACTION_IDS

GALLERY: Final = sections()
EXAMPLES: Final = [(section.name, each) for section in GALLERY for each in section.examples]
DATE_TOKEN: Final = re.compile(r"<!date\^[^>]*>")


def all_text(example: Example) -> str:
    return "\n".join([*strings(dict(example.payload)), *example.errors.values()])


EVERYTHING: Final = "\n".join(all_text(each) for _, each in EXAMPLES)


# ── The gallery is complete ───────────────────────────────────────────────────────────────────


def test_each_reason_for_denied_access_is_shown() -> None:
    shown = {denial.reason for denial in DENIALS.values()}
    assert shown == set(get_args(get_type_hints(Denial)["reason"]))


AMBIGUOUS: Final = "ambiguous"
"""The reply to it is a question, with its own text."""


@pytest.mark.parametrize("reason", sorted({*get_args(InvalidReason)} - {AMBIGUOUS}))
def test_each_reason_for_an_invalid_search_is_shown(reason: InvalidReason) -> None:
    text = not_understood.explain(QueryError("number", reason, "token"))
    assert all(part in EVERYTHING for part in text.detail.split("`token`"))


@pytest.mark.parametrize("entry", catalog(NOW), ids=lambda entry: entry.id)
def test_each_log_of_the_emulator_has_a_card(entry: LogFixture) -> None:
    cards = [each for name, each in EXAMPLES if name == "Calls" and each.name == entry.description]
    assert [entry.id in card.text for card in cards] == [True]


@pytest.mark.parametrize("action_id", ACTION_IDS)
def test_each_button_and_menu_item_is_shown(action_id: str) -> None:
    assert action_id in EVERYTHING.split()


# ── The examples are valid ────────────────────────────────────────────────────────────────────


def problems(section: Section) -> list[str]:
    """Return what Slack would reject, and missing values that are shown as `None`."""
    found = []
    for example in section.examples:
        check = block_kit.problems if example.kind == "message" else block_kit.view_problems
        found += [f"{example.name}: {problem}" for problem in check(example.payload)]
        if "None" in f"{example.name} {all_text(example)}":
            found.append(f"{example.name}: shows None")
    return found


@pytest.mark.parametrize("section", GALLERY, ids=lambda section: section.name)
def test_slack_would_accept_each_example(section: Section) -> None:
    assert section.examples
    assert problems(section) == []


def test_errors_are_on_fields_that_exist() -> None:
    for _, example in EXAMPLES:
        fields = {block.get("block_id") for block in example.blocks if isinstance(block, dict)}
        assert set(example.errors) <= fields


def test_masked_examples_show_no_full_number() -> None:
    masked = [each for _, each in EXAMPLES if re.search(r"(?<!aren't )\bmasked", each.name)]
    assert len(masked) > 9
    for example in masked:
        assert "••" in all_text(example), example.name
        assert not re.search(r"206[ -]?555", all_text(example)), example.name


# ── Properties of each message ────────────────────────────────────────────────────────────────


def formatted_texts(node: JsonValue) -> Iterator[str]:
    """Return all mrkdwn texts and headers, in order."""
    match node:
        case {"type": "mrkdwn", "text": str(text)}:
            yield text
        case {"type": "header", "text": {"text": str(text)}}:
            yield text
        case dict():
            for item in node.values():
                yield from formatted_texts(item)
        case list():
            for item in node:
                yield from formatted_texts(item)
        case _:
            pass


def letters(text: str) -> str:
    return re.sub(r"[\W_]", "", strip_markup(text))


MESSAGES: Final = [each for _, each in EXAMPLES if each.kind == "message"]


def test_the_text_of_a_message_says_what_its_blocks_show() -> None:
    """Screen readers and phone notifications use only `text`."""
    missing = [
        (example.name, line)
        for example in MESSAGES
        for text in formatted_texts(example.blocks)
        for line in ([text] if text.startswith("*") else text.splitlines())
        if letters(line) not in letters(example.text)
    ]
    assert missing == []


def test_times_are_shown_in_the_readers_time_zone() -> None:
    for _, example in EXAMPLES:
        for text in formatted_texts(example.blocks):
            assert not re.search(r":\d\d UTC", DATE_TOKEN.sub("", text)), example.name


def test_the_command_prints_each_example_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gallery", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {"section": section, "name": each.name, "kind": each.kind, "payload": each.payload}
        for section, each in EXAMPLES
    ]


def test_the_command_prints_each_example_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gallery"]) == 0
    printed = capsys.readouterr().out
    assert all(f"{section}: {each.name}\n" in printed for section, each in EXAMPLES)
