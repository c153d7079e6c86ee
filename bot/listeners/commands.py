"""`/voicelog`: parse, start, acknowledge."""

from pydantic import JsonValue
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.listeners.payloads import SlashCommand
from bot.services import Services
from bot.slack.interaction import Interaction
from bot.slack.response_url import ephemeral
from bot.ui import help as help_
from bot.ui import subcommands
from bot.ui.block_kit import Message
from bot.ui.subcommands import COMMAND, FIND, HELP, RECENT, STATUS
from bot.voicelogs import ids, phone_numbers
from bot.voicelogs.ids import Ids


def register(app: AsyncApp, services: Services) -> None:
    """Attach the slash command."""

    @app.command(COMMAND)
    async def handle_command(ack: AsyncAck, body: dict[str, JsonValue]) -> None:
        command = SlashCommand.model_validate(body)
        interaction = command.interaction(services.new_request_id())
        message = services.runner.accept(
            interaction,
            command.idempotency_key,
            lambda: _handle(services, interaction, command.text),
        )
        # What needs no lookup is in the ack itself.
        await (ack() if message is None else ack(ephemeral(message)))


def _handle(services: Services, interaction: Interaction, text: str) -> Message | None:
    """Start what was asked for, or return a message for the ack. Does no I/O."""
    subcommand, rest = subcommands.split(text)
    found = ids.in_text(rest)
    if subcommand == FIND and not found.complete:
        return services.search.find(interaction, rest)
    if subcommand == RECENT:
        return services.search.recent(interaction, rest)
    if subcommand == STATUS:
        return services.status.start(interaction)
    if subcommand == HELP:
        return help_.help_card()
    if found == Ids() and (mentioned := phone_numbers.in_texts([rest])):
        return services.search.offer_numbers(interaction, mentioned)
    return services.lookup.start(interaction, found, no_id=help_.no_id)
