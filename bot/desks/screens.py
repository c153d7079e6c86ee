"""Where a search shows itself as it goes on: in messages, or in a window."""

from datetime import datetime
from typing import Protocol

from bot.cards import hits, notices
from bot.cards.blocks import Message
from bot.desks.reception import Reception, Visit
from bot.windows import Window, WindowError, Windows


class Screen(Protocol):
    """Something that shows what a search comes to."""

    async def announce(self, looked_at: int, back_to: datetime | None) -> bool:
        """Show that it goes on, perhaps how far it came; False if nobody looks any more.

        Args:
            looked_at: how many logs were looked at.
            back_to: all newer ones were.
        """
        ...

    async def conclude(self, message: Message) -> None:
        """Show what it came to."""
        ...

    async def insist(self, message: Message) -> None:
        """Show what it came to once more, if something else came in between by mistake."""
        ...


class _OnMessages:
    """Messages through a response_url, which takes five: so the wait is spoken of once.

    Args:
        reception: delivers.
        visit: whom for.
        instead: in the place of the message that was clicked.
    """

    def __init__(self, reception: Reception, visit: Visit, *, instead: bool) -> None:
        self._reception = reception
        self._visit = visit
        self._instead = instead
        self._announced = False

    async def announce(self, looked_at: int, back_to: datetime | None) -> bool:
        """Say once that it takes a while, in words that may stand above what it comes to."""
        del looked_at, back_to
        if not self._announced:
            self._announced = True
            word = notices.slow("the calls")
            await self._reception.post(self._visit, word, replace=self._instead, attempts=1)
        return True

    async def conclude(self, message: Message) -> None:
        """Show what it came to."""
        await self._reception.post(self._visit, message, replace=self._instead)

    async def insist(self, message: Message) -> None:
        """Nothing comes in between messages."""


class _InWindow:
    """One window, filled anew each time.

    Args:
        windows: fills windows.
        reception: notes what can't be filled.
        visit: whom for; its window is the one.
        metadata: comes back with every click in the window.
    """

    def __init__(
        self, windows: Windows, reception: Reception, visit: Visit, window: Window, metadata: str
    ) -> None:
        self._windows = windows
        self._reception = reception
        self._visit = visit
        self._window = window
        self._metadata = metadata

    async def announce(self, looked_at: int, back_to: datetime | None) -> bool:
        """Show how far it came; False once the window is closed."""
        return await self._show(hits.searching(looked_at, back_to))

    async def conclude(self, message: Message) -> None:
        """Show what it came to."""
        await self._show(message)

    async def insist(self, message: Message) -> None:
        """Show it once more where the window changed, unless it was the person who changed it."""
        try:
            view = hits.window(message, self._metadata)
            await self._windows.fill(self._window, view)
        except WindowError as error:
            if error.changed and not self._reception.was_clicked(self._window):
                self._window = Window(self._window.view_id)
                await self._show(message)

    async def _show(self, message: Message) -> bool:
        try:
            view = hits.window(message, self._metadata)
            self._window = await self._windows.fill(self._window, view)
        except WindowError as error:
            self._reception.note(self._visit, error)
            return not error.gone
        return True


class Screens:
    """Makes them."""

    def __init__(self, *, windows: Windows, reception: Reception) -> None:
        self._windows = windows
        self._reception = reception

    def messages(self, visit: Visit, *, instead: bool) -> Screen:
        """Messages; `instead` of the one that was clicked, or beside it."""
        return _OnMessages(self._reception, visit, instead=instead)

    def window(self, visit: Visit, window: Window, metadata: str) -> Screen:
        """A window that is open."""
        return _InWindow(self._windows, self._reception, visit, window, metadata)
