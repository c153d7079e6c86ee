"""A SignalWire and a Slack on loopback that cost next to nothing, with or without TLS.

They check the credentials and nothing else; the sandbox is the strict one.
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
"""What takes the place of the answer to a request for the log of that id, if it gives one."""


def log_json(log_id: str, when: bytes = _WHEN) -> bytes:
    """A voice log as SignalWire's documentation shows one."""
    return _LOG % (log_id.encode(), when)


def _json(body: bytes, status: int = 200) -> web.Response:
    return web.Response(body=body, status=status, content_type="application/json")


class SignalWire:
    """One project, which has a log for whatever id it is asked for.

    Attributes:
        url: where it is.
        latency_seconds: how long each answer is held back.
        requests: how many it took for logs, right credentials or not.
        at_once: how many it has under way.
        most_at_once: the most of them that there ever were.
        listed: how many logs its list has.
        answer: for trouble; see Instead.
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
        """A page of the list, newest first; ids and times follow from the place in the list."""
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
    """A second earlier for each place in the list."""
    seconds = 86_399 - place % 86_400
    day = 20 - place // 86_400
    return (
        f"2026-11-{day:02}T{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}Z".encode()
    )


@dataclass
class Inbox:
    """What came to one response_url, oldest first, and a way to wait for more."""

    posts: list[bytes] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def seen(self) -> list[str]:
        """The texts that the person sees: what a command posted, nothing takes the place of."""
        return [json.loads(post)["text"] for post in self.posts]

    def take(self, body: bytes) -> None:
        self.posts.append(body)
        self.arrived.set()

    async def holding(self, words: str) -> bytes:
        """The first post with these words in it, now or when it comes."""
        return await self._first(lambda post: words.encode() in post)

    async def not_holding(self, words: str) -> bytes:
        """The first post without these words in it, now or when it comes."""
        return await self._first(lambda post: words.encode() not in post)

    async def _first(self, wanted: Callable[[bytes], bool]) -> bytes:
        while (found := next(filter(wanted, self.posts), None)) is None:
            self.arrived.clear()
            await self.arrived.wait()
        return found


class Slack:
    """The response_urls, and a Web API to which everything is fine.

    Attributes:
        url: where it is.
        inboxes: of those who asked, by the last part of their response_url.
        posts: how many messages it took.
        views_latency_seconds: how long each answer of `views.*` is held back.
        views_at_once: how many of these it has under way.
        most_views_at_once: the most of them that there ever were.
        opened: the trigger ids that opened a window.
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
    """Both, and how many connections each has accepted: with TLS, that many handshakes.

    Attributes:
        signalwire: the one project.
        slack: the workspace.
        connections: how many were accepted so far, on both together.
    """

    def __init__(self) -> None:
        self.signalwire: Final = SignalWire()
        self.slack: Final = Slack()
        self.connections = 0

    @property
    def settings(self) -> dict[str, str]:
        """What a bot is configured with to live in this world."""
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
        # Whoever hangs up is served no longer, and isn't counted as under way.
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
    """Serve both while the context lasts."""
    outside = Outside()
    async with (
        outside._serving(outside.signalwire.handle, tls) as outside.signalwire.url,  # noqa: SLF001
        outside._serving(outside.slack.handle, tls) as outside.slack.url,  # noqa: SLF001
    ):
        yield outside
