"""`python -m bot playground` as a process: where it listens, how it ends, what it rejects."""

import asyncio
import re
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio

from tests.e2e.bot_process import (
    API_TOKEN,
    BOT_TOKEN,
    PROJECT_ID,
    SECRETS,
    SIGNING_SECRET,
    TIMEOUT_SECONDS,
    BotProcess,
    World,
    bot_process,
    serving,
    until,
)
from tests.support import texts
from tests.support.samples import DOCUMENTED

ADDRESS: Final = re.compile(
    r"The playground is at (http://127\.0\.0\.1:\d+) \(stop it with Ctrl\+C\)"
)
LOOPBACK: Final = "0100007F"
LISTENING: Final = "0A"
LINUX: Final = pytest.mark.skipif(
    not Path("/proc/net/tcp").exists(), reason="only Linux shows sockets as files"
)
SIGNAL: Final = pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])


@asynccontextmanager
async def playground(**environment: str) -> AsyncIterator[tuple[BotProcess, str]]:
    """Run the playground; its URL is the one it printed."""
    async with bot_process("playground", "--port", "0", environment=environment) as bot:
        await until(lambda: bool(bot.output) or not bot.is_running)
        assert bot.output, bot.errors
        printed = ADDRESS.fullmatch(bot.output[0])
        assert printed is not None, bot.output
        yield bot, printed[1]


def request_head(url: str, path: str, *more: str) -> bytes:
    host = url.removeprefix("http://")
    return "\r\n".join([f"{path} HTTP/1.1", f"Host: {host}", *more, "", ""]).encode()


async def raw(url: str, request: bytes) -> bytes:
    """Send bytes; return the whole response."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
    async with asyncio.timeout(TIMEOUT_SECONDS):
        writer.write(request)
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
    return answer


def sockets_of(bot: BotProcess) -> list[str]:
    """Return the addresses that a process listens on (Linux)."""
    process = Path(f"/proc/{bot.pid}")
    links = [path.readlink().name for path in (process / "fd").iterdir()]
    own = {link[len("socket:[") : -1] for link in links if link.startswith("socket:[")}
    rows = [
        row.split()
        for table in ("tcp", "tcp6")
        for row in (process / "net" / table).read_text(encoding="ascii").splitlines()[1:]
    ]
    return [row[1] for row in rows if row[3] == LISTENING and row[9] in own]


Shared = tuple[BotProcess, str]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared() -> AsyncIterator[Shared]:
    """One playground, for tests that don't change it."""
    async with playground() as opened:
        yield opened


# ── Requests ─────────────────────────────────────────────────────────────────────────────────


async def test_command_typed_on_the_page_is_answered(world: World, shared: Shared) -> None:
    bot, url = shared
    page = await world.http.get(url)
    assert page.status_code == 200
    assert "VoiceLog playground" in page.text
    sent = await world.http.post(
        f"{url}/act",
        json={"act": "type", "text": f"/voicelog {DOCUMENTED}"},
        headers={"origin": url},
    )
    assert sent.json() == {"message": "", "errors": {}}
    async with asyncio.timeout(TIMEOUT_SECONDS):
        version = 0
        live = page.text
        while "Only visible to you" not in live or "Completed" not in live:
            answer = await world.http.get(f"{url}/live?after={version}")
            live = answer.text
            found = re.search(r'data-version="(\d+)"', live)
            assert found is not None
            version = int(found[1])
    assert DOCUMENTED in live
    assert bot.errors == []
    assert len(bot.output) == 1


async def test_other_hosts_are_rejected(world: World, shared: Shared) -> None:
    _, url = shared
    for host in ("evil.example", "127.0.0.1.evil.example"):
        answer = await world.http.get(url, headers={"host": host})
        assert (answer.status_code, "playground" in answer.text) == (400, False)
    none = await raw(url, b"GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n")
    assert none.startswith(b"HTTP/1.1 400 ")
    no_host = await raw(url, b"GET / HTTP/1.0\r\n\r\n")
    assert no_host.startswith(b"HTTP/1.1 400 ")


async def test_chunked_body_is_rejected(shared: Shared) -> None:
    _, url = shared
    origin, kind = f"Origin: {url}", "Content-Type: application/json"
    head = request_head(
        url, "POST /act", origin, kind, "Transfer-Encoding: chunked", "Connection: close"
    )
    assert (await raw(url, head + b"0\r\n\r\n")).startswith(b"HTTP/1.1 411 ")


async def test_static_paths_do_not_escape(shared: Shared) -> None:
    _, url = shared
    for path in ("/static/../web.py", "/static/../../../manifest.yml", "/static//etc/passwd"):
        answer = await raw(url, request_head(url, f"GET {path}", "Connection: close"))
        assert answer.startswith(b"HTTP/1.1 404 "), path


# ── Loopback only ─────────────────────────────────────────────────────────────────────────────


@LINUX
async def test_every_port_is_on_loopback(shared: Shared) -> None:
    bot, url = shared
    bound = sockets_of(bot)
    assert f"{LOOPBACK}:{int(url.rpartition(':')[2]):04X}" in bound
    # The page, Slack, SignalWire and the bot.
    assert len(bound) == 4
    assert {address.partition(":")[0] for address in bound} == {LOOPBACK}


@LINUX
async def test_other_addresses_are_refused(shared: Shared) -> None:
    port = int(shared[1].rpartition(":")[2])
    # A server that listens everywhere can be reached at 127.0.0.2, too. Tests may only connect
    # to 127.0.0.1, so another process tries.
    code = f"import socket; socket.create_connection(('127.0.0.2', {port}), 2)"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, stderr=asyncio.subprocess.PIPE
    )
    _, errors = await process.communicate()
    assert process.returncode == 1
    assert b"ConnectionRefusedError" in errors


# ── Shutdown ─────────────────────────────────────────────────────────────────────────────────


@SIGNAL
async def test_signal_exits_0_at_once(number: signal.Signals) -> None:
    async with playground() as (bot, _):
        started = time.monotonic()
        bot.signal(number)
        assert await bot.exit_code() == 0
        assert time.monotonic() - started < 5
        assert bot.errors == []


@SIGNAL
async def test_signal_exits_0_while_a_page_waits(number: signal.Signals, world: World) -> None:
    async with playground() as (bot, url):
        live = await world.http.get(f"{url}/live")
        version = re.search(r'data-version="(\d+)"', live.text)
        assert version is not None
        waiting = asyncio.create_task(world.http.get(f"{url}/live?after={int(version[1]) + 1000}"))
        # Requests are served in order: a later response shows that this one waits.
        await world.http.get(f"{url}/static/icon.svg")
        assert not waiting.done()
        started = time.monotonic()
        bot.signal(number)
        assert await bot.exit_code() == 0
        assert time.monotonic() - started < 5
        assert bot.errors == []
        assert (await waiting).status_code == 503


async def test_second_signal_is_ignored(world: World) -> None:
    async with playground() as (bot, url):
        waiting = asyncio.create_task(world.http.get(f"{url}/live?after=1000"))
        await world.http.get(f"{url}/static/icon.svg")
        bot.signal(signal.SIGINT)
        # The waiting page has half a second.
        bot.signal(signal.SIGINT)
        bot.signal(signal.SIGTERM)
        assert await bot.exit_code() == 0
        assert bot.errors == []
        assert (await waiting).status_code == 503


# ── Refusals ─────────────────────────────────────────────────────────────────────────────────


async def test_taken_port_exits_1_with_advice() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        async with bot_process("playground", "--port", str(port), environment={}) as bot:
            assert await bot.exit_code() == 1
    assert bot.errors == [f"can't listen on port {port}: Address already in use. Try --port 0"]
    assert bot.output == []


@pytest.mark.parametrize("port", ["65536", "-1"])
async def test_impossible_port_exits_1_with_advice(port: str) -> None:
    async with bot_process("playground", "--port", port, environment={}) as bot:
        assert await bot.exit_code() == 1
    assert bot.errors == [f"can't listen on port {port}: There is no such port. Try --port 0"]
    assert bot.output == []


async def test_port_that_is_not_a_number_exits_2() -> None:
    async with bot_process("playground", "--port", "http", environment={}) as bot:
        assert await bot.exit_code() == 2
    assert bot.output == []


async def test_real_credentials_are_rejected_by_name() -> None:
    credentials = {
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SIGNALWIRE_SPACE": "acme",
        "SIGNALWIRE_PROJECT_ID": PROJECT_ID,
        "SIGNALWIRE_API_TOKEN": API_TOKEN,
    }
    async with bot_process("playground", "--port", "0", environment=credentials) as bot:
        assert await bot.exit_code() == 2
    assert [line.partition(" ")[0] for line in bot.errors] == sorted(credentials)
    assert all("takes no real credentials" in line for line in bot.errors)
    assert all("Unset it" in line for line in bot.errors)
    assert bot.output == []
    printed = "\n".join(bot.errors)
    assert not [value for value in (*SECRETS, PROJECT_ID, '"acme"') if value in printed]


async def test_other_settings_are_ignored() -> None:
    async with playground(SLACK_BOT_TOKEN="", ALLOWED_USERS="U0BOSS", PORT="x") as (bot, _):
        bot.signal(signal.SIGTERM)
        assert await bot.exit_code() == 0


# ── Imports ──────────────────────────────────────────────────────────────────────────────────


async def test_serve_loads_neither_the_page_nor_the_emulator(world: World) -> None:
    async with serving(world, PYTHONPROFILEIMPORTTIME="1") as bot:
        # A command loads what is loaded lazily.
        interaction = await world.slack.command(DOCUMENTED)
        assert texts.COMPLETED in (await interaction.wait_for_message()).text
        bot.signal(signal.SIGTERM)
        assert await bot.exit_code() == 0
    loaded = {line.rpartition("|")[2].strip() for line in bot.errors if line.startswith("import ")}
    assert {"bot.app", "bot.ui.voice_log_card", "slack_bolt"} <= loaded
    unwanted = (
        *(
            "jinja2",
            "markupsafe",
            "bot.dev.emulator",
            "bot.dev.playground.web",
            "bot.dev.playground",
        ),
        *("bot.dev.gallery", "bot.dev.local_stack", "bot.dev.demo"),
    )
    assert not [name for name in loaded if name.startswith(unwanted)]


async def test_the_playground_loads_the_page() -> None:
    # Shows that the list of modules in the test above works.
    async with playground(PYTHONPROFILEIMPORTTIME="1") as (bot, _):
        bot.signal(signal.SIGTERM)
        assert await bot.exit_code() == 0
    loaded = {line.rpartition("|")[2].strip() for line in bot.errors if line.startswith("import ")}
    assert {
        "jinja2",
        "bot.dev.emulator.slack.workspace",
        "bot.dev.playground.web.server",
        "bot.dev.gallery",
    } <= loaded
