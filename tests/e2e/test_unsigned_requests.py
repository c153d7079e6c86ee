"""Unsigned requests and blocked logs don't keep the bot from serving."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import pytest

from bot.dev.emulator.slack.payloads import FORM_TYPE, sign
from tests.e2e.bot_process import (
    ROOT,
    TIMEOUT_SECONDS,
    World,
    accepts,
    closed_port,
    serving,
    until,
)
from tests.support import texts
from tests.support.samples import DOCUMENTED

MEBIBYTE: Final = 1024 * 1024
PIECE: Final = 16 * 1024


def head(length: int, headers: Mapping[str, str]) -> bytes:
    given = {"Host": "bot", "Content-Type": FORM_TYPE, "Content-Length": str(length), **headers}
    lines = [f"{name}: {value}" for name, value in given.items() if value]
    return "\r\n".join(["POST /slack/events HTTP/1.1", *lines, "", ""]).encode()


async def answer_to(port: int, data: bytes) -> bytes:
    """Send data; return the response until the connection closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(data)
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            return await reader.read()
    finally:
        writer.close()


def resident(pid: int) -> int:
    """Return the memory of a process, in bytes."""
    pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGESIZE")


async def test_unsigned_bodies_take_little_memory(world: World) -> None:
    world.release()
    async with serving(world) as bot:
        await (await world.slack.command(DOCUMENTED)).wait_for_message()
        port, before = await bot.port(), resident(bot.pid)
        data = head(256 * 1024 - 1, sign(b"", int(time.time()), "another secret")) + b"payload="
        clients = [await asyncio.open_connection("127.0.0.1", port) for _ in range(300)]
        for _, writer in clients:
            writer.write(data)
        for _ in range(15):
            for _, writer in clients:
                if not writer.is_closing():
                    writer.write(b"x" * PIECE)
            interaction = await world.slack.command("help")
            assert (interaction.failed, interaction.ack_status) == (None, 200)
        # 300 bodies of 240 KiB would be 70 MiB.
        assert resident(bot.pid) - before < 48 * MEBIBYTE
        text = "\u65e5" * 39_900
        long = await world.slack.message_shortcut(
            {"text": text, "blocks": [{"type": "markdown", "text": text}]}
        )
        assert (long.failed, long.ack_status) == (None, 200)
        for _, writer in clients:
            writer.transport.abort()


# ── The log ───────────────────────────────────────────────────────────────────────────────────


@asynccontextmanager
async def redirected(
    world: World, redirection: str = "", *, stdout: int = asyncio.subprocess.PIPE
) -> AsyncIterator[tuple[asyncio.subprocess.Process, int]]:
    """Run the bot in a shell with redirected standard streams; return it with its port."""
    with closed_port() as port:
        pass
    process = await asyncio.create_subprocess_exec(
        "/bin/sh",
        "-c",
        f'exec "$0" -m bot {redirection}',
        sys.executable,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **world.settings, "PORT": str(port)},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=stdout,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        await until(lambda: accepts(port) or process.returncode is not None)
        world.slack.bot_url = f"http://127.0.0.1:{port}/slack/events"
        yield process, port
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def assert_serves(world: World, port: int, *, clients: int) -> None:
    """Assert that unsigned requests are rejected and commands are answered."""
    for _ in range(clients):
        assert b" 401 " in await answer_to(port, head(0, {}))
    health = await world.http.get(f"http://127.0.0.1:{port}/healthz")
    assert health.status_code == 200
    interaction = await world.slack.command(DOCUMENTED)
    assert (interaction.failed, interaction.ack_status) == (None, 200)
    assert texts.COMPLETED in (await interaction.wait_for_message()).text


async def stopped(process: asyncio.subprocess.Process) -> bytes:
    """Send SIGTERM; return what was printed to standard error."""
    process.send_signal(signal.SIGTERM)
    assert process.stderr is not None
    async with asyncio.timeout(10):
        errors = await process.stderr.read()
        assert await process.wait() == 0
    return errors


async def test_full_log_pipe_blocks_nothing(world: World) -> None:
    world.release()
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    filled = 0
    while True:
        try:
            filled += os.write(writing, b"\n" * 4096)
        except BlockingIOError:
            break
    os.set_blocking(writing, True)
    async with redirected(world, stdout=writing) as (process, port):
        os.close(writing)
        await assert_serves(world, port, clients=600)
        assert await stopped(process) == b""
    os.close(reading)


async def test_log_is_complete_and_in_order(world: World) -> None:
    world.release()
    reading, writing = os.pipe()
    async with redirected(world, stdout=writing) as (process, port):
        os.close(writing)
        await assert_serves(world, port, clients=100)
        assert await stopped(process) == b""
    with os.fdopen(reading) as log:
        lines = [json.loads(line) for line in log]
    events = [line["event"] for line in lines]
    assert events.count("request.rejected") == 20
    [repeated] = [line for line in lines if line["event"] == "log.repeated"]
    assert (repeated["line"], repeated["more"]) == ("request.rejected", 80)
    assert "lookup.done" in events
    assert events.index("shutdown.started") < events.index("shutdown.finished")


async def test_broken_log_pipe_is_survived(world: World) -> None:
    world.release()
    reading, writing = os.pipe()
    os.close(reading)
    async with redirected(world, stdout=writing) as (process, port):
        os.close(writing)
        await assert_serves(world, port, clients=3)
        assert await stopped(process) == b""


@pytest.mark.parametrize("redirection", ["<&-", ">&-", "2>&-", "<&- >&-", "<&- >&- 2>&-"])
async def test_closed_streams_are_survived(world: World, redirection: str) -> None:
    world.release()
    async with redirected(world, redirection) as (process, port):
        await assert_serves(world, port, clients=3)
        assert await stopped(process) == b""
