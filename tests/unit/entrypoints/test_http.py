"""Which requests reach Bolt, and how much of the others is read.

tests/integration/test_request_verification.py has every kind of request that is rejected.
"""

import json
import time
from contextlib import nullcontext
from dataclasses import replace
from typing import Final
from urllib.parse import quote, urlencode

import pytest
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from starlette.types import Message
from structlog.testing import capture_logs

from bot.entrypoints.http import (
    BODY_LIMIT,
    PAYLOAD_LIMIT,
    SSL_CHECK_LIMIT,
    RequestVerifier,
    create_app,
)
from tests.support.raw_requests import (
    CONTENT_TYPE,
    EPOCH,
    FORM,
    SIGNATURE,
    SIGNING_SECRET,
    TIMESTAMP,
    RawRequest,
    RawResponse,
    call_app,
    signed,
)
from tests.support.samples import NOW

JSON: Final = "application/json"
COMMAND: Final = b"command=%2Fvoicelog&text=canary"


class Server(AsyncApp):
    """The ASGI application over a Bolt that records requests, and responds as configured."""

    def __init__(self) -> None:
        super().__init__(signing_secret="unused", token="xoxb-unused")
        self.received: list[AsyncBoltRequest] = []
        self.response = BoltResponse(status=200, body="")
        verifier = RequestVerifier((SIGNING_SECRET,), lambda: NOW)
        self.app = create_app(self, verifier, lifespan=nullcontext, is_draining=lambda: False)

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        self.received.append(req)
        return self.response

    async def send(self, request: RawRequest) -> RawResponse:
        return await call_app(self.app, request)

    async def status(self, request: RawRequest) -> int:
        return (await self.send(request)).status


@pytest.fixture
def server() -> Server:
    return Server()


def unsigned(body: bytes, *, content_type: str = FORM) -> RawRequest:
    return RawRequest([body], [(CONTENT_TYPE, content_type.encode())])


async def test_a_signed_request_reaches_bolt_unchanged_and_is_not_logged(server: Server) -> None:
    server.response = BoltResponse(status=201, body={"text": "hello"})
    with capture_logs() as lines:
        response = await server.send(signed(COMMAND))
    assert lines == []
    assert (response.status, json.loads(response.body)) == (201, {"text": "hello"})
    assert response.headers["content-type"].startswith(JSON)
    (request,) = server.received
    assert urlencode(request.body).encode() == COMMAND


async def test_a_commands_text_may_be_payload(server: Server) -> None:
    await server.send(signed(b"command=%2Fvoicelog&text=find+payload"))
    (request,) = server.received
    assert request.body == {"command": "/voicelog", "text": "find payload"}


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
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
    assert await server.status(signed(body, content_type=content_type)) == 200
    assert len(server.received) == 1


async def test_a_body_without_a_length_is_read_only_up_to_the_limit(server: Server) -> None:
    given = 0

    async def receive() -> Message:
        nonlocal given
        given += 1
        return {"type": "http.request", "body": b"x" * 1024, "more_body": True}

    assert (await call_app(server.app, signed(b""), receive)).status == 413
    assert given == 65


def with_length(request: RawRequest, length: int) -> RawRequest:
    return request.with_header(b"content-length", str(length).encode())


UNREAD: Final[dict[str, tuple[int, RawRequest]]] = {
    "no signature, and no form": (401, unsigned(b"", content_type=JSON)),
    "a signature without a timestamp": (
        401,
        replace(signed(COMMAND), headers=signed(COMMAND).headers_without(TIMESTAMP)),
    ),
    "signed too long ago": (401, signed(COMMAND, at=EPOCH - 301)),
    "signed in the future": (401, signed(COMMAND, at=EPOCH + 301)),
    "neither form nor JSON": (415, signed(COMMAND, content_type="text/plain")),
    "longer than any limit": (413, with_length(signed(COMMAND), PAYLOAD_LIMIT + 1)),
    "JSON longer than the limit": (
        413,
        with_length(signed(COMMAND, content_type=JSON), BODY_LIMIT + 1),
    ),
    "unsigned and long": (401, with_length(unsigned(b""), SSL_CHECK_LIMIT + 1)),
}


@pytest.mark.parametrize("case", UNREAD)
async def test_the_body_of_a_request_rejected_by_its_head_is_not_read(
    server: Server, case: str
) -> None:
    status, request = UNREAD[case]

    async def receive() -> Message:
        raise AssertionError("the body must not be read")

    assert (await call_app(server.app, request, receive)).status == status


SSL_CHECK: Final = b"ssl_check=1&token=deprecated"


@pytest.mark.parametrize("body", [SSL_CHECK, b"token=x&ssl_check=1", SSL_CHECK + b"&command=/x"])
async def test_slacks_ssl_check_is_accepted_unsigned_and_does_nothing(
    server: Server, body: bytes
) -> None:
    response = await server.send(unsigned(body))
    assert (response.status, response.body) == (200, b"")
    assert server.received == []


@pytest.mark.parametrize(
    "request_",
    [
        *map(
            unsigned,
            [
                *(b"", COMMAND, b"ssl_check=0&token=x", b"ssl_check=&token=x", b"ssl_check=1x"),
                *(b"ssl_check", b"xssl_check=1", b"text=ssl_check=1", b'{"ssl_check":1}'),
                *(b"payload=%7B%22ssl_check%22:1%7D", b"\xff\xfe"),
                SSL_CHECK + b"&x=" + b"x" * SSL_CHECK_LIMIT,
            ],
        ),
        unsigned(SSL_CHECK, content_type=JSON),
        unsigned(SSL_CHECK).with_header(TIMESTAMP, str(EPOCH).encode()),
        unsigned(SSL_CHECK).with_header(SIGNATURE, b"v0=" + b"0" * 64),
    ],
)
async def test_any_other_unsigned_request_is_401(server: Server, request_: RawRequest) -> None:
    assert await server.status(request_) == 401
    assert server.received == []


@pytest.mark.parametrize("text", ["\u0434" * 9000, "\U0001f600" * 12_000, "\u65e5" * 40_000])
async def test_a_signed_shortcut_on_a_long_message_is_accepted(server: Server, text: str) -> None:
    message = {"text": text, "blocks": [{"type": "markdown", "text": text}]}
    letters = json.dumps({"type": "message_action", "message": message})
    body = urlencode({"payload": letters}).encode()
    assert BODY_LIMIT < len(body) < PAYLOAD_LIMIT
    assert await server.status(signed(body)) == 200
    assert await server.status(signed(body).with_header(SIGNATURE, b"v0=" + b"0" * 64)) == 413


async def test_a_shortcut_may_have_up_to_one_mebibyte(server: Server) -> None:
    assert PAYLOAD_LIMIT == 1024 * 1024
    body = b"payload=%7B%7D&pad="
    most = body + b"x" * (PAYLOAD_LIMIT - len(body))
    assert await server.status(signed(most)) == 200
    assert await server.status(signed(most + b"x")) == 413


async def test_a_long_shortcut_is_read_in_time_linear_in_its_length(server: Server) -> None:
    async def seconds(length: int) -> float:
        body = urlencode({"payload": json.dumps({"text": "\u65e5" * length})}).encode()
        taken = []
        for _ in range(10):
            began = time.process_time()
            assert await server.status(signed(body)) == 200
            taken.append(time.process_time() - began)
        return min(taken)

    # As in test_linear_time, four times the length may take eight times as long.
    assert await seconds(80_000) < 8 * await seconds(20_000)
