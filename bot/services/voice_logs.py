"""Finds logs for somebody: one lookup with its audit line, and a fault that stays with its id."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

import structlog

from bot.runtime import logging as logs
from bot.services.runner import audit_fields
from bot.slack.interaction import Interaction
from bot.ui.actions import CardOptions
from bot.ui.block_kit import Message
from bot.ui.lookup_result import lookup_result
from bot.voicelogs import masking
from bot.voicelogs.lookup import Lookup, Selection
from bot.voicelogs.masking import Masking
from bot.voicelogs.results import InternalError, LookupResult, NotFound

_log = structlog.stdlib.get_logger(__name__)
_audit = structlog.stdlib.get_logger(logs.AUDIT)


class VoiceLogs:
    """Looks logs up with an audit line each, and renders the results."""

    def __init__(
        self,
        lookup: Lookup,
        masking: Masking,
        *,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._lookup = lookup
        self._masking = masking
        self._elapsed = elapsed

    @property
    def names_projects(self) -> bool:
        """Whether it matters which project has a log."""
        return self._lookup.has_several_projects

    def masks(self, *, public: bool) -> bool:
        """Whether numbers are masked in what everyone in a channel sees, or one person alone."""
        return self._masking.applies(public=public)

    @property
    def masks_public_only(self) -> bool:
        """Whether numbers that are masked for everyone are shown to one person who asks."""
        return self.masks(public=True) and not self.masks(public=False)

    def card_options(self, thread_ts: str | None = None) -> CardOptions:
        """What the buttons of one person's card depend on; see Setting."""
        return CardOptions(thread_ts, masks_shared=self.masks(public=True))

    def shared_card_options(self, shared_by: str | None) -> CardOptions:
        """What the buttons of a shared card depend on."""
        return CardOptions(masks_shared=self.masks(public=True), public=True, shared_by=shared_by)

    def lookup_result(
        self,
        interaction: Interaction,
        results: Sequence[LookupResult],
        setting: CardOptions | None,
        *,
        left_out: int = 0,
        cut_short: Sequence[str] = (),
    ) -> Message:
        """What to say to reports, with numbers masked where they must be.

        They must in what everyone sees, and in what comes of a click there, whoever sees that.

        Args:
            interaction: whom to.
            results: in the order in which the ids were given.
            setting: what the buttons depend on; without it there are none.
            left_out: how many further ids were not looked up.
            cut_short: ids that were pasted without their end.
        """
        public = interaction.in_channel or (setting is not None and setting.public)
        masked = self.masks(public=public)
        message = lookup_result(
            [masking.mask_result(result) if masked else result for result in results],
            request_id=interaction.request_id,
            name_project=self.names_projects,
            setting=setting,
            left_out=left_out,
            cut_short=cut_short,
        )
        return replace(message, may_be_public=masked or self._masking is Masking.NEVER)

    def select(self, ids: Sequence[UUID]) -> Selection:
        """The ids to look up, and how many are left out."""
        return self._lookup.select(ids)

    async def fetch_many(
        self, interaction: Interaction, ids: Sequence[UUID]
    ) -> Sequence[LookupResult]:
        """The reports for those of the ids that are chosen, in their order."""
        chosen = self.select(ids)
        if len(chosen.ids) == 1:
            return [await self.fetch(interaction, chosen.ids[0])]
        return await asyncio.gather(*(self.fetch(interaction, log_id) for log_id in chosen.ids))

    async def fetch(
        self, interaction: Interaction, log_id: UUID, action: str = "lookup"
    ) -> LookupResult:
        """One lookup with its audit line, `wish` being what for. Numbers aren't masked yet."""
        started = self._elapsed()
        outcome = "interrupted"
        causes: dict[str, Mapping[str, str]] = {}
        try:
            result = await self.fetch_unaudited(interaction, log_id)
            outcome = result.outcome
            if isinstance(result, NotFound) and result.causes:
                causes["causes"] = result.causes
            return result
        finally:
            _audit.info(
                f"{action}.done",
                request_id=interaction.request_id,
                id=str(log_id),
                outcome=outcome,
                duration_ms=round((self._elapsed() - started) * 1000),
                **audit_fields(interaction.actor),
                **causes,
            )

    async def fetch_unaudited(self, interaction: Interaction, log_id: UUID) -> LookupResult:
        """One lookup without an audit line, for those that are one of many."""
        try:
            return await self._lookup.get(log_id)
        except Exception:  # noqa: BLE001 - a fault with one id must not hide the others' logs
            _log.exception("lookup.failed", request_id=interaction.request_id)
            return InternalError(log_id)
