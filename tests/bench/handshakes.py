"""TLS handshakes for two hundred lookups in turn, counted on both sides."""

import ssl
from collections.abc import Mapping
from typing import Final

from tests.bench.clients import in_turn
from tests.bench.processes import OURS, TUTORIAL, Contender, standing
from tests.bench.report import Row
from tests.load.outside import an_outside

_LOOKUPS: Final = 200
_AT_MOST: Final = 8


async def measure(tls: ssl.SSLContext, environment: Mapping[str, str]) -> list[Row]:
    """How many this bot and the tutorial's need, its start included."""
    ours = await _count(OURS, tls, environment)
    tutorial = await _count(TUTORIAL, tls, environment)
    return [
        Row(
            f"TLS handshakes for {_LOOKUPS} lookups",
            str(ours),
            f"goal of {_AT_MOST} ({TUTORIAL.name}: {tutorial})",
            ours / _AT_MOST,
            1,
        )
    ]


async def _count(contender: Contender, tls: ssl.SSLContext, environment: Mapping[str, str]) -> int:
    async with (
        an_outside(tls) as outside,
        standing(contender, outside, **environment) as at_work,
    ):
        await in_turn(at_work, _LOOKUPS - 1)  # the first one was for the start
        return outside.connections
