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
    """Checks the projects, and caches the results for CACHE_SECONDS.

    Args:
        clients: the SignalWire projects.
        elapsed: a monotonic clock, in seconds.
    """

    def __init__(
        self, clients: Sequence[SignalWireClient], *, elapsed: Callable[[], float]
    ) -> None:
        self._clients = clients
        self._elapsed = elapsed
        self._checks: TTLCache[str, asyncio.Task[ProjectHealth]] = TTLCache(
            max(len(clients), 1), CACHE_SECONDS, elapsed
        )

    def cached(self) -> Sequence[ProjectHealth] | None:
        """Return the cached results; None unless there is one for each project."""
        checks = [self._checks.get(client.name) for client in self._clients]
        results = [task.result() for task in checks if task is not None and task.done()]
        return results if len(results) == len(self._clients) else None

    async def probe(self) -> Sequence[ProjectHealth]:
        """Check the projects; concurrent calls share one check of a project."""
        # Shielded: cancelling one call must not cancel those that share its check.
        return await asyncio.gather(
            *(asyncio.shield(self._check(client)) for client in self._clients)
        )

    async def close(self) -> None:
        """Cancel the checks that are still running."""
        tasks = list(self._checks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _check(self, client: SignalWireClient) -> asyncio.Task[ProjectHealth]:
        task = self._checks.get(client.name)
        if task is None:
            # The result is shared, so the check isn't limited as one user's request.
            token = current_user_id.set(None)
            try:
                task = asyncio.create_task(self._probe(client))
            finally:
                current_user_id.reset(token)
            self._checks[client.name] = task
        return task

    async def _probe(self, client: SignalWireClient) -> ProjectHealth:
        started = self._elapsed()
        error: PartError | None
        try:
            error = await health.probe(client)
        except Exception:  # noqa: BLE001 - one project's exception must not hide the others
            _log.exception("health_check.failed", project=client.name)
            error = "internal_error"
        return ProjectHealth(client.name, error, round((self._elapsed() - started) * 1000))
