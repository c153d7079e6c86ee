"""The message shortcut **Look up voice log**: every id in the message it was used on."""

from typing import Final

from pydantic import JsonValue
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot import ids
from bot.cards import help as help_
from bot.cards.blocks import Message
from bot.listeners.desk import Desk, Question
from bot.listeners.payloads import MessageAction

LOOK_UP: Final = "voicelog_lookup"


def register(app: AsyncApp, desk: Desk) -> None:
    """Attach the shortcut."""

    @app.shortcut({"type": "message_action", "callback_id": LOOK_UP})
    async def look_up(ack: AsyncAck, body: dict[str, JsonValue]) -> None:
        action = MessageAction.model_validate(body)
        reference = desk.new_reference()
        message = _begin(desk, action, reference)
        if message is not None:
            # A shortcut's acknowledgement shows nothing (docs.slack.dev: implementing shortcuts).
            desk.tell(action.response_url, message, reference)
        await ack()


def _begin(desk: Desk, action: MessageAction, reference: str) -> Message | None:
    """Begin the lookups; or what to answer instead."""
    found = ids.in_message(action.message)
    refusal = desk.refusal(action.caller, found, reference)
    if refusal is not None:
        return refusal
    if not found.whole:
        return help_.no_id_in_message(found.cut_short)
    return desk.take(Question(action.caller, action.response_url, found, reference))
