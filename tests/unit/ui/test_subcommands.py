from pathlib import Path

import pytest

from bot.ui import subcommands
from bot.ui.subcommands import (
    COMMAND,
    EXAMPLE_ID,
    FIND,
    HELP,
    LOOK_UP,
    RECENT,
    STATUS,
    SUBCOMMANDS,
    Subcommand,
)


@pytest.mark.parametrize(
    ("text", "subcommand", "rest"),
    [
        ("", HELP, ""),
        ("   ", HELP, ""),
        ("help", HELP, ""),
        (" HELP ", HELP, ""),
        ("help me", HELP, "me"),
        ("status", STATUS, ""),
        ("recent", RECENT, ""),
        ("recent 5", RECENT, "5"),
        ("Recent  5   failed ", RECENT, "5   failed"),
        ("find", FIND, ""),
        ("find +1 206 555 0101", FIND, "+1 206 555 0101"),
        ("FIND\t5550101\n2h", FIND, "5550101\n2h"),
        ("\u00a0find\u00a05550101", FIND, "5550101"),
        (EXAMPLE_ID, LOOK_UP, EXAMPLE_ID),
        (f"  {EXAMPLE_ID} find ", LOOK_UP, f"{EXAMPLE_ID} find"),
        ("finder 5550101", LOOK_UP, "finder 5550101"),
        ("findings", LOOK_UP, "findings"),
        ("5550101 find", LOOK_UP, "5550101 find"),
    ],
)
def test_a_text_begins_with_a_subcommand_or_with_none(
    text: str, subcommand: subcommands.Subcommand, rest: str
) -> None:
    assert subcommands.split(text) == (subcommand, rest)


@pytest.mark.parametrize("subcommand", SUBCOMMANDS)
def test_each_example_is_split_as_its_own_subcommand(subcommand: subcommands.Subcommand) -> None:
    name, _, text = subcommand.example.partition(" ")

    assert name == COMMAND
    assert subcommands.split(text)[0] is subcommand


def test_the_words_are_different_and_in_small_letters() -> None:
    words = [subcommand.word for subcommand in SUBCOMMANDS]

    assert len({*words}) == len(words)
    assert words == [word.lower() for word in words]
    assert not any(" " in word for word in words)


def test_what_each_does_is_a_sentence_that_others_can_be_made_of() -> None:
    for subcommand in SUBCOMMANDS:
        assert subcommand.does[0].islower()
        assert not subcommand.does.endswith(".")


def test_the_hint_names_every_use_in_their_order() -> None:
    hint = subcommands.usage_hint()

    assert hint.split(" | ") == [subcommand.usage for subcommand in SUBCOMMANDS]
    assert hint.startswith("<id>")
    assert "None" not in hint


def test_the_usage_of_a_subcommand_is_its_word_and_its_arguments() -> None:
    assert (LOOK_UP.usage, RECENT.usage, HELP.usage) == ("<id> [more ids]", "recent [n]", "help")


@pytest.mark.parametrize("subcommand", SUBCOMMANDS, ids=lambda subcommand: subcommand.word)
def test_the_readme_has_a_row_for_each(subcommand: Subcommand) -> None:
    readme = (Path(__file__).parents[3] / "README.md").read_text()
    usage = f"{COMMAND} {subcommand.usage}".replace("|", r"\|")

    assert f"| `{usage}`" in readme
