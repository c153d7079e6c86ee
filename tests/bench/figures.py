"""All figures but the times of lookups: connections, sizes, memory, startup, growth, search."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib.metadata import distribution
from pathlib import Path
from statistics import median
from typing import Final

from tests.bench.clients import Timings, send, send_sequentially
from tests.bench.processes import BARE_BOLT, THIS_BOT, TUTORIAL, Program, RunningProgram, running
from tests.bench.report import Row
from tests.e2e.bot_process import ROOT
from tests.load.slack_users import SentRequest
from tests.load.stub_servers import StubServers, stub_servers

_MEBIBYTE: Final = 1024 * 1024
_SERIES: Final = ((10, 50), (100, 20), (1_000, 5), (10_000, 1))
"""Numbers of lookups, and how often each is repeated: a short series alone is inexact."""
_PINNED: Final = re.compile(r"^([\w.-]+)==", re.MULTILINE)


def _mib(size: float) -> str:
    return f"{size / _MEBIBYTE:.0f} MiB"


async def handshakes(tls: ssl.SSLContext, environment: Mapping[str, str]) -> list[Row]:
    """Count the TLS handshakes for two hundred sequential lookups, with those at startup."""
    lookups, goal = 200, 8

    async def count(program: Program) -> int:
        async with stub_servers(tls) as servers, running(program, servers, **environment) as bot:
            await send_sequentially(bot, lookups - 1)  # the first one was sent at startup
            return servers.connections

    ours, tutorial = await count(THIS_BOT), await count(TUTORIAL)
    other = f"goal of {goal} ({TUTORIAL.name}: {tutorial})"
    return [Row(f"TLS handshakes for {lookups} lookups", str(ours), other, ours / goal, 1)]


async def installed() -> list[Row]:
    """Add up the files of all requirements, with the `.pyc` files that pip compiles."""
    goal = 65
    names = _PINNED.findall((ROOT / "requirements.txt").read_text())
    files = [Path(file.locate()) for name in names for file in distribution(name).files or ()]
    size = sum(path.stat().st_size for path in files if path.is_file())
    return [Row("installed libraries", _mib(size), f"goal of {goal}", size / _MEBIBYTE / goal, 1)]


async def startup(rounds: int) -> list[Row]:
    """Start this bot and bare Bolt alternately; compare the times from exec to the first ack."""
    ours: list[float] = []
    bare: list[float] = []

    async def seconds(program: Program, servers: StubServers) -> float:
        async with running(program, servers) as bot:
            return bot.start_seconds

    async with stub_servers() as servers:
        for _ in range(4 * rounds):
            ours.append(await seconds(THIS_BOT, servers))
            bare.append(await seconds(BARE_BOLT, servers))
    other = f"{BARE_BOLT.name}: {median(bare):.2f} s"
    ratio = median(ours) / median(bare)
    return [Row("exec to first ack", f"{median(ours):.2f} s", other, ratio, 1.5)]


async def growth() -> list[Row]:
    """Compare the time per lookup in each series, of ten to ten thousand, with their median."""
    async with stub_servers() as servers, running(THIS_BOT, servers) as bot:
        await send_sequentially(bot, 500)  # warm-up
        seconds = {
            count: median(
                [(await send_sequentially(bot, count)).total / count for _ in range(repeats)]
            )
            for count, repeats in _SERIES
        }
    middle = median(seconds.values())
    ratio = max(max(each / middle, middle / each) for each in seconds.values())
    ours = ", ".join(f"{count:,}: {each * 1000:.2f} ms" for count, each in seconds.items())
    return [Row("growth: time of a lookup, of so many", ours, "their median", ratio, 1.15)]


async def search() -> list[Row]:
    """Search a whole list: compare requests and pages, and its memory with that of a tenth."""
    few, all_, pages = 1_000, 10_000, 50
    peaks = {}
    async with stub_servers() as servers, running(THIS_BOT, servers) as bot:
        for logs in (few, all_):
            servers.signalwire.list_length = logs
            before = servers.signalwire.requests
            async with _sampling_memory(bot) as peak:
                sent = await bot.users.send_command("find 99999999")
                await sent.post_with(f"Searched {logs:,} logs")
            peaks[logs] = max(peak)
        requests = servers.signalwire.requests - before
    other = f"over {few:,} logs: {_mib(peaks[few])}"
    return [
        Row(
            f"find over {all_:,} logs",
            f"{requests} requests",
            f"pages: {pages}",
            requests / pages,
            1,
        ),
        Row("its memory", _mib(peaks[all_]), other, peaks[all_] / peaks[few], 1.1),
    ]


async def memory() -> list[Row]:
    """Compare memory idle and with lookups in flight, cards and lookups, acks and Slack's limit."""
    lookups, goal, tenth_of_ack_limit = 1000, 62, 0.3
    async with stub_servers() as servers, running(THIS_BOT, servers) as bot:
        idle = bot.resident_bytes
        servers.signalwire.latency_seconds = 2.0  # long enough for all to be in flight at once
        ids = bot.users.ids()

        async def send_within_a_second(number: int) -> SentRequest:
            await asyncio.sleep(number / lookups)
            return await send(bot, next(ids), f"U{number}")

        async with _sampling_memory(bot) as peak:
            sent = await asyncio.gather(*map(send_within_a_second, range(lookups)))
        cards = sum([b"Completed" in await each.card() for each in sent])
    p99 = Timings([each.ack_seconds for each in sent], [], 1).ack(0.99)
    limit = f"a tenth of Slack's 3 s: {tenth_of_ack_limit * 1000:.0f} ms"
    in_flight = f"memory, {lookups:,} lookups in flight"
    return [
        Row("memory, idle", _mib(idle), f"goal of {goal}", idle / _MEBIBYTE / goal, 1),
        Row(in_flight, _mib(max(peak)), f"idle: {_mib(idle)}", max(peak) / idle, 1.35),
        Row("their cards", str(cards), f"lookups: {lookups}", cards / lookups, 1, at_least=True),
        Row("their ack p99", f"{p99 * 1000:.0f} ms", limit, p99 / tenth_of_ack_limit, 1),
    ]


@asynccontextmanager
async def _sampling_memory(bot: RunningProgram) -> AsyncIterator[list[int]]:
    """Sample the memory of a program meanwhile, in bytes."""
    samples = [bot.resident_bytes]

    async def sample() -> None:
        while True:
            samples.append(bot.resident_bytes)
            await asyncio.sleep(0.02)

    task = asyncio.create_task(sample())
    try:
        yield samples
    finally:
        task.cancel()
        await asyncio.wait({task})
