"""`/voicelog status` and the App Home: the version, the projects, and what the asker may do.

Who may look nothing up is told only that: on their behalf nothing is asked of SignalWire.
"""

import structlog

from bot.access import Denial
from bot.services.health_probe import HealthProbe
from bot.services.runner import Interaction, Runner
from bot.slack.views import ViewError, Views
from bot.ui import status
from bot.ui.block_kit import Message

_log = structlog.stdlib.get_logger(__name__)


class StatusService:
    """Says where people stand.

    Args:
        reception: lets people in, and sees requests through.
        windows: publishes Home tabs.
        health: knows how the SignalWire projects are.
    """

    def __init__(self, *, reception: Runner, windows: Views, health: HealthProbe) -> None:
        self._reception = reception
        self._windows = windows
        self._health = health

    def start(self, visit: Interaction) -> Message | None:
        """Begin to answer `/voicelog status`; or what to say instead."""
        refusal = self._reception.authorize(visit, "status")
        return self._reception.run(visit, lambda: self._status(visit, refusal))

    def publish_home(self, visit: Interaction) -> Message | None:
        """Begin to fill somebody's Home tab; or what would be said instead, if there were room."""
        refusal = self._reception.authorize(visit, "home")
        return self._reception.run(visit, lambda: self._home(visit, refusal))

    async def _status(self, visit: Interaction, refusal: Denial | None) -> None:
        healths = await self._health.probe() if refusal is None else ()
        await self._reception.post(visit, status.status(healths, refusal))

    async def _home(self, visit: Interaction, refusal: Denial | None) -> None:
        healths = self._health.known() if refusal is None else ()
        try:
            if healths is None:
                await self._windows.publish(visit.actor.user_id, status.home(None, refusal))
                healths = await self._health.probe()
            await self._windows.publish(visit.actor.user_id, status.home(healths, refusal))
        except ViewError as error:
            _log.error("home.failed", ref=visit.request_id, reason=error.reason)
