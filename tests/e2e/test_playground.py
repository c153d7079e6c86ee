"""`python -m bot playground` as a process: where it listens, how it ends, what it rejects."""

import asyncio
import re
import signal
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from urllib.parse import urlsplit

import psutil
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


@asynccontextmanager
async def playground(**environment: str) -> AsyncIterator[tuple[BotProcess, str]]:
    """Run the playground; its URL is the one it printed."""
    async with bot_process("playground", "--port", "0", environment=environment) as bot:
        await until(lambda: bool(bot.output) or not bot.is_running)
        assert bot.output, bot.errors
        printed = ADDRESS.fullmatch(bot.output[0])
        assert printed is not None, bot.output
        yield bot, printed[1]


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


async def test_every_port_is_on_loopback(shared: Shared) -> None:
    bot, url = shared
    sockets = psutil.Process(bot.pid).net_connections("inet")
    bound = [each.laddr for each in sockets if each.status == psutil.CONN_LISTEN]
    assert ("127.0.0.1", urlsplit(url).port) in bound
    # The page, Slack, SignalWire and the bot.
    assert [host for host, _ in bound] == ["127.0.0.1"] * 4


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


@pytest.mark.parametrize(
    ("port", "code", "advice"),
    [
        ("taken", 1, "Address already in use. Try --port 0"),
        ("65536", 1, "There is no such port. Try --port 0"),
        ("-1", 1, "There is no such port. Try --port 0"),
        ("http", 2, "invalid int value: 'http'"),
    ],
)
async def test_impossible_port_is_an_error_with_advice(port: str, code: int, advice: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        asked = str(taken.getsockname()[1]) if port == "taken" else port
        async with bot_process("playground", "--port", asked, environment={}) as bot:
            assert await bot.exit_code() == code
    assert bot.errors[-1].endswith(advice)
    assert code == 2 or bot.errors == [f"can't listen on port {asked}: {advice}"]
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
