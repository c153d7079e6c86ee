"""When a person hears that SignalWire is slow; on a clock that costs no time."""

import asyncio
from collections.abc import Callable
from uuid import UUID

import pytest

from bot.runtime.clock import utc_now
from bot.runtime.tasks import BackgroundTasks
from bot.services.dedup import Deduplicator
from bot.services.lookup import LookupService
from bot.services.presenter import CardPresenter
from bot.services.sealed_search import SealedSearches
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
Work = Callable[["Bench"], Message | None]


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
        self.dated.append((passed, message.text.startswith(SLOW)))
        return Delivery.DELIVERED


class Bench:
    """The services that may have to wait, over a SignalWire that takes so many seconds."""

    def __init__(self, seconds: float) -> None:
        sealed = SealedValues(("secret",), now=utc_now)
        sealed.seal("", purpose="")  # imports what it needs, which takes real time
        self.mail, self.tasks = DatedMail(), BackgroundTasks()
        dedup, lookup = Deduplicator(), SlowLookup(seconds)
        screens = test_error_handler.Screens()
        runner = test_error_handler.a_runner(self.mail, screens, self.tasks, dedup)
        presenter = CardPresenter(Masking.SHARED, names_projects=False, now=utc_now)
        self.lookup = LookupService(
            runner=runner,
            tasks=self.tasks,
            voice_logs=VoiceLogs(lookup),
            presenter=presenter,
            select=lookup.select,
            now=utc_now,
        )
        self.search = SearchService(
            runner=runner,
            tasks=self.tasks,
            dedup=dedup,
            presenter=presenter,
            search=SlowSearch(seconds),
            sealed=SealedSearches(sealed),
            now=utc_now,
            timing=SearchTiming(),
        )


def look_up(bench: Bench) -> Message | None:
    return bench.lookup.start(
        test_error_handler.CLICK, Ids((test_error_handler.ID,)), no_id=help_.no_id
    )


def search(bench: Bench) -> Message | None:
    return bench.search.start(test_error_handler.CLICK, Query(filters=("inbound",)))


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
        bench = Bench(seconds)
        assert begin(bench) is None
        await bench.tasks.join()
        return bench.mail.dated

    with asyncio.Runner(loop_factory=SkippingLoop) as runner:
        heard_at = runner.run(heard())
    # The loop's clock skips pauses only, so what is computed takes its real time.
    assert [slow for _, slow in heard_at] == [slow for _, slow in said]
    assert [at for at, _ in heard_at] == pytest.approx([at for at, _ in said], abs=0.5)
