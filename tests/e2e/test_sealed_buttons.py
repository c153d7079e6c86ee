"""The buttons of a search work in any process: their values hold what it needs."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest_asyncio

from bot.dev.emulator.signalwire.fixtures import LogFixture, call
from bot.dev.emulator.slack.workspace import PostedMessage
from bot.ui import actions
from tests.e2e.bot_process import (
    World,
    bot_process,
    closed_port,
    open_world,
    serving,
)
from tests.e2e.fake_socket_mode import SocketModeSlack, settings

NUMBER: Final = "+12065550199"
LOGS: Final = 30
"""More than a message shows."""
FOUND: Final = re.compile(r"(\d+) ")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_world() -> AsyncIterator[World]:
    """A world in which all logs have one number."""
    started = datetime.now(UTC) - timedelta(hours=1)
    ids = [f"5ea1ed00-0000-4000-8000-{number:012d}" for number in range(LOGS)]
    async with open_world([LogFixture(call(i, started, to=NUMBER)) for i in ids]) as it:
        yield it


async def ask(world: World, text: str) -> PostedMessage:
    """Type a command; return its message, from the ack or a post."""
    interaction = await world.slack.command(text)
    assert interaction.failed is None
    return interaction.messages[0] if interaction.messages else await interaction.wait_for_message()


async def click(world: World, message: PostedMessage, action_id: str) -> str:
    """Click; return the text of the message that follows."""
    interaction = await world.slack.click(message, action_id)
    assert interaction.failed is None
    return (await interaction.wait_for_message()).text


def count(text: str) -> int:
    """Return the number of logs in a title."""
    found = FOUND.match(text)
    assert found is not None, text
    return int(found[1])


async def test_buttons_work_in_another_process_and_after_a_restart(
    world: World,
) -> None:
    with closed_port() as port:
        async with serving(world, SIGNALWIRE_SPACE=f"http://127.0.0.1:{port}"):
            failed = await ask(world, f"find {NUMBER}")
    async with serving(world):
        offer = await ask(world, f"ring {NUMBER} back")
        found = await ask(world, f"find {NUMBER}")
        async with serving(world) as another:
            assert count(await click(world, offer, actions.TYPED_SEARCH)) == count(found.text)
            assert count(await click(world, found, actions.SEARCH_OLDER)) == LOGS - count(
                found.text
            )
            assert count(await click(world, failed, actions.SEARCH_RETRY)) == count(found.text)
            assert another.events("search.expired") == []


async def test_buttons_survive_a_restart_over_socket_mode(
    world: World, slack: SocketModeSlack
) -> None:
    async with bot_process("socket", environment=settings(world, slack)):
        await slack.connected()
        found = await slack.command(f"find {NUMBER}")
        await slack.answered(found)
    async with bot_process("socket", environment=settings(world, slack)):
        await slack.connected(2)
        further = await slack.click(found.posts[-1], actions.SEARCH_OLDER)
        await slack.answered(further)
    assert count(found.messages[-1]) + count(further.messages[-1]) == LOGS
