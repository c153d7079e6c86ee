"""Where a search shows itself as it goes on: in messages, or in a window."""

from typing import Protocol

from bot.cards import hits
from bot.cards.blocks import Message
from bot.desks.reception import Reception, Visit
from bot.windows import Window, WindowError, Windows


class Screen(Protocol):
    """Something that shows one message at a time."""

    @property
    def keeps_announcements(self) -> bool:
        """Whether what is announced stays there, beside what it came to."""
        ...

    async def announce(self, message: Message) -> bool:
        """Show how far it came; False if nobody looks any more."""
        ...

    async def conclude(self, message: Message) -> None:
        """Show what it came to."""
        ...

    async def insist(self, message: Message) -> None:
        """Show what it came to once more, if something else came in between by mistake."""
        ...


class _OnMessages:
    """Messages through a response_url, each in the place of the one before.

    Args:
        reception: delivers.
        visit: whom for.
        instead: begin in the place of the message that was clicked.
    """

    def __init__(self, reception: Reception, visit: Visit, *, instead: bool) -> None:
        self._reception = reception
        self._visit = visit
        # Only what was clicked can be replaced; so beside it, one announcement is enough.
        self._beside = visit.is_click and not instead
        self._replace = instead
        self._announced = False

    @property
    def keeps_announcements(self) -> bool:
        """Beside a clicked message, nothing can be replaced but that."""
        return self._beside

    async def announce(self, message: Message) -> bool:
        """Show how far it came."""
        if not (self._beside and self._announced):
            self._announced = True
            there = await self._reception.post(
                self._visit,
                message,
                replace=self._replace,
                beside=self._beside,
                attempts=1,
            )
            self._replace = not self._beside and (bool(there) or self._replace)
        return True

    async def conclude(self, message: Message) -> None:
        """Show what it came to."""
        await self._reception.post(
            self._visit,
            message,
            replace=self._replace,
            beside=self._beside,
        )

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

    @property
    def keeps_announcements(self) -> bool:
        """A window shows one thing."""
        return False

    async def announce(self, message: Message) -> bool:
        """Show how far it came; False once the window is closed."""
        return await self._show(message)

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
