"""SignalWire or Slack sends far too much: that takes little memory, and nobody else waits."""

import gzip
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import psutil
import pytest
import pytest_asyncio

from bot.ui import actions, notices
from tests.e2e.bot_process import World, open_world, serving
from tests.network.faulty_server import Act, FaultServer, Wire
from tests.network.harness import BAD
from tests.support.samples import DOCUMENTED

MEBIBYTE: Final = 1024 * 1024
SOON: Final = 3.0
"""Seconds."""
_FLOOD: Final = 32 * MEBIBYTE
_PIECE: Final = 64 * 1024
_HINT: Final = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload; as=style\r\n\r\n"
_HEAD: Final = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_CHUNKED: Final = _HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
_GZIP: Final = _HEAD + b"Content-Encoding: gzip\r\n\r\n"


def flood(begin: bytes, more: bytes) -> Act:
    """Send `more` again and again, until the connection is closed or it is enough."""
    piece = more * (_PIECE // len(more))

    async def act(wire: Wire) -> None:
        await wire.send(begin)
        for _ in range(_FLOOD // len(piece)):
            await wire.send(piece)

    return act


FLOODS: Final[Mapping[str, Act]] = MappingProxyType(
    {
        "informational responses": flood(b"", _HINT),
        "a body": flood(_HEAD + b"\r\n", b" "),
        "chunks of a byte": flood(_CHUNKED, b"1\r\n \r\n"),
        "gzip data that decodes to more": flood(_GZIP, gzip.compress(bytes(48 * MEBIBYTE))),
        "data after the gzip data": flood(_GZIP + gzip.compress(b"{}"), b"{}"),
        "a name in the gzip header": flood(_GZIP + b"\x1f\x8b\x08\x08" + bytes(6), b"n"),
    }
)
each = pytest.mark.parametrize("act", FLOODS.values(), ids=FLOODS.keys())


@dataclass(frozen=True)
class Served:
    """A bot as a process, behind servers that can flood it."""

    world: World
    signalwire: FaultServer
    slack: FaultServer
    process: psutil.Process

    @asynccontextmanager
    async def in_little_memory(self) -> AsyncIterator[None]:
        """Assert that the bot needs little more memory than before."""
        before = self.process.memory_info().rss
        yield
        assert self.process.memory_info().rss - before < 16 * MEBIBYTE

    async def assert_serves(self) -> None:
        """Assert that other users are answered."""
        for _ in range(5):
            other = await self.world.slack.command(DOCUMENTED, user_id="U0OTHER")
            assert DOCUMENTED in (await other.wait_for_message(timeout=SOON)).text


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served() -> AsyncIterator[Served]:
    async with open_world() as world, FaultServer() as signalwire, FaultServer() as slack:
        signalwire.before(world.signalwire.app)
        slack.before(world.slack.app)
        world.release()
        settings = {"SIGNALWIRE_SPACE": signalwire.url, "SLACK_API_URL": f"{slack.url}/api/"}
        async with serving(world, **settings) as bot:
            yield Served(world, signalwire, slack, psutil.Process(bot.pid))


@each
async def test_a_flood_from_signalwire_takes_little_memory_or_time(
    served: Served, act: Act
) -> None:
    served.signalwire.always(BAD, act)
    async with served.in_little_memory():
        flooded = await served.world.slack.command(BAD)
        await served.assert_serves()
        assert DOCUMENTED not in (await flooded.wait_for_message()).text


@each
async def test_a_flood_from_slack_takes_little_memory_or_time(served: Served, act: Act) -> None:
    served.slack.always("views.open", act)
    asked = await served.world.slack.command(DOCUMENTED)
    card = await asked.wait_for_message()
    async with served.in_little_memory():
        clicked = await served.world.slack.click(card, actions.DETAILS)
        await served.assert_serves()
        assert notices.MODAL_FAILED in (await clicked.wait_for_message()).text
