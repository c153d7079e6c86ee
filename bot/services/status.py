"""`/voicelog status` and the App Home: the version, the projects, and what the user may do.

A user who may not look anything up is told only that, and SignalWire isn't asked for them.
"""

import structlog

from bot.access import Denial
from bot.runtime.tasks import BackgroundTasks
from bot.services.health_probe import HealthProbe
from bot.services.runner import Runner
from bot.slack.interaction import Interaction
from bot.slack.responder import Responder
from bot.slack.views import ViewError, Views
from bot.ui import status
from bot.ui.block_kit import Message

_log = structlog.stdlib.get_logger(__name__)


class StatusService:
    """Shows the status."""

    def __init__(
        self, *, runner: Runner, tasks: BackgroundTasks, views: Views, health: HealthProbe
    ) -> None:
        self._runner = runner
        self._tasks = tasks
        self._views = views
        self._health = health

    def start(self, interaction: Interaction) -> Message | None:
        """Start to reply to `/voicelog status`."""
        denial = self._runner.denial(interaction, "status")
        return self._runner.start(
            interaction, "status", lambda responder: self._reply(responder, denial)
        )

    def publish_home(self, interaction: Interaction) -> Message | None:
        """Start to publish the user's Home tab."""
        denial = self._runner.denial(interaction, "home")
        return self._runner.start(
            interaction, "home", lambda responder: self._publish(responder.interaction, denial)
        )

    async def _reply(self, responder: Responder, denial: Denial | None) -> None:
        async with self._tasks.interruptible():
            healths = await self._health.probe() if denial is None else ()
        await responder.reply(status.status(healths, denial))

    async def _publish(self, interaction: Interaction, denial: Denial | None) -> None:
        user_id = interaction.actor.user_id
        healths = self._health.known() if denial is None else ()
        try:
            async with self._tasks.interruptible():
                if healths is None:
                    await self._views.publish(user_id, status.home(None, denial))
                    healths = await self._health.probe()
            await self._views.publish(user_id, status.home(healths, denial))
        except ViewError as error:
            _log.error(
                "app_home.publish_failed", request_id=interaction.request_id, reason=error.reason
            )
