"""The form **Find a call**: opened by a shortcut or a button, read when it is sent."""

from bot.listeners.payloads import PrivateMetadata
from bot.services import Services
from bot.slack.interaction import Interaction
from bot.slack.views import ViewError
from bot.ui import search_form
from bot.ui.block_kit import Message


def open_form(services: Services, interaction: Interaction) -> Message | None:
    """Begin to open the form; what to say instead, if somebody may not search."""
    refused = services.search.deny(interaction)
    if refused is not None:
        return refused
    memory = PrivateMetadata(
        channel=interaction.actor.channel_id, public=interaction.in_channel
    ).carried()

    async def work() -> None:
        try:
            await services.views.open(interaction.trigger_id, search_form.form(memory))
        except ViewError as error:
            await services.runner.say_not_opened(interaction, error)

    return services.runner.run(interaction, work)
