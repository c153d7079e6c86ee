"""`/voicelog status` and the App Home: the version, the projects, and what the asker may do."""

import asyncio
import time
from collections.abc import Callable, Sequence

import structlog

from bot import checks
from bot.access import Access, Caller
from bot.cards import standing as cards
from bot.cards.blocks import Message
from bot.desks.reception import Reception, Visit
from bot.report import Health, Trouble
from bot.signalwire.client import SignalWireClient
from bot.windows import WindowError, Windows

_log = structlog.stdlib.get_logger(__name__)


class Standing:
    """Says where people stand.

    Args:
        reception: sees requests through.
        access: knows who may do what.
        windows: publishes Home tabs.
        clients: the SignalWire projects.
        elapsed: a clock that only counts, in seconds.
    """

    def __init__(
        self,
        *,
        reception: Reception,
        access: Access,
        windows: Windows,
        clients: Sequence[SignalWireClient],
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._reception = reception
        self._access = access
        self._windows = windows
        self._clients = clients
        self._elapsed = elapsed

    def take(self, visit: Visit) -> Message | None:
        """Begin to answer `/voicelog status`, for anybody; or what to say instead."""
        return self._reception.begin(visit, lambda: self._status(visit))

    def greet(self, visit: Visit) -> Message | None:
        """Begin to fill somebody's Home tab; or what would be said instead, if there were room."""
        return self._reception.begin(visit, lambda: self._home(visit))

    async def _status(self, visit: Visit) -> None:
        message = cards.status(
            await self._healths(visit.caller), self._access.refusal(visit.caller)
        )
        await self._reception.post(visit, message)

    async def _home(self, visit: Visit) -> None:
        caller, refusal = visit.caller, self._access.refusal(visit.caller)
        try:
            await self._windows.publish(caller.user_id, cards.home(None, refusal))
            healths = await self._healths(caller)
            await self._windows.publish(caller.user_id, cards.home(healths, refusal))
        except WindowError as error:
            _log.error("home.failed", ref=visit.reference, reason=error.reason)

    async def _healths(self, caller: Caller) -> Sequence[Health]:
        refusal = self._access.refusal(caller)
        if refusal is not None and refusal.reason == "team":
            return ()  # somebody of another company, whom the projects don't concern
        return await asyncio.gather(*(self._health(client) for client in self._clients))

    async def _health(self, client: SignalWireClient) -> Health:
        started = self._elapsed()
        trouble: Trouble | None
        try:
            trouble = await checks.probe(client)
        except Exception:  # noqa: BLE001 - one project's fault must leave the others
            _log.exception("status.fault", project=client.name)
            trouble = "broken"
        return Health(client.name, trouble, round((self._elapsed() - started) * 1000))
