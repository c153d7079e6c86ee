"""Whether ten thousand lookups take a thousand times as long as ten."""

from statistics import median
from typing import Final

from tests.bench.clients import in_turn
from tests.bench.processes import OURS, standing
from tests.bench.report import Row
from tests.load.outside import an_outside

_SERIES: Final = ((10, 50), (100, 20), (1_000, 5), (10_000, 1))
"""So many lookups, so often: a short series says little by itself."""


async def measure() -> list[Row]:
    """The time per lookup in each series; the one that is furthest off against their middle."""
    async with an_outside() as outside, standing(OURS, outside) as at_work:
        await in_turn(at_work, 500)  # warm
        each = {
            count: median([(await in_turn(at_work, count)).seconds / count for _ in range(times)])
            for count, times in _SERIES
        }
    middle = median(each.values())
    ratio = max(max(seconds / middle, middle / seconds) for seconds in each.values())
    ours = ", ".join(f"{count:,}: {seconds * 1000:.2f} ms" for count, seconds in each.items())
    return [
        Row("growth: time of a lookup, of so many", ours, "their median", ratio, 1.15),
    ]
