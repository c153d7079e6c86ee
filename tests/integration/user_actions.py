"""What users do with cards, modals and forms."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from bot.app import Bot
from bot.dev.emulator.slack.workspace import (
    OpenView,
    PostedMessage,
    RecordedInteraction,
    SlackEmulator,
)
from bot.ui import actions
from tests.integration.log_capture import TIMEOUT_SECONDS
from tests.support.reading import only, public, rendered
from tests.support.samples import DOCUMENTED, SUPPORT


@dataclass
class UserActions:
    """What users do in Slack. Each waits until the bot is idle."""

    slack: SlackEmulator
    bot: Bot

    def alter_payloads(self, changes: Mapping[str, JsonValue]) -> None:
        """Override these fields of all payloads from now on; `missing` ones are left out."""
        self.slack.fields = {name: to for name, to in changes.items() if to != "missing"}
        self.slack.left_out = {*changes} - {*self.slack.fields}

    async def idle(self) -> None:
        """Wait until the bot has no background task."""
        async with asyncio.timeout(TIMEOUT_SECONDS):
            await self.bot.tasks.join()

    async def until_idle(self, interaction: Awaitable[RecordedInteraction]) -> RecordedInteraction:
        """Return what a user does once the bot is idle again."""
        done = await interaction
        await self.idle()
        return done

    async def succeeds(self, interaction: Awaitable[RecordedInteraction]) -> RecordedInteraction:
        """Return what a user does once the bot is idle again; Slack must show no error."""
        done = await self.until_idle(interaction)
        assert (done.ack_status, done.failed) == (200, None)
        return done

    async def type(self, text: str, **who: str) -> RecordedInteraction:
        """Type `/voicelog`."""
        return await self.until_idle(self.slack.command(text, **who))

    async def ask(self, text: str = DOCUMENTED, **who: str) -> PostedMessage:
        """Type `/voicelog`; return the one message that the user sees in the end."""
        return only(await self.type(text, **who))

    async def use_shortcut(
        self, message: Mapping[str, JsonValue], **who: str
    ) -> RecordedInteraction:
        """Use the shortcut on a message."""
        return await self.until_idle(self.slack.message_shortcut(message, **who))

    async def reply_to(self, text: str, **who: str) -> PostedMessage:
        """Use the shortcut on a message with this text; return the one message in reply."""
        return only(await self.use_shortcut({"text": text}, **who))

    async def card(
        self, text: str = DOCUMENTED, **who: str
    ) -> tuple[RecordedInteraction, PostedMessage]:
        """Look up a log; return the interaction, and the card as it was first posted."""
        interaction = await self.type(text, **who)
        return interaction, only(interaction)

    async def shared_card(self, log_id: str = DOCUMENTED) -> PostedMessage:
        """Look up a log and share the card."""
        return public(await self.click(await self.ask(log_id), actions.SHARE))

    async def click(
        self,
        message: PostedMessage,
        action_id: str = actions.DETAILS,
        *,
        value: str | None = None,
        option: int = 0,
        user_id: str = SUPPORT,
    ) -> RecordedInteraction:
        """Click a button or a menu option of a message."""
        return await self.succeeds(
            self.slack.click(message, action_id, value=value, option=option, user_id=user_id)
        )

    async def redeliver(self, interaction: RecordedInteraction) -> None:
        """Deliver an interaction again."""
        await self.succeeds(self.slack.redeliver(interaction))

    async def open_legs(self, card: PostedMessage, log_id: str, user_id: str = SUPPORT) -> OpenView:
        """Choose **Legs of the call** from the menu of a card; return the modal."""
        value = f"{actions.LEGS} {log_id}"
        interaction = await self.click(card, actions.OVERFLOW, value=value, user_id=user_id)
        assert interaction.posts == []
        return self.modal(user_id)

    async def open_details(self, log_id: str, user_id: str = SUPPORT) -> OpenView:
        """Look up a log and click **Details**; return the modal."""
        interaction = await self.click(await self.ask(log_id, user_id=user_id), user_id=user_id)
        assert interaction.posts == []
        return self.modal(user_id)

    async def click_in_modal(
        self, view: OpenView, action_id: str, *, value: str | None = None
    ) -> OpenView:
        """Click in a modal or on the Home tab; return the modal that the user then sees."""
        click = self.slack.click_in_view(view, action_id, value=value)
        assert (await self.succeeds(click)).ack_body == ""
        return self.modal(view.user_id)

    def modal(self, user_id: str = SUPPORT) -> OpenView:
        """Return the modal that a user sees."""
        view = self.slack.modal(user_id)
        assert view is not None, "no modal"
        return view

    def shown_to_user(self, interaction: RecordedInteraction) -> str:
        """Return the interaction's last message, or the modal if there is none."""
        posted = [message.text for message in interaction.accepted]
        return posted[-1] if posted else rendered(self.modal())

    async def open_home(self, user_id: str = SUPPORT) -> OpenView:
        """Open the Home tab; return what it shows."""
        await self.succeeds(self.slack.open_home(user_id))
        return self.home_tab(user_id)

    def home_tab(self, user_id: str = SUPPORT) -> OpenView:
        """Return the Home tab that a user sees."""
        view = self.slack.home_tab(user_id)
        assert view is not None, "no Home tab"
        return view

    async def open_form(self, user_id: str = SUPPORT) -> OpenView:
        """Open the search form with the global shortcut."""
        interaction = await self.succeeds(self.slack.global_shortcut(user_id=user_id))
        assert interaction.ack_body == ""
        return self.modal(user_id)

    async def submit(self, view: OpenView, values: Mapping[str, str | Sequence[str]]) -> OpenView:
        """Submit a form; return the modal that the user then sees."""
        await self.succeeds(self.slack.submit(view, values))
        return self.modal(view.user_id)

    def public_messages(self) -> list[PostedMessage]:
        """Return every message that everyone sees."""
        return [one for one in self.slack.messages.messages if one.response_type == "in_channel"]

    async def search_older(self, message: PostedMessage) -> PostedMessage:
        """Click **Older calls**; return the last message that it posts."""
        return (await self.click(message, actions.SEARCH_OLDER)).messages[-1]
