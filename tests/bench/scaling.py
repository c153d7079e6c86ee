"""Whether the time of a lookup stays the same from ten lookups to ten thousand."""

from statistics import median
from typing import Final

from tests.bench.clients import send_sequentially
from tests.bench.processes import THIS_BOT, running
from tests.bench.report import Row
from tests.load.stub_servers import stub_servers

_SERIES: Final = ((10, 50), (100, 20), (1_000, 5), (10_000, 1))
"""Numbers of lookups, and how often each is repeated: a short series alone is inexact."""


async def measure() -> list[Row]:
    """Compare the time per lookup in each series with their median."""
    async with stub_servers() as servers, running(THIS_BOT, servers) as bot:
        await send_sequentially(bot, 500)  # warm-up
        seconds_by_count = {
            count: median(
                [(await send_sequentially(bot, count)).total / count for _ in range(repeats)]
            )
            for count, repeats in _SERIES
        }
    middle = median(seconds_by_count.values())
    ratio = max(max(each / middle, middle / each) for each in seconds_by_count.values())
    ours = ", ".join(f"{count:,}: {each * 1000:.2f} ms" for count, each in seconds_by_count.items())
    return [
        Row("growth: time of a lookup, of so many", ours, "their median", ratio, 1.15),
    ]
