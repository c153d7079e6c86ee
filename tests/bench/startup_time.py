"""The time from exec to the first acknowledged command."""

from statistics import median
from typing import Final

from tests.bench.processes import BARE_BOLT, THIS_BOT, Program, running
from tests.bench.report import Row
from tests.load.stub_servers import StubServers, stub_servers

_STARTS_PER_ROUND: Final = 4


async def measure(rounds: int) -> list[Row]:
    """Start this bot and bare Bolt alternately, and compare the medians."""
    ours: list[float] = []
    bare: list[float] = []
    async with stub_servers() as servers:
        for _ in range(rounds * _STARTS_PER_ROUND):
            ours.append(await _seconds(THIS_BOT, servers))
            bare.append(await _seconds(BARE_BOLT, servers))
    return [
        Row(
            "exec to first ack",
            f"{median(ours):.2f} s",
            f"{BARE_BOLT.name}: {median(bare):.2f} s",
            median(ours) / median(bare),
            1.5,
        )
    ]


async def _seconds(program: Program, servers: StubServers) -> float:
    async with running(program, servers) as bot:
        return bot.start_seconds
