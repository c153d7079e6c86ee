"""When a person hears that SignalWire is slow; on a clock that costs no time."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from bot.runtime.clock import utc_now
from bot.runtime.tasks import BackgroundTasks
from bot.services.dedup import Deduplicator
from bot.services.lookup import LookupService
from bot.services.presenter import CardPresenter
from bot.services.progress import progress
from bot.services.sealed_search import SealedSearches
from bot.services.search import SearchService, SearchTiming
from bot.services.voice_logs import VoiceLogs
from bot.slack.response_url import Delivery, Visibility
from bot.slack.sealed_value import SealedValues
from bot.slack.views import ViewError
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
            sealed=SealedSearches(sealed),
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


def on_skipping_loop(work: Callable[[], Awaitable[None]]) -> None:
    async def run() -> None:
        await work()

    with asyncio.Runner(loop_factory=SkippingLoop) as runner:
        runner.run(run())


def test_progress_is_shown_again_until_the_block_ends_or_it_returns_false() -> None:
    shown = list[str]()

    async def work() -> None:
        async def again() -> bool:
            shown.append("again")
            return True

        async def once() -> bool:
            shown.append("once")
            return False

        async with progress(again, 3), progress(once, 3):
            await asyncio.sleep(10)

    on_skipping_loop(work)
    assert sorted(shown) == ["again", "again", "again", "once"]


def test_a_progress_message_that_is_being_delivered_is_waited_for() -> None:
    events = list[str]()

    async def work() -> None:
        async def show() -> bool:
            await asyncio.sleep(5)
            events.append("progress")
            return False

        async with progress(show, 3):
            await asyncio.sleep(4)
        events.append("result")

    on_skipping_loop(work)
    assert events == ["progress", "result"]


def test_what_show_raises_ends_the_block() -> None:
    ended = list[bool]()

    async def work() -> None:
        async def show() -> bool:
            raise ViewError("not_found")

        try:
            async with progress(show, 3):
                await asyncio.Event().wait()
        except ViewError as error:
            ended.append(error.closed)

    on_skipping_loop(work)
    assert ended == [True]


@pytest.mark.parametrize("error", [ValueError("broken"), TimeoutError("its own")])
def test_what_the_block_raises_is_raised_as_it_is(error: Exception) -> None:
    raised = list[Exception]()

    async def work() -> None:
        async def show() -> bool:
            return True

        try:
            async with progress(show, 3):
                raise error
        except (ValueError, TimeoutError) as caught:
            raised.append(caught)

    on_skipping_loop(work)
    assert raised == [error]


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
