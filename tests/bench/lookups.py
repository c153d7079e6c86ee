"""Times to the ack and to the card, with one client and with 32 at once."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Final

from tests.bench.clients import Timings, send_concurrently, send_sequentially
from tests.bench.processes import BARE_BOLT, FLOOR, SYNC, THIS_BOT, TUTORIAL, Program, running
from tests.bench.report import Row
from tests.load.stub_servers import stub_servers

CLIENTS: Final = 32
_SEQUENTIAL, _CONCURRENT, _SLOW_SEQUENTIAL, _SLOW_CONCURRENT = 200, 2000, 20, 128


@dataclass
class _Rounds:
    """The timings of a program in each round; the properties are medians, in milliseconds."""

    sequential: list[Timings] = field(default_factory=list)
    concurrent: list[Timings] = field(default_factory=list)

    @property
    def ack_p50(self) -> float:
        return 1000 * median(timings.ack(0.5) for timings in self.sequential)

    @property
    def ack_p99(self) -> float:
        return 1000 * median(timings.ack(0.99) for timings in self.concurrent)

    @property
    def card_p50(self) -> float:
        return 1000 * median(timings.card(0.5) for timings in self.sequential)

    @property
    def card_p99(self) -> float:
        return 1000 * median(timings.card(0.99) for timings in self.concurrent)

    @property
    def per_second(self) -> float:
        return median(timings.per_second for timings in self.concurrent)


async def measure(
    rounds: int, tls: ssl.SSLContext | None, environment: Mapping[str, str]
) -> list[Row]:
    """Measure the programs alternately, and compare the medians of the rounds.

    Args:
        rounds: how many.
        tls: for SignalWire and Slack; None for plain HTTP.
        environment: variables that make a program trust the stubs' certificates.
    """
    programs = (THIS_BOT, BARE_BOLT, FLOOR, SYNC, TUTORIAL)
    results = {program.name: _Rounds() for program in programs}
    async with stub_servers(tls) as servers:
        for _ in range(rounds):
            for program in programs:
                sequential, concurrent = _counts(program, encrypted=tls is not None)
                async with running(program, servers, **environment) as bot:
                    await send_concurrently(bot, CLIENTS, concurrent // 10)  # warm-up
                    result = results[program.name]
                    result.sequential.append(await send_sequentially(bot, sequential))
                    result.concurrent.append(await send_concurrently(bot, CLIENTS, concurrent))
    protocol = "over TLS" if tls else "over plain HTTP"
    ours, floor = results[THIS_BOT.name], results[FLOOR.name]
    latencies = _latencies(ours, results[BARE_BOLT.name], floor) if tls else []
    return latencies + [
        _throughput(protocol, ours, name, results[name], goal)
        for name, goal in ((TUTORIAL.name, 15), (SYNC.name, 2.5), (FLOOR.name, 0.85))
    ]


def _counts(program: Program, *, encrypted: bool) -> tuple[int, int]:
    is_slow = program is TUTORIAL or (program is SYNC and encrypted)
    return (_SLOW_SEQUENTIAL, _SLOW_CONCURRENT) if is_slow else (_SEQUENTIAL, _CONCURRENT)


def _latencies(ours: _Rounds, bare: _Rounds, floor: _Rounds) -> list[Row]:
    concurrent = f"{CLIENTS} clients"
    return [
        _latency("time to the card, one client, p50", ours.card_p50, FLOOR, floor.card_p50, 1.3),
        _latency(f"time to the card, {concurrent}, p99", ours.card_p99, FLOOR, floor.card_p99, 1),
        _latency("ack p50, one client", ours.ack_p50, BARE_BOLT, bare.ack_p50, 1 / 6),
        _latency(f"ack p99, {concurrent}", ours.ack_p99, FLOOR, floor.ack_p99, 1.5),
    ]


def _latency(figure: str, ours: float, program: Program, other: float, goal: float) -> Row:
    return Row(figure, f"{ours:.2f} ms", f"{program.name}: {other:.2f} ms", ours / other, goal)


def _throughput(protocol: str, ours: _Rounds, name: str, other: _Rounds, goal: float) -> Row:
    return Row(
        f"cards a second, {CLIENTS} clients, {protocol}",
        f"{ours.per_second:.0f}",
        f"{name}: {other.per_second:.0f}",
        ours.per_second / other.per_second,
        goal,
        at_least=True,
    )
