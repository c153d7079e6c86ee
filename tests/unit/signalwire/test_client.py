"""Requests to SignalWire: what is sent, which errors are retried, and their classes."""

import asyncio
import base64
from collections.abc import Callable

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from bot.dev.emulator.http_server import serve_on_loopback
from bot.runtime.http_client import new_client
from bot.signalwire.client import SignalWireClient
from bot.signalwire.errors import (
    AuthenticationError,
    BadRequestError,
    InvalidResponseError,
    LogNotFoundError,
    RateLimitedError,
    SignalWireError,
    UnavailableError,
)
from tests.support.signalwire import (
    NOW,
    ScriptedApi,
    client_over,
    error_of,
    look_up,
    new_project,
    respond_with,
    stall,
)
from tests.support.texts import ID


def basic(project_id: str, token: str) -> str:
    """Return the Authorization header of RFC 7617."""
    return "Basic " + base64.b64encode(f"{project_id}:{token}".encode()).decode()


async def test_a_lookup_is_one_request_with_the_credentials_of_its_project() -> None:
    api = ScriptedApi(respond_with())
    for name in ("one", "two"):
        project = new_project(name, name, project_id=f"id-of-{name}")
        log = (await client_over(httpx.MockTransport(api), project).get_voice_log(ID)).log
        assert log.id == str(ID)

    sent = [(it.method, str(it.url), it.headers["authorization"]) for it in api.requests]
    assert sent == [
        (
            "GET",
            f"https://{name}.signalwire.com/api/voice/logs/{ID}",
            basic(f"id-of-{name}", "PTtoken"),
        )
        for name in ("one", "two")
    ]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (404, LogNotFoundError),
        *((status, AuthenticationError) for status in (401, 403)),
        *((status, BadRequestError) for status in (400, 402, 405, 409, 410, 422, 423, 451, 499)),
        *((status, UnavailableError) for status in (500, 501, 599)),
        *((status, InvalidResponseError) for status in (201, 204, 301, 304)),
    ],
)
@pytest.mark.parametrize("headers", [{}, {"retry-after": "1"}])
async def test_a_permanent_error_is_not_retried(
    status: int, expected: type[SignalWireError], headers: dict[str, str]
) -> None:
    api = ScriptedApi(respond_with(status, headers=headers), respond_with())
    assert type(await error_of(api)) is expected
    assert len(api.requests) == 1


@pytest.mark.parametrize(
    "failure",
    [
        *map(respond_with, [429, 502, 503, 504]),
        *(httpx.ConnectError("refused"), httpx.ConnectTimeout("slow"), httpx.ReadError("reset")),
        *(httpx.RemoteProtocolError("nonsense"), ConnectionResetError(), TimeoutError()),
    ],
)
async def test_a_temporary_error_is_retried_twice(
    failure: Callable[[], httpx.Response] | Exception,
) -> None:
    api = ScriptedApi(failure, failure, respond_with())
    assert (await look_up(api)).id == str(ID)
    assert len(api.requests) == 3


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        *(("7", 7), (" 3 ", 3), ("0", 0), ("120", 120)),
        ("Sun, 22 Nov 2026 17:00:05 GMT", 5),
        ("Sun, 22 Nov 2026 16:59:00 GMT", 0),
        ("Sun, 22 Nov 2026 18:00:30 +0100", 30),
        *((odd, None) for odd in (None, "", "soon", "-1", "1.5", "inf", "nan", "1e3", "9" * 10)),
        pytest.param("9" * 5000, None, id="5,000 digits"),
        *((f"Sun, {odd}", None) for odd in ("22 Nov 2026 17:00:05", "99 Nov 2026 17:00:05 GMT")),
        ("Sun, 22 Nov 2026 17:00:05 +9999", None),
    ],
)
async def test_retry_after_is_seconds_a_date_or_none(
    header: str | None, seconds: float | None
) -> None:
    headers = {} if header is None else {"retry-after": header}
    error = await error_of(ScriptedApi(respond_with(429, headers=headers)))
    assert isinstance(error, RateLimitedError)
    assert error.retry_after_seconds == seconds


async def test_a_failed_or_cancelled_request_releases_the_semaphore() -> None:
    semaphore = asyncio.Semaphore(1)
    waiting = client_over(httpx.MockTransport(stall), semaphore=semaphore)
    lookup = asyncio.create_task(waiting.get_voice_log(ID))
    await asyncio.sleep(0)
    lookup.cancel()
    with pytest.raises(asyncio.CancelledError):
        await lookup
    assert not semaphore.locked()
    failing = client_over(httpx.MockTransport(ScriptedApi(respond_with(404))), semaphore=semaphore)
    with pytest.raises(LogNotFoundError):
        await failing.get_voice_log(ID)
    assert not semaphore.locked()


async def test_a_request_over_a_connection_has_no_other_headers_and_sends_no_cookie_back() -> None:
    seen: list[tuple[str, dict[str, str]]] = []

    async def busy(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = {name.decode(): value.decode() for name, value in scope["headers"]}
            seen.append((scope["path"], headers))
            cookie = {"set-cookie": "session=1; Path=/"}
            await PlainTextResponse(status_code=503, headers=cookie)(scope, receive, send)

    async with serve_on_loopback(busy) as url, new_client() as http:
        client = SignalWireClient(
            new_project(space=url), http, semaphore=asyncio.Semaphore(1), now=lambda: NOW
        )
        with pytest.raises(UnavailableError):
            await client.get_voice_log(ID)
    sent = {
        "host": url.removeprefix("http://"),
        "authorization": basic("project", "PTtoken"),
        "accept": "*/*",
        "accept-encoding": "gzip",
        "user-agent": "voicelog-bot",
    }
    assert seen == [(f"/api/voice/logs/{ID}", sent)] * 3
