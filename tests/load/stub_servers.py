"""A SignalWire and a Slack on loopback that cost next to nothing, with or without TLS.

They check the credentials and nothing else; the emulators are strict.
"""

import asyncio
import base64
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web

PROJECT_ID: Final = "5c1d2e3f-0000-4000-8000-0000000010ad"
API_TOKEN: Final = "PT0123456789abcdef0123456789abcdef0123456789abcdef"
SIGNING_SECRET: Final = "8f742231b10e8888abcd99yyyzzz85a5"
BOT_TOKEN: Final = "xoxb-1234567890-load"

_LOG: Final = (
    b'{"id":"%s","from":"+12065551212","to":"+12065553434","source":"realtime_api","charge":0.01,'
    b'"charge_details":[],"created_at":"%s","type":"relay_sip_call","url":null,'
    b'"direction":"inbound","status":"completed","duration":9,"duration_ms":9638,'
    b'"billing_ms":60000,"parent_id":null}'
)
_WHEN: Final = b"2024-05-06T12:20:00Z"
_VIEW: Final = b'{"ok":true,"view":{"id":"V0LOAD","hash":"1.2"}}'
_AUTH_TEST: Final = b'{"ok":true,"team_id":"T0ACME","user_id":"U0VOICELOG","bot_id":"B0VOICELOG"}'
_PAGE: Final = 200

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
Instead = Callable[[web.BaseRequest, str], Awaitable[web.StreamResponse | None]]
"""Returns a response for the log with that ID, or None for the log itself."""


def log_json(log_id: str, when: bytes = _WHEN) -> bytes:
    """Return a voice log like the one in SignalWire's documentation."""
    return _LOG % (log_id.encode(), when)


def _json(body: bytes, status: int = 200) -> web.Response:
    return web.Response(body=body, status=status, content_type="application/json")


class SignalWire:
    """One project, which has a log for every ID.

    Attributes:
        url: its URL.
        latency_seconds: the delay of each response.
        requests: the number of requests for logs, with any credentials.
        at_once: the number being answered.
        most_at_once: the maximum of `at_once`.
        listed: the number of logs in its list.
        answer: makes it fail; see Instead.
    """

    def __init__(self) -> None:
        self.url = ""
        self.latency_seconds = 0.0
        self.requests = 0
        self.at_once = self.most_at_once = 0
        self.listed = 0
        self.answer: Instead | None = None
        credentials = base64.b64encode(f"{PROJECT_ID}:{API_TOKEN}".encode()).decode()
        self._authorization = f"Basic {credentials}"

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.method == "HEAD":
            return web.Response()
        self.requests += 1
        if request.headers.get("Authorization") != self._authorization:
            return _json(b'{"error":"Unauthorized"}', 401)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if self.latency_seconds:
                await asyncio.sleep(self.latency_seconds)
            if request.path == "/api/voice/logs":
                return _json(self._page(int(request.query.get("page_number", "0"))))
            return await self._log(request, request.path.rpartition("/")[2])
        finally:
            self.at_once -= 1

    async def _log(self, request: web.BaseRequest, log_id: str) -> web.StreamResponse:
        instead = await self.answer(request, log_id) if self.answer is not None else None
        return instead or _json(log_json(log_id))

    def _page(self, number: int) -> bytes:
        """Return a page of the list, newest first; IDs and times follow from the index."""
        begin, end = number * _PAGE, min((number + 1) * _PAGE, self.listed)
        rows = b",".join(
            log_json(f"{place:08x}-0000-4000-8000-00000010ad00", _a_while_ago(place))
            for place in range(begin, end)
        )
        links = {"self": "/api/voice/logs", "first": "/api/voice/logs"}
        if end < self.listed:
            links["next"] = f"/api/voice/logs?page_number={number + 1}&page_token=PA{number}"
        return b'{"links":%s,"data":[%s]}' % (json.dumps(links).encode(), rows)


def _a_while_ago(place: int) -> bytes:
    """Return a time one second earlier for each index."""
    seconds = 86_399 - place % 86_400
    day = 20 - place // 86_400
    return (
        f"2026-11-{day:02}T{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}Z".encode()
    )


@dataclass
class Inbox:
    """The posts to one response URL, oldest first."""

    posts: list[bytes] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def seen(self) -> list[str]:
        """The texts of the messages; a command's messages replace nothing."""
        return [json.loads(post)["text"] for post in self.posts]

    def take(self, body: bytes) -> None:
        self.posts.append(body)
        self.arrived.set()

    async def holding(self, words: str) -> bytes:
        """Wait for the first post that contains a text."""
        return await self._first(lambda post: words.encode() in post)

    async def not_holding(self, words: str) -> bytes:
        """Wait for the first post that doesn't contain a text."""
        return await self._first(lambda post: words.encode() not in post)

    async def _first(self, wanted: Callable[[bytes], bool]) -> bytes:
        while (found := next(filter(wanted, self.posts), None)) is None:
            self.arrived.clear()
            await self.arrived.wait()
        return found


class Slack:
    """Response URLs, and a Web API that accepts everything.

    Attributes:
        url: its URL.
        inboxes: by the last part of the response URL.
        posts: the number of messages.
        views_latency_seconds: the delay of each response of `views.*`.
        views_at_once: the number of `views.*` requests being answered.
        most_views_at_once: the maximum of `views_at_once`.
        opened: the trigger IDs that opened a modal.
    """

    def __init__(self) -> None:
        self.url = ""
        self.inboxes: dict[str, Inbox] = {}
        self.posts = 0
        self.views_latency_seconds = 0.0
        self.views_at_once = self.most_views_at_once = 0
        self.opened: set[str] = set()

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.method == "HEAD":
            return web.Response()
        body = await request.read()
        if request.path.startswith("/api/views."):
            return await self._view(body)
        if request.path.startswith("/api/"):
            return _json(_AUTH_TEST)
        inbox = self.inboxes.get(request.path.rpartition("/")[2])
        if inbox is None:
            return web.Response(text="no_service", status=404)
        self.posts += 1
        inbox.take(body)
        return web.Response(text="ok")

    async def _view(self, body: bytes) -> web.Response:
        self.views_at_once += 1
        self.most_views_at_once = max(self.most_views_at_once, self.views_at_once)
        try:
            if self.views_latency_seconds:
                await asyncio.sleep(self.views_latency_seconds)
            self.opened.add(json.loads(body).get("trigger_id", ""))
            return _json(_VIEW)
        finally:
            self.views_at_once -= 1


class Outside:
    """Both, with the number of connections: with TLS, that many handshakes.

    Attributes:
        signalwire: the one project.
        slack: the workspace.
        connections: the number accepted so far, on both together.
    """

    def __init__(self) -> None:
        self.signalwire: Final = SignalWire()
        self.slack: Final = Slack()
        self.connections = 0

    @property
    def settings(self) -> dict[str, str]:
        """The bot's settings for both."""
        return {
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_API_URL": f"{self.slack.url}/api/",
            "SIGNALWIRE_SPACE": self.signalwire.url,
            "SIGNALWIRE_PROJECT_ID": PROJECT_ID,
            "SIGNALWIRE_API_TOKEN": API_TOKEN,
        }

    @asynccontextmanager
    async def _serving(self, handle: Handler, tls: ssl.SSLContext | None) -> AsyncIterator[str]:
        # A request whose client disconnects is canceled, and not counted any more.
        server = web.Server(handle, handler_cancellation=True, access_log=None)

        def accept() -> asyncio.Protocol:
            self.connections += 1
            return server()

        loop = asyncio.get_running_loop()
        listener = await loop.create_server(accept, "127.0.0.1", 0, ssl=tls, backlog=4096)
        address: tuple[str, int] = listener.sockets[0].getsockname()
        try:
            yield f"{'https' if tls else 'http'}://127.0.0.1:{address[1]}"
        finally:
            listener.close()
            await server.shutdown(timeout=1)


@asynccontextmanager
async def an_outside(tls: ssl.SSLContext | None = None) -> AsyncIterator[Outside]:
    """Serve both."""
    outside = Outside()
    async with (
        outside._serving(outside.signalwire.handle, tls) as outside.signalwire.url,  # noqa: SLF001
        outside._serving(outside.slack.handle, tls) as outside.slack.url,  # noqa: SLF001
    ):
        yield outside
