"""Stubs of SignalWire and Slack on loopback that take little CPU time, with or without TLS.

They check only the credentials; the emulators of bot/dev are strict.
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
Override = Callable[[web.BaseRequest, str], Awaitable[web.StreamResponse | None]]
"""Returns a response for the log with that ID, or None for the log itself."""


def log_json(log_id: str, when: bytes = _WHEN) -> bytes:
    """Return a voice log like the one in SignalWire's documentation."""
    return _LOG % (log_id.encode(), when)


def _json(body: bytes, status: int = 200) -> web.Response:
    return web.Response(body=body, status=status, content_type="application/json")


class SignalWireStub:
    """One project, which has a log for every ID.

    Attributes:
        url: its URL.
        latency_seconds: the delay of each response.
        requests: the number of requests for logs, with any credentials.
        in_flight: the number being answered.
        most_in_flight: the maximum of `in_flight`.
        list_length: the number of logs in its list.
        override: see Override.
    """

    def __init__(self) -> None:
        self.url = ""
        self.latency_seconds = 0.0
        self.requests = 0
        self.in_flight = self.most_in_flight = 0
        self.list_length = 0
        self.override: Override | None = None
        credentials = base64.b64encode(f"{PROJECT_ID}:{API_TOKEN}".encode()).decode()
        self._authorization = f"Basic {credentials}"

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.method == "HEAD":
            return web.Response()
        self.requests += 1
        if request.headers.get("Authorization") != self._authorization:
            return _json(b'{"error":"Unauthorized"}', 401)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            if self.latency_seconds:
                await asyncio.sleep(self.latency_seconds)
            if request.path == "/api/voice/logs":
                return _json(self._page(int(request.query.get("page_number", "0"))))
            return await self._log(request, request.path.rpartition("/")[2])
        finally:
            self.in_flight -= 1

    async def _log(self, request: web.BaseRequest, log_id: str) -> web.StreamResponse:
        override = await self.override(request, log_id) if self.override is not None else None
        return override or _json(log_json(log_id))

    def _page(self, number: int) -> bytes:
        """Return a page of the list, newest first; IDs and times follow from the index."""
        begin, end = number * _PAGE, min((number + 1) * _PAGE, self.list_length)
        rows = b",".join(
            log_json(f"{index:08x}-0000-4000-8000-00000010ad00", _timestamp(index))
            for index in range(begin, end)
        )
        links = {"self": "/api/voice/logs", "first": "/api/voice/logs"}
        if end < self.list_length:
            links["next"] = f"/api/voice/logs?page_number={number + 1}&page_token=PA{number}"
        return b'{"links":%s,"data":[%s]}' % (json.dumps(links).encode(), rows)


def _timestamp(index: int) -> bytes:
    """Return a time one second earlier for each index."""
    seconds = 86_399 - index % 86_400
    day = 20 - index // 86_400
    return (
        f"2026-11-{day:02}T{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}Z".encode()
    )


@dataclass
class Posts:
    """The posts to one response URL, oldest first."""

    bodies: list[bytes] = field(default_factory=list)
    _added: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def texts(self) -> list[str]:
        """The texts of the messages; a command's messages replace nothing."""
        return [json.loads(body)["text"] for body in self.bodies]

    def add(self, body: bytes) -> None:
        self.bodies.append(body)
        self._added.set()

    async def first_with(self, text: str) -> bytes:
        """Wait for the first post that contains a text."""
        return await self._first(lambda body: text.encode() in body)

    async def first_without(self, text: str) -> bytes:
        """Wait for the first post that doesn't contain a text."""
        return await self._first(lambda body: text.encode() not in body)

    async def _first(self, matches: Callable[[bytes], bool]) -> bytes:
        while (found := next(filter(matches, self.bodies), None)) is None:
            self._added.clear()
            await self._added.wait()
        return found


class SlackStub:
    """Response URLs, and a Web API that accepts everything.

    Attributes:
        url: its URL.
        posts: by the last part of the response URL.
        views_latency_seconds: the delay of each response of `views.*`.
        views_in_flight: the number of `views.*` requests being answered.
        most_views_in_flight: the maximum of `views_in_flight`.
        opened: the trigger IDs of the modals that were opened.
    """

    def __init__(self) -> None:
        self.url = ""
        self.posts: dict[str, Posts] = {}
        self.views_latency_seconds = 0.0
        self.views_in_flight = self.most_views_in_flight = 0
        self.opened: set[str] = set()

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.method == "HEAD":
            return web.Response()
        body = await request.read()
        if request.path.startswith("/api/views."):
            return await self._view(body)
        if request.path.startswith("/api/"):
            return _json(_AUTH_TEST)
        posts = self.posts.get(request.path.rpartition("/")[2])
        if posts is None:
            return web.Response(text="no_service", status=404)
        posts.add(body)
        return web.Response(text="ok")

    async def _view(self, body: bytes) -> web.Response:
        self.views_in_flight += 1
        self.most_views_in_flight = max(self.most_views_in_flight, self.views_in_flight)
        try:
            if self.views_latency_seconds:
                await asyncio.sleep(self.views_latency_seconds)
            self.opened.add(json.loads(body).get("trigger_id", ""))
            return _json(_VIEW)
        finally:
            self.views_in_flight -= 1


class StubServers:
    """Both stubs, and their connections: with TLS, each is a handshake.

    Attributes:
        signalwire: one project.
        slack: one workspace.
        connections: the number that both have accepted so far.
    """

    def __init__(self) -> None:
        self.signalwire: Final = SignalWireStub()
        self.slack: Final = SlackStub()
        self.connections = 0

    @property
    def settings(self) -> dict[str, str]:
        """The bot's settings for both stubs."""
        return {
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_API_URL": f"{self.slack.url}/api/",
            "SIGNALWIRE_SPACE": self.signalwire.url,
            "SIGNALWIRE_PROJECT_ID": PROJECT_ID,
            "SIGNALWIRE_API_TOKEN": API_TOKEN,
        }


@asynccontextmanager
async def stub_servers(tls: ssl.SSLContext | None = None) -> AsyncIterator[StubServers]:
    """Serve both stubs."""
    servers = StubServers()

    def count_connection() -> None:
        servers.connections += 1

    async with (
        _serve(servers.signalwire.handle, tls, count_connection) as servers.signalwire.url,
        _serve(servers.slack.handle, tls, count_connection) as servers.slack.url,
    ):
        yield servers


@asynccontextmanager
async def _serve(
    handle: Handler, tls: ssl.SSLContext | None, on_connect: Callable[[], None]
) -> AsyncIterator[str]:
    # A request whose client disconnects is canceled, and no longer counted as in flight.
    server = web.Server(handle, handler_cancellation=True, access_log=None)

    def accept() -> asyncio.Protocol:
        on_connect()
        return server()

    loop = asyncio.get_running_loop()
    listener = await loop.create_server(accept, "127.0.0.1", 0, ssl=tls, backlog=4096)
    address: tuple[str, int] = listener.sockets[0].getsockname()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{address[1]}"
    finally:
        listener.close()
        await server.shutdown(timeout=1)
