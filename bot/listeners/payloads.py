"""Slack's payloads, parsed once into typed models; fields that the bot doesn't use are left out.

Shapes: docs.slack.dev, "Implementing slash commands" and "Implementing shortcuts".
"""

from pydantic import BaseModel, ConfigDict, JsonValue

from bot.access import Caller


class _Payload(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class SlashCommand(_Payload):
    """A typed command. `text` is everything after the command itself."""

    response_url: str
    user_id: str
    team_id: str
    channel_id: str
    enterprise_id: str | None = None
    text: str = ""

    @property
    def caller(self) -> Caller:
        """Who typed it. Only members of the installing workspace can."""
        return Caller(self.user_id, self.team_id, self.channel_id, self.enterprise_id)


class _User(_Payload):
    id: str
    team_id: str | None = None


class _Ided(_Payload):
    id: str


class MessageAction(_Payload):
    """A message shortcut. `message` is the message it was used on, as Slack stores it."""

    response_url: str
    user: _User
    channel: _Ided
    message: dict[str, JsonValue]
    team: _Ided | None = None
    enterprise: _Ided | None = None

    @property
    def caller(self) -> Caller:
        """Who used it: in a shared channel perhaps somebody of another company's workspace."""
        app_team = self.team.id if self.team else None
        return Caller(
            user_id=self.user.id,
            team_id=self.user.team_id or app_team or "",
            channel_id=self.channel.id,
            enterprise_id=self.enterprise.id if self.enterprise else None,
            app_team_id=app_team,
        )
