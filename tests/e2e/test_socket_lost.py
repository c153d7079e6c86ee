"""The real process over Socket Mode loses its WebSocket in the middle of a lookup.

What the watchdog does in each case stands in test_socket_mode.py, with a watchdog in a hurry. This
one has the patience with which it is deployed, so that a socket that breaks off is noticed late.
"""

import signal
from typing import Final

import pytest

from bot.dev.emulator.signalwire.catalogue import DOCUMENTED
from tests.e2e.bot_process import World, bot_process, until
from tests.e2e.fake_socket_mode import SocketSlack, settings

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

OTHER: Final = "ca110000-0000-4000-8000-000000000002"
UNTIL_IT_IS_BACK: Final = 60.0
"""Seconds. It takes up to ten to notice that a socket is broken, and up to ten more to connect."""


async def lose(slack: SocketSlack, how: str) -> None:
    match how:
        case "it breaks off":
            slack.drop()
        case "it is closed":
            await slack.hang_up()
        case _:
            await slack.disconnect()


@pytest.mark.parametrize("how", ["it breaks off", "it is closed", "Slack asks to connect anew"])
async def test_a_lookup_outlives_its_socket_and_the_next_command_comes_over_a_new_one(
    how: str, world: World, slack: SocketSlack
) -> None:
    async with bot_process("socket", environment=settings(world, slack)) as bot:
        await slack.connected()
        world.hold()
        under_way = await slack.command(DOCUMENTED)
        await slack.acknowledged(under_way)
        await until(lambda: world.asked(DOCUMENTED))
        opened = slack.connections
        await lose(slack, how)
        await slack.until(lambda: slack.open_now == 0 or slack.connections > opened)
        # The answer needs no socket: it doesn't wait for the new one.
        world.release()
        await slack.until(lambda: any(DOCUMENTED in text for text in under_way.messages))
        await slack.until(
            lambda: slack.connections > opened and slack.open_now == 1, seconds=UNTIL_IT_IS_BACK
        )
        following = await slack.command(OTHER)
        await slack.answered(following)
        bot.signal(signal.SIGTERM)
        assert await bot.exit_code() == 0
    assert under_way.acks == following.acks == [None]
    [first], [second] = under_way.messages, following.messages
    assert DOCUMENTED in first
    assert OTHER in second
    assert bot.events("shutdown.tasks_cancelled") == []
    assert bot.errors == []
