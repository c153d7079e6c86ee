"""`/voicelog`: parse, begin, acknowledge."""

from pydantic import JsonValue
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.listeners import command_text, forms
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
from bot.services.lookup import LookupRequest
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
    decision = command_text.decide(text, now=services.search.now())
    match decision:
        case Help():
            return help_.help_card()
        case Status():
            return services.status.start(interaction)
        case OpenForm():
            return forms.open_form(services, interaction)
        case Find(query) | Recent(query):
            return services.search.start(interaction, query)
        case Lookup(found):
            return services.lookup.start(LookupRequest(interaction, found), no_id=help_.no_id)
        case NotUnderstood():
            return _not_understood(services, interaction, decision)
        case DidYouMean(word):
            error = QueryError("words", "unknown", word)
            return _not_understood(services, interaction, NotUnderstood(word, (error,), Query()))
        case TwilioSid() | NearMissId():
            request = LookupRequest(interaction, Ids((), ()))
            return services.lookup.start(request, no_id=help_.no_id)


def _not_understood(
    services: Services, interaction: Interaction, decision: NotUnderstood
) -> Message | None:
    refused = services.search.deny(interaction)
    if refused is not None:
        return refused
    if mentioned := phone_numbers.in_texts([decision.text]):
        return services.search.offer_numbers(interaction, mentioned)
    return search_results.not_understood(
        decision.errors[0], decision.subcommand, interaction.request_id
    )
