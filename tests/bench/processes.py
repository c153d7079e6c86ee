"""Runs the bot and its peers as processes on the first core; everything else uses the others."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Final

import psutil

from tests.e2e.bot_process import ROOT, accepts, closed_port, inherited
from tests.load.slack_users import TIMEOUT_SECONDS, SlackUsers, slack_users
from tests.load.stub_servers import StubServers

START_SECONDS: Final = 20.0
STOP_SECONDS: Final = 20.0
_POLL_SECONDS: Final = 0.005
_CORES: Final = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else {0}


@dataclass(frozen=True)
class Program:
    """An implementation of `/voicelog`."""

    name: str
    arguments: Sequence[str]
    """What follows `python -m`."""
    posts_cards: bool = True
    """Whether it looks logs up."""


THIS_BOT: Final = Program("this bot", ("bot",))
BARE_BOLT: Final = Program("bare Bolt", ("tests.bench.peers.bare",), posts_cards=False)
TUTORIAL: Final = Program("tutorial bot", ("tests.bench.peers.tutorial",))
SYNC: Final = Program(
    "sync bot",
    (
        "gunicorn",
        "--threads",
        "10",
        "--log-level",
        "error",
        "tests.bench.peers.synchronous:api",
    ),
)
FLOOR: Final = Program("floor", ("tests.bench.peers.floor",))


@dataclass(frozen=True)
class RunningProgram:
    """A running program and its users."""

    program: Program
    process: psutil.Process
    users: SlackUsers
    start_seconds: float
    """From exec to the first ack."""

    @property
    def resident_bytes(self) -> int:
        """The memory that it and its children hold now."""
        processes = [self.process, *self.process.children(recursive=True)]
        return sum(process.memory_info().rss for process in processes)


@asynccontextmanager
async def running(
    program: Program, servers: StubServers, **environment: str
) -> AsyncIterator[RunningProgram]:
    """Start a program, wait for its first ack, and stop it at the end."""
    with closed_port() as port:
        pass
    settings = {**servers.settings, "PORT": str(port), "LOG_LEVEL": "info", **environment}
    started = time.perf_counter()
    with _on_first_core():
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.bench.deployed",
            *program.arguments,
            cwd=ROOT,
            env={**inherited(), **settings},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
        )
    try:
        url = f"http://127.0.0.1:{port}/slack/events"
        # Longer than Slack waits, so that a slow program is measured, too.
        async with slack_users(servers, url, ack_timeout=TIMEOUT_SECONDS) as users:
            await _wait_for_first_ack(program, process, port, users)
            seconds = time.perf_counter() - started
            yield RunningProgram(program, psutil.Process(process.pid), users, seconds)
    finally:
        await _stop(process)


async def _wait_for_first_ack(
    program: Program, process: asyncio.subprocess.Process, port: int, users: SlackUsers
) -> None:
    async with asyncio.timeout(START_SECONDS):
        while not accepts(port):
            if process.returncode is not None:
                raise RuntimeError(f"{program.name} exited with {process.returncode}")
            await asyncio.sleep(_POLL_SECONDS)
        sent = await users.send_command(next(users.ids()))
        if sent.status != 200:
            raise RuntimeError(f"{program.name} acknowledged with {sent.status}")
    if program.posts_cards:
        await sent.card()


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def leave_first_core() -> None:
    """Run this process on the other cores, if there are any and the system has affinities."""
    if hasattr(os, "sched_setaffinity") and len(cores := sorted(os.sched_getaffinity(0))) > 1:
        os.sched_setaffinity(0, set(cores[1:]))


@contextmanager
def _on_first_core() -> Iterator[None]:
    """Run processes that are started meanwhile on the first core, if the system has affinities."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(_CORES)})
        yield
    finally:
        os.sched_setaffinity(0, before)
