"""A search that has to read all of a long list: how often it asks, and what it holds meanwhile."""

from typing import Final

from tests.bench.memory_sampler import MEBIBYTE, watching
from tests.bench.processes import OURS, standing
from tests.bench.report import Row
from tests.load.outside import an_outside

_LOGS: Final = 10_000
_PAGES: Final = 50
_FEW: Final = 1_000
_NOBODYS: Final = "find 99999999"


async def measure() -> list[Row]:
    """Requests against pages; memory against that of a search over a tenth of the list."""
    async with an_outside() as outside, standing(OURS, outside) as at_work:
        most = {}
        for logs in (_FEW, _LOGS):
            outside.signalwire.listed = logs
            before = outside.signalwire.requests
            async with watching(at_work) as watch:
                asked = await at_work.people.ask(_NOBODYS)
                await asked.saying(f"Searched {logs:,} logs")
            most[logs] = watch.most
        requests = outside.signalwire.requests - before
    return [
        Row(
            f"find over {_LOGS:,} logs",
            f"{requests} requests",
            f"pages: {_PAGES}",
            requests / _PAGES,
            1,
        ),
        Row(
            "its memory",
            f"{most[_LOGS] / MEBIBYTE:.0f} MiB",
            f"over {_FEW:,} logs: {most[_FEW] / MEBIBYTE:.0f} MiB",
            most[_LOGS] / most[_FEW],
            1.1,
        ),
    ]
