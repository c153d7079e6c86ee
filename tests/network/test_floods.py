"""SignalWire or Slack sends far too much: it takes little memory and delays no other user."""

import gzip
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Final

import pytest
import pytest_asyncio

from bot.ui import actions, notices
from tests.e2e.bot_process import (
    MEBIBYTE,
    BotProcess,
    World,
    open_world,
    serving,
    without_memory_growth,
)
from tests.network.faulty_server import Behavior, Connection, FaultyServer
from tests.network.harness import BAD
from tests.support.samples import DOCUMENTED

REPLY_LIMIT: Final = 3.0
"""Seconds."""
_FLOOD: Final = 32 * MEBIBYTE
_PIECE: Final = 64 * 1024
_HINT: Final = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload; as=style\r\n\r\n"
_HEAD: Final = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_CHUNKED: Final = _HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
_GZIP: Final = _HEAD + b"Content-Encoding: gzip\r\n\r\n"


def flood(begin: bytes, more: bytes) -> Behavior:
    """Send `more` repeatedly, until 32 MiB are sent or the connection is closed."""
    piece = more * (_PIECE // len(more))

    async def behavior(connection: Connection) -> None:
        await connection.send(begin)
        for _ in range(_FLOOD // len(piece)):
            await connection.send(piece)

    return behavior


FLOODS: Final[Mapping[str, Behavior]] = {
    "informational responses": flood(b"", _HINT),
    "a body": flood(_HEAD + b"\r\n", b" "),
    "chunks of a byte": flood(_CHUNKED, b"1\r\n \r\n"),
    "gzip data that decodes to more": flood(_GZIP, gzip.compress(bytes(48 * MEBIBYTE))),
    "data after the gzip data": flood(_GZIP + gzip.compress(b"{}"), b"{}"),
    "a name in the gzip header": flood(_GZIP + b"\x1f\x8b\x08\x08" + bytes(6), b"n"),
}
each = pytest.mark.parametrize("behavior", FLOODS.values(), ids=FLOODS.keys())


@dataclass(frozen=True)
class BotUnderFlood:
    """A bot as a process, and servers that can flood it."""

    world: World
    signalwire: FaultyServer
    slack: FaultyServer
    bot: BotProcess

    async def assert_serves(self) -> None:
        """Assert that other users get a reply in time."""
        for _ in range(5):
            other = await self.world.slack.command(DOCUMENTED, user_id="U0OTHER")
            assert DOCUMENTED in (await other.wait_for_message(timeout=REPLY_LIMIT)).text


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def flooded_bot() -> AsyncIterator[BotUnderFlood]:
    async with open_world() as world, FaultyServer() as signalwire, FaultyServer() as slack:
        signalwire.forward_to(world.signalwire.app)
        slack.forward_to(world.slack.app)
        world.release()
        settings = {"SIGNALWIRE_SPACE": signalwire.url, "SLACK_API_URL": f"{slack.url}/api/"}
        async with serving(world, **settings) as bot:
            yield BotUnderFlood(world, signalwire, slack, bot)


@each
async def test_a_flood_from_signalwire_takes_little_memory_or_time(
    flooded_bot: BotUnderFlood, behavior: Behavior
) -> None:
    flooded_bot.signalwire.always(BAD, behavior)
    with without_memory_growth(flooded_bot.bot):
        flooded = await flooded_bot.world.slack.command(BAD)
        await flooded_bot.assert_serves()
        assert DOCUMENTED not in (await flooded.wait_for_message()).text


@each
async def test_a_flood_from_slack_takes_little_memory_or_time(
    flooded_bot: BotUnderFlood, behavior: Behavior
) -> None:
    flooded_bot.slack.always("views.open", behavior)
    lookup = await flooded_bot.world.slack.command(DOCUMENTED)
    card = await lookup.wait_for_message()
    with without_memory_growth(flooded_bot.bot):
        clicked = await flooded_bot.world.slack.click(card, actions.DETAILS)
        await flooded_bot.assert_serves()
        assert notices.MODAL_FAILED in (await clicked.wait_for_message()).text
