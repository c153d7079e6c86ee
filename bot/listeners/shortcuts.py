"""The message shortcut **Look up voice log**: every id in the message it was used on."""

from typing import Final

from pydantic import JsonValue
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot import ids
from bot.cards import help as help_
from bot.listeners.desk import Desk, Question
from bot.listeners.payloads import MessageAction

LOOK_UP: Final = "voicelog_lookup"


def register(app: AsyncApp, desk: Desk) -> None:
    """Attach the shortcut."""

    @app.shortcut({"type": "message_action", "callback_id": LOOK_UP})
    async def look_up(ack: AsyncAck, body: dict[str, JsonValue]) -> None:
        action = MessageAction.model_validate(body)
        question = Question(
            caller=action.caller,
            response_url=action.response_url,
            ids=ids.in_message(action.message),
            reference=desk.new_reference(),
        )
        message = desk.take(question, no_id=help_.no_id_in_message)
        if message is not None:
            # A shortcut's acknowledgement shows nothing (docs.slack.dev: implementing shortcuts).
            desk.tell(action.response_url, message, question.reference)
        await ack()
