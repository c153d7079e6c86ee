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

from bot.dev.emulator.slack.payloads import FORM_TYPE, sign
from tests.e2e.bot_process import (
    APP_TOKEN,
    World,
    assert_serves,
    bot_process,
    serving,
    without_memory_growth,
)
from tests.e2e.socket_mode_slack import SocketModeSlack

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


@pytest.mark.parametrize("files", [128, 256, 1024])
async def test_more_connections_than_files(files: int, world: World) -> None:
    async with serving(world, setup=f"ulimit -n {files}") as bot:
        world.release()
        async with clients(await bot.port(), HALF, files + 100):
            await assert_serves(world)
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
        await assert_serves(world)
        async with clients(await bot.port(), [begin], 5) as opened:
            with without_memory_growth(bot):
                pouring = [asyncio.create_task(pour(client)) for client in opened]
                await assert_serves(world)
                await asyncio.wait(pouring, timeout=3)
            await assert_serves(world)
            for task in pouring:
                task.cancel()
    assert bot.errors == []


async def test_unsigned_bodies_take_little_memory(world: World) -> None:
    length, piece = 256 * 1024 - 1, b"x" * 16 * 1024
    signed = {**sign(b"", int(time.time()), "another secret"), "Content-Type": FORM_TYPE}
    lines = [f"{name}: {value}" for name, value in signed.items()]
    lines += ["Host: bot", f"Content-Length: {length}", "", "payload="]
    begin = "\r\n".join(["POST /slack/events HTTP/1.1", *lines]).encode()
    text = "\u65e5" * 39_900
    world.release()
    async with serving(world) as bot:
        await assert_serves(world)
        # 300 bodies of 240 KiB would be 70 MiB.
        with without_memory_growth(bot, mebibytes=48):
            async with clients(await bot.port(), [begin], 300) as opened:
                for _ in range(15):
                    for _, writer in opened:
                        if not writer.is_closing():
                            writer.write(piece)
                    assert (await world.slack.command("help")).failed is None
                long = await world.slack.message_shortcut(
                    {"text": text, "blocks": [{"type": "markdown", "text": text}]}
                )
                assert long.failed is None


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
        *arguments,
        environment={} if mode == "playground" else environment,
        setup="ulimit -S -n 200",
    ) as bot:
        await bot.first_output()
        soft, hard = psutil.Process(bot.pid).rlimit(psutil.RLIMIT_NOFILE)
        assert soft == hard
        assert hard > 200
