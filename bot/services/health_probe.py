"""How each SignalWire project answers, asked for at most once in a while however many want to know.

Whoever opens the Home tab or types `/voicelog status` asks; a project that is asked each time could
be made to answer as often as anybody likes.
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
"""Longer than a project may take to answer, so that no two questions to it are ever under way."""

_log = structlog.stdlib.get_logger(__name__)


class HealthProbe:
    """Asks the projects how they are, and keeps what they say for `SECONDS_KEPT`.

    Args:
        clients: the SignalWire projects.
        elapsed: a clock that only counts, in seconds.
    """

    def __init__(
        self, clients: Sequence[SignalWireClient], *, elapsed: Callable[[], float]
    ) -> None:
        self._clients = clients
        self._elapsed = elapsed
        self._asked: TTLCache[str, asyncio.Task[ProjectHealth]] = TTLCache(
            max(len(clients), 1), CACHE_SECONDS, elapsed
        )

    def known(self) -> Sequence[ProjectHealth] | None:
        """How the projects are, if that is known of all of them just now."""
        asked = [self._asked.get(client.name) for client in self._clients]
        answers = [task.result() for task in asked if task is not None and task.done()]
        return answers if len(answers) == len(self._clients) else None

    async def probe(self) -> Sequence[ProjectHealth]:
        """How the projects are. Who comes while one is being asked waits for the same answer."""
        # Shielded: whoever stops waiting must not take the others' answer away.
        return await asyncio.gather(
            *(asyncio.shield(self._answer(client)) for client in self._clients)
        )

    async def close(self) -> None:
        """Give up what nobody waits for any more."""
        tasks = list(self._asked.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _answer(self, client: SignalWireClient) -> asyncio.Task[ProjectHealth]:
        task = self._asked.get(client.name)
        if task is None:
            # On nobody's behalf: the answer is everybody's.
            begun = current_user_id.set(None)
            try:
                task = asyncio.create_task(self._probe(client))
            finally:
                current_user_id.reset(begun)
            self._asked[client.name] = task
        return task

    async def _probe(self, client: SignalWireClient) -> ProjectHealth:
        started = self._elapsed()
        error: PartError | None
        try:
            error = await health.probe(client)
        except Exception:  # noqa: BLE001 - one project's fault must leave the others
            _log.exception("status.failed", project=client.name)
            error = "broken"
        return ProjectHealth(client.name, error, round((self._elapsed() - started) * 1000))
