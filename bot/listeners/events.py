"""The App Home tab: published when a user opens it. Bolt acknowledges events by itself."""

from typing import Annotated

from pydantic import BeforeValidator, JsonValue
from slack_bolt.async_app import AsyncApp

from bot.access import Actor
from bot.listeners.payloads import PayloadModel, first
from bot.services import Services
from bot.slack.interaction import Interaction


class _Event(PayloadModel):
    user: str
    tab: str = "home"


class _Authorization(PayloadModel):
    team_id: str = ""
    enterprise_id: str = ""


class HomeOpened(PayloadModel):
    """A user opened the app's Home or Messages tab. Shape: docs.slack.dev, "app_home_opened"."""

    event: _Event
    team_id: str = ""
    enterprise_id: str = ""
    authorizations: Annotated[tuple[_Authorization, ...], BeforeValidator(first)] = ()
    """The installation that the event is for."""
    event_id: str = ""

    def interaction(self, request_id: str) -> Interaction:
        """Return who opened it, without a channel."""
        app = self.authorizations[0] if self.authorizations else _Authorization()
        organization = self.enterprise_id or app.enterprise_id
        team = self.team_id or app.team_id or organization
        actor = Actor(self.event.user, team, "", organization or None)
        return Interaction(actor, request_id, idempotency_key=self.event_id or None)


def register(app: AsyncApp, services: Services) -> None:
    @app.event("app_home_opened")
    async def handle_app_home_opened(body: dict[str, JsonValue]) -> None:
        home = HomeOpened.model_validate(body)
        if home.event.tab == "home":
            interaction = home.interaction(services.new_request_id())
            services.runner.accept(
                interaction,
                lambda: services.status.publish_home(interaction),
            )
