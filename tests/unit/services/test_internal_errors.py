"""Internal errors are reported to the user and logged, and don't hide other results."""

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar, cast
from uuid import UUID

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from bot.dev.emulator.slack import block_kit
from bot.runtime.clock import utc_now
from bot.services.details import DetailsContent, DetailsRequest, DetailsService
from bot.services.follow import FollowService
from bot.services.form_replies import FormReplies, FormTiming
from bot.services.presenter import CardPresenter
from bot.services.share import ShareService
from bot.services.voice_logs import VoiceLogs
from bot.signalwire.compatibility import CompatibilityCall, RawCompatibilityCall
from bot.signalwire.errors import InvalidResponseError, LogNotFoundError, UnavailableError
from bot.signalwire.models import RawJson, Timeline, VoiceLog
from bot.slack.interaction import Interaction
from bot.slack.views import ViewRef
from bot.ui.block_kit import Message
from bot.ui.card_buttons import CardOptions
from bot.ui.lookup_result import NO_SOURCE, SourceText
from bot.voicelogs.ids import Ids
from bot.voicelogs.legs import LegFinder
from bot.voicelogs.masking import Masking
from bot.voicelogs.results import CallLegs, Found, LookupResult, NotFound
from tests.integration.log_capture import LogCapture, captured_log
from tests.support import samples
from tests.support.samples import CANARY
from tests.support.services import CLICK, COMMAND, ServiceHarness
from tests.support.texts import ID, INTERNAL_ERROR
from tests.unit.services.scripted_lookup import Outcome, ScriptedLookup, lookup_service
from tests.unit.ui.details_examples import details, timeline

if TYPE_CHECKING:
    from bot.signalwire.client import SignalWireClient

BROKEN = UUID("0c1bb0f8-6f0e-4d3a-9a6e-7a2f4f3f9d11")
MISSING = UUID(samples.NOT_FOUND)
FOUND = Found(ID, "acme", VoiceLog(id=str(ID)), details().found.json)
LAML = replace(FOUND, log=VoiceLog(id=str(ID), type="laml_call"))
T = TypeVar("T")


async def look_up(outcomes: Mapping[UUID, Outcome]) -> str:
    """Look up IDs with these outcomes; return the text of the only message."""
    harness = ServiceHarness()
    service = lookup_service(harness, ScriptedLookup(*outcomes.values()))
    assert service.start(COMMAND, Ids(tuple(outcomes))) is None
    await harness.tasks.join()
    [payload] = harness.posted
    assert block_kit.problems(payload) == []
    return str(payload["text"])


@pytest.fixture
def log() -> Iterator[LogCapture]:
    with captured_log() as log:
        yield log


@pytest.mark.parametrize("order", [(ID, BROKEN), (BROKEN, ID)])
@pytest.mark.parametrize("error", [RuntimeError(CANARY), KeyError(CANARY), TimeoutError(CANARY)])
async def test_an_internal_error_of_one_id_hides_no_other_and_is_logged_without_its_message(
    order: tuple[UUID, UUID], error: Exception, log: LogCapture
) -> None:
    outcomes: dict[UUID, Outcome] = {ID: FOUND, BROKEN: error}
    text = await look_up({log_id: outcomes[log_id] for log_id in order})
    assert "1 found, 1 couldn't be looked up" in text
    assert text.count(INTERNAL_ERROR) == 1
    assert text.index(str(order[0])) < text.index(str(order[1]))
    assert "Reference k7m2." in text
    assert CANARY not in text + log.getvalue()
    audited = log.lines("lookup.done", request_id="k7m2")
    assert {line["id"]: line["outcome"] for line in audited} == {
        str(ID): "found",
        str(BROKEN): "internal_error",
    }
    [line] = log.lines("lookup.failed", request_id="k7m2")
    assert (line["level"], line["error"]) == ("error", type(error).__name__)
    assert line["origin"]
    assert log.lines("interaction.failed") == log.lines("task.failed") == []


async def test_the_causes_of_a_failed_lookup_are_in_the_audit_line(log: LogCapture) -> None:
    connection = UnavailableError("ConnectionResetError", 3)
    connection.__cause__ = ConnectionResetError(CANARY)
    errors = {
        "sales": connection,
        "support": UnavailableError("503", 3),
        "old": InvalidResponseError("not JSON"),
        "lacking": LogNotFoundError(CANARY),
    }
    await look_up({MISSING: NotFound(MISSING, errors)})
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
        return self._part("timeline", timeline())

    async def get_compatibility_call(self, _call_sid: UUID) -> RawCompatibilityCall:
        call = CompatibilityCall(sid=str(ID))
        return self._part("call", RawCompatibilityCall(call, RawJson({}, 2)))

    async def find(self, found: Found) -> CallLegs:
        return self._part("legs", CallLegs(found.log, (found.log,)))

    def _part(self, name: str, part: T) -> T:
        if name in self.broken:
            raise RuntimeError("+12065550100")
        return part


def failed_parts(logged: Sequence[EventDict]) -> list[str]:
    """Return the parts that the error lines name."""
    errors = [line for line in logged if line["log_level"] == "error"]
    assert {line["event"] for line in errors} == {"details.part_failed"}
    return [line["part"] for line in errors]


class DetailsHarness(ServiceHarness):
    """A DetailsService of a LaML call, whose parts may be broken."""

    def __init__(self, *broken: str) -> None:
        super().__init__()
        parts = Parts(*broken)
        self.service = DetailsService(
            runner=self.runner,
            voice_logs=VoiceLogs(ScriptedLookup(LAML)),
            presenter=self.presenter,
            clients={"acme": cast("SignalWireClient", parts)},
            legs=parts,
        )


@pytest.mark.parametrize(
    ("broken", "notice", "other_part"),
    [
        ("timeline", "The timeline is missing; the rest isn't affected.", "Legs"),
        ("legs", "The legs are missing; the rest isn't affected.", "Timeline"),
        ("call", "The Compatibility API", "Timeline"),
    ],
)
async def test_a_broken_part_leaves_the_others(broken: str, notice: str, other_part: str) -> None:
    harness = DetailsHarness(broken)
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
    harness = DetailsHarness("timeline", "legs", "call")
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
