"""Details and Legs: a modal that opens at once, and is updated as its parts arrive.

Everything is fetched again for each page, since nothing is kept between clicks.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto
from typing import Final, TypeVar
from uuid import UUID

import structlog

from bot.services.presenter import CardPresenter
from bot.services.runner import Runner
from bot.services.voice_logs import VoiceLogs
from bot.signalwire.client import SignalWireClient
from bot.signalwire.compatibility import CompatibilityCall
from bot.signalwire.errors import SignalWireError
from bot.signalwire.models import Timeline
from bot.slack.interaction import Interaction
from bot.slack.responder import Responder
from bot.ui import notices
from bot.ui.block_kit import Message, View
from bot.ui.details import ending as details_ending
from bot.ui.details import view as details_view
from bot.voicelogs import masking
from bot.voicelogs.call_times import call_times
from bot.voicelogs.ending import ending, has_compatibility_call
from bot.voicelogs.legs import LegFinder
from bot.voicelogs.results import CallLegs, Details, Found, LookupResult, PartError

PARTIAL_AFTER_SECONDS: Final = 1.0
"""When the parts that have arrived are shown without the others."""
RENDER_IN_THREAD_OVER: Final = 64 * 1024
"""Bytes of JSON. Masking and rendering a megabyte takes about a third of a second."""

T = TypeVar("T")

_log = structlog.stdlib.get_logger(__name__)


class DetailsContent(Enum):
    """What the modal shows about a log."""

    ALL = auto()
    ERRORS = auto()
    """The errors and warnings of the timeline."""
    LEGS = auto()
    RAW_JSON = auto()
    TEXT = auto()
    """Text to copy, masked like a shared card."""
    TEXT_IN_FULL = auto()
    """The same, masked like the user's own card."""


@dataclass(frozen=True)
class DetailsRequest:
    """A log, and what to show of it."""

    log_id: UUID
    content: DetailsContent = DetailsContent.ALL
    page: int = 1

    @property
    def needs_legs(self) -> bool:
        """Whether the page shows legs; the further pages of the timeline don't."""
        return self.content is DetailsContent.LEGS or self.needs_ending

    @property
    def needs_timeline(self) -> bool:
        """Whether the page shows events."""
        return self.content in {DetailsContent.ALL, DetailsContent.ERRORS, DetailsContent.RAW_JSON}

    @property
    def needs_ending(self) -> bool:
        """Whether the page shows how the leg ended."""
        return self.content is DetailsContent.ALL and self.page == 1


@dataclass(frozen=True, kw_only=True)
class DetailsService:
    """Shows all data about a log."""

    runner: Runner
    voice_logs: VoiceLogs
    presenter: CardPresenter
    clients: Mapping[str, SignalWireClient]
    legs: LegFinder
    partial_after: float = PARTIAL_AFTER_SECONDS

    # The methods are in the order of a request: start, open, fetch, show the parts, render.

    def start(
        self, interaction: Interaction, request: DetailsRequest, *, in_modal: bool = False
    ) -> Message | None:
        """Start to open a modal, or to show another page in the modal that was clicked in."""
        self.runner.authorize(interaction, "details", [request.log_id])
        return self.runner.start(
            interaction,
            "details",
            lambda responder: self._run(responder, request, in_modal=in_modal),
            retry=[] if in_modal else [request.log_id],
        )

    async def _run(self, responder: Responder, request: DetailsRequest, *, in_modal: bool) -> None:
        fetching = asyncio.create_task(
            self.voice_logs.fetch(responder.interaction, request.log_id, "details")
        )
        try:
            if not in_modal:
                await responder.open_modal(details_view.loading())
            async with self.runner.tasks.interruptible():
                await self._show(responder, request, await fetching)
        finally:
            fetching.cancel()

    async def _show(
        self, responder: Responder, request: DetailsRequest, result: LookupResult
    ) -> None:
        """Show the log; at first, without the parts that take longer."""
        if not isinstance(result, Found):
            message = self.presenter.lookup_result(responder.interaction, [result])
            await responder.replace_modal(message)
            return
        request_id = responder.interaction.request_id
        now = self.presenter.now()
        timeline = asyncio.create_task(
            _part("timeline", request_id, lambda: self._load_timeline(request, result))
        )
        legs = asyncio.create_task(
            _part("legs", request_id, lambda: self._load_legs(request, result))
        )
        call = asyncio.create_task(
            _part("call", request_id, lambda: self._load_call(request, result, now))
        )
        try:
            _, missing = await asyncio.wait({timeline, legs, call}, timeout=self.partial_after)
            if missing:
                partial = Details(
                    result,
                    timeline.result() if timeline.done() else None,
                    legs.result() if legs.done() else None,
                    call.result() if call.done() else None,
                )
                await self._update_modal(responder, request, partial)
            details = Details(result, await timeline, await legs, await call)
        finally:
            timeline.cancel()
            legs.cancel()
            call.cancel()
        await self._update_modal(responder, request, details)

    async def _load_timeline(self, request: DetailsRequest, found: Found) -> Timeline | None:
        if not request.needs_timeline:
            return None
        if found.call is not None:  # events belong to the voice log
            return Timeline((), None)
        return await self.clients[found.project].list_events(found.log_id)

    async def _load_legs(self, request: DetailsRequest, found: Found) -> CallLegs | None:
        return await self.legs.find(found) if request.needs_legs else None

    async def _load_call(
        self, request: DetailsRequest, found: Found, now: datetime
    ) -> CompatibilityCall | None:
        if not request.needs_ending or not has_compatibility_call(found, now):
            return found.call
        client = self.clients[found.project]
        return (await client.get_compatibility_call(found.log_id)).call

    async def _update_modal(
        self, responder: Responder, request: DetailsRequest, details: Details
    ) -> None:
        if _json_size(details) < RENDER_IN_THREAD_OVER:
            view = self._render(responder.interaction, request, details)
        else:
            view = await asyncio.to_thread(self._render, responder.interaction, request, details)
        await responder.update_modal(view)

    def _render(self, interaction: Interaction, request: DetailsRequest, details: Details) -> View:
        page, context = request.page, self.presenter.context(interaction)
        notes = details_ending.provisional(details.found, has_events=request.needs_timeline)
        if request.needs_ending:
            details = _with_ending(details, context.now)
        masks = self.presenter.masks(public=interaction.is_public)
        is_text = request.content is DetailsContent.TEXT
        is_masked = masks or (is_text and self.presenter.masks(public=True))
        if is_masked:
            # Mask only what is shown: masking a thousand events takes longer than rendering them.
            details = masking.mask_details(_reduced(details, request))
        if masks and not self.presenter.masks(public=False):
            notes.append(notices.full_numbers(request.log_id))
        metadata = interaction.private_metadata(request.log_id)
        context = replace(context, metadata=metadata, modal_notes=notes)
        match request.content:
            case DetailsContent.ALL:
                return details_view.view(details, context, page)
            case DetailsContent.ERRORS:
                return details_view.errors_view(details, context, page)
            case DetailsContent.LEGS:
                return details_view.legs_view(details, context)
            case DetailsContent.RAW_JSON:
                return details_view.raw_view(details, context, page)
            case DetailsContent.TEXT | DetailsContent.TEXT_IN_FULL:
                may_show_in_full = is_masked and not masks
                return details_view.text_view(details, context, may_show_in_full=may_show_in_full)


def _with_ending(details: Details, now: datetime) -> Details:
    timeline = details.timeline
    events = timeline.events if isinstance(timeline, Timeline) else ()
    return replace(
        details,
        ending=ending(details.found, timeline, details.call, now),
        times=call_times(details.found.log, events),
    )


def _reduced(details: Details, request: DetailsRequest) -> Details:
    """Keep only the details that the page shows."""
    if request.content is DetailsContent.RAW_JSON:
        return details_view.reduce_to_json(details)
    errors_only = request.content is DetailsContent.ERRORS
    return details_view.reduce_to_page(details, request.page, errors_only=errors_only)


async def _part(name: str, request_id: str, load: Callable[[], Awaitable[T]]) -> T | PartError:
    """Load a part; return it, or the error."""
    try:
        return await load()
    except SignalWireError as error:
        return error
    except Exception:  # noqa: BLE001 - a bug with one part must not hide the others
        _log.exception("details.part_failed", part=name, request_id=request_id)
        return "internal_error"


def _json_size(details: Details) -> int:
    timeline = details.timeline
    documents = [details.found.json, timeline.json if isinstance(timeline, Timeline) else None]
    return sum(json.size for json in documents if json is not None)
