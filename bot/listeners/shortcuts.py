"""The shortcuts: **Look up voice log** on a message, and **Find a call** anywhere."""

from dataclasses import replace
from typing import Final

from pydantic import JsonValue, SkipValidation
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.listeners.payloads import InteractionPayload, MessagePayload
from bot.services import Services
from bot.slack import message_text
from bot.slack.interaction import Interaction
from bot.ui import actions
from bot.ui import help as help_
from bot.ui.block_kit import Message
from bot.voicelogs import ids, phone_numbers

LOOK_UP: Final = "voicelog_lookup"
FIND: Final = actions.FORM


class MessageAction(InteractionPayload):
    """A message shortcut. Shape: docs.slack.dev, "Implementing shortcuts"."""

    message: dict[str, SkipValidation[JsonValue]]
    """The message it was used on, as Slack stores it."""

    def interaction(self, request_id: str) -> Interaction:
        """Return who used it, where to reply, and the message's thread, even if it's empty."""
        message = MessagePayload.model_validate(self.message)
        thread_ts = message.thread_ts or message.ts or None
        return replace(super().interaction(request_id), thread_ts=thread_ts)


def register(app: AsyncApp, services: Services) -> None:
    @app.shortcut({"type": "message_action", "callback_id": LOOK_UP})
    async def handle_message_shortcut(ack: AsyncAck, body: dict[str, JsonValue]) -> None:
        action = MessageAction.model_validate(body)
        interaction = action.interaction(services.new_request_id())
        # A shortcut's ack can't show anything (docs.slack.dev: implementing shortcuts).
        services.runner.accept_and_notify(
            interaction, lambda: _handle(services, interaction, action)
        )
        await ack()

    @app.shortcut({"type": "shortcut", "callback_id": FIND})
    async def handle_global_shortcut(ack: AsyncAck, body: dict[str, JsonValue]) -> None:
        shortcut = InteractionPayload.model_validate(body)
        interaction = shortcut.interaction(services.new_request_id())
        services.runner.accept_and_notify(
            interaction, lambda: services.search.open_form(interaction)
        )
        await ack()


def _handle(services: Services, interaction: Interaction, action: MessageAction) -> Message | None:
    """Start to look up a message's ids, or return a message. Does no I/O."""
    texts = message_text.texts_in(action.message)
    found = ids.in_texts(texts)
    if not found.complete and (mentioned := phone_numbers.in_texts(texts)):
        notes = help_.about_other_text(found)
        notes += [help_.WHERE_IDS_ARE] if found.others else []
        return services.search.offer_numbers(interaction, mentioned, notes)
    return services.lookup.start(
        interaction,
        found,
        numbers=lambda: phone_numbers.in_texts(texts),
        is_message=True,
    )
