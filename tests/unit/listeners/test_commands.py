import pytest

from bot.listeners.commands import split
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
def test_text_is_split_into_subcommand_and_rest(
    text: str, subcommand: Subcommand, rest: str
) -> None:
    assert split(text) == (subcommand, rest)


@pytest.mark.parametrize("subcommand", SUBCOMMANDS)
def test_example_of_a_subcommand_is_split_as_that_subcommand(subcommand: Subcommand) -> None:
    name, _, text = subcommand.example.partition(" ")

    assert name == COMMAND
    assert split(text)[0] is subcommand
