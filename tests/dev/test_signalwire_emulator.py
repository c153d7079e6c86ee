import asyncio
import base64
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pydantic import JsonValue

from bot.dev.emulator.http_server import serve_on_loopback
from bot.dev.emulator.signalwire.catalog import (
    DELAYED,
    DELETED,
    DOCUMENTED,
    LIVE,
    PARENT,
    WRITTEN_AFTER,
    catalog,
    delayed_log,
)
from bot.dev.emulator.signalwire.failures import canned_failures
from bot.dev.emulator.signalwire.fixtures import LogFixture, call
from bot.dev.emulator.signalwire.server import SignalWireEmulator
from tests.support.samples import STALLED

NOW = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
LOGS = "/api/voice/logs"
CALLS = "/api/laml/2010-04-01/Accounts/project/Calls"
BUSY = "57a70500-0000-4000-8000-000000000005"
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


@dataclass
class Time:
    now: datetime = NOW
    slept: list[float] = field(default_factory=list)

    def clock(self) -> datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.fixture
def time() -> Time:
    return Time()


def space(
    time: Time,
    entries: tuple[LogFixture, ...] | None = None,
    *,
    chance: Callable[[], float] = lambda: 0.0,
) -> SignalWireEmulator:
    return SignalWireEmulator(
        project_id="project",
        api_token="PTtoken",
        clock=time.clock,
        sleep=time.sleep,
        entries=entries,
        chance=chance,
    )


def client_of(signalwire: SignalWireEmulator) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(signalwire.app),
        base_url="http://127.0.0.1:4010",
        auth=("project", "PTtoken"),
    )


@pytest.fixture
def signalwire(time: Time) -> SignalWireEmulator:
    return space(time)


@pytest.fixture
async def client(signalwire: SignalWireEmulator) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(signalwire) as client:
        yield client


async def get(client: httpx.AsyncClient, path: str) -> dict[str, JsonValue]:
    response = await client.get(path)
    assert response.status_code == 200, response.text
    body: dict[str, JsonValue] = response.json()
    return body


def rows(page: dict[str, JsonValue]) -> list[dict[str, JsonValue]]:
    data = page["data"]
    assert isinstance(data, list)
    return [row for row in data if isinstance(row, dict)]


def links(page: dict[str, JsonValue]) -> dict[str, str]:
    found = page["links"]
    assert isinstance(found, dict)
    return {name: str(link) for name, link in found.items()}


def test_the_catalog_has_every_documented_status_and_unique_lowercase_uuids() -> None:
    words = (
        "queued initiated ringing in-progress busy failed no-answer canceled completed ended "
        "answered created ending joined"
    )
    assert set(words.split()) <= {entry.body.get("status") for entry in catalog(NOW)}
    assert [entry.body.get("parent_id") for entry in catalog(NOW)].count(PARENT) == 2
    ids = [*(entry.id for entry in catalog(NOW)), *(failure.id for failure in canned_failures())]
    assert len(set(ids)) == len(ids)
    assert [id_ for id_ in ids if id_ != DOCUMENTED and not UUID.fullmatch(id_)] == []


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Basic",
        "Basic !",
        "Bearer PTtoken",
        "Basic " + base64.b64encode(b"project:PTwrong").decode(),
        "Basic " + base64.b64encode(b"other:PTtoken").decode(),
        "Bearer " + base64.b64encode(b"project:PTtoken").decode(),
    ],
)
async def test_wrong_credentials_are_rejected(
    signalwire: SignalWireEmulator, authorization: str | None
) -> None:
    headers = {} if authorization is None else {"authorization": authorization}
    async with client_of(signalwire) as client:
        client.auth = httpx.Auth()
        response = await client.get(f"{LOGS}/{DOCUMENTED}", headers=headers)
    assert (response.status_code, response.json()) == (401, {"error": "Unauthorized"})
    assert [request.authorized for request in signalwire.requests] == [False]


@pytest.mark.parametrize(
    "path",
    [
        f"{LOGS}/00000000-0000-4000-8000-000000000000",
        f"{LOGS}/00000000-0000-4000-8000-000000000000/events",
        f"{LOGS}/not-an-id",
        f"{LOGS}/{DOCUMENTED.upper()}",
        f"{LOGS}/{DOCUMENTED.replace('-', '')}",
        f"{LOGS}/{DOCUMENTED}/",
        f"{LOGS}/{DOCUMENTED}/transcript",
        f"{LOGS}/",
        "/api/voice",
        f"{CALLS}.json",
        f"{CALLS}/{BUSY}.json/Recordings",
        "/api/fax/logs",
        "/elsewhere",
    ],
)
async def test_an_unknown_path_or_id_is_not_found(client: httpx.AsyncClient, path: str) -> None:
    response = await client.get(path)
    assert (response.status_code, response.json()) == (404, {"error": "Not Found"})


async def test_a_log_cannot_be_written(client: httpx.AsyncClient) -> None:
    assert (await client.delete(f"{LOGS}/{DOCUMENTED}")).status_code == 404
    assert (await client.post(LOGS)).status_code == 404
    assert (await client.head("/")).status_code == 302, "the website redirects"


@pytest.mark.parametrize(
    ("seconds", "status", "duration", "billing_ms", "events"),
    [
        (-1, "queued", None, None, 1),
        (0, "queued", None, None, 1),
        (2, "ringing", None, None, 2),
        (5, "in-progress", 5, None, 3),
        (15.5, "in-progress", 15, None, 3),
        (65, "completed", 65, 60_000, 4),
        (3600, "completed", 65, 60_000, 4),
    ],
)
async def test_the_live_call_starts_at_its_first_request(
    client: httpx.AsyncClient,
    time: Time,
    seconds: float,
    status: str,
    duration: int | None,
    billing_ms: int | None,
    events: int,
) -> None:
    time.now = NOW + timedelta(hours=1)
    begun = await get(client, f"{LOGS}/{LIVE}")
    assert (begun["status"], begun["created_at"]) == ("queued", "2026-11-22T18:00:00.000Z")
    time.now += timedelta(seconds=seconds)
    body = await get(client, f"{LOGS}/{LIVE}")
    assert (body["status"], body["duration"], body["billing_ms"]) == (status, duration, billing_ms)
    assert body["created_at"] == begun["created_at"]
    assert bool(body["charge"]) is (status == "completed")
    assert len(rows(await get(client, f"{LOGS}/{LIVE}/events"))) == events


async def test_a_live_call_is_not_in_the_list_before_its_first_request(
    client: httpx.AsyncClient, time: Time
) -> None:
    async def listed() -> list[object]:
        return [row["id"] for row in rows(await get(client, f"{LOGS}?page_size=1000"))]

    assert LIVE not in await listed()
    time.now += timedelta(hours=1)
    assert len(rows(await get(client, f"{LOGS}/{LIVE}/events"))) == 1
    assert (await listed())[0] == LIVE


async def test_the_list_is_newest_first_and_without_deleted_logs(client: httpx.AsyncClient) -> None:
    found = rows(await get(client, f"{LOGS}?page_size=1000"))
    moments = [datetime.fromisoformat(str(row["created_at"])) for row in found]
    assert moments == sorted(moments, reverse=True)
    assert {str(row["id"]): row for row in found} == {
        entry.id: entry.body for entry in catalog(NOW) if entry.id not in {LIVE, DELETED}
    }


def many(count: int) -> tuple[LogFixture, ...]:
    ids = [f"0a9e0000-0000-4000-8000-{number:012d}" for number in range(count)]
    moments = [NOW - timedelta(minutes=number) for number in range(count)]
    return tuple(LogFixture(call(id_, moment)) for id_, moment in zip(ids, moments, strict=True))


async def test_links_lead_through_all_pages_and_back(time: Time) -> None:
    signalwire = space(time, many(120))
    async with client_of(signalwire) as client:
        first = await get(client, LOGS)
        assert set(links(first)) == {"self", "first", "next"}
        second = await get(client, links(first)["next"])
        assert set(links(second)) == {"self", "first", "next", "prev"}
        third = await get(client, links(second)["next"])
        assert set(links(third)) == {"self", "first", "prev"}
        assert await get(client, links(second)["prev"]) == first
    assert [len(rows(page)) for page in (first, second, third)] == [50, 50, 20]
    assert links(first)["next"].startswith("http://127.0.0.1:4010/api/voice/logs?")
    assert len({row["id"] for page in (first, second, third) for row in rows(page)}) == 120


async def test_links_keep_the_filters(time: Time) -> None:
    async with client_of(space(time, many(10))) as client:
        page = await get(client, f"{LOGS}?page_size=2&created_after=2026-11-22T16:55:30Z")
        query = parse_qs(urlsplit(links(page)["next"]).query)
        assert query["created_after"] == ["2026-11-22T16:55:30Z"]
        seen = rows(page)
        while "next" in links(page):
            page = await get(client, links(page)["next"])
            seen += rows(page)
    assert len(seen) == 5


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("created_before=2026-11-22T16:55:30Z", 5),
        ("created_after=2026-11-22", 10),
        ("created_before=2026-11-22", 0),
        ("created_after=2026-11-22T16:52:30Z&created_before=2026-11-22T16:55:30Z", 3),
        ("status=failed&from=%2B1", 10),
    ],
)
async def test_the_list_is_filtered_by_time_alone(time: Time, query: str, count: int) -> None:
    async with client_of(space(time, many(10))) as client:
        assert len(rows(await get(client, f"{LOGS}?{query}"))) == count


@pytest.mark.parametrize(
    ("query", "attribute", "code"),
    [
        ("page_size=0", "page_size", "invalid_parameter"),
        ("page_size=1001", "page_size", "invalid_parameter"),
        ("page_size=ten", "page_size", "invalid_parameter"),
        ("page_number=-1", "page_number", "invalid_parameter"),
        ("page_number=1", "page_token", "page_token_required"),
        ("page_number=1&page_token=PAwrong", "page_token", "page_token_is_invalid"),
        ("created_after=yesterday", "created_after", "not_a_datetime"),
    ],
)
async def test_a_wrong_parameter_is_named(
    client: httpx.AsyncClient, query: str, attribute: str, code: str
) -> None:
    response = await client.get(f"{LOGS}?{query}")
    assert response.status_code == 422
    [error] = response.json()["errors"]
    assert (error["attribute"], error["code"]) == (attribute, code)


async def test_it_can_be_served_on_loopback_and_stopped(signalwire: SignalWireEmulator) -> None:
    async with serve_on_loopback(signalwire.app) as url:
        async with httpx.AsyncClient(base_url=url, auth=("project", "PTtoken")) as client:
            body = await get(client, f"{LOGS}/{DOCUMENTED}")
            page = await get(client, LOGS)
        assert body["id"] == DOCUMENTED
        assert links(page)["first"].startswith(f"{url}/")
        with pytest.raises(OSError, match="in use"):
            async with serve_on_loopback(signalwire.app, port=urlsplit(url).port or 0):
                pass
    async with httpx.AsyncClient(base_url=url) as client:
        with pytest.raises(httpx.ConnectError):
            await client.get("/")


async def test_stopping_takes_no_longer_than_the_running_requests(
    signalwire: SignalWireEmulator,
) -> None:
    now, stopping = asyncio.get_running_loop().time, 0.0
    async with httpx.AsyncClient() as client:  # its connections stay open
        for _ in range(20):
            async with serve_on_loopback(signalwire.app) as url:
                await client.get(url)
                stopping -= now()
            stopping += now()
    assert stopping < 2  # uvicorn alone sleeps for a tenth of a second or two


async def test_stopping_does_not_wait_for_a_stalled_response(
    time: Time, caplog: pytest.LogCaptureFixture
) -> None:
    stalled = asyncio.Event()

    async def sleep_forever(seconds: float) -> None:
        assert seconds == 30
        stalled.set()
        await asyncio.Event().wait()

    signalwire = SignalWireEmulator(
        project_id="project", api_token="PTtoken", clock=time.clock, sleep=sleep_forever
    )
    async with httpx.AsyncClient(auth=("project", "PTtoken")) as client:
        async with serve_on_loopback(signalwire.app) as url:
            request_task = asyncio.create_task(client.get(f"{url}{LOGS}/{STALLED}"))
            async with asyncio.timeout(5):
                await stalled.wait()
        assert (await request_task).status_code == 503
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_requests_fail_at_the_failure_rate(time: Time) -> None:
    chances = iter([0.0, 0.29, 0.3, 0.9, 0.0])
    signalwire = space(time, chance=lambda: next(chances))
    async with client_of(signalwire) as client:
        statuses = [(await client.get(LOGS)).status_code]
        signalwire.failure_rate = 0.3
        statuses += [(await client.get(LOGS)).status_code for _ in range(4)]
    assert statuses == [200, 503, 200, 200, 503]


async def test_a_laml_call_is_served_as_the_compatibility_api_does(
    client: httpx.AsyncClient,
) -> None:
    body = await get(client, f"{CALLS}/{BUSY}.json")
    assert (body["sid"], body["account_sid"], body["status"]) == (BUSY, "project", "busy")
    assert (body["sip_result_code"], body["answered_by"]) == ("486", None)
    assert (body["from"], body["formatted_from"]) == ("+12065550100", "(206) 555-0100")
    assert body["start_time"] == "Sun, 22 Nov 2026 12:00:00 +0000"
    assert body["end_time"] == "Sun, 22 Nov 2026 12:00:02 +0000"
    assert body["uri"] == f"{CALLS}/{BUSY}"


async def test_the_compatibility_api_has_every_laml_call_and_no_other(
    client: httpx.AsyncClient,
) -> None:
    for entry in catalog(NOW):
        is_laml = entry.body.get("type") == "laml_call"
        response = await client.get(f"{CALLS}/{entry.id}.json")
        assert response.status_code == (200 if is_laml else 404), entry.description
    live = await get(client, f"{CALLS}/57a70500-0000-4000-8000-000000000004.json")
    assert (live["status"], live["end_time"], live["price"]) == ("in-progress", None, None)


@pytest.mark.parametrize(
    "path",
    [
        f"{CALLS}/{BUSY}",
        f"{CALLS}/{BUSY.upper()}.json",
        f"{CALLS}/{BUSY}.xml",
        f"{CALLS}/{BUSY}.json".replace("/project/", "/other/"),
        f"{CALLS}/00000000-0000-4000-8000-000000000000.json",
    ],
)
async def test_any_other_call_is_not_found_with_a_flat_error(
    client: httpx.AsyncClient, path: str
) -> None:
    response = await client.get(path)
    assert response.status_code == 404
    assert set(response.json()) == {"code", "message", "more_info", "status"}


async def test_the_compatibility_api_rejects_wrong_credentials_with_a_flat_error(
    client: httpx.AsyncClient,
) -> None:
    response = await client.get(f"{CALLS}/{BUSY}.json", auth=("project", "PTwrong"))
    assert response.status_code == 401
    assert set(response.json()) == {"code", "message", "more_info", "status"}


async def test_a_call_can_exist_before_its_log(client: httpx.AsyncClient, time: Time) -> None:
    async def status() -> int:
        return (await client.get(f"{LOGS}/{DELAYED}")).status_code

    async def is_listed() -> bool:
        found = rows(await get(client, f"{LOGS}?page_size=1000"))
        return DELAYED in {row["id"] for row in found}

    time.now += timedelta(hours=1)
    assert (await status(), await is_listed()) == (404, False)
    assert (await client.get(f"{LOGS}/{DELAYED}/events")).status_code == 404
    body = await get(client, f"{CALLS}/{DELAYED}.json")
    assert (body["sid"], body["sip_result_code"]) == (DELAYED, "486")
    time.now += timedelta(seconds=WRITTEN_AFTER - 1)
    await get(client, f"{CALLS}/{DELAYED}.json")
    assert await status() == 404
    time.now += timedelta(seconds=1)
    assert await get(client, f"{LOGS}/{DELAYED}") == delayed_log(NOW).body
    assert await is_listed()
