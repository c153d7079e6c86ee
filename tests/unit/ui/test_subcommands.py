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
    ("word", "subcommand"),
    [
        *((each.word, each) for each in SUBCOMMANDS if each.word),
        *((name, each) for each in SUBCOMMANDS for name in each.synonyms),
        *(
            (word, HELP)
            for word in ("HELP", "help!", "\u201chelp\u201d", "--help", "-h", "/help", "?", "??")
        ),
        *((word, FIND) for word in ("Find:", "find.", "`find`")),
        *(
            (word, None)
            for word in ("finder", "5550101", EXAMPLE_ID, "", "\u2026", "sip:find@a.example")
        ),
    ],
)
def test_names_ignore_case_and_punctuation(word: str, subcommand: Subcommand | None) -> None:
    assert subcommands.named(word) is subcommand


@pytest.mark.parametrize(
    ("word", "subcommand"),
    [
        *(("fnd", FIND), ("serach", FIND), ("finnd", FIND), ("lokoup", FIND), ("recnet", RECENT)),
        *(("rcent", RECENT), ("stats", STATUS), ("sattsu", STATUS), ("hlep", HELP)),
        *((word, None) for word in ("hello", "here", "fd", "reset", "5550101", "", "x" * 70_000)),
    ],
)
def test_a_misspelled_word_may_be_a_subcommand(word: str, subcommand: Subcommand | None) -> None:
    assert subcommands.nearest(word) is subcommand


def test_each_name_is_one_word_in_lower_case_of_one_subcommand() -> None:
    names = [name for each in SUBCOMMANDS for name in (each.word, *each.synonyms)]

    assert len({*names}) == len(names)
    assert [name for name in names if name != name.lower() or " " in name] == []


def test_each_description_can_be_part_of_a_sentence() -> None:
    for subcommand in SUBCOMMANDS:
        assert subcommand.does[0].islower()
        assert not subcommand.does.endswith(".")


def test_the_usage_of_a_subcommand_is_its_word_and_its_arguments() -> None:
    assert (LOOK_UP.usage, RECENT.usage, HELP.usage) == ("<id> [more ids]", "recent [n]", "help")


@pytest.mark.parametrize("subcommand", SUBCOMMANDS, ids=lambda subcommand: subcommand.word)
def test_the_readme_has_a_row_for_each(subcommand: Subcommand) -> None:
    readme = (Path(__file__).parents[3] / "README.md").read_text()
    usage = f"{COMMAND} {subcommand.usage}".replace("|", r"\|")

    assert f"| `{usage}`" in readme
