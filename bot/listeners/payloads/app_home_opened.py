"""The event of an opened Home tab. Shape: docs.slack.dev, "app_home_opened"."""

from typing import Annotated

from pydantic import BeforeValidator

from bot.access import Actor
from bot.listeners.payloads.base import PayloadModel, first
from bot.slack.interaction import Interaction


class _Event(PayloadModel):
    user: str
    tab: str = "home"


class _Authorization(PayloadModel):
    team_id: str = ""
    enterprise_id: str = ""


class HomeOpened(PayloadModel):
    """A user opened the app's Home or Messages tab."""

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
