"""Shows the result of a submitted form in its modal, once Slack has shown the ack there."""

import asyncio
from dataclasses import dataclass

from bot.services.runner import Runner
from bot.slack.responder import Responder
from bot.ui.block_kit import View


@dataclass(eq=False)
class InvalidFormError(Exception):
    """A form can't be accepted as it was filled in."""

    errors: dict[str, str]
    """An error message for each field that must be changed, by `block_id`."""


@dataclass(frozen=True)
class FormTiming:
    """How long Slack takes to show the ack of a form, in seconds."""

    acknowledged_after: float = 0.3
    """How long an ack usually takes to arrive and be shown."""
    settled_after: float = 3.0
    """When it must have arrived, since Slack doesn't wait longer."""


@dataclass(frozen=True, kw_only=True)
class FormReplies:
    """Updates the modals of submitted forms.

    The ack updates the modal too, and Slack doesn't say when. So the result is shown a little
    later, and once more if the ack came after it.
    """

    runner: Runner
    timing: FormTiming

    def acknowledged_at(self) -> float:
        """Return when the ack will have been shown, on the event loop's clock."""
        return asyncio.get_running_loop().time() + self.timing.acknowledged_after

    async def show(self, responder: Responder, view: View, acknowledged_at: float) -> None:
        """Show the result. Raises SlackError, also if the user has closed the modal."""
        await asyncio.sleep(acknowledged_at - asyncio.get_running_loop().time())
        await responder.update_modal(view)
        if await self.runner.tasks.wait_unless_stopping(asyncio.sleep(self.timing.settled_after)):
            await responder.restore_modal(view, was_clicked=self.runner.dedup.was_clicked)
