"""The shortcuts: **Look up voice log** on a message, and **Find a call** anywhere."""

from typing import Final

from pydantic import JsonValue
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot import ids, phones
from bot.cards import buttons
from bot.cards import help as help_
from bot.cards.blocks import Message
from bot.desks import Desks
from bot.desks.answering import Question
from bot.desks.reception import Visit
from bot.listeners import forms
from bot.listeners.payloads import GlobalShortcut, MessageAction

LOOK_UP: Final = "voicelog_lookup"
FIND: Final = buttons.FORM


def register(app: AsyncApp, desks: Desks) -> None:
    """Attach the shortcuts."""

    @app.shortcut({"type": "message_action", "callback_id": LOOK_UP})
    async def look_up(ack: AsyncAck, body: dict[str, JsonValue]) -> None:
        action = MessageAction.model_validate(body)
        visit = action.visit(desks.new_reference())
        # A shortcut's acknowledgement shows nothing (docs.slack.dev: implementing shortcuts).
        desks.reception.take_and_tell(visit, action.delivery, lambda: _begin(desks, visit, action))
        await ack()

    @app.shortcut({"type": "shortcut", "callback_id": FIND})
    async def find(ack: AsyncAck, body: dict[str, JsonValue]) -> None:
        shortcut = GlobalShortcut.model_validate(body)
        visit = shortcut.visit(desks.new_reference())
        desks.reception.take_and_tell(
            visit, shortcut.delivery, lambda: forms.open_form(desks, visit)
        )
        await ack()


def _begin(desks: Desks, visit: Visit, action: MessageAction) -> Message | None:
    """Begin to look up what a message holds; or what to say instead. Does no I/O."""
    found = ids.in_message(action.message)
    mentioned = [] if found.whole else phones.in_texts(ids.texts_in(action.message))
    if mentioned:
        notes = [help_.also_cut_short(found.cut_short)] if found.cut_short else []
        return desks.searching.offer(visit, mentioned, notes)
    return desks.answering.take(
        Question(visit, found, thread_ts=action.thread_ts), no_id=help_.no_id_in_message
    )
