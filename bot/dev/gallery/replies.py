"""The contexts of replies, and the message with the results of a lookup."""

from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from bot.dev.gallery.fixtures import LOG_ID, NOW
from bot.ui import block_kit, lookup_result, notices
from bot.ui.block_kit import Message, View
from bot.ui.card_buttons import CardOptions
from bot.ui.card_context import CardContext
from bot.voicelogs.results import LookupResult

REFERENCE: Final = "k7m2"
CHANNEL: Final = "C0SUPPORT"
THREAD: Final = "1764000000.000100"
METADATA: Final = f'{{"channel":"{CHANNEL}","log":"{LOG_ID}"}}'
SEALED: Final = "gAAAAA…"
"""Stands for a button's sealed value, which is different each time."""
DASHBOARD: Final = CardOptions(dashboard_url="https://acme.signalwire.com/logs/voice/{id}")
"""The URL is invented: SignalWire documents none."""
PUBLIC: Final = CardOptions(public=True, shared_by="U0SUPPORT")
CONTEXT: Final = CardContext(REFERENCE, NOW, metadata=METADATA)
SEVERAL_PROJECTS: Final = replace(CONTEXT, names_projects=True)
TERMINAL: Final = replace(CONTEXT, has_buttons=False)


def after(seconds: float, options: CardOptions = CONTEXT.options) -> CardContext:
    """The context of a reply so many seconds after NOW."""
    return replace(CONTEXT, now=NOW + timedelta(seconds=seconds), options=options)


def from_shared_card(log_id: UUID) -> CardContext:
    """The context of a modal that was opened from a card in the channel."""
    return replace(CONTEXT, modal_notes=[notices.full_numbers(log_id)])


def reply(*results: LookupResult, context: CardContext = CONTEXT) -> Message:
    """The message with the results of a lookup."""
    return lookup_result.lookup_result(results, context)


def in_modal(title: str, message: Message) -> View:
    return block_kit.message_modal(title, message, METADATA)
