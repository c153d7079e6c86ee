import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

import httpx
import pytest
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from starlette.types import Message, Receive, Scope
from structlog.testing import capture_logs

from bot.entrypoints.http import (
    BODY_LIMIT,
    EVENTS_PATH,
    PAYLOAD_LIMIT,
    SSL_CHECK_LIMIT,
    RequestVerifier,
    create_app,
)

NOW = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
EPOCH = int(NOW.timestamp())
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
COMMAND = b"command=%2Fvoicelog&text=canary"


class Bolt(AsyncApp):
    """Records requests, and responds as configured."""

    def __init__(self) -> None:
        super().__init__(signing_secret="unused", token="xoxb-unused")
        self.received: list[AsyncBoltRequest] = []
        self.response = BoltResponse(status=200, body="")

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        self.received.append(req)
        return self.response


@dataclass
class Server:
    """The ASGI application, with a stub of Bolt."""

    bolt: Bolt = field(default_factory=Bolt)
    states: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.app = create_app(
            self.bolt,
            RequestVerifier((SECRET,), lambda: NOW),
            lifespan=self.running,
            is_draining=lambda: False,
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        self.states.append("started")
        yield
        self.states.append("stopped")

    async def request(
        self,
        method: str,
        path: str,
        *,
        content: bytes | AsyncIterator[bytes] = b"",
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://bot.example") as http:
            return await http.request(method, path, content=content, headers=headers)

    async def post(
        self, body: bytes, *, content_type: str = FORM, **headers: str
    ) -> httpx.Response:
        given = {"content-type": content_type, **signed(body)}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.request(
            "POST",
            EVENTS_PATH,
            content=body,
            headers={name: value for name, value in given.items() if value != NO_HEADER},
        )


NO_HEADER = "absent"


@pytest.fixture
def server() -> Server:
    return Server()


def signature(body: bytes, timestamp: str, secret: str = SECRET) -> str:
    """Sign a request (docs.slack.dev, "Verifying requests from Slack")."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def signed(body: bytes, *, at: int = EPOCH, secret: str = SECRET) -> dict[str, str]:
    return {
        "x-slack-request-timestamp": str(at),
        "x-slack-signature": signature(body, str(at), secret),
    }


async def test_a_signed_request_reaches_bolt_unchanged_and_is_not_logged(server: Server) -> None:
    with capture_logs() as lines:
        response = await server.post(COMMAND)
    assert lines == []
    assert (response.status_code, response.content) == (200, b"")
    (request,) = server.bolt.received
    assert urlencode(request.body).encode() == COMMAND


async def test_a_commands_text_may_be_payload(server: Server) -> None:
    await server.post(b"command=%2Fvoicelog&text=find+payload")
    (request,) = server.bolt.received
    assert request.body == {"command": "/voicelog", "text": "find payload"}


async def test_the_response_of_bolt_is_sent(server: Server) -> None:
    server.bolt.response = BoltResponse(status=201, body={"text": "hello"})
    response = await server.post(COMMAND)
    assert response.status_code == 201
    assert response.json() == {"text": "hello"}
    assert response.headers["content-type"].startswith(JSON)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (FORM, COMMAND),
        (FORM, b"text=%ff"),
        (FORM, b"payload=" + quote('{"type":"message_action"}').encode()),
        (FORM + "; charset=utf-8", COMMAND),
        ("Application/X-WWW-Form-URLEncoded", COMMAND),
        (JSON, b'{"type":"url_verification","challenge":"x"}'),
        (JSON + "; charset=utf-8", b"{}"),
    ],
)
async def test_both_content_types_are_accepted(
    server: Server, content_type: str, body: bytes
) -> None:
    assert (await server.post(body, content_type=content_type)).status_code == 200
    assert len(server.bolt.received) == 1


def post_scope(headers: dict[str, str]) -> Scope:
    given = {"content-type": FORM, **headers}
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": EVENTS_PATH,
        "raw_path": EVENTS_PATH.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }


async def status_of_post(server: Server, headers: dict[str, str], receive: Receive) -> int:
    """Post with these headers, without httpx; return the status of the response."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    await server.app(post_scope(headers), receive, send)
    status: int = sent[0]["status"]
    return status


async def test_a_body_without_a_length_is_read_only_up_to_the_limit(server: Server) -> None:
    given = 0

    async def receive() -> Message:
        nonlocal given
        given += 1
        return {"type": "http.request", "body": b"x" * 1024, "more_body": True}

    assert await status_of_post(server, signed(b""), receive) == 413
    assert given == 65


async def test_a_client_that_disconnects_is_rejected(server: Server) -> None:
    async def receive() -> Message:
        return {"type": "http.disconnect"}

    assert await status_of_post(server, signed(b""), receive) == 400


UNREAD: dict[str, tuple[int, dict[str, str]]] = {
    "no signature, and no form": (401, {"content-type": JSON}),
    "a signature without a timestamp": (401, {"x-slack-signature": signature(COMMAND, str(EPOCH))}),
    "signed too long ago": (401, signed(COMMAND, at=EPOCH - 301)),
    "signed in the future": (401, signed(COMMAND, at=EPOCH + 301)),
    "neither form nor JSON": (415, {**signed(COMMAND), "content-type": "text/plain"}),
    "longer than any limit": (413, {**signed(COMMAND), "content-length": str(PAYLOAD_LIMIT + 1)}),
    "JSON longer than the limit": (
        413,
        {**signed(COMMAND), "content-type": JSON, "content-length": str(BODY_LIMIT + 1)},
    ),
    "unsigned and long": (401, {"content-length": str(SSL_CHECK_LIMIT + 1)}),
}


@pytest.mark.parametrize("case", UNREAD)
async def test_the_body_of_a_request_rejected_by_its_head_is_not_read(
    server: Server, case: str
) -> None:
    status, headers = UNREAD[case]

    async def receive() -> Message:
        raise AssertionError("the body must not be read")

    assert await status_of_post(server, headers, receive) == status


SSL_CHECK = b"ssl_check=1&token=deprecated"
SLACK_HEADERS = ("x_slack_request_timestamp", "x_slack_signature")
UNSIGNED = dict.fromkeys(SLACK_HEADERS, NO_HEADER)


@pytest.mark.parametrize("body", [SSL_CHECK, b"token=x&ssl_check=1", SSL_CHECK + b"&command=/x"])
async def test_slacks_ssl_check_is_accepted_unsigned_and_does_nothing(
    server: Server, body: bytes
) -> None:
    response = await server.post(body, **UNSIGNED)
    assert (response.status_code, response.content) == (200, b"")
    assert server.bolt.received == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        COMMAND,
        b"ssl_check=0&token=x",
        b"ssl_check=&token=x",
        b"ssl_check=1x",
        b"ssl_check",
        b"xssl_check=1",
        b"text=ssl_check=1",
        b"payload=%7B%22ssl_check%22:1%7D",
        b'{"ssl_check":1}',
        b"\xff\xfe",
        SSL_CHECK + b"&x=" + b"x" * SSL_CHECK_LIMIT,
    ],
)
async def test_any_other_unsigned_request_is_401(server: Server, body: bytes) -> None:
    assert (await server.post(body, **UNSIGNED)).status_code == 401
    assert (await server.post(SSL_CHECK, content_type=JSON, **UNSIGNED)).status_code == 401
    assert server.bolt.received == []


@pytest.mark.parametrize("missing", SLACK_HEADERS)
async def test_an_ssl_check_with_one_signature_header_is_401(server: Server, missing: str) -> None:
    assert (await server.post(SSL_CHECK, **{missing: NO_HEADER})).status_code == 401


async def test_the_app_runs_between_startup_and_shutdown(server: Server) -> None:
    incoming: list[Message] = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    sent: list[str] = []

    async def receive() -> Message:
        return incoming.pop(0)

    async def send(message: Message) -> None:
        sent.append(message["type"])
        server.states.append(message["type"])

    await server.app({"type": "lifespan", "asgi": {"version": "3.0"}}, receive, send)
    assert server.states == [
        "started",
        "lifespan.startup.complete",
        "stopped",
        "lifespan.shutdown.complete",
    ]


@pytest.mark.parametrize("text", ["\u0434" * 9000, "\U0001f600" * 12_000, "\u65e5" * 40_000])
async def test_a_signed_shortcut_on_a_long_message_is_accepted(server: Server, text: str) -> None:
    message = {"text": text, "blocks": [{"type": "markdown", "text": text}]}
    letters = json.dumps({"type": "message_action", "message": message})
    body = urlencode({"payload": letters}).encode()
    assert BODY_LIMIT < len(body) < PAYLOAD_LIMIT
    assert (await server.post(body)).status_code == 200
    forged = await server.post(body, x_slack_signature="v0=" + "0" * 64)
    assert forged.status_code == 413


async def test_a_shortcut_may_have_up_to_one_mebibyte(server: Server) -> None:
    assert PAYLOAD_LIMIT == 1024 * 1024
    body = b"payload=%7B%7D&pad="
    most = body + b"x" * (PAYLOAD_LIMIT - len(body))
    assert (await server.post(most)).status_code == 200
    assert (await server.post(most + b"x")).status_code == 413


async def test_a_long_shortcut_is_read_in_time_linear_in_its_length(server: Server) -> None:
    async def seconds(length: int) -> float:
        body = urlencode({"payload": json.dumps({"text": "\u65e5" * length})}).encode()
        taken = []
        for _ in range(10):
            began = time.process_time()
            assert (await server.post(body)).status_code == 200
            taken.append(time.process_time() - began)
        return min(taken)

    # As in test_linear_time, four times the length may take eight times as long.
    assert await seconds(80_000) < 8 * await seconds(20_000)
