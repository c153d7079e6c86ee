"""`/voicelog status` and the App Home: the version, the projects, and what the asker may do.

Who may look nothing up is told only that: on their behalf nothing is asked of SignalWire.
"""

import structlog

from bot.access import Denial
from bot.services.health_probe import HealthProbe
from bot.services.runner import Runner
from bot.slack.interaction import Interaction
from bot.slack.views import ViewError, Views
from bot.ui import status
from bot.ui.block_kit import Message

_log = structlog.stdlib.get_logger(__name__)


class StatusService:
    """Answers `/voicelog status`, and publishes the Home tab."""

    def __init__(self, *, runner: Runner, windows: Views, health: HealthProbe) -> None:
        self._runner = runner
        self._windows = windows
        self._health = health

    def start(self, interaction: Interaction) -> Message | None:
        """Begin to answer `/voicelog status`; or what to say instead."""
        refusal = self._runner.authorize(interaction, "status")
        return self._runner.run(interaction, lambda: self._status(interaction, refusal))

    def publish_home(self, interaction: Interaction) -> Message | None:
        """Begin to fill somebody's Home tab; or what would be said instead, if there were room."""
        refusal = self._runner.authorize(interaction, "home")
        return self._runner.run(interaction, lambda: self._home(interaction, refusal))

    async def _status(self, interaction: Interaction, refusal: Denial | None) -> None:
        healths = await self._health.probe() if refusal is None else ()
        await self._runner.post(interaction, status.status(healths, refusal))

    async def _home(self, interaction: Interaction, refusal: Denial | None) -> None:
        healths = self._health.known() if refusal is None else ()
        try:
            if healths is None:
                await self._windows.publish(interaction.actor.user_id, status.home(None, refusal))
                healths = await self._health.probe()
            await self._windows.publish(interaction.actor.user_id, status.home(healths, refusal))
        except ViewError as error:
            _log.error(
                "app_home.publish_failed", request_id=interaction.request_id, reason=error.reason
            )
