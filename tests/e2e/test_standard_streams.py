"""Standard streams that are closed, full, not read, or not in UTF-8, and a command interrupted."""

import json
import os
import signal
from asyncio.subprocess import PIPE
from collections.abc import Iterator, Sequence
from io import FileIO
from pathlib import Path
from typing import Final

import pytest

from bot.dev.emulator.signalwire.catalog import LIVE
from tests.e2e.bot_process import World, accepts, assert_serves, bot_process, closed_port, until

Pipe = tuple[FileIO, FileIO]
FULL: Final = Path("/dev/full")
FOLLOWING: Final = ("demo", LIVE, "--press", "Follow")
"""This takes a minute."""


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    """The reading and the writing end of a pipe."""
    reading, writing = os.pipe()
    with FileIO(reading) as read_end, FileIO(writing, "w") as write_end:
        yield read_end, write_end


# ── Commands ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "arguments",
    [
        ("demo",),
        ("demo", "recent", "--press", "View"),
        ("demo", "--list"),
        ("gallery",),
        ("gallery", "--json"),
        ("manifest",),
    ],
    ids=" ".join,
)
async def test_command_whose_reader_leaves_ends_without_a_traceback(
    arguments: Sequence[str], pipe: Pipe
) -> None:
    reading, writing = pipe
    reading.close()
    async with bot_process(*arguments, environment={}, stdout=writing) as bot:
        assert await bot.exit_code() == 1
    assert bot.errors == []


@pytest.mark.skipif(not FULL.exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize("command", ["demo", "gallery", "manifest"])
async def test_command_whose_output_is_on_a_full_disk_says_so(command: str) -> None:
    async with bot_process(command, environment={}, redirection=f"> {FULL}") as bot:
        assert await bot.exit_code() == 1
    assert bot.errors == ["The output can't be written: No space left on device"]


@pytest.fixture
def interruptible() -> Iterator[None]:
    """For processes that get a SIGINT: they ignore it where the tests run in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
async def test_interrupted_command_ends_by_the_signal_without_a_traceback() -> None:
    # Unbuffered, so that the first line says that the servers run.
    async with bot_process(*FOLLOWING, environment={"PYTHONUNBUFFERED": "1"}) as bot:
        await bot.first_output()
        bot.signal(signal.SIGINT)
        assert await bot.exit_code() == -signal.SIGINT
    assert bot.output[0] == f"/voicelog {LIVE}"
    assert bot.errors == []


async def printed(*arguments: str, encoding: str) -> str:
    environment = {"PYTHONIOENCODING": encoding}
    async with bot_process(*arguments, environment=environment) as bot:
        assert await bot.exit_code() == 0
    assert bot.errors == []
    return "\n".join(bot.output)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
async def test_what_the_terminal_cannot_show_is_replaced(encoding: str) -> None:
    assert "? ? Completed " in await printed("demo", encoding=encoding)


async def test_json_loses_nothing_where_the_terminal_is_not_utf_8() -> None:
    in_ascii, in_utf_8 = [
        json.loads(await printed("gallery", "--json", encoding=encoding))
        for encoding in ("ascii", "utf-8")
    ]
    assert in_ascii == in_utf_8


# ── The server's log ──────────────────────────────────────────────────────────────────────────


async def assert_serves_and_stops(
    world: World, *, rejections: int, redirection: str = "", stdout: int | FileIO = PIPE
) -> None:
    """Run the server with other standard streams, and reject some requests."""
    world.release()
    with closed_port() as port:
        pass
    environment = {**world.settings, "PORT": str(port)}
    async with bot_process(environment=environment, redirection=redirection, stdout=stdout) as bot:
        await until(lambda: accepts(port) or not bot.is_running)
        world.slack.bot_url = f"http://127.0.0.1:{port}/slack/events"
        for _ in range(rejections):
            rejected = await world.http.post(world.slack.bot_url, json={})
            assert rejected.status_code == 401
        await assert_serves(world)
        await bot.stop()
    assert bot.errors == []


async def test_full_log_pipe_blocks_nothing(world: World, pipe: Pipe) -> None:
    _, writing = pipe
    os.set_blocking(writing.fileno(), False)
    while writing.write(b"\n" * 4096):
        pass
    os.set_blocking(writing.fileno(), True)
    await assert_serves_and_stops(world, rejections=600, stdout=writing)


async def test_log_is_complete_and_in_order(world: World, pipe: Pipe) -> None:
    reading, writing = pipe
    await assert_serves_and_stops(world, rejections=100, stdout=writing)
    writing.close()
    lines = [json.loads(line) for line in reading]
    events = [line["event"] for line in lines]
    assert events.count("request.rejected") == 20
    [repeated] = [line for line in lines if line["event"] == "log.repeated"]
    assert (repeated["line"], repeated["more"]) == ("request.rejected", 80)
    assert "lookup.done" in events
    assert events.index("shutdown.started") < events.index("shutdown.finished")


async def test_broken_log_pipe_is_survived(world: World, pipe: Pipe) -> None:
    reading, writing = pipe
    reading.close()
    await assert_serves_and_stops(world, rejections=3, stdout=writing)


@pytest.mark.parametrize("redirection", ["<&-", ">&-", "2>&-", "<&- >&-", "<&- >&- 2>&-"])
async def test_closed_streams_are_survived(world: World, redirection: str) -> None:
    await assert_serves_and_stops(world, rejections=3, redirection=redirection)
