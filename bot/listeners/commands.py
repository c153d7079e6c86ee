"""`/voicelog`: parse, start, acknowledge."""

from pydantic import JsonValue
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.listeners import command_text
from bot.listeners.command_text import (
    DidYouMean,
    Find,
    Help,
    Lookup,
    NearMissId,
    NotUnderstood,
    OpenForm,
    Recent,
    Status,
    TwilioSid,
)
from bot.listeners.payloads import SlashCommand
from bot.services import Services
from bot.slack.interaction import Interaction
from bot.slack.response_url import ephemeral
from bot.ui import help as help_
from bot.ui import search_results
from bot.ui.block_kit import Message
from bot.ui.subcommands import COMMAND
from bot.voicelogs import phone_numbers
from bot.voicelogs.ids import Ids
from bot.voicelogs.query import Query, QueryError


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
    decision = command_text.decide(text, now=services.search.now())
    match decision:
        case Help():
            return help_.help_card()
        case Status():
            return services.status.start(interaction)
        case OpenForm():
            return services.search.open_form(interaction)
        case Find(query) | Recent(query):
            return services.search.start(interaction, query)
        case Lookup(found):
            return services.lookup.start(interaction, found, no_id=help_.no_id)
        case NotUnderstood():
            return _not_understood(services, interaction, decision)
        case DidYouMean(word):
            error = QueryError("words", "unknown", word)
            return _not_understood(services, interaction, NotUnderstood(word, (error,), Query()))
        case TwilioSid() | NearMissId():
            return services.lookup.start(interaction, Ids(), no_id=help_.no_id)


def _not_understood(
    services: Services, interaction: Interaction, decision: NotUnderstood
) -> Message | None:
    denied = services.search.deny(interaction)
    if denied is not None:
        return denied
    if mentioned := phone_numbers.in_texts([decision.text]):
        return services.search.offer_numbers(interaction, mentioned)
    return search_results.not_understood(
        decision.errors[0], decision.subcommand, interaction.request_id
    )
