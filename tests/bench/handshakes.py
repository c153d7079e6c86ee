"""TLS handshakes for two hundred sequential lookups."""

import ssl
from collections.abc import Mapping
from typing import Final

from tests.bench.clients import send_sequentially
from tests.bench.processes import THIS_BOT, TUTORIAL, Program, running
from tests.bench.report import Row
from tests.load.stub_servers import stub_servers

_LOOKUPS: Final = 200
_GOAL: Final = 8


async def measure(tls: ssl.SSLContext, environment: Mapping[str, str]) -> list[Row]:
    """Count those of this bot and of the tutorial's, including those at startup."""
    ours = await _count(THIS_BOT, tls, environment)
    tutorial = await _count(TUTORIAL, tls, environment)
    return [
        Row(
            f"TLS handshakes for {_LOOKUPS} lookups",
            str(ours),
            f"goal of {_GOAL} ({TUTORIAL.name}: {tutorial})",
            ours / _GOAL,
            1,
        )
    ]


async def _count(program: Program, tls: ssl.SSLContext, environment: Mapping[str, str]) -> int:
    async with stub_servers(tls) as servers, running(program, servers, **environment) as bot:
        await send_sequentially(bot, _LOOKUPS - 1)  # the first one was sent at startup
        return servers.connections
