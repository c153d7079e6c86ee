import asyncio
import json
from collections.abc import Sequence
from datetime import datetime, timedelta

import httpx
import pytest
from pydantic import JsonValue

from bot.dev.emulator.signalwire.fixtures import call
from bot.signalwire.errors import AuthenticationError, UnavailableError
from bot.voicelogs.query import Query, find
from bot.voicelogs.results import Cursor, SearchResult
from bot.voicelogs.search import MAX_PAGES, MAX_SECONDS, Search
from tests.support.fake_time_loop import run_timed
from tests.support.signalwire import NOW, Handler, client_over, new_project, stall

WANTED = "+12065550199"
EVERYTHING = Query(limit=20)

Row = dict[str, JsonValue]


def log_id(number: int) -> str:
    return f"10900000-0000-4000-8000-{number:012d}"


def row(number: int, seconds_ago: float, **changes: JsonValue) -> Row:
    return call(log_id(number), NOW - timedelta(seconds=seconds_ago), **changes)


def rows(count: int, every_seconds: float = 60, wanted: Sequence[int] = ()) -> list[Row]:
    return [
        row(number, number * every_seconds, **({"to": WANTED} if number in wanted else {}))
        for number in range(count)
    ]


class Space:
    """A project's list, newest first; `intercept` may respond instead."""

    def __init__(
        self,
        name: str,
        listed: Sequence[Row],
        *,
        size: int = 200,
        intercept: Handler | None = None,
    ) -> None:
        self.name = name
        self.listed = listed
        self.size = size
        self.intercept = intercept
        self.requests: list[httpx.Request] = []
        self.cancelled = 0
        self.client = client_over(httpx.MockTransport(self._handle), new_project(name, name))

    async def _handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        try:
            response = None if self.intercept is None else await self.intercept(request)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return response or self._page(request)

    def _page(self, request: httpx.Request) -> httpx.Response:
        params = request.url.params
        after, before = params.get("created_after", "0"), params.get("created_before", "9")
        found = [
            row for row in self.listed if after < str(row.get("created_at", after + "x")) < before
        ]
        page = int(params.get("page_number", "0"))
        links: Row = {"self": "x"}
        if (page + 1) * self.size < len(found):
            links["next"] = f"?{request.url.params.set('page_number', page + 1)}"
        data: list[JsonValue] = [*found[page * self.size : (page + 1) * self.size]]
        return httpx.Response(200, content=json.dumps({"links": links, "data": data}))


class Searching(Search):
    async def run(self, query: Query, start: Cursor | None = None) -> SearchResult:
        return await self.scan(query, start).run()


def search_in(*spaces: Space) -> Searching:
    return Searching([space.client for space in spaces])


def numbers_of(result: SearchResult) -> list[int]:
    return [int(match.log.id[-12:]) for match in result.matches]


async def run_all(search: Searching, query: Query) -> list[SearchResult]:
    """Search until there is no cursor."""
    results = [await search.run(query)]
    while results[-1].next_cursor is not None:
        assert len(results) < 100, "the search doesn't end"
        results.append(await search.run(query, start=results[-1].next_cursor))
    return results


async def test_reading_stops_at_the_limit() -> None:
    space = Space("sales", rows(1000))
    result = await search_in(space).run(Query(limit=5))
    assert numbers_of(result) == [0, 1, 2, 3, 4]
    assert len(space.requests) == 1
    assert result.scanned == 200
    assert result.scanned_back_to == NOW - timedelta(minutes=4)
    assert result.next_cursor == Cursor(NOW - timedelta(minutes=4), log_id(4))


async def test_there_is_no_cursor_after_the_last_match() -> None:
    result = await search_in(Space("sales", rows(20))).run(EVERYTHING)
    assert (len(result.matches), result.next_cursor, result.scanned_back_to) == (20, None, None)
    one_more = await search_in(Space("sales", rows(21))).run(EVERYTHING)
    assert (len(one_more.matches), one_more.next_cursor) == (
        20,
        Cursor(NOW - timedelta(minutes=19), log_id(19)),
    )


@pytest.mark.parametrize("limit", [1, 2, 3, 20])
@pytest.mark.parametrize("size", [1, 3, 7, 200])
async def test_logs_of_the_same_second_are_each_shown_once(limit: int, size: int) -> None:
    # Four logs each second, in no order of their ids, in two projects.
    listed = [row((number * 7) % 40, number // 4) for number in range(40)]
    one, two = Space("one", listed[::2], size=size), Space("two", listed[1::2], size=size)
    results = await run_all(search_in(one, two), Query(limit=limit))
    shown = [match for result in results for match in result.matches]
    assert sorted(match.log.id for match in shown) == sorted(str(row["id"]) for row in listed)
    assert all(len(result.matches) <= limit for result in results)
    places = [(match.log.created_at or NOW, match.log.id) for match in shown]
    assert places == sorted(places, reverse=True)


async def test_the_start_of_a_span_is_exact_to_the_second() -> None:
    listed = [row(0, 0), row(1, 3600), row(2, 3600.5), row(3, 3601), row(4, 9999)]
    space = Space("sales", listed)
    result = await search_in(space).run(find("1h", now=NOW))
    assert numbers_of(result) == [0, 1]
    assert space.requests[0].url.params["created_after"] == "2026-11-22T15:59:59Z"
    assert (result.scanned, result.scanned_back_to, result.next_cursor) == (2, None, None)


async def test_the_end_of_a_span_is_exact_to_the_second() -> None:
    listed = [row(0, 0), row(1, 3599), row(2, 3600), row(3, 3600.5), row(4, 9999)]
    space = Space("sales", listed)
    result = await search_in(space).run(find("before 1h", now=NOW))
    assert numbers_of(result) == [3, 4]
    assert space.requests[0].url.params["created_before"] == "2026-11-22T16:00:02Z"


async def test_a_span_ends_the_scan_even_if_the_list_goes_on() -> None:
    space = Space("sales", rows(2000))

    async def ignore_bounds(request: httpx.Request) -> None:
        request.url = request.url.copy_remove_param("created_after")

    space.intercept = ignore_bounds
    result = await search_in(space).run(find("5h failed", now=NOW))
    assert len(space.requests) == 2
    assert (result.scanned, result.next_cursor) == (301, None)


async def test_a_scan_of_fifty_pages_reports_how_far_back_it_got() -> None:
    space = Space("sales", rows(120, wanted=[10, 49, 50, 99, 100]), size=1)
    query = find(WANTED, now=NOW)
    scan = search_in(space).scan(query)
    progress: list[tuple[int, datetime | None]] = []

    async def note_progress(_request: httpx.Request) -> None:
        progress.append((scan.scanned, scan.scanned_back_to))

    space.intercept = note_progress
    await scan.run()
    assert len(space.requests) == MAX_PAGES == 50
    assert progress[0] == (0, None)
    assert progress[1:] == [(count, NOW - timedelta(minutes=count - 1)) for count in range(1, 50)]
    space.intercept = None
    results = await run_all(search_in(space), query)
    assert [result.scanned for result in results][:1] == [50]
    assert results[0].scanned_back_to == NOW - timedelta(minutes=49)
    assert [numbers_of(result) for result in results] == [[10], [49, 50], [99, 100]]


def dense_and_sparse(size: int = 10) -> tuple[Space, Space]:
    dense = Space("dense", rows(2000, 1), size=size)
    sparse = Space("sparse", [row(5000 + n, n * 100) for n in range(200)], size=size)
    return dense, sparse


async def test_projects_are_read_back_to_about_the_same_time() -> None:
    dense, sparse = dense_and_sparse()
    result = await search_in(dense, sparse).run(find("failed", now=NOW))
    assert len(dense.requests) + len(sparse.requests) == 50
    assert len(sparse.requests) <= 2
    assert result.scanned_back_to == NOW - timedelta(seconds=10 * len(dense.requests) - 1)


async def test_matches_of_all_projects_are_merged_by_time() -> None:
    dense, sparse = dense_and_sparse()
    result = await search_in(dense, sparse).run(Query(limit=20))
    expected = sorted(
        [*dense.listed, *sparse.listed],
        key=lambda row: (str(row["created_at"]), str(row["id"])),
        reverse=True,
    )[:20]
    assert [match.log.id for match in result.matches] == [row["id"] for row in expected]
    assert {match.project for match in result.matches} == {"dense", "sparse"}


async def test_a_match_older_than_the_scanned_logs_is_shown_later() -> None:
    dense = Space("dense", rows(60, 60, wanted=[55]), size=1)
    sparse = Space("sparse", [row(5000, 58 * 60, to=WANTED)])
    search, query = search_in(dense, sparse), find(WANTED, now=NOW)
    first = await search.run(query)
    assert first.matches == ()
    assert first.next_cursor is not None
    assert numbers_of(await search.run(query, start=first.next_cursor)) == [55, 5000]


async def test_all_projects_are_requested_concurrently() -> None:
    both = asyncio.Barrier(2)

    async def wait_for_both(_request: httpx.Request) -> None:
        await both.wait()

    spaces = [
        Space("one", rows(1), intercept=wait_for_both),
        Space("two", [], intercept=wait_for_both),
    ]
    async with asyncio.timeout(5):
        assert len((await search_in(*spaces).run(EVERYTHING)).matches) == 1


async def test_every_project_is_read_before_the_scan_ends() -> None:
    async def empty_first(request: httpx.Request) -> httpx.Response:
        later = "page_number" in request.url.params
        links = {} if later else {"next": "?page_number=1"}
        data = [row(99, -1)] if later else []
        return httpx.Response(200, json={"links": links, "data": data})

    spaces = [Space("late", [], intercept=empty_first), Space("quick", rows(30), size=25)]
    assert numbers_of(await search_in(*spaces).run(EVERYTHING)) == [99, *range(19)]


async def reject(_request: httpx.Request) -> httpx.Response:
    return httpx.Response(401)


async def test_a_failing_project_does_not_affect_the_others() -> None:
    search = search_in(Space("refused", [], intercept=reject), Space("sales", rows(3)))
    result = await search.run(EVERYTHING)
    assert numbers_of(result) == [0, 1, 2]
    assert {name: type(error) for name, error in result.errors.items()} == {
        "refused": AuthenticationError
    }
    assert (result.scanned_back_to, result.next_cursor) == (None, None)


async def test_a_project_that_fails_midway_limits_the_scan() -> None:
    async def once(request: httpx.Request) -> httpx.Response | None:
        return httpx.Response(500) if "page_number" in request.url.params else None

    failing = Space("failing", rows(20), size=10, intercept=once)
    result = await search_in(failing, Space("sales", [row(100, 1), row(101, 1000)])).run(EVERYTHING)
    assert numbers_of(result) == [0, 100, *range(1, 9)]
    assert result.scanned_back_to == NOW - timedelta(minutes=9)
    assert result.next_cursor is not None
    assert isinstance(result.errors["failing"], UnavailableError)


async def test_an_exception_is_raised_and_cancels_other_requests() -> None:
    stalled_event = asyncio.Event()

    async def broken(_request: httpx.Request) -> httpx.Response:
        await stalled_event.wait()
        raise LookupError("not a SignalWireError")

    async def stall(_request: httpx.Request) -> httpx.Response:
        stalled_event.set()
        await asyncio.Event().wait()
        raise AssertionError("unreachable")

    stalling = Space("stalling", [], intercept=stall)
    with pytest.raises(LookupError, match="not a SignalWireError"):
        await search_in(stalling, Space("broken", [], intercept=broken)).run(EVERYTHING)
    assert stalling.cancelled == 1


def test_reading_a_slow_list_stops_after_twenty_seconds() -> None:
    async def three_seconds(_request: httpx.Request) -> None:
        await asyncio.sleep(3)

    async def work() -> SearchResult:
        return await search_in(Space("slow", rows(100), size=5, intercept=three_seconds)).run(
            Query(limit=50)
        )

    result, seconds = run_timed(work)
    assert seconds == pytest.approx(MAX_SECONDS)
    assert MAX_SECONDS == 20
    assert (result.scanned, result.errors) == (30, {})
    assert numbers_of(result) == list(range(29))
    assert result.scanned_back_to == NOW - timedelta(minutes=29)


def test_a_stalled_project_does_not_delay_others() -> None:
    async def work() -> SearchResult:
        return await search_in(
            Space("stalled", [], intercept=stall), Space("sales", rows(30), size=10)
        ).run(find("failed", now=NOW))

    result, seconds = run_timed(work)
    assert seconds == pytest.approx(8)
    assert result.scanned == 30
    assert isinstance(result.errors["stalled"], UnavailableError)
    assert result.next_cursor is None


async def test_a_log_that_moves_during_the_scan_is_shown_once() -> None:
    async def moving(request: httpx.Request) -> httpx.Response:
        later = "page_number" in request.url.params
        data = [row(1, 60, status="completed" if later else "ringing")]
        links = {} if later else {"next": "?page_number=1"}
        return httpx.Response(200, json={"links": links, "data": data})

    result = await search_in(Space("sales", [], intercept=moving)).run(EVERYTHING)
    assert [match.log.status for match in result.matches] == ["completed"]


async def test_a_log_without_a_time_is_last_and_not_the_cursor() -> None:
    without_time: Row = {"id": "timeless", "to": WANTED}
    space = Space("sales", [without_time, *rows(10, wanted=range(10))])
    result = await search_in(space).run(Query(limit=5))
    assert [match.log.id for match in result.matches][-1] == "timeless"
    assert numbers_of(SearchResult(result.matches[:-1], 0)) == [0, 1, 2, 3]
    assert result.next_cursor == Cursor(NOW - timedelta(minutes=3), log_id(3))


async def test_logs_without_times_do_not_displace_the_cursor() -> None:
    without_time: list[Row] = [{"id": f"timeless {number}"} for number in range(50)]
    results = await run_all(search_in(Space("sales", [*without_time, *rows(30)])), EVERYTHING)
    assert all(len(result.matches) <= 20 for result in results)
    dated = [match.log.id for result in results for match in result.matches if match.log.created_at]
    assert dated == [log_id(number) for number in range(30)]


async def test_empty_pages_are_limited_and_reported() -> None:
    async def empty(request: httpx.Request) -> httpx.Response:
        page = int(request.url.params.get("page_number", "0"))
        links = {"next": f"?page_number={page + 1}"}
        return httpx.Response(200, json={"links": links, "data": []})

    space = Space("empty", [], intercept=empty)
    result = await search_in(space, Space("sales", rows(3))).run(EVERYTHING)
    assert len(space.requests) == 49
    assert numbers_of(result) == [0, 1, 2]
    assert list(result.errors) == ["empty"]
