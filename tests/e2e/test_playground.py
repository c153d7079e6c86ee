"""`python -m bot playground` as a process: where it listens, how it ends, what it rejects."""

import asyncio
import re
import signal
import socket
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


@asynccontextmanager
async def playground(**environment: str) -> AsyncIterator[tuple[BotProcess, str]]:
    """Run the playground; its URL is the one it printed."""
    async with bot_process("playground", "--port", "0", environment=environment) as bot:
        await until(lambda: bool(bot.output) or not bot.is_running)
        assert bot.output, bot.errors
        printed = ADDRESS.fullmatch(bot.output[0])
        assert printed is not None, bot.output
        yield bot, printed[1]


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


async def test_page_is_served_to_loopback_hosts_only(world: World, shared: Shared) -> None:
    bot, url = shared
    page = await world.http.get(url)
    assert page.status_code == 200
    assert "VoiceLog playground" in page.text
    other = await world.http.get(url, headers={"host": "127.0.0.1.evil.example"})
    assert (other.status_code, "playground" in other.text) == (400, False)
    assert bot.errors == []
    assert len(bot.output) == 1


# ── Loopback only ─────────────────────────────────────────────────────────────────────────────


@LINUX
async def test_every_port_is_on_loopback(shared: Shared) -> None:
    bot, url = shared
    bound = sockets_of(bot)
    assert f"{LOOPBACK}:{int(url.rpartition(':')[2]):04X}" in bound
    # The page, Slack, SignalWire and the bot.
    assert len(bound) == 4
    assert {address.partition(":")[0] for address in bound} == {LOOPBACK}


# ── Shutdown ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "signals",
    [[signal.SIGTERM], [signal.SIGINT], [signal.SIGINT, signal.SIGINT, signal.SIGTERM]],
)
async def test_signal_exits_0_while_a_page_waits(
    signals: list[signal.Signals], world: World
) -> None:
    async with playground() as (bot, url):
        waiting = asyncio.create_task(world.http.get(f"{url}/live?after=1000"))
        # Requests are served in order: a later response shows that this one waits.
        await world.http.get(f"{url}/static/icon.svg")
        assert not waiting.done()
        started = time.monotonic()
        for number in signals:  # the waiting page has half a second
            bot.signal(number)
        assert await bot.exit_code() == 0
        assert time.monotonic() - started < 5
        assert bot.errors == []
        assert (await waiting).status_code == 503


# ── Refusals ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("port", ["taken", "65536", "-1"])
async def test_impossible_port_exits_1_with_advice(port: str) -> None:
    reason = "Address already in use" if port == "taken" else "There is no such port"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        asked = str(taken.getsockname()[1]) if port == "taken" else port
        async with bot_process("playground", "--port", asked, environment={}) as bot:
            assert await bot.exit_code() == 1
    assert bot.errors == [f"can't listen on port {asked}: {reason}. Try --port 0"]
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


# ── Imports ──────────────────────────────────────────────────────────────────────────────────


def loaded(bot: BotProcess) -> set[str]:
    """Return the modules that a process with PYTHONPROFILEIMPORTTIME has imported."""
    lines = [line for line in bot.errors if line.startswith("import ")]
    return {line.rpartition("|")[2].strip() for line in lines}


async def test_serve_loads_neither_the_page_nor_the_emulator(world: World) -> None:
    async with serving(world, PYTHONPROFILEIMPORTTIME="1") as bot:
        # A command loads what is loaded lazily.
        interaction = await world.slack.command(DOCUMENTED)
        assert texts.COMPLETED in (await interaction.wait_for_message()).text
        await bot.stop()
    assert {"bot.app", "bot.ui.voice_log_card", "slack_bolt"} <= loaded(bot)
    unwanted = ("jinja2", "markupsafe", "bot.dev.")
    assert not [name for name in loaded(bot) if name.startswith(unwanted)]


async def test_playground_ignores_other_settings_and_loads_the_page() -> None:
    # Shows that the list of modules in the test above works.
    settings = {"SLACK_BOT_TOKEN": "", "ALLOWED_USERS": "U0BOSS", "PORT": "x"}
    async with playground(PYTHONPROFILEIMPORTTIME="1", **settings) as (bot, _):
        await bot.stop()
    assert {
        "jinja2",
        "markupsafe",
        "bot.dev.emulator.slack.workspace",
        "bot.dev.gallery",
    } <= loaded(bot)
