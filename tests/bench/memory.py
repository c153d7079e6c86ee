"""A thousand lookups in flight: what they take of memory, and whether all of them are answered."""

import asyncio
from typing import Final

from tests.bench.clients import Series, ask
from tests.bench.memory_sampler import MEBIBYTE, watching
from tests.bench.processes import OURS, standing
from tests.bench.report import Row
from tests.load.outside import an_outside
from tests.load.people import Asked

_PEOPLE: Final = 1000
_ARRIVE_SECONDS: Final = 1.0
_SIGNALWIRE_SECONDS: Final = 2.0
"""The last of them come while the first are still waiting."""
_TENTH_OF_SLACKS: Final = 0.3
_IDLE_MEBIBYTES: Final = 62


async def measure() -> list[Row]:
    """Memory against idle, cards against lookups, acknowledgments against Slack's patience."""
    async with an_outside() as outside, standing(OURS, outside) as at_work:
        idle = at_work.resident_bytes
        outside.signalwire.latency_seconds = _SIGNALWIRE_SECONDS
        ids = at_work.people.ids()

        async def come(number: int) -> Asked:
            await asyncio.sleep(_ARRIVE_SECONDS * number / _PEOPLE)
            return await ask(at_work, next(ids), f"U{number}")

        async with watching(at_work) as watch:
            asked = await asyncio.gather(*map(come, range(_PEOPLE)))
        cards = sum([b"Completed" in await each.card() for each in asked])
    p99 = Series([each.ack_seconds for each in asked], [], 1).ack(0.99)
    return [
        Row(
            "memory, idle",
            f"{idle / MEBIBYTE:.0f} MiB",
            f"goal of {_IDLE_MEBIBYTES}",
            idle / MEBIBYTE / _IDLE_MEBIBYTES,
            1,
        ),
        Row(
            f"memory, {_PEOPLE:,} lookups in flight",
            f"{watch.most / MEBIBYTE:.0f} MiB",
            f"idle: {idle / MEBIBYTE:.0f} MiB",
            watch.most / idle,
            1.35,
        ),
        Row("their cards", str(cards), f"lookups: {_PEOPLE}", cards / _PEOPLE, 1, at_least=True),
        Row(
            "their ack p99",
            f"{p99 * 1000:.0f} ms",
            f"a tenth of Slack's 3 s: {_TENTH_OF_SLACKS * 1000:.0f} ms",
            p99 / _TENTH_OF_SLACKS,
            1,
        ),
    ]
