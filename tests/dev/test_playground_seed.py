"""The playground's page agrees with the manifest, the emulators and the bot."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
import pytest_asyncio

from bot.dev.emulator.signalwire.catalog import DOCUMENTED, LIVE, catalog, delayed_log
from bot.dev.emulator.signalwire.failures import canned_failures
from bot.dev.local_stack import StackClock, local_stack
from bot.dev.playground.seed import APP, WORKSPACE, page_config, seed_messages
from bot.dev.playground.web.config import PageConfig
from bot.slack import message_text
from bot.ui.subcommands import COMMAND, HELP, STATUS, SUBCOMMANDS
from bot.voicelogs import ids, phone_numbers
from tests.support.manifest import read_manifest
from tests.support.reading import button_labels

IN_MODULE: Final = pytest.mark.asyncio(loop_scope="module")
NOW: Final = datetime(2026, 11, 2, 15, 30, tzinfo=UTC)
SEEDS: Final = seed_messages(NOW)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def page() -> AsyncIterator[PageConfig]:
    async with local_stack(StackClock(now=lambda: NOW)) as on:
        yield page_config(on, NOW)


def test_the_app_is_as_in_the_manifest() -> None:
    manifest = read_manifest()
    [command] = manifest.features.slash_commands
    assert (APP.name, APP.command, APP.usage_hint, APP.description) == (
        manifest.display_information.name,
        command.command,
        command.usage_hint,
        command.description,
    )
    ours = [("message", each.name, each.callback_id) for each in APP.message_shortcuts]
    ours += [("global", each.name, each.callback_id) for each in APP.global_shortcuts]
    theirs = [(each.type, each.name, each.callback_id) for each in manifest.features.shortcuts]
    assert ours == theirs


def test_messages_are_recent_in_order_and_from_named_users() -> None:
    moments = [float(seed.ts) for seed in SEEDS]
    assert moments == sorted(set(moments))
    assert moments[-1] < NOW.timestamp()
    assert moments[0] > (NOW - timedelta(hours=1)).timestamp()
    assert {seed.user_id for seed in SEEDS} <= set(WORKSPACE.names)
    assert {WORKSPACE.user_id, WORKSPACE.channel_id} <= set(WORKSPACE.names)


def test_messages_contain_known_ids_and_two_unknown_ones() -> None:
    found = [ids.in_texts(message_text.texts_in(seed.payload_for_app)) for seed in SEEDS]
    assert [len(each.complete) for each in found] == [3, 1, 1, 0, 1, 1, 1, 1]
    known = {entry.id for entry in catalog(NOW)}
    unknown = [str(id_) for each in found for id_ in each.complete if str(id_) not in known]
    assert len(unknown) == 2
    assert str(found[-1].complete[0]) == LIVE


def test_one_message_has_a_link_and_two_have_numbers() -> None:
    [linked] = [seed.text for seed in SEEDS if "<https://" in seed.text]
    assert f"<https://acme.signalwire.com/logs/voice/{DOCUMENTED}|" in linked
    numbers = {
        seed.text: phone_numbers.in_texts(message_text.texts_in(seed.payload_for_app))
        for seed in SEEDS
    }
    (alone, [first]), (ticket, [second]) = [each for each in numbers.items() if each[1]]
    assert (first, second) == ("+1 206-555-0103", "+1 206-555-0102")
    assert ids.in_text(alone).complete == ()
    assert len(ids.in_text(ticket).complete) == 1
    called = {entry.body.get("to") for entry in catalog(NOW)}
    assert {"+12065550103", "+12065550102"} <= called


@IN_MODULE
async def test_every_search_that_is_suggested_finds_a_call() -> None:
    async with local_stack(StackClock(now=lambda: NOW)) as stack:
        suggested = [each.text.split(maxsplit=1) for each in page_config(stack, NOW).suggestions]
        searches = [
            text
            for _, text in suggested
            if not ids.in_text(text).complete and text not in {STATUS.word, HELP.word}
        ]
        assert len(searches) == 5
        for text in searches:
            interaction = await stack.slack.command(text)
            await stack.bot.tasks.join()
            [message] = interaction.messages
            assert "View" in button_labels(message), text


@IN_MODULE
async def test_every_log_failure_and_subcommand_is_suggested(page: PageConfig) -> None:
    logs = (*catalog(NOW), delayed_log(NOW))
    known = {f"{COMMAND} {each.id}": each.description for each in logs}
    known |= {f"{COMMAND} {each.id}": each.description for each in canned_failures()}
    suggested = {each.text: each.what for each in page.suggestions}
    assert known.items() <= suggested.items()
    assert {subcommand.example for subcommand in SUBCOMMANDS[1:]} <= set(suggested)
    assert len(suggested) == len(page.suggestions) > len(known) + len(SUBCOMMANDS) - 1
    assert all(suggested.values())
