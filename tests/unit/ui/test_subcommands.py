from pathlib import Path

import pytest

from bot.ui.subcommands import COMMAND, HELP, LOOK_UP, RECENT, SUBCOMMANDS, Subcommand


def test_the_words_are_different_and_in_small_letters() -> None:
    words = [subcommand.word for subcommand in SUBCOMMANDS]

    assert len({*words}) == len(words)
    assert words == [word.lower() for word in words]
    assert not any(" " in word for word in words)


def test_what_each_does_is_a_sentence_that_others_can_be_made_of() -> None:
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
