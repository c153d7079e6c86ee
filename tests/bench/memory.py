"""The memory of the bot: idle, and with a thousand lookups in flight."""

import asyncio
from typing import Final

from tests.bench.clients import Timings, send
from tests.bench.memory_sampler import MEBIBYTE, sampling_memory
from tests.bench.processes import THIS_BOT, running
from tests.bench.report import Row
from tests.load.slack_users import SentRequest
from tests.load.stub_servers import stub_servers

_LOOKUPS: Final = 1000
_SENT_WITHIN_SECONDS: Final = 1.0
_SIGNALWIRE_SECONDS: Final = 2.0
"""Long enough for all lookups to be in flight at once."""
_TENTH_OF_ACK_LIMIT: Final = 0.3
_IDLE_GOAL_MEBIBYTES: Final = 62


async def measure() -> list[Row]:
    """Compare its memory in flight and idle, cards and lookups, and ack times and Slack's limit."""
    async with stub_servers() as servers, running(THIS_BOT, servers) as bot:
        idle = bot.resident_bytes
        servers.signalwire.latency_seconds = _SIGNALWIRE_SECONDS
        ids = bot.users.ids()

        async def send_later(number: int) -> SentRequest:
            await asyncio.sleep(_SENT_WITHIN_SECONDS * number / _LOOKUPS)
            return await send(bot, next(ids), f"U{number}")

        async with sampling_memory(bot) as sampler:
            sent = await asyncio.gather(*map(send_later, range(_LOOKUPS)))
        cards = sum([b"Completed" in await each.card() for each in sent])
    p99 = Timings([each.ack_seconds for each in sent], [], 1).ack(0.99)
    return [
        Row(
            "memory, idle",
            f"{idle / MEBIBYTE:.0f} MiB",
            f"goal of {_IDLE_GOAL_MEBIBYTES}",
            idle / MEBIBYTE / _IDLE_GOAL_MEBIBYTES,
            1,
        ),
        Row(
            f"memory, {_LOOKUPS:,} lookups in flight",
            f"{sampler.peak_bytes / MEBIBYTE:.0f} MiB",
            f"idle: {idle / MEBIBYTE:.0f} MiB",
            sampler.peak_bytes / idle,
            1.35,
        ),
        Row("their cards", str(cards), f"lookups: {_LOOKUPS}", cards / _LOOKUPS, 1, at_least=True),
        Row(
            "their ack p99",
            f"{p99 * 1000:.0f} ms",
            f"a tenth of Slack's 3 s: {_TENTH_OF_ACK_LIMIT * 1000:.0f} ms",
            p99 / _TENTH_OF_ACK_LIMIT,
            1,
        ),
    ]
