"""The form **Share…**, which asks where to share a voice log, and the messages that replace it."""

from dataclasses import replace
from typing import Final
from uuid import UUID

from bot.access import Denial
from bot.ui import actions, block_kit, card_buttons, error_messages, notices, signs
from bot.ui.block_elements import ConversationsSelect, Input, input_block
from bot.ui.block_kit import Block, Message, View
from bot.ui.card_buttons import CardOptions
from bot.ui.errors import ErrorText

TITLE: Final = "Share voice log"
FIELD: Final = "conversation"
NO_RESPONSE_URL: Final = "Slack gave the bot no way to post there. Choose another conversation."


def form(options: CardOptions, metadata: str) -> View:
    """Build the modal; `options` tells whether numbers in a shared card are masked."""
    # Conversations with other companies are offered, since Share works there too, and the text
    # above the field says so. Slack then sends a response_url for the chosen one (docs.slack.dev:
    # select menu of conversations, response_url_enabled), which takes no scope and no membership.
    element: ConversationsSelect = {
        "type": "conversations_select",
        "action_id": FIELD,
        "response_url_enabled": True,
        "default_to_current_conversation": True,
        "filter": {"exclude_bot_users": True},
    }
    everyone = card_buttons.who_has_access("the conversation you choose")
    content: list[Block | Input] = [
        block_kit.section(card_buttons.who_will_see(everyone, options)),
        input_block("Conversation", element, optional=False),
    ]
    return block_kit.form(TITLE, content, metadata, callback_id=actions.SHARE_FORM, submit="Share")


def sharing() -> Message:
    """Build the message to show while the log is looked up and the card is posted."""
    line = f"{signs.WAITING} Sharing…"
    return block_kit.message([line], [block_kit.section(line)])


def shared(channel_id: str) -> Message:
    """Build the message to show when the card is posted; the ID is from a verified request.

    Slack shows no name for that of a direct message (docs.slack.dev: formatting message text).
    """
    is_direct = channel_id.startswith("D")
    line = f"{signs.OK} Shared in {'the direct message' if is_direct else f'<#{channel_id}>'}."
    return block_kit.message(["Shared."], [block_kit.section(line)])


def rejected(request_id: str) -> Message:
    """Build the message for a card that Slack rejected; `failed` adds its button."""
    hint = "Try again, or choose another conversation."
    problem = ErrorText(signs.FAILED, notices.NOT_SHARED, notices.REJECTED, hint)
    return error_messages.message(problem, request_id)


def not_found(missed: Message) -> Message:
    """Build the message for a log that couldn't be looked up; `missed` says why."""
    line = f"{notices.NOT_SHARED} because the log couldn't be looked up."
    bare = block_kit.without_buttons(missed)
    blocks = [block_kit.section(line), *bare.blocks]
    return replace(bare, text=f"{line}\n{bare.text}", blocks=blocks)


def failed(message: Message, log_id: UUID) -> Message:
    """Add the button that leads back to the form."""
    return block_kit.with_buttons(message, [actions.open_share_form(log_id, is_in_place=True)])


def denied(denial: Denial) -> str:
    """Return the error, in plain text, for a conversation in which the user may not share."""
    return (
        "Voice logs can only be shared in certain channels, and this isn't one of them. Choose"
        " another one, or ask the bot's administrator to allow"
        f" {denial.subject}."
    )
