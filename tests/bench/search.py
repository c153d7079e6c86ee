"""A search that has to read a whole list: its requests and its memory."""

from typing import Final

from tests.bench.memory_sampler import MEBIBYTE, sampling_memory
from tests.bench.processes import THIS_BOT, running
from tests.bench.report import Row
from tests.load.stub_servers import stub_servers

_LOGS: Final = 10_000
_PAGES: Final = 50
_FEW_LOGS: Final = 1_000
_WITHOUT_RESULTS: Final = "find 99999999"


async def measure() -> list[Row]:
    """Compare requests and pages, and its memory with that of a search in a tenth of the list."""
    async with stub_servers() as servers, running(THIS_BOT, servers) as bot:
        peak_bytes = {}
        for logs in (_FEW_LOGS, _LOGS):
            servers.signalwire.list_length = logs
            before = servers.signalwire.requests
            async with sampling_memory(bot) as sampler:
                sent = await bot.users.send_command(_WITHOUT_RESULTS)
                await sent.post_with(f"Searched {logs:,} logs")
            peak_bytes[logs] = sampler.peak_bytes
        requests = servers.signalwire.requests - before
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
            f"{peak_bytes[_LOGS] / MEBIBYTE:.0f} MiB",
            f"over {_FEW_LOGS:,} logs: {peak_bytes[_FEW_LOGS] / MEBIBYTE:.0f} MiB",
            peak_bytes[_LOGS] / peak_bytes[_FEW_LOGS],
            1.1,
        ),
    ]
