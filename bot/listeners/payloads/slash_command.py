"""The slash command. Shape: docs.slack.dev, "Implementing slash commands"."""

from bot.access import Actor
from bot.listeners.payloads.base import PayloadModel, idempotency_key
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
            idempotency_key=idempotency_key(self.trigger_id, self.response_url),
        )
