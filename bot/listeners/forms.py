"""The form **Find a call**: opened by a shortcut or a button, read when it is sent."""

from bot.cards import form
from bot.cards.blocks import Message
from bot.desks import Desks
from bot.desks.reception import Visit
from bot.listeners.payloads import Memory
from bot.windows import WindowError


def open_form(desks: Desks, visit: Visit) -> Message | None:
    """Begin to open the form; what to say instead, if somebody may not search."""
    refused = desks.searching.may(visit)
    if refused is not None:
        return refused
    memory = Memory(channel=visit.caller.channel_id, public=visit.public).carried()

    async def work() -> None:
        try:
            await desks.windows.open(visit.trigger_id, form.form(memory))
        except WindowError as error:
            await desks.reception.say_not_opened(visit, error)

    return desks.reception.begin(visit, work)
