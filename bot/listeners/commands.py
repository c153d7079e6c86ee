"""`/voicelog`: parse, begin, acknowledge."""

from pydantic import JsonValue
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.listeners.payloads import SlashCommand
from bot.services import Services
from bot.services.lookup import LookupRequest
from bot.slack.interaction import Interaction
from bot.slack.response_url import ephemeral
from bot.ui import help as help_
from bot.ui.block_kit import Message
from bot.ui.subcommands import (
    COMMAND,
    FIND,
    HELP,
    LOOK_UP,
    RECENT,
    STATUS,
    SUBCOMMANDS,
    Subcommand,
)
from bot.voicelogs import ids, phone_numbers


def register(app: AsyncApp, services: Services) -> None:
    """Attach the slash command."""

    @app.command(COMMAND)
    async def voicelog(ack: AsyncAck, body: dict[str, JsonValue]) -> None:
        command = SlashCommand.model_validate(body)
        interaction = command.interaction(services.new_request_id())
        message = services.runner.accept(
            interaction, command.delivery, lambda: _handle(services, interaction, command.text)
        )
        # What needs no lookup is answered in the acknowledgement itself.
        await (ack() if message is None else ack(ephemeral(message)))


def _handle(services: Services, interaction: Interaction, text: str) -> Message | None:
    """Begin what was asked for; or what to answer at once. Does no I/O."""
    subcommand, rest = split(text)
    found = ids.in_text(rest)
    if subcommand == FIND and not found.complete:
        return services.search.find(interaction, rest)
    if subcommand == RECENT:
        return services.search.recent(interaction, rest)
    if subcommand == STATUS:
        return services.status.start(interaction)
    if subcommand == HELP:
        return help_.help_card()
    if not (found.complete or found.truncated) and (mentioned := phone_numbers.in_texts([rest])):
        return services.search.offer_numbers(interaction, mentioned)
    return services.lookup.start(LookupRequest(interaction, found), no_id=help_.no_id)


def split(text: str) -> tuple[Subcommand, str]:
    """Return the subcommand at the start of `text`, else LOOK_UP, and the rest of the text."""
    word, *rest = text.split(maxsplit=1)[:2] or [HELP.word]
    for subcommand in SUBCOMMANDS:
        if subcommand.word and subcommand.word == word.lower():
            return subcommand, "".join(rest).strip()
    return LOOK_UP, text.strip()
