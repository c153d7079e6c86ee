"""From exec to the first acknowledged command."""

from statistics import median
from typing import Final

from tests.bench.processes import BARE, OURS, Contender, standing
from tests.bench.report import Row
from tests.load.outside import Outside, an_outside

_STARTS_A_ROUND: Final = 4


async def measure(rounds: int) -> list[Row]:
    """This bot and bare Bolt in turn, the medians."""
    ours: list[float] = []
    bare: list[float] = []
    async with an_outside() as outside:
        for _ in range(rounds * _STARTS_A_ROUND):
            ours.append(await _seconds(OURS, outside))
            bare.append(await _seconds(BARE, outside))
    return [
        Row(
            "exec to first ack",
            f"{median(ours):.2f} s",
            f"{BARE.name}: {median(bare):.2f} s",
            median(ours) / median(bare),
            1.5,
        )
    ]


async def _seconds(contender: Contender, outside: Outside) -> float:
    async with standing(contender, outside) as at_work:
        return at_work.start_seconds
