"""The form **Find a call**: opened by a shortcut or a button, read when it is sent."""

from bot.listeners.payloads import PrivateMetadata
from bot.services import Services
from bot.services.runner import Interaction
from bot.slack.views import ViewError
from bot.ui import search_form
from bot.ui.block_kit import Message


def open_form(desks: Services, visit: Interaction) -> Message | None:
    """Begin to open the form; what to say instead, if somebody may not search."""
    refused = desks.search.deny(visit)
    if refused is not None:
        return refused
    memory = PrivateMetadata(channel=visit.actor.channel_id, public=visit.in_channel).carried()

    async def work() -> None:
        try:
            await desks.views.open(visit.trigger_id, search_form.form(memory))
        except ViewError as error:
            await desks.runner.say_not_opened(visit, error)

    return desks.runner.run(visit, work)
