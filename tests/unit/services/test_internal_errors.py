"""Internal errors are reported to the user and logged, and don't hide other results."""

import asyncio
import io
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, cast
from uuid import UUID

import pytest
from pydantic import JsonValue
from structlog.testing import capture_logs
from structlog.typing import EventDict

from bot.dev.emulator.slack import block_kit
from bot.runtime import logging as logs
from bot.runtime.clock import utc_now
from bot.services.details import DetailsContent, DetailsRequest, DetailsService
from bot.services.follow import FollowService
from bot.services.form_replies import FormReplies, FormTiming
from bot.services.lookup import LookupService
from bot.services.presenter import CardPresenter
from bot.services.sealed_search import SealedSearches
from bot.services.share import ShareService
from bot.services.voice_logs import VoiceLogs
from bot.signalwire.compatibility import CompatibilityCall, RawCompatibilityCall
from bot.signalwire.errors import InvalidResponseError, LogNotFoundError, UnavailableError
from bot.signalwire.models import RawJson, Timeline, VoiceLog
from bot.slack.interaction import Interaction
from bot.slack.sealed_value import SealedValues
from bot.slack.views import ViewRef
from bot.ui.block_kit import Message
from bot.ui.card_buttons import CardOptions
from bot.ui.lookup_result import NO_SOURCE, SourceText
from bot.voicelogs.ids import Ids
from bot.voicelogs.legs import LegFinder
from bot.voicelogs.masking import Masking
from bot.voicelogs.results import CallLegs, Found, LookupResult, NotFound
from tests.support import samples
from tests.support.logging_restored import logging_restored
from tests.support.samples import CANARY
from tests.support.services import CLICK, COMMAND, ServiceHarness
from tests.support.texts import ID, INTERNAL_ERROR
from tests.unit.services.scripted_lookup import Outcome, ScriptedLookup
from tests.unit.ui.details_examples import details, timeline

if TYPE_CHECKING:
    from bot.signalwire.client import SignalWireClient

BROKEN = UUID("0c1bb0f8-6f0e-4d3a-9a6e-7a2f4f3f9d11")
MISSING = UUID(samples.NOT_FOUND)
FOUND = Found(ID, "acme", VoiceLog(id=str(ID)), details().found.json)


class LookupHarness(ServiceHarness):
    """A LookupService with these outcomes of the IDs."""

    def __init__(self, outcomes: Mapping[UUID, Outcome]) -> None:
        super().__init__()
        self.ids = Ids(tuple(outcomes))
        self.service = LookupService(
            runner=self.runner,
            voice_logs=VoiceLogs(ScriptedLookup(*outcomes.values())),
            presenter=self.presenter,
            sealed=SealedSearches(SealedValues(("secret",), now=utc_now)),
            progress_after=3600,
        )

    async def text(self) -> str:
        """Look up the IDs; return the text of the only message."""
        assert self.service.start(COMMAND, self.ids) is None
        await self.tasks.join()
        [payload] = self.posted
        assert block_kit.problems(payload) == []
        return str(payload["text"])


class Log(io.StringIO):
    """The log, as the process writes it."""

    def lines(self, event: str) -> list[dict[str, JsonValue]]:
        parsed: list[dict[str, JsonValue]] = [
            json.loads(line) for line in self.getvalue().splitlines()
        ]
        return [line for line in parsed if line["event"] == event]

    def outcomes(self) -> dict[str, JsonValue]:
        """Return the outcome of each lookup, by ID."""
        return {str(line["id"]): line["outcome"] for line in self.lines("lookup.done")}


@pytest.fixture
def log() -> Iterator[Log]:
    """The log of a test; restores the loggers."""
    written = Log()
    with logging_restored():
        logs.configure("json", "info", written)
        yield written


@pytest.mark.parametrize("order", [(ID, BROKEN), (BROKEN, ID)])
async def test_an_internal_error_of_one_id_does_not_hide_the_others(
    order: tuple[UUID, UUID], log: Log
) -> None:
    outcomes: dict[UUID, Outcome] = {ID: FOUND, BROKEN: RuntimeError(CANARY)}
    text = await LookupHarness({log_id: outcomes[log_id] for log_id in order}).text()
    assert "1 found, 1 couldn't be looked up" in text
    assert text.count(INTERNAL_ERROR) == 1
    assert text.index(str(order[0])) < text.index(str(order[1]))
    assert "Reference k7m2." in text
    assert CANARY not in text
    assert log.outcomes() == {str(ID): "found", str(BROKEN): "internal_error"}


@pytest.mark.parametrize("error", [RuntimeError(CANARY), KeyError(CANARY), TimeoutError(CANARY)])
async def test_an_internal_error_is_logged_without_its_message(error: Exception, log: Log) -> None:
    await LookupHarness({ID: FOUND, BROKEN: error}).text()
    [line] = log.lines("lookup.failed")
    assert line["request_id"] == "k7m2"
    assert line["level"] == "error"
    assert line["error"] == type(error).__name__
    assert line["origin"]
    assert {audit["request_id"] for audit in log.lines("lookup.done")} == {"k7m2"}
    assert CANARY not in log.getvalue()
    assert log.lines("interaction.failed") == log.lines("task.failed") == []


async def test_the_causes_of_a_failed_lookup_are_in_the_audit_line(log: Log) -> None:
    connection = UnavailableError("ConnectionResetError", 3)
    connection.__cause__ = ConnectionResetError(CANARY)
    errors = {
        "sales": connection,
        "support": UnavailableError("503", 3),
        "old": InvalidResponseError("not JSON"),
        "lacking": LogNotFoundError(CANARY),
    }
    await LookupHarness({MISSING: NotFound(MISSING, errors)}).text()
    [line] = log.lines("lookup.done")
    assert line["outcome"] == "not_found+unavailable+unreadable"
    assert line["causes"] == {"sales": "ConnectionResetError", "support": "503", "old": "not JSON"}
    assert CANARY not in log.getvalue()


class Parts(LegFinder):
    """Loads the parts of a log; those in `broken` raise an unexpected exception."""

    def __init__(self, *broken: str) -> None:
        super().__init__([], now=utc_now)
        self.broken = broken

    async def list_events(self, _log_id: UUID) -> Timeline:
        return cast("Timeline", self._part("timeline", timeline()))

    async def get_compatibility_call(self, _call_sid: UUID) -> RawCompatibilityCall:
        raw = RawCompatibilityCall(CompatibilityCall(sid=str(ID)), RawJson({}, 2))
        return cast("RawCompatibilityCall", self._part("call", raw))

    async def find(self, found: Found) -> CallLegs:
        return cast("CallLegs", self._part("legs", CallLegs(found.log, (found.log,))))

    def _part(self, name: str, part: object) -> object:
        if name in self.broken:
            raise RuntimeError("+12065550100")
        return part


def failed_parts(logged: Sequence[EventDict]) -> list[str]:
    """Return the parts that the error lines name."""
    errors = [line for line in logged if line["log_level"] == "error"]
    assert {line["event"] for line in errors} == {"details.part_failed"}
    return [line["part"] for line in errors]


class DetailsHarness(ServiceHarness):
    """A DetailsService whose parts may be broken."""

    def __init__(self, *broken: str, found: Found = FOUND) -> None:
        super().__init__()
        parts = Parts(*broken)
        self.service = DetailsService(
            runner=self.runner,
            voice_logs=VoiceLogs(ScriptedLookup(found)),
            presenter=self.presenter,
            clients={"acme": cast("SignalWireClient", parts)},
            legs=parts,
        )


LAML = replace(FOUND, log=FOUND.log.model_copy(update={"type": "laml_call"}))


@pytest.mark.parametrize(
    ("broken", "notice", "other_part"),
    [
        ("timeline", "The timeline is missing; the rest isn't affected.", "Legs"),
        ("legs", "The legs are missing; the rest isn't affected.", "Timeline"),
        ("call", "The Compatibility API", "Timeline"),
    ],
)
async def test_a_broken_part_leaves_the_others(broken: str, notice: str, other_part: str) -> None:
    harness = DetailsHarness(broken, found=LAML)
    with capture_logs() as logged:
        assert harness.service.start(CLICK, DetailsRequest(ID)) is None
        await harness.tasks.join()
    _, shown = harness.views.shown[-1]

    assert notice in shown
    assert other_part in shown
    assert "Raw JSON" in shown
    assert failed_parts(logged) == [broken]
    assert "RuntimeError" not in shown


async def test_a_part_that_is_not_shown_is_not_loaded() -> None:
    harness = DetailsHarness("timeline", "legs", "call", found=LAML)
    harness.service.start(CLICK, DetailsRequest(ID, DetailsContent.LEGS))
    in_modal = replace(CLICK, view=ViewRef("V1"))
    harness.service.start(in_modal, DetailsRequest(ID, DetailsContent.RAW_JSON), in_modal=True)
    with capture_logs() as logged:
        await harness.tasks.join()

    assert sorted(failed_parts(logged)) == ["legs", "timeline"]


class BrokenPresenter(CardPresenter):
    """Fails to render results."""

    def lookup_result(
        self,
        interaction: Interaction,
        results: Sequence[LookupResult],
        options: CardOptions | None = None,
        source: SourceText = NO_SOURCE,
    ) -> Message:
        del interaction, results, options, source
        raise RuntimeError("+12065550100")


@pytest.mark.parametrize("action", ["share", "follow"])
async def test_an_internal_error_of_share_or_follow_is_reported(action: str) -> None:
    harness = ServiceHarness()
    presenter = BrokenPresenter(Masking.SHARED, names_projects=False, now=utc_now)
    voice_logs = VoiceLogs(ScriptedLookup(FOUND))
    share = ShareService(
        runner=harness.runner,
        forms=FormReplies(runner=harness.runner, timing=FormTiming()),
        voice_logs=voice_logs,
        presenter=presenter,
    )
    follow = FollowService(
        runner=harness.runner,
        voice_logs=voice_logs,
        presenter=presenter,
        sleep=asyncio.sleep,
        elapsed=time.monotonic,
    )
    service = share if action == "share" else follow
    with capture_logs() as logged:
        assert service.start(CLICK, ID) is None
        await harness.tasks.join()

    (error,) = [line for line in logged if line["log_level"] == "error"]
    assert (error["event"], error["action"]) == ("interaction.failed", action)
    assert service.start(CLICK, ID) is None, "it can be pressed again"
    await harness.tasks.join()
    assert harness.titles == [f"{INTERNAL_ERROR}."] * 2
