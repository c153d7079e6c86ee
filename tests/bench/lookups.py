"""Acknowledgements and cards: how fast for one person, and how many for thirty-two at once."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Final

from tests.bench.clients import Series, at_once, in_turn
from tests.bench.processes import BARE, FLOOR, OURS, SYNC, TUTORIAL, Contender, standing
from tests.bench.report import Row
from tests.load.outside import an_outside

CLIENTS: Final = 32
_ALONE, _TOGETHER, _SLOW_ALONE, _SLOW_TOGETHER = 200, 2000, 20, 128
_MILLISECONDS: Final = 1000


@dataclass
class _Taken:
    alone: list[Series] = field(default_factory=list)
    together: list[Series] = field(default_factory=list)

    @property
    def ack_p50(self) -> float:
        return median(series.ack(0.5) for series in self.alone) * _MILLISECONDS

    @property
    def ack_p99(self) -> float:
        return median(series.ack(0.99) for series in self.together) * _MILLISECONDS

    @property
    def card_p50(self) -> float:
        return median(series.card(0.5) for series in self.alone) * _MILLISECONDS

    @property
    def card_p99(self) -> float:
        return median(series.card(0.99) for series in self.together) * _MILLISECONDS

    @property
    def per_second(self) -> float:
        return median(series.per_second for series in self.together)


async def measure(
    rounds: int, tls: ssl.SSLContext | None, environment: Mapping[str, str]
) -> list[Row]:
    """Every contender in each round, one after the other; the medians of the rounds.

    Args:
        rounds: how many.
        tls: for SignalWire and Slack; None for plain HTTP.
        environment: what lets a contender trust them.
    """
    taken = {each.name: _Taken() for each in (OURS, BARE, FLOOR, SYNC, TUTORIAL)}
    async with an_outside(tls) as outside:
        for _ in range(rounds):
            for contender in (OURS, BARE, FLOOR, SYNC, TUTORIAL):
                alone, together = _counts(contender, encrypted=tls is not None)
                async with standing(contender, outside, **environment) as at_work:
                    await at_once(at_work, CLIENTS, together // 10)  # warm
                    series = taken[contender.name]
                    series.alone.append(await in_turn(at_work, alone))
                    series.together.append(await at_once(at_work, CLIENTS, together))
    over = "over TLS" if tls else "over plain HTTP"
    ours, floor = taken[OURS.name], taken[FLOOR.name]
    latencies = _latencies(ours, taken[BARE.name], floor) if tls else []
    return latencies + [
        _cards(over, ours, name, taken[name], goal)
        for name, goal in ((TUTORIAL.name, 15), (SYNC.name, 2.5), (FLOOR.name, 0.85))
    ]


def _counts(contender: Contender, *, encrypted: bool) -> tuple[int, int]:
    is_slow = contender is TUTORIAL or (contender is SYNC and encrypted)
    return (_SLOW_ALONE, _SLOW_TOGETHER) if is_slow else (_ALONE, _TOGETHER)


def _latencies(ours: _Taken, bare: _Taken, floor: _Taken) -> list[Row]:
    together = f"{CLIENTS} clients"
    return [
        _latency("time to the card, one client, p50", ours.card_p50, FLOOR, floor.card_p50, 1.3),
        _latency(f"time to the card, {together}, p99", ours.card_p99, FLOOR, floor.card_p99, 1),
        _latency("ack p50, one client", ours.ack_p50, BARE, bare.ack_p50, 1 / 6),
        _latency(f"ack p99, {together}", ours.ack_p99, FLOOR, floor.ack_p99, 1.5),
    ]


def _latency(figure: str, ours: float, contender: Contender, other: float, goal: float) -> Row:
    return Row(figure, f"{ours:.2f} ms", f"{contender.name}: {other:.2f} ms", ours / other, goal)


def _cards(over: str, ours: _Taken, name: str, other: _Taken, goal: float) -> Row:
    return Row(
        f"cards a second, {CLIENTS} clients, {over}",
        f"{ours.per_second:.0f}",
        f"{name}: {other.per_second:.0f}",
        ours.per_second / other.per_second,
        goal,
        at_least=True,
    )
