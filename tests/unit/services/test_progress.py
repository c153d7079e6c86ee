"""When a person hears that SignalWire is slow; on a clock that costs no time."""

import asyncio
from collections.abc import Callable
from uuid import UUID

import pytest

from bot.access import Access
from bot.runtime.clock import utc_now
from bot.runtime.tasks import BackgroundTasks
from bot.services.lookup import LookupRequest, LookupService
from bot.services.progress import ProgressDisplays
from bot.services.runner import Runner
from bot.services.search import SearchService, SearchTiming
from bot.services.voice_logs import VoiceLogs
from bot.slack.response_url import Delivery, Visibility
from bot.slack.sealed_value import SealedValues
from bot.ui import help as help_
from bot.ui import notices
from bot.ui.block_kit import Message
from bot.voicelogs.ids import Ids
from bot.voicelogs.masking import Masking
from bot.voicelogs.query import Query
from bot.voicelogs.results import Cursor, LookupResult, SearchResult
from bot.voicelogs.search import Progress, Search
from tests.support.fake_time_loop import SkippingLoop
from tests.unit.listeners import test_error_handler

SLOW = notices.SLOW
Work = Callable[["Desk"], Message | None]


class SlowLookup(test_error_handler.OneLog):
    """Takes so many seconds to find a log."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds

    async def get(self, log_id: UUID) -> LookupResult:
        await asyncio.sleep(self._seconds)
        return await super().get(log_id)


class SlowSearch(Search):
    """Takes so many seconds to find nothing."""

    def __init__(self, seconds: float) -> None:
        super().__init__([])
        self._seconds = seconds

    async def run(
        self, query: Query, *, start: Cursor | None = None, on_progress: Progress | None = None
    ) -> SearchResult:
        del query, start, on_progress
        await asyncio.sleep(self._seconds)
        return SearchResult((), 0)


class DatedMail(test_error_handler.Mail):
    """Keeps when each message was sent, and whether it says that SignalWire is slow."""

    def __init__(self) -> None:
        super().__init__()
        self.began = asyncio.get_running_loop().time()
        self.dated: list[tuple[float, bool]] = []

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
        passed = asyncio.get_running_loop().time() - self.began
        self.dated.append((round(passed, 1), message.text.startswith(SLOW)))
        return Delivery.DELIVERED


class Desk:
    """The desks that may have to wait, over a SignalWire that takes so many seconds."""

    def __init__(self, seconds: float) -> None:
        self.mail, self.jobs = DatedMail(), BackgroundTasks()
        windows = test_error_handler.Screens()
        runner = Runner(access=Access(), response_urls=self.mail, windows=windows, jobs=self.jobs)
        voice_logs = VoiceLogs(SlowLookup(seconds), Masking.SHARED)
        self.answering = LookupService(
            runner=runner, voice_logs=voice_logs, jobs=self.jobs, now=utc_now
        )
        self.searching = SearchService(
            runner=runner,
            voice_logs=voice_logs,
            search=SlowSearch(seconds),
            sealed=SealedValues(("secret",), now=utc_now),
            progress_displays=ProgressDisplays(windows=windows, runner=runner),
            jobs=self.jobs,
            now=utc_now,
            timing=SearchTiming(),
        )


def look_up(desk: Desk) -> Message | None:
    return desk.answering.start(
        LookupRequest(test_error_handler.CLICK, Ids((test_error_handler.ID,))), no_id=help_.no_id
    )


def search(desk: Desk) -> Message | None:
    return desk.searching.find(test_error_handler.CLICK, "inbound")


@pytest.mark.parametrize("begin", [look_up, search])
@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.0, [(0.0, False)]),
        (2.9, [(2.9, False)]),
        (3.2, [(3.0, True), (3.2, False)]),
        (19.0, [(3.0, True), (19.0, False)]),
    ],
)
def test_it_is_said_once_after_three_seconds_and_the_answer_comes_when_it_comes(
    begin: Work, seconds: float, said: list[tuple[float, bool]]
) -> None:
    async def heard() -> list[tuple[float, bool]]:
        desk = Desk(seconds)
        assert begin(desk) is None
        await desk.jobs.join()
        return desk.mail.dated

    with asyncio.Runner(loop_factory=SkippingLoop) as runner:
        assert runner.run(heard()) == said
