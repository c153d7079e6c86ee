"""The message shortcut and the global shortcut. Shape: docs.slack.dev, "Implementing shortcuts"."""

from pydantic import JsonValue, SkipValidation

from bot.listeners.payloads.base import (
    Channel,
    InteractionPayload,
    MessagePayload,
    idempotency_key,
)
from bot.slack.interaction import Interaction


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
            idempotency_key=idempotency_key(self.trigger_id, self.response_url),
        )


class GlobalShortcut(InteractionPayload):
    """A global shortcut, which has no channel."""

    def interaction(self, request_id: str) -> Interaction:
        """Return who used it. Only a modal can reply."""
        return Interaction(
            self.actor(""),
            request_id,
            trigger_id=self.trigger_id,
            idempotency_key=idempotency_key(self.trigger_id, self.response_url),
        )
