"""Whatever breaks in the bot itself, the person hears of it, and one part leaves the others."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, cast
from uuid import UUID

import httpx
import pytest
from slack_sdk.web.async_client import AsyncWebClient
from structlog.testing import capture_logs

from bot.access import Access, Actor
from bot.cli.terminal import render
from bot.runtime.clock import utc_now
from bot.runtime.http_client import new_client
from bot.runtime.tasks import BackgroundTasks
from bot.services.dedup import Deduplicator
from bot.services.details import DetailsRequest, DetailsService, DetailsTab
from bot.services.follow import FollowService
from bot.services.presenter import CardPresenter
from bot.services.runner import Runner
from bot.services.share import ShareService
from bot.services.voice_logs import VoiceLogs
from bot.signalwire.models import Timeline, VoiceLog
from bot.slack.interaction import Interaction
from bot.slack.responder import Responder
from bot.slack.response_url import Delivery, ResponseUrlClient, Visibility
from bot.slack.views import ViewRef, Views
from bot.ui import errors as error_texts
from bot.ui.actions import CardOptions
from bot.ui.block_kit import Message, View
from bot.ui.lookup_result import NO_SOURCE, SourceText
from bot.voicelogs.legs import LegFinder
from bot.voicelogs.lookup import Lookup
from bot.voicelogs.masking import Masking
from bot.voicelogs.results import CallLegs, Found, LookupResult
from tests.unit.ui.details_examples import details, timeline

if TYPE_CHECKING:
    from bot.signalwire.client import SignalWireClient

ID = UUID("b7182dc2-00f3-40e4-a5ce-20f164b329df")
URL = "https://hooks.slack.com/actions/T0123ABCD/1234/urlcanary"
CLICK = Interaction(Actor("U0ANNA", "T0ACME", "C0DESK"), "k7m2", URL, "1.2.3", message_ts="1.2")
APOLOGY = error_texts.INTERNAL_ERROR.title


class Screens(Views):
    """Keeps what its one window shows."""

    def __init__(self) -> None:
        super().__init__(AsyncWebClient(), "xoxb-nobody", semaphore=nullcontext())
        self.shown: list[View] = []

    async def open(self, trigger_id: str, view: View) -> ViewRef:
        del trigger_id
        return await self.update(ViewRef("V1"), view)

    async def update(self, window: ViewRef, view: View) -> ViewRef:
        self.shown.append(view)
        return window


class Mail(ResponseUrlClient):
    """Keeps what it is to deliver."""

    def __init__(self) -> None:
        nowhere = new_client(httpx.MockTransport(lambda _request: httpx.Response(500)))
        super().__init__(nowhere, api_url="https://slack.com/api/", semaphore=asyncio.Semaphore(1))
        self.sent: list[Message] = []

    async def post(
        self,
        url: str,
        message: Message,
        *,
        request_id: str,
        replace: bool = False,
        audience: Visibility = Visibility(),  # noqa: B008 - as the real one has it: frozen
        attempts: int = 3,
    ) -> Delivery:
        del url, request_id, replace, audience, attempts
        self.sent.append(message)
        return Delivery.DELIVERED


class OneLog(Lookup):
    """Has the log of any id."""

    def __init__(self) -> None:
        super().__init__([])

    async def get(self, log_id: UUID) -> LookupResult:
        return Found(log_id, "acme", VoiceLog(id=str(log_id)), details().found.json)


class Parts(LegFinder):
    """Gives a log's parts; what is named in `broken` raises what nobody expects."""

    name = "acme"

    def __init__(self, *broken: str) -> None:
        super().__init__([], now=utc_now)
        self.broken = broken

    async def list_events(self, _log_id: UUID) -> Timeline:
        return cast("Timeline", self._part("timeline", timeline()))

    async def find(self, found: Found) -> CallLegs:
        return cast("CallLegs", self._part("legs", CallLegs(found.log, (found.log,))))

    def _part(self, name: str, part: object) -> object:
        if name in self.broken:
            raise RuntimeError("+12065550100")
        return part


class BrokenPresenter(CardPresenter):
    """Can't render what was found."""

    def lookup_result(
        self,
        interaction: Interaction,
        results: Sequence[LookupResult],
        options: CardOptions | None = None,
        *,
        source: SourceText = NO_SOURCE,
    ) -> Message:
        del interaction, results, options, source
        raise RuntimeError("+12065550100")


def a_runner(
    mail: ResponseUrlClient, views: Views, tasks: BackgroundTasks, dedup: Deduplicator
) -> Runner:
    access = Access()
    return Runner(
        access=access,
        tasks=tasks,
        dedup=dedup,
        new_responder=partial(Responder, response_urls=mail, views=views, access=access),
    )


class Bench:
    """The services over what fails."""

    def __init__(self, *broken: str, presenter: type[CardPresenter] = CardPresenter) -> None:
        self.screens, self.mail, self.tasks = Screens(), Mail(), BackgroundTasks()
        parts, dedup, voice_logs = Parts(*broken), Deduplicator(), VoiceLogs(OneLog())
        runner = a_runner(self.mail, self.screens, self.tasks, dedup)
        cards = presenter(Masking.SHARED, names_projects=False, now=utc_now)
        self.details = DetailsService(
            runner=runner,
            tasks=self.tasks,
            voice_logs=voice_logs,
            presenter=cards,
            clients=[cast("SignalWireClient", parts)],
            legs=parts,
        )
        self.share = ShareService(
            runner=runner, tasks=self.tasks, dedup=dedup, voice_logs=voice_logs, presenter=cards
        )
        self.follow = FollowService(
            runner=runner,
            tasks=self.tasks,
            voice_logs=voice_logs,
            presenter=cards,
            now=utc_now,
            sleep=asyncio.sleep,
            elapsed=time.monotonic,
        )


@pytest.mark.parametrize(
    ("broken", "lost", "kept"),
    [("timeline", "The timeline is missing", "Legs"), ("legs", "The legs are missing", "Timeline")],
)
async def test_a_part_that_breaks_leaves_the_others(broken: str, lost: str, kept: str) -> None:
    bench = Bench(broken)
    with capture_logs() as logged:
        assert bench.details.start(CLICK, DetailsRequest(ID)) is None
        await bench.tasks.join()
    drawn = render(bench.screens.shown[-1]["blocks"])

    assert f"{lost}; the rest isn't affected." in drawn
    assert APOLOGY in drawn
    assert kept in drawn
    assert "All fields of the record" in drawn
    events = [line["event"] for line in logged if line["log_level"] == "error"]
    assert events == [f"details.{broken}_failed"]
    assert "RuntimeError" not in drawn


async def test_what_is_not_shown_is_not_asked_for() -> None:
    bench = Bench("timeline", "legs")
    bench.details.start(CLICK, DetailsRequest(ID, DetailsTab.LEGS))
    in_modal = replace(CLICK, view=ViewRef("V1"))
    bench.details.show_page(in_modal, DetailsRequest(ID, DetailsTab.RAW_JSON))
    with capture_logs() as logged:
        await bench.tasks.join()

    faults = [line["event"] for line in logged if line["log_level"] == "error"]
    assert sorted(faults) == ["details.legs_failed", "details.timeline_failed"]


@pytest.mark.parametrize("action", ["share", "follow"])
async def test_a_share_or_follow_that_breaks_is_apologised_for(action: str) -> None:
    bench = Bench(presenter=BrokenPresenter)
    service = bench.share if action == "share" else bench.follow
    with capture_logs() as logged:
        assert service.start(CLICK, ID) is None
        await bench.tasks.join()

    (told,) = bench.mail.sent
    assert told.text.startswith(APOLOGY)
    (error,) = [line for line in logged if line["log_level"] == "error"]
    assert (error["event"], error["action"]) == ("interaction.failed", action)
    assert service.start(CLICK, ID) is None, "it can be pressed again"
    await bench.tasks.join()
    assert len(bench.mail.sent) == 2
