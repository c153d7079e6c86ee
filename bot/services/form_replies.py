"""Shows what came of a submitted form in its modal, after what the ack shows there."""

import asyncio
from dataclasses import dataclass

from bot.runtime.tasks import BackgroundTasks
from bot.services.dedup import Deduplicator
from bot.slack.responder import Responder
from bot.ui.block_kit import View


@dataclass(frozen=True)
class FormTiming:
    """When the ack of a form is shown, in seconds.

    Attributes:
        acknowledged_after: how long an ack usually takes to arrive and be shown.
        settled_after: when it must have arrived, since Slack waits no longer.
    """

    acknowledged_after: float = 0.3
    settled_after: float = 3.0


class FormReplies:
    """Updates the modals of submitted forms.

    The ack updates the modal too, and Slack doesn't say when it has. So the result waits, and is
    shown once more if the ack came later.
    """

    def __init__(self, *, tasks: BackgroundTasks, dedup: Deduplicator, timing: FormTiming) -> None:
        self._tasks = tasks
        self._dedup = dedup
        self._timing = timing

    def acknowledged_at(self) -> float:
        """Return when the ack will have been shown, on the event loop's clock."""
        return asyncio.get_running_loop().time() + self._timing.acknowledged_after

    async def show(self, responder: Responder, view: View, acknowledged_at: float) -> None:
        """Show the result.

        Raises:
            ViewError: Slack didn't update the modal, or the user has closed it.
        """
        await asyncio.sleep(acknowledged_at - asyncio.get_running_loop().time())
        await responder.update_modal(view)
        if await self._tasks.wait_unless_stopping(asyncio.sleep(self._timing.settled_after)):
            await responder.restore_modal(view, is_touched=self._dedup.is_touched)
