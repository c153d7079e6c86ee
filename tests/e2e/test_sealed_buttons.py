"""A button that one process made is pressed on another one: what it needs travels in it."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
import pytest_asyncio

from bot.dev.emulator.signalwire.fixtures import LogFixture, call
from bot.dev.emulator.slack.workspace import PostedMessage
from bot.ui import actions, search_results
from tests.e2e.bot_process import (
    SIGNING_SECRET,
    World,
    bot_process,
    closed_port,
    open_world,
    serving,
)
from tests.e2e.fake_socket_mode import SocketSlack, settings

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

NUMBER: Final = "+12065550199"
OTHER_SECRET: Final = "93ab5c1d20e7f4468a1b2c3d4e5f6071"
LOGS: Final = 30
"""More than a message shows."""
FOUND: Final = re.compile(r"(\d+) voice logs? found\.")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_world() -> AsyncIterator[World]:
    """A world whose logs are all of calls to one number."""
    began = datetime.now(UTC) - timedelta(hours=1)
    ids = [f"5ea1ed00-0000-4000-8000-{number:012d}" for number in range(LOGS)]
    async with open_world(
        [LogFixture(i, "one of many", call(i, began, to=NUMBER)) for i in ids]
    ) as it:
        yield it


async def asked(world: World, text: str) -> PostedMessage:
    """What comes of a command, at once or later."""
    exchange = await world.slack.command(text)
    assert exchange.failed is None
    return exchange.messages[0] if exchange.messages else await exchange.wait_for_message()


async def pressed(world: World, message: PostedMessage, action_id: str) -> str:
    """What comes of a press."""
    exchange = await world.slack.click(message, action_id)
    assert exchange.failed is None
    return (await exchange.wait_for_message()).text


def count(text: str) -> int:
    """How many logs a message says were found."""
    found = FOUND.match(text)
    assert found is not None, text
    return int(found[1])


async def test_every_button_of_a_search_works_in_another_process_and_after_a_restart(
    world: World,
) -> None:
    with closed_port() as nobody:
        async with serving(world, SIGNALWIRE_SPACE=f"http://127.0.0.1:{nobody}"):
            failed = await asked(world, f"find {NUMBER}")
    async with serving(world):
        offer = await asked(world, NUMBER)
        found = await asked(world, f"find {NUMBER}")
        async with serving(world) as another:
            assert count(await pressed(world, offer, actions.FIND_NUMBER)) == count(found.text)
            assert count(await pressed(world, found, actions.SEARCH_OLDER)) == LOGS - count(
                found.text
            )
            assert count(await pressed(world, failed, actions.SEARCH_RETRY)) == count(found.text)
            assert another.events("search.expired") == []


async def test_a_button_outlives_a_rotation_of_the_signing_secret(world: World) -> None:
    """Slack's own is the second of the two at first, then the first, then the only one."""
    async with serving(world, SLACK_SIGNING_SECRET=f"{OTHER_SECRET},{SIGNING_SECRET}"):
        before = await asked(world, NUMBER)
    async with serving(world, SLACK_SIGNING_SECRET=f"{SIGNING_SECRET} {OTHER_SECRET}"):
        between = await asked(world, NUMBER)
        assert count(await pressed(world, before, actions.FIND_NUMBER))
    async with serving(world) as after:
        assert count(await pressed(world, between, actions.FIND_NUMBER))
        assert search_results.EXPIRED in await pressed(world, before, actions.FIND_NUMBER)
        await after.event("search.expired")
        assert len(after.events("search.expired")) == 1


async def test_over_a_socket_a_button_outlives_a_restart_too(
    world: World, slack: SocketSlack
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
