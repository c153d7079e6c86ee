import asyncio
import base64
import gzip
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal

import httpx
import pytest

from bot.runtime.http_client import AsyncBaseTransport, Client, new_client
from bot.signalwire.client import BODY_LIMIT, DEFAULT_RETRY, RetryPolicy, SignalWireClient
from bot.signalwire.errors import (
    NOT_THE_API,
    ApiError,
    AuthenticationError,
    BadRequestError,
    InvalidResponseError,
    LogNotFoundError,
    LogTooOldError,
    RateLimitedError,
    SignalWireError,
    UnavailableError,
)
from bot.signalwire.models import VoiceLog
from bot.signalwire.project import Project
from tests.support.fake_time_loop import seconds_taken
from tests.support.signalwire import NOW, ScriptedApi, stall
from tests.support.texts import ID

LOG = b'{"id":"b7182dc2-00f3-40e4-a5ce-20f164b329df","charge":0.01}'
PROJECT_ID = "3fa2d9f4-1f4e-4b7e-9d57-0d7b6a2b8c11"
TOKEN = "PTtoken"
GZIPPED = gzip.compress(LOG, mtime=0)
BRIEF = RetryPolicy(total_seconds=0.2)
# The authorization header of PROJECT_ID and TOKEN, worked out without httpx.
BASIC = "Basic " + base64.b64encode(f"{PROJECT_ID}:{TOKEN}".encode()).decode()


class Chunks(httpx.AsyncByteStream):
    def __init__(self, chunks: Sequence[bytes]) -> None:
        self.chunks = chunks
        self.read = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self.chunks:
            self.read += 1
            yield chunk


@dataclass
class Answer:
    status: int = 200
    body: bytes = LOG
    headers: dict[str, str] = field(default_factory=dict)

    def __call__(self) -> httpx.Response:
        return httpx.Response(self.status, headers=self.headers, stream=Chunks([self.body]))


def client_over(
    transport: AsyncBaseTransport | None,
    *,
    space: str = "acme",
    retry_policy: RetryPolicy = DEFAULT_RETRY,
    semaphore: asyncio.Semaphore | None = None,
) -> tuple[Client, SignalWireClient]:
    http = new_client(transport)
    project = Project(name="Sales", base_url=space, project_id=PROJECT_ID, api_token=TOKEN)  # type: ignore[arg-type]  # pydantic wraps the token
    semaphore = semaphore or asyncio.Semaphore(10)
    return http, SignalWireClient(
        project, http, semaphore=semaphore, now=lambda: NOW, retry_policy=retry_policy
    )


async def ask(api: ScriptedApi, retry_policy: RetryPolicy = DEFAULT_RETRY) -> VoiceLog:
    http, client = client_over(httpx.MockTransport(api), retry_policy=retry_policy)
    async with http:
        return (await client.get_voice_log(ID)).log


async def error_of(api: ScriptedApi, retry_policy: RetryPolicy = DEFAULT_RETRY) -> SignalWireError:
    with pytest.raises(SignalWireError) as caught:
        await ask(api, retry_policy)
    return caught.value


async def test_a_lookup_sends_one_request_to_the_logs_url() -> None:
    api = ScriptedApi(Answer())
    log = await ask(api)
    assert log.id == str(ID)
    (request,) = api.requests
    assert request.method == "GET"
    assert str(request.url) == f"https://acme.signalwire.com/api/voice/logs/{ID}"


async def test_the_request_authenticates_with_project_id_and_token() -> None:
    api = ScriptedApi(Answer())
    await ask(api)
    assert api.requests[0].headers["authorization"] == BASIC


async def test_credentials_are_not_sent_to_another_project() -> None:
    api = ScriptedApi(Answer())
    http = new_client(httpx.MockTransport(api))
    async with http:
        for name in ("one", "two"):
            project = Project.model_validate(
                {"name": name, "space": name, "project_id": name, "api_token": f"PT{name}"}
            )
            client = SignalWireClient(
                project, http, semaphore=asyncio.Semaphore(1), now=lambda: NOW
            )
            await client.get_voice_log(ID)
    sent = [(request.url.host, request.headers["authorization"]) for request in api.requests]
    assert sent == [
        (f"{name}.signalwire.com", httpx.BasicAuth(name, f"PT{name}")._auth_header)  # noqa: SLF001 - the plain reading of RFC 7617 is tested above
        for name in ("one", "two")
    ]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, BadRequestError),
        (401, AuthenticationError),
        (403, AuthenticationError),
        (404, LogNotFoundError),
        (422, BadRequestError),
        (429, RateLimitedError),
        (500, UnavailableError),
        (501, UnavailableError),
        (502, UnavailableError),
        (503, UnavailableError),
        (504, UnavailableError),
        (599, UnavailableError),
        (201, InvalidResponseError),
        (204, InvalidResponseError),
        (304, InvalidResponseError),
        (402, BadRequestError),
        (405, BadRequestError),
        (409, BadRequestError),
        (410, BadRequestError),
        (423, BadRequestError),
        (451, BadRequestError),
        (499, BadRequestError),
    ],
)
async def test_each_status_has_its_error(status: int, expected: type[SignalWireError]) -> None:
    error = await error_of(ScriptedApi(Answer(status)))
    assert type(error) is expected


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 422, 500, 501, 301])
async def test_a_permanent_error_is_not_retried(status: int) -> None:
    api = ScriptedApi(Answer(status), Answer())
    await error_of(api)
    assert len(api.requests) == 1


@pytest.mark.parametrize("status", [429, 502, 503, 504])
async def test_a_temporary_error_is_retried(status: int) -> None:
    api = ScriptedApi(Answer(status), Answer())
    assert (await ask(api)).id == str(ID)
    assert len(api.requests) == 2


@pytest.mark.parametrize(
    "failure",
    [
        httpx.ConnectError("refused"),
        httpx.ConnectTimeout("slow"),
        httpx.ReadError("reset"),
        httpx.RemoteProtocolError("nonsense"),
        ConnectionResetError(),
        TimeoutError(),
    ],
)
async def test_a_broken_connection_is_retried(failure: Exception) -> None:
    api = ScriptedApi(failure, failure, Answer())
    assert (await ask(api)).id == str(ID)
    assert len(api.requests) == 3


@pytest.mark.parametrize("trouble", [Answer(503), Answer(429), httpx.ConnectError("refused")])
async def test_there_are_at_most_three_attempts(trouble: Answer | Exception) -> None:
    api = ScriptedApi(trouble, trouble, trouble, Answer())
    await error_of(api)
    assert len(api.requests) == 3


async def test_an_unavailable_error_has_its_cause_and_attempts() -> None:
    by_status = await error_of(ScriptedApi(Answer(503)))
    by_connection = await error_of(ScriptedApi(httpx.ConnectError("refused")))
    at_once = await error_of(ScriptedApi(Answer(500)))
    assert isinstance(by_status, UnavailableError)
    assert isinstance(by_connection, UnavailableError)
    assert isinstance(at_once, UnavailableError)
    assert (by_status.cause, by_status.attempts) == ("503", 3)
    assert (by_connection.cause, by_connection.attempts) == ("ConnectError", 3)
    assert (at_once.cause, at_once.attempts) == ("500", 1)


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
    error = await error_of(ScriptedApi(Answer(429, headers=headers)))
    assert isinstance(error, RateLimitedError)
    assert error.retry_after_seconds == seconds


@pytest.mark.parametrize("header", ["8", "120", "999999999", "Tue, 22 Nov 2044 17:00:00 GMT"])
async def test_a_retry_after_beyond_the_deadline_ends_the_attempts(header: str) -> None:
    api = ScriptedApi(Answer(429, headers={"retry-after": header}), Answer())
    await error_of(api)
    assert len(api.requests) == 1


def test_pauses_between_attempts_are_short_and_not_zero() -> None:
    api = ScriptedApi(Answer(503))
    assert 0.3 <= seconds_taken(lambda: error_of(api)) <= 1.0
    assert len(api.requests) == 3


def test_a_server_that_never_responds_takes_eight_seconds_in_all() -> None:
    tries: list[httpx.Request] = []

    async def count_and_stall(request: httpx.Request) -> httpx.Response:
        tries.append(request)
        return await stall(request)

    async def work() -> None:
        http, client = client_over(httpx.MockTransport(count_and_stall))
        async with http:
            with pytest.raises(UnavailableError) as caught:
                await client.get_voice_log(ID)
        assert caught.value.cause == "timeout"

    assert seconds_taken(work) == pytest.approx(8)
    assert len(tries) == 2, "a second is left for a new connection"


@pytest.mark.parametrize("seconds", [3.0, 4.0, 6.0, 6.9])
def test_a_slow_response_within_the_deadline_counts(seconds: float) -> None:
    async def slow(_request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(seconds)
        return Answer()()

    async def work() -> None:
        http, client = client_over(httpx.MockTransport(slow))
        async with http:
            assert (await client.get_voice_log(ID)).log.id == str(ID)

    assert seconds_taken(work) == pytest.approx(seconds)


def test_a_connection_that_hangs_once_is_replaced() -> None:
    tries: list[httpx.Request] = []

    async def hang_once(request: httpx.Request) -> httpx.Response:
        tries.append(request)
        return await stall(request) if len(tries) == 1 else Answer()()

    async def work() -> None:
        http, client = client_over(httpx.MockTransport(hang_once))
        async with http:
            assert (await client.get_voice_log(ID)).log.id == str(ID)

    assert seconds_taken(work) < 8


@pytest.mark.parametrize("slow", [4.0, 6.0])
def test_a_response_may_be_slow_after_an_early_error(slow: float) -> None:
    tries: list[httpx.Request] = []

    async def fail_first(request: httpx.Request) -> httpx.Response:
        tries.append(request)
        if len(tries) == 1:
            return Answer(503)()
        await asyncio.sleep(slow)
        return Answer()()

    async def work() -> None:
        http, client = client_over(httpx.MockTransport(fail_first))
        async with http:
            assert (await client.get_voice_log(ID)).log.id == str(ID)

    assert seconds_taken(work) == pytest.approx(slow + 0.2, abs=0.1)  # with the jitter
    assert len(tries) == 2


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        (
            b'{"errors":[{"type":"validation_error","code":"invalid","message":"is bad"}]}',
            [("invalid", "is bad")],
        ),
        (
            b'{"errors":[{"code":"one","message":"1"},{"code":"two","message":"2"}]}',
            [("one", "1"), ("two", "2")],
        ),
        (b'{"errors":[{"code":7,"detail":"in detail"}]}', [("7", "in detail")]),
        (b'{"errors":["Not good"]}', [("", "Not good")]),
        (b'{"errors":"Not good"}', [("", "Not good")]),
        (b'{"errors":{"code":"c","message":"m"}}', [("c", "m")]),
        (b'{"error":"Bad Request"}', [("", "Bad Request")]),
        (b'{"error":{"code":"c","message":"m"}}', [("c", "m")]),
        (b'{"errors":[],"error":"Bad Request"}', [("", "Bad Request")]),
        (b'{"code":"c","message":"m"}', [("c", "m")]),
        (b'{"message":"only words"}', [("", "only words")]),
        (b'{"code":null,"message":"only words"}', [("", "only words")]),
        (b'"Bad Request"', [("", "Bad Request")]),
        (b'["Bad Request"]', [("", "Bad Request")]),
        (b'{"errors":[null,5,[],{},{"code":{}},"kept"]}', [("", "kept")]),
        (b"{}", []),
        (b"[]", []),
        (b"null", []),
        (b"5", []),
        (b'{"errors":5}', []),
        (b"", []),
        (b"<html>", []),
        (b"\xff\xfe\xfd", []),
        (b'{"error":"\xff"}', []),
        (b"[" * 50_000, []),
        (b'{"error":' + b"9" * 5000 + b"}", []),
        (b'{"message":"kept","at":' + b"9" * 5000 + b"}", [("", "kept")]),
        (b'{"message":"kept","at":1e1000000000000000000}', [("", "kept")]),
        (b'{"message":"kept","at":' + b"[" * 5000 + b"]" * 5000 + b"}", [("", "kept")]),
    ],
    ids=lambda value: repr(value)[:40],
)
@pytest.mark.parametrize("status", [400, 402, 409, 410, 422, 423])
async def test_an_error_body_is_parsed_in_every_known_format(
    status: int, body: bytes, faults: list[tuple[str, str]]
) -> None:
    error = await error_of(ScriptedApi(Answer(status, body)))
    assert isinstance(error, BadRequestError)
    assert error.status == status
    assert list(error.errors) == [ApiError(code, message) for code, message in faults]


@pytest.mark.parametrize(
    "body", [b"<html>404</html>", b"Not Found", b"404: Not Found", b'{"error"', b"[" * 50_000]
)
async def test_a_404_without_json_is_not_from_the_api(body: bytes) -> None:
    error = await error_of(ScriptedApi(Answer(404, body)))
    assert isinstance(error, InvalidResponseError)
    assert error.cause == NOT_THE_API


@pytest.mark.parametrize(
    "body", [b'{"error":"Not Found"}', b'"Not Found"', b"{}", b"\xef\xbb\xbf{}", b""]
)
async def test_a_404_in_json_or_without_a_body_is_from_the_api(body: bytes) -> None:
    assert type(await error_of(ScriptedApi(Answer(404, body)))) is LogNotFoundError


@pytest.mark.parametrize(
    ("message", "date"),
    [
        ("The value exceeds the 2025-02-09 date limit.", "2025-02-09"),
        ("The value exceeds the date limit.", None),
        ("", None),
    ],
)
async def test_a_log_beyond_the_history_limit_is_too_old(message: str, date: str | None) -> None:
    fault = {"code": "exceeds_history_logs_limit", "message": message}
    other = {"code": "invalid", "message": "is bad"}
    error = await error_of(
        ScriptedApi(Answer(422, json.dumps({"errors": [other, fault]}).encode()))
    )
    assert isinstance(error, LogTooOldError)
    assert error.limit_date == date


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("location", ["https://evil.example/steal", "/api/voice/logs"])
async def test_a_redirect_is_never_followed(status: int, location: str) -> None:
    api = ScriptedApi(Answer(status, headers={"location": location}), Answer())
    error = await error_of(api)
    assert isinstance(error, InvalidResponseError)
    assert [request.url.host for request in api.requests] == ["acme.signalwire.com"]


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body>Sign in</body></html>",
        LOG[: len(LOG) // 2],
        b"",
        b"null",
        b"5",
        b'"text"',
        b"[" + LOG + b"]",
        b"{}",
        b'{"id":null}',
        b'{"id":""}',
        b'{"id":{}}',
        b'{"from":"+12065550104"}',
        b"\xff\xfe\xfd",
        b"[" * 200_000,
        b'{"id":"x","more":' + b"[" * 200_000,
        b'{"id":"\xff\xfe"}',
        LOG + LOG,
    ],
    ids=lambda body: repr(body[:20]),
)
async def test_a_body_that_is_not_a_voice_log_is_invalid_and_not_retried(body: bytes) -> None:
    api = ScriptedApi(Answer(200, body))
    assert isinstance(await error_of(api), InvalidResponseError)
    assert len(api.requests) == 1


async def test_a_log_with_another_id_is_invalid() -> None:
    error = await error_of(
        ScriptedApi(Answer(200, b'{"id":"b7182dc2-00f3-40e4-a5ce-20f164b329d0"}'))
    )
    assert isinstance(error, InvalidResponseError)


async def test_ids_are_compared_without_regard_to_case() -> None:
    assert (await ask(ScriptedApi(Answer(200, LOG.upper().replace(b'"ID"', b'"id"'))))).id.isupper()


async def test_an_error_never_quotes_what_the_server_sent() -> None:
    error = await error_of(ScriptedApi(Answer(200, b"<html>+12065550104</html>")))
    assert "2065550104" not in repr(error) + str(error)


async def test_a_charge_keeps_every_digit() -> None:
    log = await ask(ScriptedApi(Answer(200, b'{"id":"x","charge":0.12345678901234567890}')))
    assert str(log.charge) == "0.12345678901234567890"


async def test_trailing_zeros_of_a_charge_are_kept() -> None:
    log = await ask(ScriptedApi(Answer(200, b'{"id":"x","charge":0.0100}')))
    assert (log.charge, str(log.charge)) == (Decimal("0.01"), "0.0100")


async def test_a_body_of_exactly_the_limit_is_accepted() -> None:
    body = b'{"id":"x"}'.ljust(BODY_LIMIT)
    assert (await ask(ScriptedApi(Answer(200, body)))).id == "x"


async def test_a_body_over_the_limit_is_invalid() -> None:
    error = await error_of(ScriptedApi(Answer(200, b'{"id":"x"}'.ljust(BODY_LIMIT + 1))))
    assert isinstance(error, InvalidResponseError)
    assert error.cause == "over the size limit"


@pytest.mark.parametrize(
    ("status", "raised"),
    [(200, InvalidResponseError), (404, LogNotFoundError), (500, UnavailableError)],
)
async def test_a_body_is_read_only_up_to_the_limit(
    status: int, raised: type[SignalWireError]
) -> None:
    stream = Chunks([b"x" * 65_536] * 100)
    transport = httpx.MockTransport(lambda _request: httpx.Response(status, stream=stream))
    http, client = client_over(transport)
    async with http:
        with pytest.raises(raised):
            await client.get_voice_log(ID)
    assert stream.read == 17


async def test_a_gzipped_log_is_decoded() -> None:
    answer = Answer(200, GZIPPED, {"content-encoding": "gzip"})
    assert (await ask(ScriptedApi(answer))).id == str(ID)


async def test_a_small_body_that_decodes_to_a_large_one_is_invalid() -> None:
    bomb = gzip.compress(b" " * (BODY_LIMIT * 4))
    assert len(bomb) < 10_000
    error = await error_of(ScriptedApi(Answer(200, bomb, {"content-encoding": "gzip"})))
    assert isinstance(error, InvalidResponseError)
    assert error.cause == "over the size limit"


@pytest.mark.parametrize("encoding", ["gzip, gzip", "gzip,gzip", "deflate", "br", "zstd", "x"])
async def test_an_unrequested_encoding_is_invalid(encoding: str) -> None:
    packed = gzip.compress(GZIPPED)
    error = await error_of(ScriptedApi(Answer(200, packed, {"content-encoding": encoding})))
    assert isinstance(error, InvalidResponseError)


@pytest.mark.parametrize("body", [b"not gzip at all", GZIPPED[:10] + b"\xff" * 20])
async def test_broken_gzip_is_invalid(body: bytes) -> None:
    error = await error_of(ScriptedApi(Answer(200, body, {"content-encoding": "gzip"})))
    assert isinstance(error, InvalidResponseError)


async def test_truncated_gzip_is_invalid() -> None:
    body = GZIPPED[:30]
    error = await error_of(ScriptedApi(Answer(200, body, {"content-encoding": "gzip"})))
    assert isinstance(error, InvalidResponseError)


async def test_the_semaphore_limits_concurrent_requests() -> None:
    under_way, most = 0, 0

    async def count(_request: httpx.Request) -> httpx.Response:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        for _ in range(5):
            await asyncio.sleep(0)
        under_way -= 1
        return Answer()()

    http, client = client_over(httpx.MockTransport(count), semaphore=asyncio.Semaphore(2))
    async with http:
        logs = await asyncio.gather(*(client.get_voice_log(ID) for _ in range(8)))
    assert len(logs) == 8
    assert most == 2


async def test_a_failed_or_cancelled_request_releases_the_semaphore() -> None:
    semaphore = asyncio.Semaphore(1)
    http, client = client_over(httpx.MockTransport(stall), semaphore=semaphore)
    async with http:
        asking = asyncio.create_task(client.get_voice_log(ID))
        await asyncio.sleep(0)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
    assert not semaphore.locked()
    http, client = client_over(httpx.MockTransport(ScriptedApi(Answer(404))), semaphore=semaphore)
    async with http:
        with pytest.raises(LogNotFoundError):
            await client.get_voice_log(ID)
    assert not semaphore.locked()


# What only a real connection shows; tests/network has the errors.

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
            pass  # the client went away
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


async def ask_server(
    script: Script, retry_policy: RetryPolicy = DEFAULT_RETRY
) -> tuple[VoiceLog | SignalWireError, RawServer]:
    async with raw_server(script) as server:
        http, client = client_over(
            None, space=f"http://127.0.0.1:{server.port}", retry_policy=retry_policy
        )
        async with http:
            try:
                return (await client.get_voice_log(ID)).log, server
            except SignalWireError as error:
                return error, server


def sending(data: bytes) -> Script:
    async def script(writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()

    return script


def http_answer(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


async def test_the_bytes_on_the_wire_are_one_plain_request() -> None:
    answer, server = await ask_server(sending(http_answer(LOG)))
    assert isinstance(answer, VoiceLog)
    (head,) = server.heads
    first, *headers = head.decode().split("\r\n")
    assert first == f"GET /api/voice/logs/{ID} HTTP/1.1"
    named = dict(line.lower().split(": ", 1) for line in headers if line)
    assert named["host"] == f"127.0.0.1:{server.port}"
    assert named["authorization"] == BASIC.lower()
    assert named["accept-encoding"] == "gzip"
    assert "cookie" not in named


async def test_no_cookie_goes_back_over_a_real_connection() -> None:
    cookie = "Set-Cookie: session=1; Path=/"
    busy = http_answer(b"", cookie, status="503 Service Unavailable")
    answer, server = await ask_server(sending(busy))
    assert isinstance(answer, UnavailableError)
    assert len(server.heads) == 3
    assert all(b"cookie" not in head.lower() for head in server.heads)
