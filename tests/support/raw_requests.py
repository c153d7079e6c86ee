"""Raw requests, passed to the bot's ASGI application without a socket."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope

from bot.dev.emulator.slack.workspace import sign
from bot.entrypoints.http import EVENTS_PATH
from tests.support.samples import NOW

FORM: Final = "application/x-www-form-urlencoded"
SIGNING_SECRET: Final = "integration-signing-secret"
"""That of the bot in tests/integration."""
EPOCH: Final = int(NOW.timestamp())
TIMESTAMP: Final = b"x-slack-request-timestamp"
SIGNATURE: Final = b"x-slack-signature"
CONTENT_TYPE: Final = b"content-type"

RawHeaders = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True)
class RawRequest:
    """A request as a server passes it to an ASGI application."""

    chunks: Sequence[bytes]
    """The body, as it arrives."""
    headers: RawHeaders
    method: str = "POST"
    path: str = EVENTS_PATH
    disconnects: bool = False
    """Whether the client disconnects before the end."""

    @property
    def body(self) -> bytes:
        """All chunks."""
        return b"".join(self.chunks)

    def header(self, name: bytes) -> bytes | None:
        """Return the first header of that name."""
        return next((value for key, value in self.headers if key == name), None)

    def headers_without(self, name: bytes) -> RawHeaders:
        """Return the headers except those of that name."""
        return [(key, value) for key, value in self.headers if key != name]

    def with_header(self, name: bytes, value: bytes) -> "RawRequest":
        """Return the request with this header."""
        return replace(self, headers=[*self.headers_without(name), (name, value)])


@dataclass
class RawResponse:
    """The application's response."""

    status: int = 0
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""


def signed(body: bytes, *, content_type: str = FORM, at: int = EPOCH) -> RawRequest:
    """Return a request as Slack would send it."""
    headers = {"Content-Type": content_type, **sign(body, at, SIGNING_SECRET)}
    return RawRequest([body], [(k.lower().encode(), v.encode()) for k, v in headers.items()])


def is_signed_by_slack(request: RawRequest) -> bool:
    """Return whether Slack signed all of it within 5 min (docs.slack.dev, "Verifying requests")."""
    timestamp, signature = request.header(TIMESTAMP), request.header(SIGNATURE)
    if timestamp is None or signature is None or request.disconnects:
        return False
    base = b"v0:" + timestamp + b":" + request.body
    expected = "v0=" + hmac.new(SIGNING_SECRET.encode(), base, hashlib.sha256).hexdigest()
    is_number = timestamp.isdigit() and len(timestamp) <= 12
    is_recent = is_number and abs(int(timestamp) - EPOCH) <= 300
    return is_recent and signature == expected.encode()


async def call_app(
    app: ASGIApp, request: RawRequest, receive: Receive | None = None
) -> RawResponse:
    """Return the application's response, or raise what it raises.

    `receive` gives the body, instead of the request's chunks.
    """
    last = {"type": "http.disconnect"} if request.disconnects else _part(b"", more=False)
    messages: list[Message] = [*(_part(chunk, more=True) for chunk in request.chunks), last]
    response = RawResponse()

    async def receive_chunks() -> Message:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            response.status = message["status"]
            response.headers = Headers(raw=list(message["headers"]))
        else:
            response.body += message.get("body", b"")

    await app(_scope(request), receive or receive_chunks, send)
    return response


def _part(chunk: bytes, *, more: bool) -> Message:
    return {"type": "http.request", "body": chunk, "more_body": more}


def _scope(request: RawRequest) -> Scope:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": request.path,
        "raw_path": request.path.encode(errors="surrogatepass"),
        "query_string": b"",
        "root_path": "",
        "headers": list(request.headers),
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
