"""A serving process opens no files, and survives when it can't open any."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import psutil
import pytest

from bot.dev.emulator.signalwire.catalog import catalog
from bot.ui import actions
from tests.e2e.bot_process import BotProcess, World, bot_process, serving, until
from tests.e2e.socket_mode_slack import SocketModeSlack, settings
from tests.support import texts
from tests.support.samples import DOCUMENTED

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc and prlimit")

FRENCH: Final = "call +33 1 42 68 53 00"
JAPANESE: Final = "call +81 3-3224-5000"
BRITISH: Final = "call +44 20 7946 0958"
SPARE_FILES: Final = 8
IDLE: Final = 40
AUDIT_HOOK: Final = """
import os, sys

def report(event, args):
    if event in {"open", "import"} and os.path.exists(os.environ["PRINTS_IF"]):
        os.write(2, f"{event} {args[0]}\\n".encode())

sys.addaudithook(report)
"""
"""Prints each file that is opened, and each module looked for, to standard error."""


class OpenedFiles:
    """Lets a process print what it opens from `begin` on."""

    def __init__(self, folder: Path) -> None:
        (folder / "sitecustomize.py").write_text(AUDIT_HOOK)
        self._begun = folder / "begun"
        self.environment: Final = {"PYTHONPATH": str(folder), "PRINTS_IF": str(self._begun)}

    def begin(self) -> None:
        self._begun.touch()


@pytest.fixture
def opened_files(tmp_path: Path) -> OpenedFiles:
    return OpenedFiles(tmp_path)


async def test_serving_process_opens_no_file(world: World, opened_files: OpenedFiles) -> None:
    async with serving(world, **opened_files.environment) as bot:
        await bot.event("startup_check.ok", count=2)
        opened_files.begin()
        await world.http.get(f"http://127.0.0.1:{await bot.port()}/healthz")
        for text in ("status", "find 5550103 2d", "recent 20", "find sip:reception"):
            await (await world.slack.command(text)).wait_for_message()
        for entry in catalog(datetime.now(UTC)):
            card = await (await world.slack.command(entry.id)).wait_for_message()
        for message in (FRENCH, JAPANESE, BRITISH, DOCUMENTED):
            found = await world.slack.message_shortcut({"text": message})
            await found.wait_for_message()
        await world.slack.open_home()
        done = await world.slack.click(card, actions.SHARE)
        await done.wait_for_message(count=2)
        await world.slack.click(card, actions.DETAILS)
        await bot.event("details.done")
        opened = list(bot.errors)
        await bot.stop()
    assert opened == []


async def test_socket_mode_process_opens_no_file(
    world: World, slack: SocketModeSlack, opened_files: OpenedFiles
) -> None:
    environment = {**settings(world, slack), **opened_files.environment}
    async with bot_process("socket", environment=environment) as bot:
        await slack.connected()
        await bot.event("startup_check.ok", count=2)
        opened_files.begin()
        for message in (FRENCH, JAPANESE, BRITISH, DOCUMENTED):
            found = await slack.message_shortcut({"text": message})
            await found.wait_for_message()
        opened = list(bot.errors)
        await bot.stop()
    assert opened == []


@asynccontextmanager
async def out_of_files(bot: BotProcess) -> AsyncIterator[None]:
    """Open idle connections until the process can open no more files."""
    process = psutil.Process(bot.pid)
    limit = process.num_fds() + SPARE_FILES
    process.rlimit(psutil.RLIMIT_NOFILE, (limit, limit))
    connections = [
        await asyncio.open_connection("127.0.0.1", await bot.port()) for _ in range(IDLE)
    ]
    await until(lambda: process.num_fds() >= limit)
    yield
    for _, writer in connections:
        writer.close()
    await until(lambda: process.num_fds() < limit)


async def test_process_recovers_after_running_out_of_files(world: World) -> None:
    async with serving(world) as bot:
        await bot.event("startup_check.ok", count=2)
        await (await world.slack.command(DOCUMENTED)).wait_for_message()
        async with out_of_files(bot):
            await world.slack.message_shortcut({"text": JAPANESE})
        found = await world.slack.message_shortcut({"text": BRITISH})
        offer = await found.wait_for_message()
        assert offer.text.startswith(f"{texts.ONE_NUMBER}.")
        await bot.stop()
