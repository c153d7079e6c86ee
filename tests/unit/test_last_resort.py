"""Whatever breaks in the bot itself, the person hears of it, and one part leaves the others."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, cast
from uuid import UUID

import httpx
import pytest
from slack_sdk.web.async_client import AsyncWebClient
from structlog.testing import capture_logs

from bot.access import Access, Caller
from bot.cards.blocks import Message
from bot.cards.buttons import Setting
from bot.cards.views import View
from bot.clock import utc_now
from bot.desks.finder import Finder
from bot.desks.following import Following
from bot.desks.reception import Reception, Visit
from bot.desks.sharing import Sharing
from bot.desks.showing import Pane, Showing, Sight
from bot.http import new_client
from bot.jobs import Jobs
from bot.legs import Legs
from bot.lookup import Lookup
from bot.masking import Masking
from bot.reply import Audience, Delivery, Replier
from bot.report import Family, Found, Report
from bot.signalwire.models import Timeline, VoiceLog
from bot.terminal import render
from bot.windows import Window, Windows
from tests.unit.details_examples import details, timeline

if TYPE_CHECKING:
    from bot.signalwire.client import SignalWireClient

ID = UUID("b7182dc2-00f3-40e4-a5ce-20f164b329df")
URL = "https://hooks.slack.com/actions/T0123ABCD/1234/urlcanary"
CLICK = Visit(Caller("U0ANNA", "T0ACME", "C0DESK"), "k7m2", URL, "1.2.3", clicked_ts="1.2")
APOLOGY = "Sorry, something broke in this bot"


class Screens(Windows):
    """Keeps what its one window shows."""

    def __init__(self) -> None:
        super().__init__(AsyncWebClient(), "xoxb-nobody", gate=nullcontext())
        self.shown: list[View] = []

    async def open(self, trigger_id: str, view: View) -> Window:
        del trigger_id
        return await self.fill(Window("V1"), view)

    async def fill(self, window: Window, view: View) -> Window:
        self.shown.append(view)
        return window


class Mail(Replier):
    """Keeps what it is to deliver."""

    def __init__(self) -> None:
        nowhere = new_client(httpx.MockTransport(lambda _request: httpx.Response(500)))
        super().__init__(nowhere, api_url="https://slack.com/api/", gate=asyncio.Semaphore(1))
        self.sent: list[Message] = []

    async def send(
        self,
        url: str,
        message: Message,
        *,
        reference: str,
        replace: bool = False,
        audience: Audience = Audience(),  # noqa: B008 - as the real one has it: frozen
        attempts: int = 3,
    ) -> Delivery:
        del url, reference, replace, audience, attempts
        self.sent.append(message)
        return Delivery.TAKEN


class OneLog(Lookup):
    """Has the log of any id."""

    def __init__(self) -> None:
        super().__init__([])

    async def find(self, log_id: UUID) -> Report:
        return Found(log_id, "acme", VoiceLog(id=str(log_id)), details().found.json)


class Parts(Legs):
    """Gives a log's parts; what is named in `broken` raises what nobody expects."""

    name = "acme"

    def __init__(self, *broken: str) -> None:
        super().__init__([], now=utc_now)
        self.broken = broken

    async def events(self, _log_id: UUID) -> Timeline:
        return cast("Timeline", self._part("timeline", timeline()))

    async def family(self, found: Found) -> Family:
        return cast("Family", self._part("legs", Family(found.log, (found.log,))))

    def _part(self, name: str, part: object) -> object:
        if name in self.broken:
            raise RuntimeError("+12065550100")
        return part


class Broken(Finder):
    """Finds, but can't say what it found."""

    def answer(
        self,
        visit: Visit,
        reports: Sequence[Report],
        setting: Setting | None,
        *,
        left_out: int = 0,
        cut_short: Sequence[str] = (),
    ) -> Message:
        del visit, reports, setting, left_out, cut_short
        raise RuntimeError("+12065550100")


class Bench:
    """The desks over what breaks."""

    def __init__(self, *broken: str, finder: type[Finder] = Finder) -> None:
        self.screens, self.mail, self.jobs = Screens(), Mail(), Jobs()
        parts = Parts(*broken)
        reception = Reception(
            access=Access(), replier=self.mail, windows=self.screens, jobs=self.jobs
        )
        found = finder(OneLog(), Masking.SHARED)
        self.showing = Showing(
            reception=reception,
            finder=found,
            windows=self.screens,
            clients=[cast("SignalWireClient", parts)],
            legs=parts,
        )
        self.sharing = Sharing(reception=reception, finder=found)
        self.following = Following(
            reception=reception,
            finder=found,
            jobs=self.jobs,
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
        assert bench.showing.open(CLICK, Sight(ID, "{}")) is None
        await bench.jobs.idle()
    drawn = render(bench.screens.shown[-1]["blocks"])

    assert f"{lost}; the rest isn't affected." in drawn
    assert APOLOGY in drawn
    assert kept in drawn
    assert "All fields of the record" in drawn
    assert [line["event"] for line in logged if line["log_level"] == "error"] == [f"{broken}.fault"]
    assert "RuntimeError" not in drawn


async def test_what_is_not_shown_is_not_asked_for() -> None:
    bench = Bench("timeline", "legs")
    bench.showing.open(CLICK, Sight(ID, "{}", Pane.LEGS))
    bench.showing.turn(CLICK, Window("V1"), Sight(ID, "{}", Pane.RAW))
    with capture_logs() as logged:
        await bench.jobs.idle()

    faults = [line["event"] for line in logged if line["log_level"] == "error"]
    assert sorted(faults) == ["legs.fault", "timeline.fault"]


@pytest.mark.parametrize("wish", ["share", "follow"])
async def test_a_share_or_follow_that_breaks_is_apologised_for(wish: str) -> None:
    bench = Bench(finder=Broken)
    desk = bench.sharing if wish == "share" else bench.following
    with capture_logs() as logged:
        assert desk.take(CLICK, ID, None) is None
        await bench.jobs.idle()

    (told,) = bench.mail.sent
    assert told.text.startswith(APOLOGY)
    assert [line["event"] for line in logged if line["log_level"] == "error"] == [f"{wish}.fault"]
    assert desk.take(CLICK, ID, None) is None, "it can be pressed again"
    await bench.jobs.idle()
    assert len(bench.mail.sent) == 2
