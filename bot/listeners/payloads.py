"""The payloads of commands, shortcuts and events, parsed once into typed models.

Fields that the bot doesn't use are left out. Shapes: docs.slack.dev, "Implementing slash commands",
"Implementing shortcuts" and "app_home_opened".
"""

from typing import Annotated

from pydantic import BeforeValidator, JsonValue, SkipValidation

from bot.access import Actor
from bot.listeners.payload_model import (
    Channel,
    InteractionPayload,
    MessagePayload,
    PayloadModel,
    first,
)
from bot.slack.interaction import Interaction


class SlashCommand(PayloadModel):
    """A typed command. `text` is everything after the command itself."""

    response_url: str
    trigger_id: str = ""
    user_id: str
    team_id: str
    channel_id: str
    channel_name: str = ""
    enterprise_id: str | None = None
    text: str = ""

    def interaction(self, request_id: str) -> Interaction:
        """Return who typed it (always a member of the workspace), and where to reply."""
        actor = Actor(self.user_id, self.team_id, self.channel_id, self.enterprise_id)
        return Interaction(
            actor,
            request_id,
            self.response_url,
            self.trigger_id,
            channel_name=self.channel_name,
            idempotency_key=_key(self.trigger_id, self.response_url),
        )


class MessageAction(InteractionPayload):
    """A message shortcut. `message` is the message it was used on, as Slack stores it."""

    channel: Channel | None = None
    message: dict[str, SkipValidation[JsonValue]]

    def interaction(self, request_id: str) -> Interaction:
        """Return who used it, where to reply, and the message's thread, even if it's empty."""
        message = MessagePayload.model_validate(self.message)
        return Interaction(
            self.actor(self.channel.id if self.channel else ""),
            request_id,
            self.response_url or None,
            self.trigger_id,
            thread_ts=message.thread_ts or message.ts or None,
            channel_name=self.channel.name if self.channel else "",
            idempotency_key=_key(self.trigger_id, self.response_url),
        )


class GlobalShortcut(InteractionPayload):
    """A global shortcut, which has no channel."""

    def interaction(self, request_id: str) -> Interaction:
        """Return who used it. Only a modal can reply."""
        return Interaction(
            self.actor(""),
            request_id,
            trigger_id=self.trigger_id,
            idempotency_key=_key(self.trigger_id, self.response_url),
        )


class _Event(PayloadModel):
    user: str
    tab: str = "home"


class _Authorization(PayloadModel):
    team_id: str = ""
    enterprise_id: str = ""


class HomeOpened(PayloadModel):
    """A user opened the app's Home or Messages tab.

    Attributes:
        authorizations: the installation that the event is for.
    """

    event: _Event
    team_id: str = ""
    enterprise_id: str = ""
    authorizations: Annotated[tuple[_Authorization, ...], BeforeValidator(first)] = ()
    event_id: str = ""

    def interaction(self, request_id: str) -> Interaction:
        """Return who opened it, without a channel."""
        app = self.authorizations[0] if self.authorizations else _Authorization()
        organization = self.enterprise_id or app.enterprise_id
        team = self.team_id or app.team_id or organization
        actor = Actor(self.event.user, team, "", organization or None)
        return Interaction(actor, request_id, idempotency_key=self.event_id or None)


def _key(trigger_id: str, response_url: str) -> tuple[str, str] | None:
    return (trigger_id, response_url) if trigger_id else None
