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
    Status,
    TwilioSid,
)
from bot.listeners.payloads.slash_command import SlashCommand
from bot.services import Services
from bot.slack.interaction import Interaction
from bot.slack.response_url import ephemeral
from bot.ui import help as help_
from bot.ui import not_understood
from bot.ui.block_kit import Message
from bot.ui.subcommands import COMMAND


def register(app: AsyncApp, services: Services) -> None:
    @app.command(COMMAND)
    async def handle_command(ack: AsyncAck, body: dict[str, JsonValue]) -> None:
        command = SlashCommand.model_validate(body)
        interaction = command.interaction(services.new_request_id())
        message = services.runner.accept(
            interaction,
            lambda: _handle(services, interaction, command.text),
        )
        # A message that needs no lookup is sent in the ack itself.
        await (ack() if message is None else ack(ephemeral(message)))


def _handle(services: Services, interaction: Interaction, text: str) -> Message | None:
    """Start what was asked for, or return a message for the ack. Does no I/O."""
    match decision := command_text.decide(text, now=services.now()):
        case Help():
            return help_.help_card()
        case Status():
            return services.status.start(interaction)
        case OpenForm():
            return services.search.open_form(interaction)
        case Find(query):
            return services.search.start(interaction, query)
        case Lookup(found, ignored):
            notes = services.command_replies.ignored(interaction, ignored)
            return services.lookup.start(interaction, found, notes=notes)
        case _:
            return _reply(services, interaction, decision)


def _reply(
    services: Services,
    interaction: Interaction,
    decision: NotUnderstood | DidYouMean | TwilioSid | NearMissId,
) -> Message:
    replies, is_about_id = services.command_replies, isinstance(decision, TwilioSid | NearMissId)
    services.runner.authorize(interaction, "lookup" if is_about_id else "search")
    match decision:
        case NotUnderstood(after_subcommand, errors, query):
            return replies.not_understood(interaction, after_subcommand, errors, query)
        case DidYouMean(word, subcommand, meant):
            search = meant.query if isinstance(meant, Find) else None
            return replies.did_you_mean(interaction, word, subcommand, search)
        case TwilioSid(sid):
            return not_understood.twilio_sid(sid)
        case NearMissId(id_, missing, not_hex):
            return not_understood.near_miss(id_, missing, not_hex)
