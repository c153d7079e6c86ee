from datetime import UTC, datetime, timedelta

import pytest

from bot.ui import help as help_
from bot.ui import subcommands
from bot.ui.block_kit import Message
from bot.ui.subcommands import COMMAND, FIND, HELP, LOOK_UP, RECENT, STATUS, SUBCOMMANDS, Subcommand
from bot.voicelogs import ids
from bot.voicelogs import query as queries

NOW = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)


def test_help_has_a_line_for_each_subcommand() -> None:
    lines = str(help_.help_card().blocks[1])
    assert [each for each in SUBCOMMANDS if f"` {each.does}." in lines] == [*SUBCOMMANDS]


def typed(example: str) -> tuple[Subcommand, str]:
    """The subcommand of a command as a person types it, and the rest for its own parser."""
    command, _, text = example.partition(" ")
    assert command == COMMAND
    word, _, rest = text.partition(" ")
    subcommand = subcommands.named(word)
    return (LOOK_UP, text) if subcommand is None else (subcommand, rest)


@pytest.mark.parametrize("subcommand", SUBCOMMANDS, ids=lambda subcommand: subcommand.does)
def test_every_example_is_of_its_own_subcommand(subcommand: Subcommand) -> None:
    assert typed(subcommand.example)[0] is subcommand


def test_every_example_is_understood_by_its_own_parser() -> None:
    found = ids.in_text(typed(LOOK_UP.example)[1])
    assert ([str(log_id) for log_id in found.complete], found.truncated) == ([help_.EXAMPLE_ID], ())
    search = typed(FIND.example)[1]
    query = queries.find(search, now=NOW)
    assert [number.digits for number in query.numbers] == ["5550134"]
    assert query.since == NOW - timedelta(hours=2)
    assert ids.in_text(search) == ids.Ids(), "what is to be found isn't taken for an id"
    assert queries.recent(typed(RECENT.example)[1], now=NOW).limit == 5
    assert typed(STATUS.example)[1] == typed(HELP.example)[1] == ""


def test_every_argument_that_the_usage_of_find_names_is_understood() -> None:
    number, spans, words = FIND.arguments.replace("]", "").split(" [")
    assert number == "<number or part of it>"
    for span in spans.split("|"):
        assert queries.find(span, now=NOW).since is not None
    *named, more = words.split("|")
    assert (bool(named), more) == (True, "\u2026")
    for word in named:
        assert queries.find(word, now=NOW).filters == (word,)


@pytest.mark.parametrize("message", [help_.help_card(), help_.no_id([]), help_.no_id(["x…"])])
def test_the_example_id_is_a_valid_id(message: Message) -> None:
    assert [str(log_id) for log_id in ids.in_text(message.text).complete] == [help_.EXAMPLE_ID]
