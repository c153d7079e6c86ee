import asyncio
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import httpx
import pytest
from pydantic import JsonValue

from bot.dev.emulator.signalwire.fixtures import call, deleted, iso_timestamp
from bot.signalwire.errors import LogNotFoundError, RateLimitedError, UnavailableError
from bot.signalwire.models import VoiceLog
from bot.voicelogs.legs import MAX_LEGS, MAX_PAGES, LegFinder
from bot.voicelogs.results import CallLegs, Found, TimeSpan
from tests.support.fake_time_loop import run_timed
from tests.support.signalwire import NOW, Handler, client_over, emulator, new_project, stall

CALL_START = NOW - timedelta(hours=8)
MINUTE = timedelta(minutes=1)

Row = dict[str, JsonValue]


def log_id(number: int) -> str:
    return f"1e900000-0000-4000-8000-{number:012d}"


def leg(number: int, parent: int | None = None, *, after: float = 0, **changes: JsonValue) -> Row:
    parent_id = None if parent is None else log_id(parent)
    named: Row = {"parent_id": parent_id, **changes}
    return call(log_id(number), CALL_START + timedelta(seconds=after), **named)


class Space:
    """A project over the emulator; `intercept` may respond instead."""

    def __init__(
        self, logs: Sequence[Row], *, intercept: Handler | None = None, name: str = "sales"
    ) -> None:
        self.logs = [VoiceLog.model_validate(row) for row in logs]
        self.intercept = intercept
        self.requests: list[httpx.Request] = []
        self._inner = httpx.ASGITransport(emulator(logs).app)
        self.client = client_over(httpx.MockTransport(self._handle), new_project(name))

    async def _handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        response = None if self.intercept is None else await self.intercept(request)
        return response or await self._inner.handle_async_request(request)

    @property
    def lists(self) -> list[httpx.QueryParams]:
        return [request.url.params for request in self.requests if is_list(request)]

    async def find_legs(self, number: int = 0, *others: "Space") -> CallLegs:
        return await self.legs_of(self.logs[number], *others)

    async def legs_of(self, log: VoiceLog, *others: "Space") -> CallLegs:
        clients = [self.client, *(other.client for other in others)]
        return await LegFinder(clients, now=lambda: NOW).find(
            Found(UUID(log.id), self.client.name, log)
        )


def is_list(request: httpx.Request) -> bool:
    return request.url.path == "/api/voice/logs"


def numbers_of(call_legs: CallLegs) -> list[int]:
    return [int(log.id[-12:]) for log in call_legs.legs]


async def test_a_call_may_have_one_leg() -> None:
    space = Space([leg(1), leg(2, after=1)])
    call_legs = await space.find_legs()
    assert call_legs.log is call_legs.legs[0]
    assert numbers_of(call_legs) == [1]
    assert (call_legs.omitted, call_legs.parent_error, call_legs.list_error) == (0, None, None)


@pytest.mark.parametrize("leg_number", range(7))
async def test_all_legs_related_by_parent_ids_belong_to_one_call(leg_number: int) -> None:
    parents = [None, 0, 0, 1, 1, 2, 5, None, 7]
    legs = [leg(number, parent, after=number) for number, parent in enumerate(parents)]
    call_legs = await Space(legs).find_legs(leg_number)
    assert numbers_of(call_legs) == [0, 1, 2, 3, 4, 5, 6]
    assert call_legs.log.id == log_id(leg_number)


async def test_parent_ids_are_compared_without_regard_to_case() -> None:
    parent = "AB900000-0000-4000-8000-00000000000A"
    legs = [
        {**leg(1), "id": parent.lower()},
        leg(2, after=1, parent_id=parent),
        leg(3, after=2, parent_id=parent.lower()),
    ]
    call_legs = await Space(legs).find_legs(1)
    assert len(call_legs.legs) == 3
    assert call_legs.parent_error is None


async def test_the_span_adds_five_minutes_before_and_after_the_call() -> None:
    space = Space([leg(1, duration_ms=600_000)])
    call_legs = await space.find_legs()
    assert call_legs.searched_span == TimeSpan(CALL_START - 5 * MINUTE, CALL_START + 15 * MINUTE)
    (params,) = space.lists
    bounds = (params["created_after"], params["created_before"])
    assert bounds == ("2026-11-22T08:54:59Z", "2026-11-22T09:15:02Z")
    assert params["page_size"] == "200"


async def test_the_span_includes_the_parents() -> None:
    space = Space([leg(1, duration_ms=60_000), leg(2, 1, after=3600, duration_ms=60_000)])
    call_legs = await space.find_legs(1)
    assert call_legs.searched_span == TimeSpan(CALL_START - 5 * MINUTE, CALL_START + 66 * MINUTE)


@pytest.mark.parametrize(
    ("changes", "until"),
    [
        ({"duration_ms": None, "duration": None}, CALL_START + 65 * MINUTE),
        ({"duration_ms": None, "duration": 120}, CALL_START + 7 * MINUTE),
        ({"duration_ms": 7 * 3_600_000}, CALL_START + 355 * MINUTE),
        ({"duration_ms": None, "duration": 10**15}, CALL_START + 355 * MINUTE),
        ({"status": "in-progress", "duration_ms": 5}, CALL_START + 355 * MINUTE),
        ({"created_at": iso_timestamp(NOW - 10 * MINUTE), "status": "ringing"}, NOW + MINUTE),
        ({"created_at": iso_timestamp(NOW - MINUTE), "duration_ms": 30_000}, NOW + MINUTE),
    ],
)
async def test_the_span_ends_with_the_call_or_now_or_after_six_hours(
    changes: Row, until: datetime
) -> None:
    call_legs = await Space([{**leg(1), **changes}]).find_legs()
    assert call_legs.searched_span is not None
    assert call_legs.searched_span.until == until
    assert call_legs.searched_span.until - call_legs.searched_span.since <= timedelta(hours=6)


async def test_a_leg_long_after_its_parent_is_within_the_span() -> None:
    space = Space([leg(1), leg(2, 1, after=7 * 3600), leg(3, 1, after=7 * 3600 - 60)])
    call_legs = await space.find_legs(1)
    assert numbers_of(call_legs) == [1, 3, 2]
    assert call_legs.searched_span == TimeSpan(CALL_START + 65 * MINUTE, CALL_START + 425 * MINUTE)


async def test_a_deleted_log_has_a_span() -> None:
    space = Space([leg(1), deleted(log_id(2), CALL_START, NOW)])
    call_legs = await space.find_legs(1)
    assert numbers_of(call_legs) == [2]
    assert call_legs.searched_span == TimeSpan(CALL_START - 5 * MINUTE, CALL_START + 65 * MINUTE)


@pytest.mark.parametrize("created", [None, "yesterday", "9999-12-31T23:59:59Z"])
async def test_nothing_is_searched_without_a_valid_time(created: JsonValue) -> None:
    space = Space([leg(1)])
    log = VoiceLog.model_validate(leg(1, created_at=created))
    call_legs = await space.legs_of(log)
    assert (call_legs.legs, call_legs.searched_span, call_legs.list_error) == ((log,), None, None)
    assert space.requests == []


async def test_parents_are_followed_up_to_five_levels() -> None:
    legs = [leg(0), *(leg(number, number - 1, after=number) for number in range(1, 8))]
    five_up = await Space(legs).find_legs(5)
    assert five_up.parent_error is None
    space = Space(legs)
    six_up = await space.find_legs(6)
    assert six_up.parent_error == "too_deep"
    assert sum(not is_list(request) for request in space.requests) == 5
    assert set(numbers_of(six_up)) >= {1, 2, 3, 4, 5, 6, 7}


@pytest.mark.parametrize("cycle", [1, 2, 3, 5])
async def test_a_cycle_of_parents_is_requested_once(cycle: int) -> None:
    legs = [leg(number, (number + 1) % cycle, after=number) for number in range(cycle)]
    space = Space(legs)
    call_legs = await space.find_legs()
    assert call_legs.parent_error == "cycle"
    assert numbers_of(call_legs) == list(range(cycle))
    assert sum(not is_list(request) for request in space.requests) == cycle - 1


@pytest.mark.parametrize("parent_id", ["../../../etc/passwd", "CA123", "none", "\ud800"])
async def test_an_invalid_parent_id_is_not_requested(parent_id: str) -> None:
    space = Space([leg(1)])
    log = VoiceLog.model_validate(leg(1, parent_id=parent_id))
    call_legs = await space.legs_of(log)
    assert call_legs.parent_error == "not_an_id"
    assert numbers_of(call_legs) == [1]
    assert all(is_list(request) for request in space.requests)


async def test_siblings_with_a_missing_parent_are_found() -> None:
    space = Space([leg(1, 9), leg(2, 9, after=1), leg(3, 8, after=2)])
    call_legs = await space.find_legs()
    assert isinstance(call_legs.parent_error, LogNotFoundError)
    assert numbers_of(call_legs) == [1, 2]


async def test_a_parent_that_fails_to_load_is_taken_from_the_list() -> None:
    async def broken(request: httpx.Request) -> httpx.Response | None:
        return None if is_list(request) else httpx.Response(500)

    space = Space([leg(1), leg(2, 1, after=1)], intercept=broken)
    call_legs = await space.find_legs(1)
    assert isinstance(call_legs.parent_error, UnavailableError)
    assert numbers_of(call_legs) == [1, 2]


async def test_parents_are_kept_if_the_list_fails() -> None:
    async def limited(request: httpx.Request) -> httpx.Response | None:
        headers = {"retry-after": "60"}
        return httpx.Response(429, headers=headers) if is_list(request) else None

    call_legs = await Space([leg(1), leg(2, 1, after=1)], intercept=limited).find_legs(1)
    assert numbers_of(call_legs) == [1, 2]
    assert call_legs.searched_span is None
    assert isinstance(call_legs.list_error, RateLimitedError)


def other_calls(count: int) -> list[Row]:
    """Unrelated calls, one a second from the start of the call."""
    return [leg(1000 + number, after=number) for number in range(count)]


async def test_a_list_that_fails_midway_keeps_what_was_read() -> None:
    async def once(request: httpx.Request) -> httpx.Response | None:
        return httpx.Response(500) if "page_number" in request.url.params else None

    logs = [leg(0), *other_calls(300), leg(1, 0, after=250), leg(2, 0, after=1)]
    call_legs = await Space(logs, intercept=once).find_legs()
    assert numbers_of(call_legs) == [0, 1]
    assert isinstance(call_legs.list_error, UnavailableError)
    assert call_legs.searched_span is not None
    assert call_legs.searched_span.since == CALL_START + timedelta(seconds=101)


async def test_at_most_ten_pages_are_read_and_reported() -> None:
    later, earlier = leg(1, 0, after=600), leg(2, 0, after=2)
    space = Space([leg(0, duration_ms=3_600_000), *other_calls(2500), later, earlier])
    call_legs = await space.find_legs()
    assert len(space.lists) == MAX_PAGES == 10
    assert numbers_of(call_legs) == [0, 1]
    assert call_legs.list_error is None
    assert call_legs.searched_span is not None
    read_for = call_legs.searched_span.since - CALL_START
    assert timedelta(seconds=499) <= read_for <= timedelta(seconds=502)
    assert call_legs.searched_span.until == CALL_START + 65 * MINUTE
    assert not call_legs.is_complete(NOW)


@pytest.mark.parametrize("leg_number", [0, 30])
async def test_at_most_twenty_legs_include_the_parents_and_the_requested_one(
    leg_number: int,
) -> None:
    legs = [leg(0, duration_ms=600_000), *(leg(number, 0, after=number) for number in range(1, 31))]
    call_legs = await Space(legs).find_legs(leg_number)
    assert MAX_LEGS == len(call_legs.legs) == 20
    assert call_legs.omitted == 11
    assert {0, leg_number} <= set(numbers_of(call_legs))
    assert numbers_of(call_legs) == sorted(numbers_of(call_legs))


async def test_a_leg_in_the_list_replaces_the_earlier_log() -> None:
    space = Space([leg(1, status="completed")])
    call_legs = await space.legs_of(VoiceLog.model_validate(leg(1, status="ringing")))
    assert [log.status for log in call_legs.legs] == ["completed"]
    assert call_legs.log.status == "completed"


async def test_a_repeated_row_is_one_leg_in_its_latest_state() -> None:
    async def moving(request: httpx.Request) -> httpx.Response | None:
        later = "page_number" in request.url.params
        links = {} if later else {"next": "?page_number=1"}
        data = [leg(2, 1, after=1, status="completed" if later else "ringing")]
        return httpx.Response(200, json={"links": links, "data": data})

    call_legs = await Space([leg(1)], intercept=moving).find_legs()
    assert [log.status for log in call_legs.legs] == ["completed", "completed"]


async def test_an_empty_page_does_not_end_the_list() -> None:
    async def empty_page(request: httpx.Request) -> httpx.Response | None:
        if "page_number" in request.url.params:
            return None
        return httpx.Response(200, json={"links": {"next": "?page_number=0"}, "data": []})

    call_legs = await Space([leg(1), leg(2, 1, after=1)], intercept=empty_page).find_legs()
    assert numbers_of(call_legs) == [1, 2]


async def test_only_the_logs_own_project_is_searched() -> None:
    one, two = Space([leg(1)], name="one"), Space([leg(2, 1, after=1)], name="two")
    call_legs = await one.find_legs(0, two)
    assert numbers_of(call_legs) == [1]
    assert two.requests == []


def test_reading_a_slow_list_stops_after_eight_seconds() -> None:
    async def slow(request: httpx.Request) -> httpx.Response | None:
        await asyncio.sleep(3.5)
        page = int(request.url.params.get("page_number", "0"))
        links = {"next": f"?page_number={page + 1}"}
        data = [leg(page + 2, 1, after=60 - page)]
        return httpx.Response(200, content=json.dumps({"links": links, "data": data}))

    call_legs, seconds = run_timed(lambda: Space([leg(1)], intercept=slow).find_legs())
    assert seconds == pytest.approx(8)
    assert numbers_of(call_legs) == [1, 3, 2]
    assert call_legs.list_error is None
    assert call_legs.searched_span is not None
    assert call_legs.searched_span.since == CALL_START + timedelta(seconds=59)


@pytest.mark.parametrize("seconds", [4.0, 6.0])
def test_a_slow_signalwire_returns_the_parent_and_the_list(seconds: float) -> None:
    async def slow(_request: httpx.Request) -> None:
        await asyncio.sleep(seconds)

    call_legs, duration = run_timed(
        lambda: Space([leg(2, 1), leg(1), leg(3, 1)], intercept=slow).find_legs()
    )
    assert duration == pytest.approx(2 * seconds)
    assert numbers_of(call_legs) == [1, 2, 3]
    assert call_legs.parent_error is call_legs.list_error is None


def test_a_list_that_stalls_is_an_error() -> None:
    call_legs, seconds = run_timed(lambda: Space([leg(1)], intercept=stall).find_legs())
    assert seconds == pytest.approx(8)
    assert numbers_of(call_legs) == [1]
    assert call_legs.searched_span is None
    assert isinstance(call_legs.list_error, UnavailableError)
