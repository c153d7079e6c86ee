"""Clients that connect and send no whole request don't keep others from being served."""

import asyncio
import contextlib
import resource
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Final

import psutil
import pytest

from tests.e2e.bot_process import APP_TOKEN, BotProcess, World, bot_process, serving
from tests.e2e.socket_mode_slack import SocketModeSlack
from tests.support.samples import DOCUMENTED

GET: Final = b"GET /healthz HTTP/1.1\r\nHost: bot\r\n\r\n"
POST: Final = (
    b"POST /slack/events HTTP/1.1\r\nHost: bot\r\nContent-Type: application/json\r\n"
    b"X-Slack-Request-Timestamp: 1\r\nX-Slack-Signature: v0=%064d\r\n" % 0
)
HALF: Final = (
    b"",
    GET[:-2],
    POST + b"Content-Length: 50\r\n\r\n",
    POST.replace(b"v0", b"v1") + b"Content-Length: 50\r\n\r\n",
)
"""No byte, half a head, half a request that may be Slack's, and one that is rejected at once."""
MEBIBYTE: Final = 1024 * 1024

Client = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@contextmanager
def many_files() -> Iterator[None]:
    """Allow this process more open files than the bot has."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@asynccontextmanager
async def clients(port: int, data: Sequence[bytes], count: int) -> AsyncIterator[list[Client]]:
    """Open so many connections, each of which sends one of these and no more."""
    opened: list[Client] = []
    with many_files():
        try:
            for number in range(count):
                opened.append(await asyncio.open_connection("127.0.0.1", port))
                with contextlib.suppress(ConnectionError):
                    opened[-1][1].write(data[number % len(data)])
            yield opened
        finally:
            for _, writer in opened:
                writer.transport.abort()


async def assert_serves(world: World, bot: BotProcess) -> None:
    """Assert that others are served at once."""
    started = time.monotonic()
    alive = await world.http.get(f"http://127.0.0.1:{await bot.port()}/healthz")
    assert alive.status_code == 200
    interaction = await world.slack.command(DOCUMENTED)
    assert DOCUMENTED in (await interaction.wait_for_message()).text
    assert time.monotonic() - started < 3


@pytest.mark.parametrize("files", [128, 256, 1024])
async def test_more_connections_than_files(files: int, world: World) -> None:
    async with serving(world, ulimit=f"-n {files}") as bot:
        world.release()
        async with clients(await bot.port(), HALF, files + 100):
            await assert_serves(world, bot)
            assert psutil.Process(bot.pid).num_fds() < files
            started = time.monotonic()
            await bot.stop()
            assert time.monotonic() - started < 5
    assert bot.errors == []


ENDLESS: Final = {
    "headers": (GET[:-2], b"a:\r\n" * 16384),
    "a header": (GET[:-2] + b"a: ", b"v" * 65536),
    "blanks in a header": (GET[:-2] + b"a:", b" " * 65536 + b"\0"),
    "a request line": (b"GET /", b"v" * 65536),
    "trailers": (POST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"a: b\r\n" * 10000),
    "a chunk's extension": (POST + b"Transfer-Encoding: chunked\r\n\r\n4;", b"v" * 65536),
    "requests, without a look at the answers": (b"", GET * 1500),
}


@pytest.mark.parametrize("what", ENDLESS)
async def test_endless_data_takes_neither_memory_nor_time(what: str, world: World) -> None:
    begin, more = ENDLESS[what]

    async def pour(client: Client) -> None:
        with contextlib.suppress(ConnectionError):
            for _ in range(200):
                client[1].write(more)
                await client[1].drain()

    async with serving(world) as bot:
        world.release()
        await assert_serves(world, bot)
        process = psutil.Process(bot.pid)
        before = process.memory_info().rss
        async with clients(await bot.port(), [begin], 5) as opened:
            pouring = [asyncio.create_task(pour(client)) for client in opened]
            await assert_serves(world, bot)
            await asyncio.wait(pouring, timeout=3)
            assert process.memory_info().rss - before < 16 * MEBIBYTE
            await assert_serves(world, bot)
            for task in pouring:
                task.cancel()
    assert bot.errors == []


@pytest.mark.parametrize("mode", ["serve", "socket", "playground"])
async def test_file_limit_is_raised_to_the_maximum(
    mode: str, world: World, slack: SocketModeSlack
) -> None:
    environment = {
        **world.settings,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_API_URL": f"{slack.own_url}/api/",
    }
    arguments = [mode, "--port", "0"] if mode == "playground" else [mode]
    async with bot_process(
        *arguments, environment={} if mode == "playground" else environment, ulimit="-S -n 200"
    ) as bot:
        await bot.first_output()
        soft, hard = psutil.Process(bot.pid).rlimit(psutil.RLIMIT_NOFILE)
        assert soft == hard
        assert hard > 200
