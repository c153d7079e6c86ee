"""The emulated Slack, which sends its requests over a WebSocket instead of HTTP.

Facts: docs.slack.dev, "Using Socket Mode" (hello, envelopes, acknowledgments, disconnect) and
apps.connections.open.
"""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import httpx
from aiohttp import WSMsgType, web
from pydantic import JsonValue

from bot.dev.emulator.slack.installation import ACK_SECONDS
from bot.dev.emulator.slack.workspace import SlackEmulator
from tests.e2e.bot_process import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, TIMEOUT_SECONDS, World


@dataclass(kw_only=True)
class SocketModeSlack(SlackEmulator):
    """The workspace.

    Attributes:
        is_unavailable: whether the Web API and new WebSockets respond with 503.
        outage_type: the content type of those responses.
        is_silent: whether open WebSockets don't even respond to pings.
        expired_ticket: the number of a WebSocket URL that also responds with 503.
        rejected: the number of responses with 503.
        requested: the number of WebSocket requests, opened or not.
        connections: the number of WebSockets opened so far.
        tickets: the number of WebSocket URLs returned.
        over: the index of the open WebSocket over which requests are sent, by default the last.
        acknowledged: how often each envelope was acknowledged.
    """

    signing_secret: str = SIGNING_SECRET
    bot_token: str = BOT_TOKEN
    bot_url: str = "http://socket-mode"
    http: httpx.AsyncClient = field(init=False)
    is_unavailable: bool = False
    outage_type: str = "text/html"
    is_silent: bool = False
    expired_ticket: int = 0
    rejected: int = 0
    requested: int = 0
    connections: int = 0
    tickets: int = 0
    over: int = -1

    def __post_init__(self) -> None:
        self.http = httpx.AsyncClient(transport=httpx.MockTransport(self._deliver))
        super().__post_init__()
        self._emulator = httpx.AsyncClient(transport=httpx.ASGITransport(self.app))
        self._sockets: list[tuple[web.Request, web.WebSocketResponse]] = []
        self._deliveries = Counter[bytes]()
        self.acknowledged = Counter[int]()
        self._acks: list[asyncio.Future[JsonValue]] = []
        self._released = asyncio.Event()
        self._released.set()
        self.server = web.Application()
        self.server.add_routes(
            [
                web.post("/api/apps.connections.open", self._connections_open),
                web.get("/link/{ticket}", self._websocket),
                web.route("*", "/{path:.*}", self._forward),
            ]
        )

    @property
    def open_now(self) -> int:
        """The number of open WebSockets."""
        return len(self._sockets)

    async def disconnect(self) -> None:
        """Send a disconnect message, as Slack does every few hours."""
        await self._sockets[-1][1].send_json({"type": "disconnect", "reason": "refresh_requested"})

    async def pong(self, data: bytes) -> None:
        """Send a pong over the WebSocket opened last."""
        await self._sockets[-1][1].pong(data)

    def drop(self) -> None:
        """Abort every WebSocket's connection."""
        for request, _ in self._sockets:
            if request.transport is not None:
                request.transport.abort()

    def freeze(self) -> None:
        """Read nothing from the open WebSockets, not even close frames."""
        for request, _ in self._sockets:
            if isinstance(request.transport, asyncio.Transport):
                request.transport.pause_reading()

    def hold_connections(self) -> None:
        """Hold requests for a WebSocket until `release_connections`."""
        self._released.clear()

    def release_connections(self) -> None:
        """Open the held WebSockets."""
        self._released.set()

    async def close_all(self) -> None:
        """Close every WebSocket with a close frame."""
        for _, websocket in list(self._sockets):
            await websocket.close()

    async def until(
        self, condition: Callable[[], bool], *, seconds: float = TIMEOUT_SECONDS
    ) -> None:
        """Wait until a condition on this Slack holds."""
        async with asyncio.timeout(seconds):
            await self.changes.wait_until(condition)

    async def becomes_true(self, condition: Callable[[], bool], *, seconds: float) -> bool:
        """Return whether a condition on this Slack holds in time."""
        try:
            await self.until(condition, seconds=seconds)
        except TimeoutError:
            return False
        return True

    async def connected(self, count: int = 1) -> None:
        """Wait for the nth WebSocket to be opened."""
        await self.until(lambda: self.connections >= count)

    async def _deliver(self, request: httpx.Request) -> httpx.Response:
        """Send what would be an HTTP request in an envelope, and return its acknowledgment."""
        fields = dict(parse_qsl(request.content.decode(), keep_blank_values=True))
        is_command = "command" in fields
        ack = asyncio.get_running_loop().create_future()
        earlier = self._deliveries[request.content]
        self._deliveries[request.content] += 1
        self._acks.append(ack)
        envelope = {
            "envelope_id": str(len(self._acks) - 1),
            "type": "slash_commands" if is_command else "interactive",
            "accepts_response_payload": True,
            "payload": fields if is_command else json.loads(fields["payload"]),
            **({"retry_attempt": earlier, "retry_reason": "timeout"} if earlier else {}),
        }
        await self._sockets[self.over][1].send_json(envelope)
        try:
            payload = await asyncio.wait_for(ack, ACK_SECONDS)
        except TimeoutError:
            raise httpx.ReadTimeout("no acknowledgment") from None
        return httpx.Response(200, text="" if payload is None else json.dumps(payload))

    def _reject(self) -> web.Response:
        self.rejected += 1
        self.changes.bump()
        text = "upstream connect error"
        return web.Response(status=503, text=text, content_type=self.outage_type)

    async def _forward(self, request: web.Request) -> web.Response:
        """Let the emulator respond."""
        if self.is_unavailable and request.path.startswith("/api/"):
            return self._reject()
        response = await self._emulator.request(
            request.method,
            f"{self.own_url}{request.path}",
            headers=dict(request.headers),
            content=await request.read(),
        )
        kind = {"content-type": response.headers["content-type"]}
        return web.Response(body=response.content, status=response.status_code, headers=kind)

    async def _connections_open(self, request: web.Request) -> web.Response:
        if self.is_unavailable:
            return self._reject()
        if request.headers.get("authorization") != f"Bearer {APP_TOKEN}":
            return web.json_response({"ok": False, "error": "invalid_auth"})
        self.tickets += 1
        url = f"{self.own_url.replace('http', 'ws', 1)}/link/{self.tickets}"
        return web.json_response({"ok": True, "url": url})

    async def _websocket(self, request: web.Request) -> web.StreamResponse:
        if self.is_unavailable or request.match_info["ticket"] == str(self.expired_ticket):
            return self._reject()
        self.requested += 1
        self.changes.bump()
        await self._released.wait()
        websocket = web.WebSocketResponse(autoping=False)
        await websocket.prepare(request)
        await websocket.send_json({"type": "hello", "num_connections": self.open_now + 1})
        entry = (request, websocket)
        self._sockets.append(entry)
        self.connections += 1
        self.changes.bump()
        try:
            async for message in websocket:
                if message.type is WSMsgType.PING and not self.is_silent:
                    await websocket.pong(message.data)
                if message.type is WSMsgType.TEXT:
                    self._acknowledge(json.loads(message.data))
        finally:
            self._sockets.remove(entry)
            self.changes.bump()
        return websocket

    def _acknowledge(self, sent: dict[str, JsonValue]) -> None:
        number = int(str(sent["envelope_id"]))
        self.acknowledged[number] += 1
        if not self._acks[number].done():
            self._acks[number].set_result(sent.get("payload"))


def settings(world: World, slack: SocketModeSlack) -> dict[str, str]:
    """Return the settings for Socket Mode with this Slack and the emulated SignalWire."""
    return {
        **world.signalwire_settings,
        "LOG_FORMAT": "json",
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_API_URL": f"{slack.own_url}/api/",
    }


@asynccontextmanager
async def open_slack() -> AsyncIterator[SocketModeSlack]:
    """Serve a workspace on 127.0.0.1."""
    slack = SocketModeSlack()
    runner = web.AppRunner(slack.server, handler_cancellation=True, shutdown_timeout=0.5)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        address: tuple[str, int] = runner.addresses[0]
        slack.own_url = f"http://127.0.0.1:{address[1]}"
        yield slack
    finally:
        slack.drop()
        await runner.cleanup()
    assert set(slack.acknowledged.values()) <= {1}
