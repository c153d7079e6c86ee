"""User actions in channels: slash commands, shortcuts, and clicks in messages.

Facts: docs.slack.dev: interactivity/implementing-slash-commands,
interactivity/implementing-shortcuts, handling-user-interaction.
"""

from collections.abc import Mapping

from pydantic import JsonValue

from bot.dev.emulator.slack.element_state import action_on, with_block_ids
from bot.dev.emulator.slack.interactions import PostedMessage, RecordedInteraction
from bot.dev.emulator.slack.payloads import (
    BOT_ID,
    BOT_USER_ID,
    click_form,
    command_form,
    global_shortcut_form,
    shortcut_form,
)
from bot.dev.emulator.slack.response_urls import ResponseUrls
from bot.dev.emulator.slack.sender import RequestSender


class MessageActions:
    def __init__(self, sender: RequestSender, response_urls: ResponseUrls) -> None:
        self._sender = sender
        self._response_urls = response_urls

    async def command(
        self,
        text: str,
        *,
        command: str = "/voicelog",
        user_id: str = "U0SUPPORT",
        team_id: str | None = None,
        channel_id: str = "C0SUPPORT",
    ) -> RecordedInteraction:
        """Send a slash command; returns once the bot has acknowledged it, or failed to."""
        interaction = self._sender.begin(user_id, team_id, channel_id)
        await self._sender.send(interaction, command_form(interaction, command, text))
        self._response_urls.show_ack(interaction)
        return interaction

    async def message_shortcut(
        self,
        message: Mapping[str, JsonValue],
        *,
        callback_id: str = "voicelog_lookup",
        user_id: str = "U0SUPPORT",
        team_id: str | None = None,
        channel_id: str = "C0SUPPORT",
    ) -> RecordedInteraction:
        """Use the message shortcut on `message` (`ts`, `text`, `blocks`, … as Slack stores it)."""
        interaction = self._sender.begin(user_id, team_id, channel_id)
        form = shortcut_form(interaction, callback_id, message)
        return await self._sender.send(interaction, form)

    async def global_shortcut(
        self,
        callback_id: str = "voicelog_find",
        *,
        user_id: str = "U0SUPPORT",
        team_id: str | None = None,
    ) -> RecordedInteraction:
        """Use a global shortcut, which has no channel and so no response URL."""
        interaction = self._sender.begin(user_id, team_id)
        return await self._sender.send(interaction, global_shortcut_form(interaction, callback_id))

    async def click(
        self,
        message: PostedMessage,
        action_id: str,
        *,
        option: int = 0,
        value: str | None = None,
        nth: int = 0,
        user_id: str = "U0SUPPORT",
        team_id: str | None = None,
    ) -> RecordedInteraction:
        """Click an element of a message, and confirm if the element asks for it.

        The element is chosen as in `action_on`. The message is as the user saw it: it may have been
        deleted since, as in a client that hasn't been updated yet. `team_id` is the user's own
        workspace or organization. Raises LookupError when the message has no such element.
        """
        blocks = with_block_ids(message.blocks)
        action = action_on(blocks, action_id, option, value=value, nth=nth)
        interaction = self._sender.begin(user_id, team_id, message.channel_id)
        interaction.message_ts = message.ts
        whole: dict[str, JsonValue] = {
            "type": "message",
            "ts": message.ts,
            "user": BOT_USER_ID,
            "bot_id": BOT_ID,
            "text": message.text,
            "blocks": blocks,
        }
        if message.thread_ts is not None:
            whole["thread_ts"] = message.thread_ts
        is_ephemeral = message.response_type == "ephemeral"
        form = click_form(interaction, whole, action, is_ephemeral=is_ephemeral)
        return await self._sender.send(interaction, form)
