"""The bot and its peers as processes, each on a core of its own beside everything else."""

import asyncio
import os
import socket
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

from tests.e2e.bot_process import accepts
from tests.load.outside import Outside
from tests.load.people import People, some_people

ROOT: Final = Path(__file__).parent.parent.parent
START_SECONDS: Final = 20.0
STOP_SECONDS: Final = 20.0
_LOOK_EVERY_SECONDS: Final = 0.005
_CORES: Final = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else {0}


@dataclass(frozen=True)
class Contender:
    """Something that answers `/voicelog`.

    Attributes:
        name: for the table.
        command: what comes after `python -m`.
        gives_cards: whether it looks anything up.
    """

    name: str
    command: Sequence[str]
    gives_cards: bool = True


OURS: Final = Contender("this bot", ("bot",))
BARE: Final = Contender("bare Bolt", ("tests.bench.peers.bare",), gives_cards=False)
TUTORIAL: Final = Contender("tutorial bot", ("tests.bench.peers.tutorial",))
SYNC: Final = Contender(
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
FLOOR: Final = Contender("floor", ("tests.bench.peers.floor",))


class Standing:
    """A contender at work, and the people who ask it.

    Attributes:
        name: the contender's.
        gives_cards: whether it looks anything up.
        people: ask it.
        start_seconds: from exec to the first acknowledged command.
    """

    def __init__(
        self, contender: Contender, process: psutil.Process, people: People, start_seconds: float
    ) -> None:
        self.name: Final = contender.name
        self.gives_cards: Final = contender.gives_cards
        self._process = process
        self.people: Final = people
        self.start_seconds: Final = start_seconds

    @property
    def resident_bytes(self) -> int:
        """What it and its children hold in memory now."""
        processes = [self._process, *self._process.children(recursive=True)]
        return sum(process.memory_info().rss for process in processes)


@asynccontextmanager
async def standing(
    contender: Contender, outside: Outside, **environment: str
) -> AsyncIterator[Standing]:
    """Start a contender, wait for its first acknowledgment, and stop it at the end."""
    port = _free_port()
    settings = {**outside.settings, "PORT": str(port), "LOG_LEVEL": "info", **environment}
    began = time.perf_counter()
    with _on_first_core():
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.bench.deployed",
            *contender.command,
            cwd=ROOT,
            env={**_inherited(), **settings},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
        )
    try:
        async with some_people(outside, f"http://127.0.0.1:{port}/slack/events") as people:
            await _first_ack(people, contender, port, process)
            start_seconds = time.perf_counter() - began
            yield Standing(contender, psutil.Process(process.pid), people, start_seconds)
    finally:
        await _stop(process)


async def _first_ack(
    people: People, contender: Contender, port: int, process: asyncio.subprocess.Process
) -> None:
    async with asyncio.timeout(START_SECONDS):
        while not accepts(port):
            if process.returncode is not None:
                raise RuntimeError(f"{contender.name} ended with {process.returncode}")
            await asyncio.sleep(_LOOK_EVERY_SECONDS)
        asked = await people.ask(next(people.ids()))
        if asked.status != 200:
            raise RuntimeError(f"{contender.name} acknowledged with {asked.status}")
    if contender.gives_cards:
        await asked.card()


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def _inherited() -> Mapping[str, str]:
    return {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}


def stay_off_its_core() -> None:
    """Leave the first core to the contenders, where there is another and the system lets one."""
    if hasattr(os, "sched_setaffinity") and len(cores := sorted(os.sched_getaffinity(0))) > 1:
        os.sched_setaffinity(0, set(cores[1:]))


@contextmanager
def _on_first_core() -> Iterator[None]:
    """What is started meanwhile stays on the first core, where the system lets one choose."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(_CORES)})
        yield
    finally:
        os.sched_setaffinity(0, before)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
