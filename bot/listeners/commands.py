"""`/voicelog`: parse, start, acknowledge."""

from pydantic import JsonValue
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.access import Actor
from bot.listeners import command_text
from bot.listeners.command_text import (
    DidYouMean,
    Find,
    Lookup,
    NearMissId,
    NotUnderstood,
    TwilioSid,
)
from bot.listeners.payloads import PayloadModel, idempotency_key
from bot.services import Services
from bot.slack.interaction import Interaction
from bot.slack.response_url import ephemeral
from bot.ui import help as help_
from bot.ui import not_understood, subcommands
from bot.ui.block_kit import Message
from bot.ui.subcommands import COMMAND, Subcommand


class SlashCommand(PayloadModel):
    """A typed command. Shape: docs.slack.dev, "Implementing slash commands"."""

    response_url: str
    trigger_id: str = ""
    user_id: str
    team_id: str
    channel_id: str
    channel_name: str = ""
    enterprise_id: str | None = None
    text: str = ""
    """Everything after the command itself."""

    def interaction(self, request_id: str) -> Interaction:
        """Return who typed it (always a member of the workspace), and where to reply."""
        return Interaction(
            Actor(self.user_id, self.team_id, self.channel_id, self.enterprise_id),
            request_id,
            self.response_url,
            self.trigger_id,
            channel_name=self.channel_name,
            idempotency_key=idempotency_key(self.trigger_id, self.response_url),
        )


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
        case subcommands.HELP:
            return help_.help_card()
        case subcommands.STATUS:
            return services.status.start(interaction)
        case Subcommand():  # FIND
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
