"""Fetches voice logs for users, with an audit line for each."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog

from bot.services import audit
from bot.slack.interaction import Interaction
from bot.voicelogs.lookup import Lookup
from bot.voicelogs.results import InternalError, LookupResult, NotFound

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True)
class VoiceLogs:
    """Fetches voice logs. An unexpected exception becomes an InternalError for its id."""

    lookup: Lookup

    async def fetch_many(
        self, interaction: Interaction, log_ids: Sequence[UUID]
    ) -> Sequence[LookupResult]:
        """Look several logs up at once; the results are in the same order."""
        if len(log_ids) == 1:  # the usual case, without a further task
            return [await self.fetch(interaction, log_ids[0], "lookup")]
        return await asyncio.gather(*(self.fetch(interaction, each, "lookup") for each in log_ids))

    async def fetch(self, interaction: Interaction, log_id: UUID, action: str) -> LookupResult:
        """Fetch a log, and write the audit line `<action>.done`."""
        with audit.timed(f"{action}.done", interaction, id=str(log_id)) as line:
            result = await self.fetch_unaudited(interaction, log_id)
            line["outcome"] = result.outcome
            if isinstance(result, NotFound) and result.causes:
                line["causes"] = result.causes
            return result

    async def fetch_unaudited(self, interaction: Interaction, log_id: UUID) -> LookupResult:
        """Fetch a log without an audit line, as Follow does every few seconds."""
        try:
            return await self.lookup.get(log_id)
        except Exception:  # noqa: BLE001 - a bug with one id must not hide the others' logs
            _log.exception("lookup.failed", request_id=interaction.request_id)
            return InternalError(log_id)
