"""Details and Legs: a window that opens at once and fills as its parts arrive.

A window has no channel, so the one it was opened from travels in it, for the next click to be
authorised by, and whether everyone saw what it was opened from: then numbers stay masked in it.
Everything else is asked for anew with every page: nothing is kept between clicks.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final
from uuid import UUID

import structlog

from bot import masking
from bot.cards import details as cards
from bot.cards import notices, problems
from bot.cards.blocks import Message
from bot.cards.views import View
from bot.desks.finder import Finder
from bot.desks.reception import Reception, Visit
from bot.legs import Legs
from bot.report import Details, Family, Found, Report, Trouble
from bot.signalwire.client import SignalWireClient
from bot.signalwire.errors import SignalWireError
from bot.signalwire.models import Timeline
from bot.windows import Window, WindowError, Windows

PARTIAL_AFTER_SECONDS: Final = 1.0
LARGE: Final = 64 * 1024
"""Characters of JSON. A megabyte takes most of a second to draw, which must not be everybody's."""

_log = structlog.stdlib.get_logger(__name__)


class Pane(Enum):
    """What a window shows of a log."""

    EVERYTHING = auto()
    LEGS = auto()
    RAW = auto()


@dataclass(frozen=True)
class Sight:
    """What somebody wants to see. `metadata` comes back with every click in the window."""

    log_id: UUID
    metadata: str
    pane: Pane = Pane.EVERYTHING
    page: int = 1

    @property
    def wants_family(self) -> bool:
        """The further pages of the timeline, and the JSON, show no legs."""
        return self.pane is Pane.LEGS or (self.pane is Pane.EVERYTHING and self.page == 1)

    @property
    def wants_timeline(self) -> bool:
        """Whether events are shown."""
        return self.pane is not Pane.LEGS


class Showing:
    """Shows everything there is to know of a log.

    Args:
        reception: lets people in.
        finder: finds logs.
        windows: opens and fills windows.
        clients: the SignalWire projects.
        legs: finds the legs of a call.
        partial_after: how long the slower parts hold the quicker ones back, in seconds.
    """

    def __init__(
        self,
        *,
        reception: Reception,
        finder: Finder,
        windows: Windows,
        clients: Sequence[SignalWireClient],
        legs: Legs,
        partial_after: float = PARTIAL_AFTER_SECONDS,
    ) -> None:
        self._reception = reception
        self._finder = finder
        self._windows = windows
        self._clients = {client.name: client for client in clients}
        self._legs = legs
        self._partial_after = partial_after

    def open(self, visit: Visit, sight: Sight) -> Message | None:
        """Open a window, upon the one clicked in if there is one; or what to say instead."""
        refused = self._reception.refusal(visit, "details", [sight.log_id])
        if refused is not None:
            return refused
        return self._reception.begin_alone(visit, lambda: self._open(visit, sight))

    def turn(self, visit: Visit, window: Window, sight: Sight) -> Message | None:
        """Show another page in an open window; or what to say instead."""
        refused = self._reception.refusal(visit, "details", [sight.log_id])
        if refused is not None:
            return refused

        async def work() -> None:
            report = await self._finder.find(visit, sight.log_id, "details")
            await self._fill(visit, window, sight, report)

        return self._reception.begin(visit, work)

    async def _open(self, visit: Visit, sight: Sight) -> None:
        finding = asyncio.create_task(self._finder.find(visit, sight.log_id, "details"))
        try:
            window = await self._opened(visit)
        except WindowError as error:
            finding.cancel()
            await self._reception.say_not_opened(visit, error)
            return

        async def work() -> None:
            await self._fill(visit, window, sight, await finding)

        # From here on the window is where the person looks: "Loading…" must not stay there.
        await self._reception.see_through(
            visit,
            work,
            lambda word: self._reception.say_in(visit, window, word, sight.metadata),
            retry=[sight.log_id],
        )

    async def _opened(self, visit: Visit) -> Window:
        """A window that says "Loading…", upon the one clicked in if there is room for one more."""
        if visit.window is None:
            return await self._windows.open(visit.trigger_id, cards.loading())
        try:
            return await self._windows.push(visit.trigger_id, cards.loading())
        except WindowError as error:
            if not error.no_room:
                raise
            return await self._windows.fill(visit.window, cards.loading())

    async def _fill(self, visit: Visit, window: Window, sight: Sight, report: Report) -> None:
        if not isinstance(report, Found):
            message = self._finder.answer(visit, [report], self._finder.setting())
            await self._reception.say_in(visit, window, message, sight.metadata)
            return
        try:
            await self._fill_in_parts(visit, window, sight, report)
        except WindowError as error:
            self._reception.note(visit, error)
            if not error.gone:
                message = problems.own_fault(visit.reference, retry=[sight.log_id])
                await self._reception.say_in(visit, window, message, sight.metadata)

    async def _fill_in_parts(
        self, visit: Visit, window: Window, sight: Sight, found: Found
    ) -> None:
        parts = _Parts(
            found,
            asyncio.create_task(self._timeline(visit, found, wanted=sight.wants_timeline)),
            asyncio.create_task(self._family(visit, found, wanted=sight.wants_family)),
        )
        try:
            if not await parts.arrived(self._partial_after):
                view = await self._view(visit, parts.so_far(), sight)
                window = await self._windows.fill(window, view)
                await parts.arrived(None)
            await self._windows.fill(window, await self._view(visit, parts.so_far(), sight))
        finally:
            parts.cancel()

    async def _view(self, visit: Visit, details: Details, sight: Sight) -> View:
        if _size(details) < LARGE:
            return self._drawn(visit, details, sight)
        return await asyncio.to_thread(self._drawn, visit, details, sight)

    def _drawn(self, visit: Visit, details: Details, sight: Sight) -> View:
        masked = self._finder.masks(public=visit.public)
        shown = _masked(details, sight) if masked else details
        notes = (
            [notices.full_numbers(sight.log_id)]
            if visit.public and self._finder.masks_public_only
            else []
        )
        names, metadata = self._finder.names_projects, sight.metadata
        match sight.pane:
            case Pane.EVERYTHING:
                return cards.view(
                    shown, page=sight.page, metadata=metadata, name_project=names, notes=notes
                )
            case Pane.LEGS:
                return cards.legs_view(shown, metadata=metadata, name_project=names, notes=notes)
            case Pane.RAW:
                return cards.raw_view(shown, page=sight.page, metadata=metadata, notes=notes)

    async def _timeline(
        self, visit: Visit, found: Found, *, wanted: bool
    ) -> Timeline | Trouble | None:
        if not wanted:
            return None
        try:
            return await self._clients[found.project].events(found.log_id)
        except SignalWireError as error:
            return error
        except Exception:  # noqa: BLE001 - one part's fault must leave the others
            _log.exception("timeline.fault", ref=visit.reference)
            return "broken"

    async def _family(self, visit: Visit, found: Found, *, wanted: bool) -> Family | Trouble | None:
        if not wanted:
            return None
        try:
            return await self._legs.family(found)
        except Exception:  # noqa: BLE001 - one part's fault must leave the others
            _log.exception("legs.fault", ref=visit.reference)
            return "broken"


@dataclass(frozen=True)
class _Parts:
    """The parts of a window, each on its way or there."""

    found: Found
    timeline: asyncio.Task[Timeline | Trouble | None]
    family: asyncio.Task[Family | Trouble | None]

    async def arrived(self, seconds: float | None) -> bool:
        """Wait for all of them, `seconds` at most; whether they are there."""
        _, late = await asyncio.wait({self.timeline, self.family}, timeout=seconds)
        return not late

    def so_far(self) -> Details:
        """What is there by now."""
        details = Details(self.found)
        if self.timeline.done():
            details = replace(details, timeline=self.timeline.result())
        if self.family.done():
            details = replace(details, family=self.family.result())
        return details

    def cancel(self) -> None:
        """Give up what nobody waits for any more."""
        self.timeline.cancel()
        self.family.cancel()


def _masked(details: Details, sight: Sight) -> Details:
    """No more than what is shown: masking a thousand events takes longer than drawing a page."""
    raw = sight.pane is Pane.RAW
    return masking.details(cards.of_raw(details) if raw else cards.of_page(details, sight.page))


def _size(details: Details) -> int:
    timeline = details.timeline
    return len(details.found.json) + (len(timeline.json) if isinstance(timeline, Timeline) else 0)
