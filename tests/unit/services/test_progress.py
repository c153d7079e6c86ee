"""Users are notified that SignalWire is slow. All times are on a fake clock."""

import asyncio
from collections.abc import Callable
from uuid import UUID

import pytest

from bot.runtime.clock import utc_now
from bot.services.form_replies import FormReplies, FormTiming
from bot.services.lookup import LookupService
from bot.services.progress import progress
from bot.services.sealed_search import SealedSearches
from bot.services.search import SearchService
from bot.services.voice_logs import VoiceLogs
from bot.signalwire.models import VoiceLog
from bot.slack.post import SlackError
from bot.slack.sealed_value import SealedValues
from bot.ui import notices
from bot.ui.block_kit import Message
from bot.voicelogs.ids import Ids
from bot.voicelogs.lookup import Lookup
from bot.voicelogs.query import Query
from bot.voicelogs.results import Cursor, Found, LookupResult, SearchResult
from bot.voicelogs.search import Scan, Search
from tests.support.fake_time_loop import run
from tests.support.services import CLICK, ServiceHarness
from tests.support.texts import ID


class SlowLookup(Lookup):
    """Takes `seconds` to find a log."""

    def __init__(self, seconds: float) -> None:
        super().__init__([])
        self._seconds = seconds

    async def get(self, log_id: UUID) -> LookupResult:
        await asyncio.sleep(self._seconds)
        return Found(log_id, "acme", VoiceLog(id=str(log_id)))


class SlowScan(Scan):
    """Takes `seconds` to find nothing."""

    def __init__(self, seconds: float) -> None:
        super().__init__([], 1)
        self._seconds = seconds

    async def run(self) -> SearchResult:
        await asyncio.sleep(self._seconds)
        return await super().run()


class SlowSearch(Search):
    def __init__(self, seconds: float) -> None:
        super().__init__([])
        self._seconds = seconds

    def scan(self, _query: Query, _start: Cursor | None = None) -> Scan:
        return SlowScan(self._seconds)


class SlowServices(ServiceHarness):
    """The services that show progress, with a SignalWire that takes `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        sealed = SealedValues(("secret",), now=utc_now)
        lookup = SlowLookup(seconds)
        self.lookup = LookupService(
            runner=self.runner,
            voice_logs=VoiceLogs(lookup),
            presenter=self.presenter,
            sealed=SealedSearches(sealed),
        )
        self.search = SearchService(
            runner=self.runner,
            forms=FormReplies(runner=self.runner, timing=FormTiming()),
            presenter=self.presenter,
            search=SlowSearch(seconds),
            sealed=SealedSearches(sealed),
        )


def test_progress_is_shown_repeatedly_until_the_block_ends_or_show_returns_false() -> None:
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

    run(work)
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

    run(work)
    assert events == ["progress", "result"]


def test_an_exception_of_show_ends_the_block() -> None:
    ended = list[str]()

    async def work() -> None:
        async def show() -> bool:
            raise SlackError("not_found")

        try:
            async with progress(show, 3):
                await asyncio.Event().wait()
        except SlackError as error:
            ended.append(error.code)

    run(work)
    assert ended == ["not_found"]


@pytest.mark.parametrize("error", [ValueError("broken"), TimeoutError("its own")])
def test_an_exception_of_the_block_is_raised(error: Exception) -> None:
    raised = list[Exception]()

    async def work() -> None:
        async def show() -> bool:
            return True

        try:
            async with progress(show, 3):
                raise error
        except (ValueError, TimeoutError) as caught:
            raised.append(caught)

    run(work)
    assert raised == [error]


def look_up(services: SlowServices) -> Message | None:
    return services.lookup.start(CLICK, Ids((ID,)))


def search(services: SlowServices) -> Message | None:
    return services.search.start(CLICK, Query(filters=("inbound",)))


@pytest.mark.parametrize("start", [look_up, search])
@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0.0, [(0.0, False)]),
        (2.9, [(2.9, False)]),
        (3.2, [(3.0, True), (3.2, False)]),
        (19.0, [(3.0, True), (19.0, False)]),
    ],
)
def test_one_progress_message_is_sent_after_three_seconds(
    start: Callable[[SlowServices], Message | None],
    seconds: float,
    expected: list[tuple[float, bool]],
) -> None:
    sent = list[tuple[float, bool]]()

    async def work() -> None:
        services = SlowServices(seconds)
        began = asyncio.get_running_loop().time()
        assert start(services) is None
        await services.tasks.join()
        for at, title in zip(services.times, services.titles, strict=True):
            sent.append((at - began, title.startswith(notices.SLOW)))

    run(work)
    # The loop's clock skips pauses only, so what is computed takes its real time.
    assert [is_progress for _, is_progress in sent] == [is_progress for _, is_progress in expected]
    assert [at for at, _ in sent] == pytest.approx([at for at, _ in expected])
