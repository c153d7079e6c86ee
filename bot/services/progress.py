"""Where a search shows itself as it goes on: in messages, or in a window."""

from datetime import datetime
from typing import Protocol

from bot.services.runner import Runner
from bot.slack.interaction import Interaction
from bot.slack.views import ViewError, ViewRef, Views
from bot.ui import notices, search_results
from bot.ui.block_kit import Message


class ProgressDisplay(Protocol):
    """Something that shows what a search comes to."""

    async def show_progress(self, looked_at: int, back_to: datetime | None) -> bool:
        """Show that it goes on, perhaps how far it came; False if nobody looks any more.

        Args:
            looked_at: how many logs were looked at.
            back_to: all newer ones were.
        """
        ...

    async def show_result(self, message: Message) -> None:
        """Show what it came to."""
        ...

    async def reassert_result(self, message: Message) -> None:
        """Show what it came to once more, if something else came in between by mistake."""
        ...


class _MessageProgress:
    """Posts to a response_url, which accepts five messages; so progress is posted only once."""

    def __init__(self, runner: Runner, interaction: Interaction, *, instead: bool) -> None:
        self._runner = runner
        self._interaction = interaction
        self._instead = instead
        self._announced = False

    async def show_progress(self, looked_at: int, back_to: datetime | None) -> bool:
        """Say once that it takes a while, in words that may stand above what it comes to."""
        del looked_at, back_to
        if not self._announced:
            self._announced = True
            word = notices.slow("the calls")
            await self._runner.post(self._interaction, word, replace=self._instead, attempts=1)
        return True

    async def show_result(self, message: Message) -> None:
        """Show what it came to."""
        await self._runner.post(self._interaction, message, replace=self._instead)

    async def reassert_result(self, message: Message) -> None:
        """Nothing comes in between messages."""


class _ModalProgress:
    """Updates the modal of the interaction."""

    def __init__(
        self,
        windows: Views,
        runner: Runner,
        interaction: Interaction,
        window: ViewRef,
        metadata: str,
    ) -> None:
        self._windows = windows
        self._runner = runner
        self._interaction = interaction
        self._window = window
        self._metadata = metadata

    async def show_progress(self, looked_at: int, back_to: datetime | None) -> bool:
        """Show how far it came; False once the window is closed."""
        return await self._show(search_results.searching(looked_at, back_to))

    async def show_result(self, message: Message) -> None:
        """Show what it came to."""
        await self._show(message)

    async def reassert_result(self, message: Message) -> None:
        """Show it once more where the window changed, unless it was the person who changed it."""
        try:
            view = search_results.results_modal(message, self._metadata)
            await self._windows.update(self._window, view)
        except ViewError as error:
            if error.hash_conflict and not self._runner.was_touched(self._window):
                self._window = ViewRef(self._window.view_id)
                await self._show(message)

    async def _show(self, message: Message) -> bool:
        try:
            view = search_results.results_modal(message, self._metadata)
            self._window = await self._windows.update(self._window, view)
        except ViewError as error:
            self._runner.log_view_error(self._interaction, error)
            return not error.closed
        return True


class ProgressDisplays:
    """Makes them."""

    def __init__(self, *, windows: Views, runner: Runner) -> None:
        self._windows = windows
        self._runner = runner

    def messages(self, interaction: Interaction, *, instead: bool) -> ProgressDisplay:
        """Messages; `instead` of the one that was clicked, or beside it."""
        return _MessageProgress(self._runner, interaction, instead=instead)

    def window(self, interaction: Interaction, window: ViewRef, metadata: str) -> ProgressDisplay:
        """A window that is open."""
        return _ModalProgress(self._windows, self._runner, interaction, window, metadata)
