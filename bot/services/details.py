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

from bot.services.runner import Runner
from bot.services.voice_logs import VoiceLogs
from bot.signalwire.client import SignalWireClient
from bot.signalwire.errors import SignalWireError
from bot.signalwire.models import Timeline
from bot.slack.interaction import Interaction
from bot.slack.views import ViewError, ViewRef, Views
from bot.ui import errors, notices
from bot.ui.block_kit import Message, View
from bot.ui.details import view as details_view
from bot.voicelogs import masking
from bot.voicelogs.legs import LegFinder
from bot.voicelogs.results import CallLegs, Details, Found, LookupResult, PartError

PARTIAL_AFTER_SECONDS: Final = 1.0
RENDER_IN_THREAD_OVER: Final = 64 * 1024
"""Bytes of JSON. A megabyte takes about a third of a second to mask and render."""

_log = structlog.stdlib.get_logger(__name__)


class DetailsTab(Enum):
    """What a window shows of a log."""

    ALL = auto()
    LEGS = auto()
    RAW_JSON = auto()


@dataclass(frozen=True)
class DetailsRequest:
    """What somebody wants to see. `metadata` comes back with every click in the window."""

    log_id: UUID
    private_metadata: str
    tab: DetailsTab = DetailsTab.ALL
    page: int = 1

    @property
    def needs_legs(self) -> bool:
        """The further pages of the timeline, and the JSON, show no legs."""
        return self.tab is DetailsTab.LEGS or (self.tab is DetailsTab.ALL and self.page == 1)

    @property
    def needs_timeline(self) -> bool:
        """Whether events are shown."""
        return self.tab is not DetailsTab.LEGS


class DetailsService:
    """Shows all data about a log.

    A part that takes longer than `partial_after` seconds is added when it arrives.
    """

    def __init__(
        self,
        *,
        runner: Runner,
        voice_logs: VoiceLogs,
        windows: Views,
        clients: Sequence[SignalWireClient],
        legs: LegFinder,
        partial_after: float = PARTIAL_AFTER_SECONDS,
    ) -> None:
        self._runner = runner
        self._voice_logs = voice_logs
        self._windows = windows
        self._clients = {client.name: client for client in clients}
        self._legs = legs
        self._partial_after = partial_after

    def start(self, interaction: Interaction, sight: DetailsRequest) -> Message | None:
        """Open a window, upon the one clicked in if there is one; or what to say instead."""
        refused = self._runner.deny(interaction, "details", [sight.log_id])
        if refused is not None:
            return refused
        return self._runner.run_unguarded(interaction, lambda: self._run(interaction, sight))

    def show_page(
        self, interaction: Interaction, window: ViewRef, sight: DetailsRequest
    ) -> Message | None:
        """Show another page in an open window; or what to say instead."""
        refused = self._runner.deny(interaction, "details", [sight.log_id])
        if refused is not None:
            return refused

        async def work() -> None:
            result = await self._voice_logs.fetch(interaction, sight.log_id, "details")
            await self._update_modal(interaction, window, sight, result)

        return self._runner.run(interaction, work)

    async def _run(self, interaction: Interaction, sight: DetailsRequest) -> None:
        finding = asyncio.create_task(self._voice_logs.fetch(interaction, sight.log_id, "details"))
        try:
            window = await self._open_modal(interaction)
        except ViewError as error:
            finding.cancel()
            await self._runner.say_not_opened(interaction, error)
            return

        async def work() -> None:
            await self._update_modal(interaction, window, sight, await finding)

        # From here on the window is where the person looks: "Loading…" must not stay there.
        await self._runner.guarded(
            interaction,
            work,
            lambda word: self._runner.update_modal(
                interaction, window, word, sight.private_metadata
            ),
            retry=[sight.log_id],
        )

    async def _open_modal(self, interaction: Interaction) -> ViewRef:
        """A window that says "Loading…", upon the one clicked in if there is room for one more."""
        if interaction.view is None:
            return await self._windows.open(interaction.trigger_id, details_view.loading())
        try:
            return await self._windows.push(interaction.trigger_id, details_view.loading())
        except ViewError as error:
            if not error.stack_full:
                raise
            return await self._windows.update(interaction.view, details_view.loading())

    async def _update_modal(
        self, interaction: Interaction, window: ViewRef, sight: DetailsRequest, result: LookupResult
    ) -> None:
        if not isinstance(result, Found):
            message = self._voice_logs.lookup_result(
                interaction, [result], self._voice_logs.card_options()
            )
            await self._runner.update_modal(interaction, window, message, sight.private_metadata)
            return
        try:
            await self._update_as_parts_load(interaction, window, sight, result)
        except ViewError as error:
            self._runner.log_view_error(interaction, error)
            if not error.closed:
                message = errors.internal_error(interaction.request_id, retry=[sight.log_id])
                await self._runner.update_modal(
                    interaction, window, message, sight.private_metadata
                )

    async def _update_as_parts_load(
        self, interaction: Interaction, window: ViewRef, sight: DetailsRequest, found: Found
    ) -> None:
        parts = _Loading(
            found,
            asyncio.create_task(
                self._load_timeline(interaction, found, wanted=sight.needs_timeline)
            ),
            asyncio.create_task(self._load_legs(interaction, found, wanted=sight.needs_legs)),
        )
        try:
            if not await parts.wait(self._partial_after):
                view = await self._render(interaction, parts.snapshot(), sight)
                window = await self._windows.update(window, view)
                await parts.wait(None)
            await self._windows.update(
                window, await self._render(interaction, parts.snapshot(), sight)
            )
        finally:
            parts.cancel()

    async def _render(
        self, interaction: Interaction, details: Details, sight: DetailsRequest
    ) -> View:
        if _size(details) < RENDER_IN_THREAD_OVER:
            return self._render_sync(interaction, details, sight)
        return await asyncio.to_thread(self._render_sync, interaction, details, sight)

    def _render_sync(
        self, interaction: Interaction, details: Details, sight: DetailsRequest
    ) -> View:
        masked = self._voice_logs.masks(public=interaction.in_channel)
        shown = _masked(details, sight) if masked else details
        notes = (
            [notices.full_numbers(sight.log_id)]
            if interaction.in_channel and self._voice_logs.masks_public_only
            else []
        )
        names, metadata = self._voice_logs.names_projects, sight.private_metadata
        match sight.tab:
            case DetailsTab.ALL:
                return details_view.view(
                    shown, page=sight.page, metadata=metadata, name_project=names, notes=notes
                )
            case DetailsTab.LEGS:
                return details_view.legs_view(
                    shown, metadata=metadata, name_project=names, notes=notes
                )
            case DetailsTab.RAW_JSON:
                return details_view.raw_view(shown, page=sight.page, metadata=metadata, notes=notes)

    async def _load_timeline(
        self, interaction: Interaction, found: Found, *, wanted: bool
    ) -> Timeline | PartError | None:
        if not wanted:
            return None
        try:
            return await self._clients[found.project].list_events(found.log_id)
        except SignalWireError as error:
            return error
        except Exception:  # noqa: BLE001 - one part's fault must leave the others
            _log.exception("details.timeline_failed", request_id=interaction.request_id)
            return "broken"

    async def _load_legs(
        self, interaction: Interaction, found: Found, *, wanted: bool
    ) -> CallLegs | PartError | None:
        if not wanted:
            return None
        try:
            return await self._legs.find(found)
        except Exception:  # noqa: BLE001 - one part's fault must leave the others
            _log.exception("details.legs_failed", request_id=interaction.request_id)
            return "broken"


@dataclass(frozen=True)
class _Loading:
    """The parts of a window, each on its way or there."""

    found: Found
    timeline: asyncio.Task[Timeline | PartError | None]
    legs: asyncio.Task[CallLegs | PartError | None]

    async def wait(self, seconds: float | None) -> bool:
        """Wait for all of them, `seconds` at most; whether they are there."""
        _, late = await asyncio.wait({self.timeline, self.legs}, timeout=seconds)
        return not late

    def snapshot(self) -> Details:
        """What is there by now."""
        details = Details(self.found)
        if self.timeline.done():
            details = replace(details, timeline=self.timeline.result())
        if self.legs.done():
            details = replace(details, legs=self.legs.result())
        return details

    def cancel(self) -> None:
        """Give up what nobody waits for any more."""
        self.timeline.cancel()
        self.legs.cancel()


def _masked(details: Details, sight: DetailsRequest) -> Details:
    """No more than what is shown: masking a thousand events takes longer than drawing a page."""
    raw = sight.tab is DetailsTab.RAW_JSON
    return masking.mask_details(
        details_view.of_raw(details) if raw else details_view.of_page(details, sight.page)
    )


def _size(details: Details) -> int:
    timeline = details.timeline
    documents = [details.found.json, timeline.json if isinstance(timeline, Timeline) else None]
    return sum(json.size for json in documents if json is not None)
