"""`/voicelog`: parse, begin, acknowledge."""

from typing import Final

from pydantic import JsonValue
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot import ids
from bot.cards import help as help_
from bot.cards.blocks import Message
from bot.listeners.desk import Desk, Question
from bot.listeners.payloads import SlashCommand
from bot.reply import ephemeral

COMMAND: Final = "/voicelog"


def register(app: AsyncApp, desk: Desk) -> None:
    """Attach the slash command."""

    @app.command(COMMAND)
    async def voicelog(ack: AsyncAck, body: dict[str, JsonValue]) -> None:
        message = _begin(desk, SlashCommand.model_validate(body))
        # What needs no lookup is answered in the acknowledgement itself.
        await (ack() if message is None else ack(ephemeral(message)))


def _begin(desk: Desk, command: SlashCommand) -> Message | None:
    """Begin the lookup; or what to answer at once. Does no I/O."""
    if command.text.strip().lower() in {"", "help"}:
        return help_.help_card()
    question = Question(
        caller=command.caller,
        response_url=command.response_url,
        ids=ids.in_text(command.text),
        reference=desk.new_reference(),
    )
    return desk.take(question, no_id=help_.no_id)
