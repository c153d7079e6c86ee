"""`/voicelog status` and the App Home: the version, the projects, and what the user may do.

A user without access is told only that, and no request is sent to SignalWire.
"""

from dataclasses import dataclass

import structlog

from bot.access import Denial
from bot.services.health_probe import HealthProbe
from bot.services.runner import Runner
from bot.slack.interaction import Interaction
from bot.slack.post import SlackError
from bot.slack.responder import Responder
from bot.slack.views import Views
from bot.ui import home_tab, status
from bot.ui.block_kit import Message

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class StatusService:
    """Replies with the status, and publishes it on the Home tab."""

    runner: Runner
    views: Views
    health: HealthProbe

    def start(self, interaction: Interaction) -> Message | None:
        """Start to reply to `/voicelog status`."""
        denial = self.runner.denial(interaction, "status")
        return self.runner.start(
            interaction, "status", lambda responder: self._reply(responder, denial)
        )

    def publish_home(self, interaction: Interaction) -> Message | None:
        """Start to publish the user's Home tab."""
        denial = self.runner.denial(interaction, "home")
        return self.runner.start(
            interaction, "home", lambda responder: self._publish(responder.interaction, denial)
        )

    async def _reply(self, responder: Responder, denial: Denial | None) -> None:
        async with self.runner.tasks.interruptible():
            projects = await self.health.probe() if denial is None else ()
        await responder.reply(status.status(projects, denial))

    async def _publish(self, interaction: Interaction, denial: Denial | None) -> None:
        user_id = interaction.actor.user_id
        projects = self.health.cached() if denial is None else ()
        try:
            async with self.runner.tasks.interruptible():
                if projects is None:
                    await self.views.publish(user_id, home_tab.home_tab(None, denial))
                    projects = await self.health.probe()
            await self.views.publish(user_id, home_tab.home_tab(projects, denial))
        except SlackError as error:
            _log.error(
                "app_home.publish_failed", request_id=interaction.request_id, reason=error.reason
            )
