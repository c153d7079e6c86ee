"""The bot as a process, and the emulators that it connects to."""

import asyncio
import json
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from typing import Final

import httpx
import psutil
from pydantic import JsonValue

from bot.dev.emulator.changes import ChangeCounter
from bot.dev.emulator.http_server import serve_on_loopback
from bot.dev.emulator.signalwire.fixtures import LogFixture
from bot.dev.emulator.signalwire.server import SignalWireEmulator
from bot.dev.emulator.slack.workspace import SlackEmulator
from bot.runtime.http_client import new_transport
from tests.support import texts
from tests.support.samples import DOCUMENTED

ROOT: Final = Path(__file__).parent.parent.parent
PROJECT_ID: Final = "5c1d2e3f-0000-4000-8000-00000000abcd"
API_TOKEN: Final = "PT0123456789abcdef0123456789abcdef0123456789abcdef"
SIGNING_SECRET: Final = "8f742231b10e8888abcd99aaabbb85a5"
BOT_TOKEN: Final = "xoxb-1234567890-process"
APP_TOKEN: Final = "xapp-1-A0VOICELOG-process"
SECRETS: Final = (API_TOKEN, SIGNING_SECRET, BOT_TOKEN, APP_TOKEN)
TIMEOUT_SECONDS: Final = 20.0
MEBIBYTE: Final = 1024 * 1024

Line = dict[str, JsonValue]


class World:
    """The emulators on loopback, and the settings for them. SignalWire can be held."""

    def __init__(
        self, http: httpx.AsyncClient, entries: Sequence[LogFixture] | None = None
    ) -> None:
        self._is_held = True
        self._released_logs: set[str] = set()
        self._releases = ChangeCounter()
        self.signalwire: Final = SignalWireEmulator(
            project_id=PROJECT_ID,
            api_token=API_TOKEN,
            clock=lambda: datetime.now(UTC),
            sleep=self._until_released,
            entries=entries,
        )
        self.slack: Final = SlackEmulator(
            signing_secret=SIGNING_SECRET,
            bot_token=BOT_TOKEN,
            bot_url="",
            http=http,
        )
        self.http: Final = http
        self.signalwire_url = ""

    @property
    def signalwire_settings(self) -> dict[str, str]:
        return {
            "SIGNALWIRE_SPACE": self.signalwire_url,
            "SIGNALWIRE_PROJECT_ID": PROJECT_ID,
            "SIGNALWIRE_API_TOKEN": API_TOKEN,
        }

    @property
    def settings(self) -> dict[str, str]:
        return {
            **self.signalwire_settings,
            "PORT": "0",
            "LOG_FORMAT": "json",
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_API_URL": f"{self.slack.own_url}/api/",
        }

    def is_requested(self, log_id: str) -> bool:
        """Return whether this log was requested from SignalWire."""
        return any(request.path.endswith(log_id) for request in self.signalwire.requests)

    def all_requested(self, log_ids: Collection[str]) -> bool:
        """Return whether each of these logs was requested from SignalWire."""
        asked = {request.path.rpartition("/")[2] for request in self.signalwire.requests}
        return asked.issuperset(log_ids)

    def hold(self) -> None:
        """Let SignalWire respond to no request until `release`."""
        self._is_held = True
        self._released_logs.clear()
        self.signalwire.latency_seconds = 1.0

    def release_logs(self, log_ids: Collection[str]) -> None:
        """Let SignalWire respond to requests for these logs."""
        self._released_logs.update(log_ids)
        self._releases.bump()

    def release(self) -> None:
        """Let SignalWire respond."""
        self._is_held = False
        self.signalwire.latency_seconds = 0.0
        self._releases.bump()

    async def _until_released(self, _seconds: float) -> None:
        # The emulator records a request right before this call, so it is the latest.
        log_id = self.signalwire.requests[-1].path.rpartition("/")[2]
        await self._releases.wait_until(lambda: not self._is_held or log_id in self._released_logs)


@asynccontextmanager
async def open_world(entries: Sequence[LogFixture] | None = None) -> AsyncIterator[World]:
    """Serve the emulators; by default SignalWire has the whole catalog."""
    async with httpx.AsyncClient(transport=new_transport(), trust_env=False) as http:
        world = World(http, entries)
        async with (
            serve_on_loopback(world.signalwire.app) as world.signalwire_url,
            serve_on_loopback(world.slack.app) as world.slack.own_url,
        ):
            try:
                yield world
            finally:
                world.release()


class BotProcess:
    """A running `python -m bot …`, with what it has printed."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._changed = asyncio.Condition()
        self._ended = 0
        self._log: list[Line] = []
        self.output: Final[list[str]] = []
        self.errors: Final[list[str]] = []
        streams = ((process.stdout, self.output), (process.stderr, self.errors))
        self._readers = [
            asyncio.create_task(self._read(stream, lines))
            for stream, lines in streams
            if stream is not None
        ]

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process.returncode is None

    @property
    def log(self) -> list[Line]:
        """The log lines so far."""
        self._log += [json.loads(line) for line in self.output[len(self._log) :]]
        return list(self._log)

    def events(self, name: str) -> list[Line]:
        """Return the log lines of one event so far."""
        return [line for line in self.log if line["event"] == name]

    async def event(self, name: str, *, count: int = 1) -> Line:
        """Wait for the nth log line of an event, and return it."""
        async with asyncio.timeout(TIMEOUT_SECONDS), self._changed:
            await self._changed.wait_for(lambda: len(self.events(name)) >= count or self._ended)
        lines = self.events(name)
        assert len(lines) >= count, (f"it exited without {name}", self.output, self.errors)
        return lines[count - 1]

    async def first_output(self) -> None:
        """Wait for the first line of output."""
        async with asyncio.timeout(TIMEOUT_SECONDS), self._changed:
            await self._changed.wait_for(lambda: bool(self.output) or self._ended)
        assert self.output, ("it exited without output", self.errors)

    async def port(self) -> int:
        """Wait until it serves; return the port."""
        port = (await self.event("server.listening"))["port"]
        assert isinstance(port, int)
        return port

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    async def exit_code(self, *, seconds: float = TIMEOUT_SECONDS) -> int:
        """Wait until it has ended and all output is read."""
        async with asyncio.timeout(seconds):
            code = await self._process.wait()
            await asyncio.gather(*self._readers)
        return code

    async def stop(self) -> None:
        """Send SIGTERM, and wait until it has exited with 0."""
        self.signal(signal.SIGTERM)
        assert await self.exit_code() == 0

    async def kill(self) -> None:
        """Kill the process, if it runs."""
        if self.is_running:
            self._process.kill()
        await self._process.wait()
        await asyncio.gather(*self._readers)

    async def _read(self, stream: asyncio.StreamReader, lines: list[str]) -> None:
        async for line in stream:
            async with self._changed:
                lines.append(line.decode(errors="replace").rstrip("\n"))
                self._changed.notify_all()
        async with self._changed:
            self._ended += 1
            self._changed.notify_all()


def inherited() -> dict[str, str]:
    """Return the variables of this process that each process needs."""
    return {
        name: value
        for name, value in os.environ.items()
        if name in {"PATH", "HOME"} or name.startswith(("COV_", "COVERAGE_"))
    }


@asynccontextmanager
async def bot_process(
    *arguments: str,
    environment: Mapping[str, str],
    setup: str = ":",
    redirection: str = "",
    stdout: int | FileIO = asyncio.subprocess.PIPE,
) -> AsyncIterator[BotProcess]:
    """Run `python -m bot` with only these settings; it is killed with the context.

    Args:
        arguments: the command and its arguments.
        environment: the settings.
        setup: what the shell runs first.
        redirection: of the process's standard streams, in the shell's notation.
        stdout: where the output goes; by default, it is read.
    """
    process = BotProcess(
        await asyncio.create_subprocess_exec(
            *("sh", "-c", f'{setup}; exec "$@" {redirection}', "sh"),
            sys.executable,
            "-m",
            "bot",
            *arguments,
            cwd=ROOT,
            env={**inherited(), **environment},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=stdout,
            stderr=asyncio.subprocess.PIPE,
            limit=8 * MEBIBYTE,  # of a line: the gallery's JSON is one
        )
    )
    try:
        yield process
    finally:
        await process.kill()


@asynccontextmanager
async def serving(world: World, setup: str = ":", **changed: str) -> AsyncIterator[BotProcess]:
    """Run the HTTP server; the emulated Slack sends its requests there."""
    async with bot_process(environment={**world.settings, **changed}, setup=setup) as bot:
        world.slack.bot_url = f"http://127.0.0.1:{await bot.port()}/slack/events"
        yield bot


async def assert_serves(world: World) -> None:
    """Assert that users are served at once."""
    started = time.monotonic()
    alive = await world.http.get(httpx.URL(world.slack.bot_url).join("/healthz"))
    assert alive.status_code == 200
    interaction = await world.slack.command(DOCUMENTED)
    assert interaction.failed is None
    assert texts.COMPLETED in (await interaction.wait_for_message()).text
    assert time.monotonic() - started < 3


@contextmanager
def without_memory_growth(bot: BotProcess, *, mebibytes: int = 16) -> Iterator[None]:
    """Assert that the process takes less than so much more memory at the end."""
    process = psutil.Process(bot.pid)
    before = process.memory_info().rss
    yield
    assert process.memory_info().rss - before < mebibytes * MEBIBYTE


async def until(condition: Callable[[], bool]) -> None:
    """Poll until the condition holds."""
    async with asyncio.timeout(TIMEOUT_SECONDS):
        while not condition():  # noqa: ASYNC110 - nothing sets an event
            await asyncio.sleep(0.01)


@contextmanager
def closed_port() -> Iterator[int]:
    """Reserve a port that refuses connections."""
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        address: tuple[str, int] = held.getsockname()
        yield address[1]


def accepts(port: int) -> bool:
    """Return whether a port is open."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
