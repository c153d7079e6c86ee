"""Checks the SignalWire projects for the Home tab and `/voicelog status`.

The results are cached, so that no user can make the bot send requests at will.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

import structlog
from cachetools import TTLCache

from bot.runtime.fair_semaphore import current_user_id
from bot.services import health
from bot.signalwire.client import SignalWireClient
from bot.voicelogs.results import PartError, ProjectHealth

CACHE_SECONDS: Final = 10.0
"""Longer than a check may take, so that a project is never checked twice at once."""

_log = structlog.stdlib.get_logger(__name__)


class HealthProbe:
    """Checks the projects, and caches the results. `elapsed` is a monotonic clock, in seconds."""

    def __init__(
        self, clients: Sequence[SignalWireClient], *, elapsed: Callable[[], float]
    ) -> None:
        self._clients = clients
        self._elapsed = elapsed
        # One entry, which expires.
        self._checks: TTLCache[None, asyncio.Future[list[ProjectHealth]]] = TTLCache(
            1, CACHE_SECONDS, elapsed
        )

    def cached(self) -> Sequence[ProjectHealth] | None:
        """Return the cached results; None if there are none, or not of every project yet."""
        check = self._checks.get(None)
        return check.result() if check is not None and check.done() else None

    async def probe(self) -> Sequence[ProjectHealth]:
        """Check the projects, or wait for the results of a check that has begun."""
        check = self._checks.get(None)
        if check is None:
            # The results are shared, so the check isn't limited as one user's request.
            token = current_user_id.set(None)
            try:
                check = self._checks[None] = asyncio.gather(*map(self._check, self._clients))
            finally:
                current_user_id.reset(token)
        # Shielded: if one user's request is cancelled, the others still need the results.
        return await asyncio.shield(check)

    async def close(self) -> None:
        """Cancel the check if it is still running."""
        for check in self._checks.values():
            check.cancel()
            await asyncio.gather(check, return_exceptions=True)

    async def _check(self, client: SignalWireClient) -> ProjectHealth:
        started = self._elapsed()
        error: PartError | None
        try:
            error = await health.probe(client)
        except Exception:  # noqa: BLE001 - one project's exception must not hide the others
            _log.exception("health_check.failed", project=client.name)
            error = "internal_error"
        return ProjectHealth(client.name, error, round((self._elapsed() - started) * 1000))
