"""Requests to SignalWire: what is sent, which errors are retried, and their classes."""

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import pytest

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
from bot.signalwire.models import VoiceLog
from tests.support.signalwire import (
    LOG,
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
        *(respond_with(status) for status in (429, 502, 503, 504)),
        httpx.ConnectError("refused"),
        httpx.ConnectTimeout("slow"),
        httpx.ReadError("reset"),
        httpx.RemoteProtocolError("nonsense"),
        ConnectionResetError(),
        TimeoutError(),
    ],
)
async def test_a_temporary_error_is_retried_twice(
    failure: Callable[[], httpx.Response] | Exception,
) -> None:
    api = ScriptedApi(failure, failure, respond_with())
    assert (await look_up(api)).id == str(ID)
    assert len(api.requests) == 3


@pytest.mark.parametrize(
    ("failure", "cause", "attempts"),
    [
        *((respond_with(status), str(status), 3) for status in (502, 503, 504)),
        (httpx.ConnectError("refused"), "ConnectError", 3),
        (respond_with(500), "500", 1),
    ],
)
async def test_an_unavailable_error_has_its_cause_and_the_number_of_attempts(
    failure: Callable[[], httpx.Response] | Exception, cause: str, attempts: int
) -> None:
    api = ScriptedApi(*[failure] * attempts, respond_with())
    error = await error_of(api)
    assert isinstance(error, UnavailableError)
    assert (error.cause, error.attempts, len(api.requests)) == (cause, attempts, attempts)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        (" 3 ", 3),
        ("0", 0),
        ("120", 120),
        ("Sun, 22 Nov 2026 17:00:05 GMT", 5),
        ("Sun, 22 Nov 2026 16:59:00 GMT", 0),
        ("Sun, 22 Nov 2026 18:00:30 +0100", 30),
        (None, None),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("1.5", None),
        ("inf", None),
        ("nan", None),
        ("1e3", None),
        ("9" * 10, None),
        pytest.param("9" * 5000, None, id="5,000 digits"),
        ("Sun, 22 Nov 2026 17:00:05", None),
        ("Sun, 99 Nov 2026 17:00:05 GMT", None),
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


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("location", ["https://evil.example/steal", "/api/voice/logs"])
async def test_a_redirect_is_never_followed(status: int, location: str) -> None:
    api = ScriptedApi(respond_with(status, headers={"location": location}), respond_with())
    error = await error_of(api)
    assert isinstance(error, InvalidResponseError)
    assert [request.url.host for request in api.requests] == ["acme.signalwire.com"]


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


# What needs a real connection; errors are in tests/network.

Script = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class RawServer:
    port: int = 0
    heads: list[bytes] = field(default_factory=list)


@asynccontextmanager
async def raw_server(script: Script) -> AsyncIterator[RawServer]:
    """A server on loopback that reads a request's head and then follows a script."""
    state, serving = RawServer(), set[asyncio.Task[None]]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            state.heads.append(await reader.readuntil(b"\r\n\r\n"))
            await script(writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client disconnected
        finally:
            writer.close()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.add(asyncio.create_task(serve(reader, writer)))

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    state.port = server.sockets[0].getsockname()[1]
    try:
        yield state
    finally:
        server.close()
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)


async def look_up_from(script: Script) -> tuple[VoiceLog | SignalWireError, RawServer]:
    async with raw_server(script) as server, new_client() as http:
        project = new_project(space=f"http://127.0.0.1:{server.port}")
        client = SignalWireClient(project, http, semaphore=asyncio.Semaphore(1), now=lambda: NOW)
        try:
            return (await client.get_voice_log(ID)).log, server
        except SignalWireError as error:
            return error, server


def sending(data: bytes) -> Script:
    async def script(writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()

    return script


def http_response(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


async def test_the_bytes_on_the_wire_are_one_plain_request() -> None:
    found, server = await look_up_from(sending(http_response(LOG)))
    assert isinstance(found, VoiceLog)
    (head,) = server.heads
    first, *headers = head.decode().split("\r\n")
    assert first == f"GET /api/voice/logs/{ID} HTTP/1.1"
    named = dict(line.lower().split(": ", 1) for line in headers if line)
    assert named["host"] == f"127.0.0.1:{server.port}"
    assert named["authorization"] == basic("project", "PTtoken").lower()
    assert named["accept-encoding"] == "gzip"
    assert "cookie" not in named


async def test_no_cookie_is_sent_back() -> None:
    cookie = "Set-Cookie: session=1; Path=/"
    busy = http_response(b"", cookie, status="503 Service Unavailable")
    error, server = await look_up_from(sending(busy))
    assert isinstance(error, UnavailableError)
    assert len(server.heads) == 3
    assert all(b"cookie" not in head.lower() for head in server.heads)
