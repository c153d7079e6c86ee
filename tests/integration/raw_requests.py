"""Requests to the bot byte by byte, handed to its ASGI application without a socket between."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Scope

from bot.dev.emulator.slack.workspace import sign
from bot.entrypoints.http import EVENTS_PATH
from tests.integration.harness import FORM, NOW

SECRET: Final = "scenario-signing-secret"
"""The one of every world."""
EPOCH: Final = int(NOW.timestamp())
TIMESTAMP: Final = b"x-slack-request-timestamp"
SIGNATURE: Final = b"x-slack-signature"
CONTENT_TYPE: Final = b"content-type"

RawHeaders = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Knock:
    """A request as a server hands it on.

    Attributes:
        chunks: the body, as it arrives.
        stops_early: whether whoever sends it goes away before its end.
    """

    chunks: Sequence[bytes]
    headers: RawHeaders
    method: str = "POST"
    path: str = EVENTS_PATH
    stops_early: bool = False

    @property
    def body(self) -> bytes:
        """All that arrives of it."""
        return b"".join(self.chunks)

    def header(self, name: bytes) -> bytes | None:
        """The first of that name."""
        return next((value for key, value in self.headers if key == name), None)

    def without(self, name: bytes) -> RawHeaders:
        """The headers but those of that name."""
        return [(key, value) for key, value in self.headers if key != name]

    def having(self, name: bytes, value: bytes) -> "Knock":
        """The same with a header that has this value."""
        return replace(self, headers=[*self.without(name), (name, value)])


@dataclass
class Answer:
    """What came back."""

    status: int = 0
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""


def signed(body: bytes, *, content_type: str = FORM, at: int = EPOCH) -> Knock:
    """A request as Slack would send it."""
    headers = {"Content-Type": content_type, **sign(body, at, SECRET)}
    return Knock([body], [(k.lower().encode(), v.encode()) for k, v in headers.items()])


def is_slacks(knock: Knock) -> bool:
    """Whether Slack signed all of it within five minutes (docs.slack.dev, "Verifying requests")."""
    timestamp, signature = knock.header(TIMESTAMP), knock.header(SIGNATURE)
    if timestamp is None or signature is None or knock.stops_early:
        return False
    base = b"v0:" + timestamp + b":" + knock.body
    right = "v0=" + hmac.new(SECRET.encode(), base, hashlib.sha256).hexdigest()
    is_number = timestamp.isdigit() and len(timestamp) <= 12
    in_time = is_number and abs(int(timestamp) - EPOCH) <= 300
    return in_time and signature == right.encode()


async def hand_in(app: ASGIApp, knock: Knock) -> Answer:
    """Let the application answer; whatever it raises is raised."""
    last = {"type": "http.disconnect"} if knock.stops_early else _part(b"", more=False)
    arriving: list[Message] = [*(_part(chunk, more=True) for chunk in knock.chunks), last]
    answer = Answer()

    async def receive() -> Message:
        return arriving.pop(0) if arriving else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = Headers(raw=list(message["headers"]))
        else:
            answer.body += message.get("body", b"")

    await app(_scope(knock), receive, send)
    return answer


def _part(chunk: bytes, *, more: bool) -> Message:
    return {"type": "http.request", "body": chunk, "more_body": more}


def _scope(knock: Knock) -> Scope:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": knock.method,
        "scheme": "http",
        "path": knock.path,
        "raw_path": knock.path.encode(errors="surrogatepass"),
        "query_string": b"",
        "root_path": "",
        "headers": list(knock.headers),
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
