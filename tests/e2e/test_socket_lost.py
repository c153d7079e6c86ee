"""The process loses its WebSocket during a lookup, with the watchdog's real time limits.

test_socket_mode.py tests the watchdog with shorter ones.
"""

import signal
from typing import Final

import pytest

from tests.e2e.bot_process import World, bot_process, until
from tests.e2e.fake_socket_mode import SocketModeSlack, settings
from tests.support.samples import DOCUMENTED, ENDED

RECONNECT_SECONDS: Final = 60.0
"""It takes up to ten seconds to notice that a socket is broken, and ten more to connect."""


async def lose(slack: SocketModeSlack, how: str) -> None:
    match how:
        case "drop":
            slack.drop()
        case "close":
            await slack.close_all()
        case _:
            await slack.disconnect()


@pytest.mark.parametrize("how", ["drop", "close", "disconnect message"])
async def test_lookup_survives_its_socket(how: str, world: World, slack: SocketModeSlack) -> None:
    async with bot_process("socket", environment=settings(world, slack)) as bot:
        await slack.connected()
        world.hold()
        under_way = await slack.command(DOCUMENTED)
        await slack.acknowledged(under_way)
        await until(lambda: world.is_requested(DOCUMENTED))
        opened = slack.connections
        await lose(slack, how)
        await slack.until(lambda: slack.open_now == 0 or slack.connections > opened)
        # The result is posted over HTTP, so that it doesn't wait for the new socket.
        world.release()
        await slack.until(lambda: any(DOCUMENTED in text for text in under_way.messages))
        await slack.until(
            lambda: slack.connections > opened and slack.open_now == 1, seconds=RECONNECT_SECONDS
        )
        following = await slack.command(ENDED)
        await slack.answered(following)
        bot.signal(signal.SIGTERM)
        assert await bot.exit_code() == 0
    assert under_way.acks == following.acks == [None]
    [first], [second] = under_way.messages, following.messages
    assert DOCUMENTED in first
    assert ENDED in second
    assert bot.events("shutdown.tasks_cancelled") == []
    assert bot.errors == []
