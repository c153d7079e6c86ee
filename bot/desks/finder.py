"""Finds logs for somebody: one lookup with its audit line, and a fault that stays with its id."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

import structlog

from bot import logs, masking
from bot.cards.answer import answer
from bot.cards.blocks import Message
from bot.cards.buttons import Setting
from bot.desks.reception import Visit, who
from bot.lookup import Choice, Lookup
from bot.masking import Masking
from bot.report import Broken, Missed, Report

_log = structlog.stdlib.get_logger(__name__)
_audit = structlog.stdlib.get_logger(logs.AUDIT)


class Finder:
    """Looks up for people.

    Args:
        lookup: finds logs.
        masking: where numbers are masked.
        elapsed: a clock that only counts, in seconds.
    """

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

    def setting(self, thread_ts: str | None = None) -> Setting:
        """What the buttons of one person's card depend on; see Setting."""
        return Setting(thread_ts, masks_shared=self.masks(public=True))

    def public_setting(self, shared_by: str | None) -> Setting:
        """What the buttons of a shared card depend on."""
        return Setting(masks_shared=self.masks(public=True), public=True, shared_by=shared_by)

    def answer(
        self,
        visit: Visit,
        reports: Sequence[Report],
        setting: Setting | None,
        *,
        left_out: int = 0,
        cut_short: Sequence[str] = (),
    ) -> Message:
        """What to say to reports, with numbers masked where they must be.

        They must in what everyone sees, and in what comes of a click there, whoever sees that.

        Args:
            visit: whom to.
            reports: in the order in which the ids were given.
            setting: what the buttons depend on; without it there are none.
            left_out: how many further ids were not looked up.
            cut_short: ids that were pasted without their end.
        """
        public = visit.public or (setting is not None and setting.public)
        masked = self.masks(public=public)
        message = answer(
            [masking.report(report) if masked else report for report in reports],
            reference=visit.reference,
            name_project=self.names_projects,
            setting=setting,
            left_out=left_out,
            cut_short=cut_short,
        )
        return replace(message, may_be_public=masked or self._masking is Masking.NEVER)

    def choose(self, ids: Sequence[UUID]) -> Choice:
        """The ids to look up, and how many are left out."""
        return self._lookup.choose(ids)

    async def find_all(self, visit: Visit, ids: Sequence[UUID]) -> Sequence[Report]:
        """The reports for those of the ids that are chosen, in their order."""
        chosen = self.choose(ids)
        if len(chosen.ids) == 1:
            return [await self.find(visit, chosen.ids[0])]
        return await asyncio.gather(*(self.find(visit, log_id) for log_id in chosen.ids))

    async def find(self, visit: Visit, log_id: UUID, wish: str = "lookup") -> Report:
        """One lookup with its audit line, `wish` being what for. Numbers aren't masked yet."""
        started = self._elapsed()
        outcome = "interrupted"
        causes: dict[str, Mapping[str, str]] = {}
        try:
            report = await self.poll(visit, log_id)
            outcome = report.outcome
            if isinstance(report, Missed) and report.causes:
                causes["causes"] = report.causes
            return report
        finally:
            _audit.info(
                f"{wish}.done",
                ref=visit.reference,
                id=str(log_id),
                outcome=outcome,
                ms=round((self._elapsed() - started) * 1000),
                **who(visit.caller),
                **causes,
            )

    async def poll(self, visit: Visit, log_id: UUID) -> Report:
        """One lookup without an audit line, for those that are one of many."""
        try:
            return await self._lookup.find(log_id)
        except Exception:  # noqa: BLE001 - a fault with one id must not hide the others' logs
            _log.exception("lookup.fault", ref=visit.reference)
            return Broken(log_id)
