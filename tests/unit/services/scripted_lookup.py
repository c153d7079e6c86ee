"""A lookup whose results are scripted, and the service over it."""

import asyncio
from uuid import UUID

from bot.runtime.clock import utc_now
from bot.services.lookup import LookupService
from bot.services.sealed_search import SealedSearches
from bot.services.voice_logs import VoiceLogs
from bot.signalwire.errors import SignalWireError
from bot.signalwire.models import VoiceLog
from bot.slack.sealed_value import SealedValues
from bot.voicelogs.lookup import Lookup
from bot.voicelogs.results import Found, LookupResult, NotFound
from tests.support.services import ServiceHarness

Outcome = str | LookupResult | Exception
"""A log's status, another result, SignalWire's error, or an internal error."""


class ScriptedLookup(Lookup):
    """Returns or raises the outcomes in order, and repeats the last one."""

    def __init__(self, *outcomes: Outcome) -> None:
        super().__init__([])
        self.outcomes = list(outcomes)
        self.calls = 0

    async def get(self, log_id: UUID) -> LookupResult:
        await asyncio.sleep(0)
        self.calls += 1
        outcome = self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]
        match outcome:
            case SignalWireError():
                return NotFound(log_id, {"acme": outcome})
            case Exception():
                raise outcome
            case str(status):
                log = VoiceLog(id=str(log_id), type="relay_pstn_call", status=status)
                return Found(log_id, "acme", log)
            case result:
                return result


def lookup_service(harness: ServiceHarness, lookup: Lookup) -> LookupService:
    return LookupService(
        runner=harness.runner,
        voice_logs=VoiceLogs(lookup),
        presenter=harness.presenter,
        sealed=SealedSearches(SealedValues(("secret",), now=utc_now)),
    )
