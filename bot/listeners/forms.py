"""The form **Find a call**: opened by a shortcut or a button, read when it is sent."""

from bot.cards import form
from bot.cards.blocks import Message
from bot.desks import Services
from bot.desks.reception import Interaction
from bot.listeners.payloads import PrivateMetadata
from bot.windows import ViewError


def open_form(desks: Services, visit: Interaction) -> Message | None:
    """Begin to open the form; what to say instead, if somebody may not search."""
    refused = desks.search.deny(visit)
    if refused is not None:
        return refused
    memory = PrivateMetadata(channel=visit.actor.channel_id, public=visit.in_channel).carried()

    async def work() -> None:
        try:
            await desks.views.open(visit.trigger_id, form.form(memory))
        except ViewError as error:
            await desks.runner.say_not_opened(visit, error)

    return desks.runner.run(visit, work)
