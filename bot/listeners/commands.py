"""`/voicelog`: parse, begin, acknowledge."""

from pydantic import JsonValue
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot import ids, phones, subcommands
from bot.cards import help as help_
from bot.cards.blocks import Message
from bot.desks import Desks
from bot.desks.answering import Question
from bot.desks.reception import Visit
from bot.ids import Ids
from bot.listeners.payloads import SlashCommand
from bot.reply import ephemeral
from bot.subcommands import COMMAND, FIND, HELP, RECENT, STATUS


def register(app: AsyncApp, desks: Desks) -> None:
    """Attach the slash command."""

    @app.command(COMMAND)
    async def voicelog(ack: AsyncAck, body: dict[str, JsonValue]) -> None:
        command = SlashCommand.model_validate(body)
        visit = command.visit(desks.new_reference())
        message = desks.reception.take(
            visit, command.delivery, lambda: _begin(desks, visit, command.text)
        )
        # What needs no lookup is answered in the acknowledgement itself.
        await (ack() if message is None else ack(ephemeral(message)))


def _begin(desks: Desks, visit: Visit, text: str) -> Message | None:
    """Begin what was asked for; or what to answer at once. Does no I/O."""
    subcommand, rest = subcommands.split(text)
    found = ids.in_text(rest)
    if subcommand == FIND and not found.whole:
        return desks.searching.find(visit, rest)
    if subcommand == RECENT:
        return desks.searching.recent(visit, rest)
    if subcommand == STATUS:
        return desks.standing.take(visit)
    if subcommand == HELP:
        return help_.help_card()
    if found == Ids() and (mentioned := phones.in_texts([rest])):
        return desks.searching.offer(visit, mentioned)
    return desks.answering.take(Question(visit, found), no_id=help_.no_id)
