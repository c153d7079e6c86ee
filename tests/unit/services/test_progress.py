"""Users are notified that SignalWire is slow. All times are on a fake clock."""

import asyncio
from collections.abc import Callable
from typing import NoReturn
from uuid import UUID

import pytest

from bot.runtime.clock import utc_now
from bot.services.form_replies import FormReplies, FormTiming
from bot.services.progress import progress
from bot.services.sealed_search import SealedSearches
from bot.services.search import SearchService
from bot.slack.post import SlackError
from bot.slack.sealed_value import SealedValues
from bot.ui import notices
from bot.ui.block_kit import Message
from bot.voicelogs.ids import Ids
from bot.voicelogs.query import Query
from bot.voicelogs.results import LookupResult, SearchResult
from bot.voicelogs.search import Scan, Search
from tests.support.fake_time_loop import run
from tests.support.services import CLICK, ServiceHarness
from tests.support.texts import ID
from tests.unit.services.scripted_lookup import ScriptedLookup, lookup_service


def test_progress_is_shown_repeatedly_until_the_block_ends_or_show_returns_false() -> None:
    shown = list[str]()

    async def again() -> bool:
        shown.append("again")
        return True

    async def once() -> bool:
        shown.append("once")
        return False

    async def work() -> None:
        async with progress(again, 3), progress(once, 3):
            await asyncio.sleep(10)

    run(work)
    assert sorted(shown) == ["again", "again", "again", "once"]


def test_a_progress_message_that_is_being_delivered_is_waited_for() -> None:
    events = list[str]()

    async def show() -> bool:
        await asyncio.sleep(5)
        events.append("progress")
        return False

    async def work() -> None:
        async with progress(show, 3):
            await asyncio.sleep(4)
        events.append("result")

    run(work)
    assert events == ["progress", "result"]


@pytest.mark.parametrize("seconds", [1, 3600])
@pytest.mark.parametrize(
    "error", [SlackError("not_found"), ValueError("broken"), TimeoutError("its own")]
)
def test_an_exception_of_show_or_of_the_block_is_raised(error: Exception, seconds: float) -> None:
    async def fail() -> NoReturn:
        raise error

    async def work() -> None:
        async with progress(fail, 3):
            await asyncio.sleep(seconds)
            raise error if seconds < 3 else AssertionError("the block should have ended")

    with pytest.raises(type(error)) as caught:
        run(work)
    assert caught.value is error


class SlowLookup(ScriptedLookup):
    def __init__(self, seconds: float) -> None:
        super().__init__("completed")
        self._seconds = seconds

    async def get(self, log_id: UUID) -> LookupResult:
        await asyncio.sleep(self._seconds)
        return await super().get(log_id)


def look_up(harness: ServiceHarness, seconds: float) -> Message | None:
    return lookup_service(harness, SlowLookup(seconds)).start(CLICK, Ids((ID,)))


def search(harness: ServiceHarness, _: float) -> Message | None:
    service = SearchService(
        runner=harness.runner,
        forms=FormReplies(runner=harness.runner, timing=FormTiming()),
        presenter=harness.presenter,
        search=Search([]),
        sealed=SealedSearches(SealedValues(("secret",), now=utc_now)),
    )
    return service.start(CLICK, Query(filters=("inbound",)))


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
    start: Callable[[ServiceHarness, float], Message | None],
    seconds: float,
    expected: list[tuple[float, bool]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def scan(_: Scan) -> SearchResult:
        await asyncio.sleep(seconds)
        return SearchResult((), 0)

    async def work() -> list[tuple[float, bool]]:
        harness = ServiceHarness()
        assert start(harness, seconds) is None
        await harness.tasks.join()
        titles = [title.startswith(notices.SLOW) for title in harness.titles]
        return [(round(at, 3), title) for at, title in zip(harness.times, titles, strict=True)]

    monkeypatch.setattr(Scan, "run", scan)
    assert run(work) == expected
