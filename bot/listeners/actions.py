"""What happens when something is pressed. Each click is authorised afresh, by whoever it is."""

import re
from dataclasses import replace
from typing import Final
from uuid import UUID

import structlog
from pydantic import JsonValue
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.cards import buttons
from bot.cards import help as help_
from bot.cards.blocks import Message
from bot.desks import Desks
from bot.desks.answering import Question
from bot.desks.reception import Visit
from bot.desks.showing import Pane, Sight
from bot.ids import Ids
from bot.listeners import forms
from bot.listeners.payloads import Click, Memory

_OURS: Final = re.compile(r"voicelog_\w+")
_OF_A_LOG: Final = frozenset(
    {
        *(buttons.CARD, buttons.DETAILS, buttons.LEGS, buttons.REFRESH),
        *(buttons.FOLLOW, buttons.SHARE, buttons.SHARE_IN_CHANNEL),
    }
)
_THREAD: Final = re.compile(r"[0-9]{1,20}\.[0-9]{1,10}")
_PERSON: Final = re.compile(r"[UW][A-Z0-9]{1,20}")

_log = structlog.stdlib.get_logger(__name__)


def register(app: AsyncApp, desks: Desks) -> None:
    """Attach what can be pressed."""

    @app.action(_OURS)
    async def pressed(ack: AsyncAck, body: dict[str, JsonValue]) -> None:
        click = Click.model_validate(body)
        visit = click.visit(desks.new_reference())
        if visit.window is not None:
            desks.reception.clicked(visit.window)
        desks.reception.take_and_tell(visit, click.delivery, lambda: _begin(desks, visit, click))
        await ack()


def _begin(desks: Desks, visit: Visit, click: Click) -> Message | None:
    """Begin what a click asks for; or what to say instead. Does no I/O."""
    action, value = click.action_id, click.value
    if action == buttons.MORE:
        action, _, value = value.partition(" ")
    if action.startswith(buttons.FIND_NUMBER):
        return desks.searching.numbers(visit, value)
    match action:
        case buttons.FIND_FORM:
            return forms.open_form(desks, visit)
        case buttons.FURTHER | buttons.AGAIN:
            instead = action == buttons.AGAIN
            return desks.searching.go_on(visit, value, instead=instead)
        case buttons.RETRY:
            return _retry(desks, visit, value)
        case buttons.PAGE | buttons.PAGE_BACK | buttons.RAW | buttons.RAW_BACK:
            return _turn(desks, visit, click.memory, action, value)
        case action if action in _OF_A_LOG:
            return _with_a_log(desks, visit, action, value)
        case _:
            # Of another version of the bot, in a message that is still on the screen.
            _log.warning("click.unknown", ref=visit.reference)
            return help_.help_card()


def _with_a_log(desks: Desks, visit: Visit, action: str, value: str) -> Message | None:
    """For the buttons that stand for one log, and perhaps the thread it was asked for in."""
    log_id, thread_ts, shared_by = _subject(value)
    if shared_by is not None:  # a card that everyone sees, whatever the click says of its message
        visit = replace(visit, public=True)
    memory = Memory(channel=visit.caller.channel_id, log=log_id, public=visit.public)
    metadata = memory.carried()
    match action:
        case buttons.CARD if visit.window is None:
            question = Question(visit, Ids((log_id,)), thread_ts=thread_ts)
            return desks.answering.take(question, no_id=help_.no_id)
        case buttons.DETAILS | buttons.CARD:
            return desks.showing.open(visit, Sight(log_id, metadata))
        case buttons.LEGS:
            sight = Sight(log_id, metadata, Pane.LEGS)
            return desks.showing.open(visit, sight)
        case buttons.REFRESH:
            return desks.answering.refresh(visit, log_id, thread_ts, shared_by)
        case buttons.FOLLOW:
            return desks.following.take(visit, log_id, thread_ts)
        case _:
            return desks.sharing.take(visit, log_id, thread_ts)


def _retry(desks: Desks, visit: Visit, value: str) -> Message | None:
    """The same ids once more: in the place of the message, or in the window, which has one."""
    words = value.split()
    thread_ts = words.pop() if words and _THREAD.fullmatch(words[-1]) else None
    ids = Ids(tuple(UUID(log_id) for log_id in words))
    if visit.window is not None and len(ids.whole) == 1:
        sight = Sight(ids.whole[0], visit.metadata)
        return desks.showing.turn(visit, visit.window, sight)
    question = Question(visit, ids, instead=True, thread_ts=thread_ts)
    return desks.answering.take(question, no_id=help_.no_id)


def _turn(desks: Desks, visit: Visit, memory: Memory, action: str, value: str) -> Message | None:
    """Another page of the details, or of the JSON, in the window that was clicked in."""
    if visit.window is None or memory.log is None:
        return help_.help_card()
    is_raw = action in {buttons.RAW, buttons.RAW_BACK}
    page = int(value) if value.isdecimal() and len(value) < 6 else 1  # noqa: PLR2004 - no such book
    pane = Pane.RAW if is_raw else Pane.EVERYTHING
    sight = Sight(memory.log, visit.metadata, pane, page)
    return desks.showing.turn(visit, visit.window, sight)


def _subject(value: str) -> tuple[UUID, str | None, str | None]:
    """A log's id and, if they are there, a thread's timestamp or the id of who shared the card."""
    log_id, _, more = value.partition(" ")
    thread_ts = more if _THREAD.fullmatch(more) else None
    return UUID(log_id), thread_ts, more if _PERSON.fullmatch(more) else None
