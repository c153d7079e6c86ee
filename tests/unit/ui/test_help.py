import re
from datetime import UTC, datetime

import pytest

from bot.dev.emulator.signalwire.catalog import catalog
from bot.listeners.command_text import DidYouMean, Find, NotUnderstood, decide
from bot.signalwire.models import VoiceLog
from bot.ui import help as help_
from bot.ui import subcommands
from bot.ui.block_kit import Message
from bot.ui.subcommands import COMMAND, EXAMPLE_ID, FIND, RECENT, SUBCOMMANDS, Subcommand
from bot.voicelogs import ids
from bot.voicelogs import query as queries
from bot.voicelogs.query import FILTERS

NOW = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)


def test_help_has_a_line_for_each_subcommand_and_names_every_filter() -> None:
    card = help_.help_card()
    lines = str(card.blocks[1])
    assert [each for each in SUBCOMMANDS if f"` {each.does}." in lines] == [*SUBCOMMANDS]
    assert set(FILTERS) <= set(re.findall(r"[\w-]+", card.text))


@pytest.mark.parametrize("subcommand", SUBCOMMANDS[1:], ids=lambda subcommand: subcommand.word)
def test_every_example_is_of_its_own_subcommand_and_understood(subcommand: Subcommand) -> None:
    command, _, text = subcommand.example.partition(" ")

    assert command == COMMAND
    assert subcommands.named(text.split()[0]) is subcommand
    match decide(text, now=NOW):
        case Find(query):
            logs = (VoiceLog.model_validate(dict(entry.body)) for entry in catalog(NOW))
            assert any(map(query.matches, logs)), "it finds something in the playground"
        case decision:
            assert subcommand not in {FIND, RECENT}
            assert not isinstance(decision, NotUnderstood | DidYouMean)


def test_every_argument_that_the_usage_of_find_names_is_understood() -> None:
    number, times, filters = FIND.arguments.replace("]", "").split(" [")

    assert number == "<number>"
    for each in times.split("|"):
        assert queries.find(each, now=NOW).since is not None
    for each in filters.split("|"):
        assert queries.find(each, now=NOW).filters == (each,)


@pytest.mark.parametrize("message", [help_.help_card(), help_.no_id([]), help_.no_id(["x…"])])
def test_the_example_id_is_a_valid_id(message: Message) -> None:
    assert [str(log_id) for log_id in ids.in_text(message.text).complete] == [EXAMPLE_ID]
