"""A loopback Slack for Socket Mode: two Web API methods, WebSockets and response URLs.

Facts: docs.slack.dev, "Using Socket Mode" (hello, envelopes, acknowledgments, disconnect) and
apps.connections.open.
"""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qs

from aiohttp import WSMsgType, web
from pydantic import JsonValue

from bot.dev.emulator.slack.block_kit import problems
from bot.dev.emulator.slack.element_state import action_on, with_block_ids
from bot.dev.emulator.slack.payloads import (
    InteractionContext,
    click_form,
    command_form,
    shortcut_form,
)
from tests.e2e.bot_process import APP_TOKEN, BOT_TOKEN, World
from tests.support import texts

TEAM: Final = "T0ACME"
TIMEOUT_SECONDS: Final = 20.0

Payload = dict[str, JsonValue]


@dataclass
class SentEnvelope:
    """An envelope that was sent to the bot, and its responses."""

    envelope_id: str
    envelope: Payload = field(default_factory=dict)
    acks: list[JsonValue] = field(default_factory=list)
    """The payload of each acknowledgment; None for an acknowledgment without one."""
    posts: list[Payload] = field(default_factory=list)
    """What was posted to its response URL, in order."""

    @property
    def messages(self) -> list[str]:
        """The texts of the messages, without the notice that SignalWire is slow."""
        return [text for post in self.posts if (text := str(post["text"])) != texts.SLOW_LOG]


class SocketModeSlack:
    """The workspace.

    Attributes:
        is_unavailable: whether the Web API and new WebSockets respond with 503.
        outage_type: the content type of those responses.
        fields: replace those of every interaction.
        is_silent: whether open WebSockets don't even respond to pings.
        expired_ticket: the number of a WebSocket URL that also responds with 503.
        rejected: the number of responses with 503.
        requested: the number of WebSocket requests, opened or not.
        url: where it is served.
        connections: the number of WebSockets opened so far.
        open_now: the number of open WebSockets.
        tickets: the number of WebSocket URLs returned.
    """

    def __init__(self, *, bot_token: str, app_token: str) -> None:
        self._bot_token = bot_token
        self._app_token = app_token
        self._sockets: list[tuple[web.Request, web.WebSocketResponse]] = []
        self._sent: dict[str, SentEnvelope] = {}
        self._numbers = itertools.count(1)
        self._changed = asyncio.Condition()
        self._released = asyncio.Event()
        self._released.set()
        self.is_unavailable = False
        self.outage_type = "text/html"
        self.fields: Payload = {}
        self.is_silent = False
        self.expired_ticket = 0
        self.rejected = 0
        self.requested = 0
        self.url = ""
        self.connections = 0
        self.tickets = 0
        self.app: Final = web.Application()
        self.app.add_routes(
            [
                web.post("/api/auth.test", self._auth_test),
                web.post("/api/apps.connections.open", self._connections_open),
                web.get("/link/{ticket}", self._websocket),
                web.post("/response/{envelope_id}", self._response_url),
                web.head("/", self._head),
            ]
        )

    @property
    def open_now(self) -> int:
        return len(self._sockets)

    async def command(self, text: str, *, over: int = -1) -> SentEnvelope:
        """Type a slash command; it is sent over the nth open WebSocket, by default the last."""
        sent, context = self._begin()
        form = parse_qs(command_form(context, "/voicelog", text), keep_blank_values=True)
        payload: Payload = {name: values[0] for name, values in form.items()}
        return await self._send(sent, "slash_commands", payload, over)

    async def message_shortcut(self, message: Mapping[str, JsonValue]) -> SentEnvelope:
        """Use the message shortcut, over the WebSocket opened last."""
        sent, context = self._begin()
        form = parse_qs(shortcut_form(context, "voicelog_lookup", message))
        return await self._send(sent, "interactive", json.loads(form["payload"][0]), -1)

    async def click(self, message: Payload, action_id: str) -> SentEnvelope:
        """Click a button of an ephemeral message."""
        sent, context = self._begin()
        shown = message["blocks"]
        assert isinstance(shown, list)
        whole: Payload = {"type": "message", "ts": f"{context.action_ts}0", "text": message["text"]}
        action = action_on(with_block_ids(shown), action_id)
        form = parse_qs(click_form(context, whole, action, is_ephemeral=True))
        return await self._send(sent, "interactive", json.loads(form["payload"][0]), -1)

    async def redeliver(self, sent: SentEnvelope) -> None:
        """Send an envelope again, as Slack does if its acknowledgment was lost."""
        again = {**sent.envelope, "retry_attempt": 1, "retry_reason": "timeout"}
        await self._sockets[-1][1].send_json(again)

    async def disconnect(self) -> None:
        """Send a disconnect message, as Slack does every few hours."""
        await self._sockets[-1][1].send_json({"type": "disconnect", "reason": "refresh_requested"})

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
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(condition)

    async def becomes_true(self, condition: Callable[[], bool], *, seconds: float) -> bool:
        """Return whether a condition on this Slack holds in time."""
        try:
            await self.until(condition, seconds=seconds)
        except TimeoutError:
            return False
        return True

    async def acknowledged(self, sent: SentEnvelope, *, times: int = 1) -> None:
        await self.until(lambda: len(sent.acks) >= times)

    async def answered(self, sent: SentEnvelope, *, times: int = 1) -> None:
        await self.until(lambda: len(sent.posts) >= times)

    async def connected(self, count: int = 1) -> None:
        """Wait for the nth WebSocket to be opened."""
        await self.until(lambda: self.connections >= count)

    def _begin(self) -> tuple[SentEnvelope, InteractionContext]:
        number = next(self._numbers)
        sent = SentEnvelope(f"envelope-{number}")
        self._sent[sent.envelope_id] = sent
        url = f"{self.url}/response/{sent.envelope_id}"
        ts = f"{number}.000001"
        context = InteractionContext(
            "U0SUPPORT", TEAM, "C0SUPPORT", url, f"{number}.t", ts, fields=self.fields
        )
        return sent, context

    async def _send(
        self, sent: SentEnvelope, kind: str, payload: Payload, over: int
    ) -> SentEnvelope:
        sent.envelope = {
            "envelope_id": sent.envelope_id,
            "type": kind,
            "accepts_response_payload": True,
            "payload": payload,
        }
        await self._sockets[over][1].send_json(sent.envelope)
        return sent

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def _reject(self) -> web.Response:
        self.rejected += 1
        await self._notify()
        text = "upstream connect error"
        return web.Response(status=503, text=text, content_type=self.outage_type)

    async def _head(self, _request: web.Request) -> web.Response:
        return web.Response()

    async def _auth_test(self, request: web.Request) -> web.Response:
        if self.is_unavailable:
            return await self._reject()
        if request.headers.get("authorization") != f"Bearer {self._bot_token}":
            return web.json_response({"ok": False, "error": "invalid_auth"})
        return web.json_response({"ok": True, "team_id": TEAM, "user_id": "U0VOICELOG"})

    async def _connections_open(self, request: web.Request) -> web.Response:
        if self.is_unavailable:
            return await self._reject()
        if request.headers.get("authorization") != f"Bearer {self._app_token}":
            return web.json_response({"ok": False, "error": "invalid_auth"})
        self.tickets += 1
        url = f"{self.url.replace('http', 'ws', 1)}/link/{self.tickets}"
        return web.json_response({"ok": True, "url": url})

    async def _websocket(self, request: web.Request) -> web.StreamResponse:
        if self.is_unavailable or request.match_info["ticket"] == str(self.expired_ticket):
            return await self._reject()
        self.requested += 1
        await self._notify()
        await self._released.wait()
        websocket = web.WebSocketResponse(autoping=False)
        await websocket.prepare(request)
        await websocket.send_json({"type": "hello", "num_connections": self.open_now + 1})
        entry = (request, websocket)
        self._sockets.append(entry)
        self.connections += 1
        await self._notify()
        try:
            async for message in websocket:
                if message.type is WSMsgType.PING and not self.is_silent:
                    await websocket.pong(message.data)
                if message.type is WSMsgType.TEXT:
                    await self._add_ack(json.loads(message.data))
        finally:
            self._sockets.remove(entry)
            await self._notify()
        return websocket

    async def _add_ack(self, ack: Payload) -> None:
        self._sent[str(ack["envelope_id"])].acks.append(ack.get("payload"))
        await self._notify()

    async def _response_url(self, request: web.Request) -> web.Response:
        payload: Payload = await request.json()
        found = problems(payload)
        if found:
            return web.json_response({"ok": False, "error": "invalid_blocks"}, status=400)
        self._sent[request.match_info["envelope_id"]].posts.append(payload)
        await self._notify()
        return web.Response(text="ok")


def settings(world: World, slack: SocketModeSlack) -> dict[str, str]:
    """Return the settings for Socket Mode with this Slack and the emulated SignalWire."""
    return {
        **world.signalwire_settings,
        "LOG_FORMAT": "json",
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_API_URL": f"{slack.url}/api",
    }


@asynccontextmanager
async def open_slack(*, bot_token: str, app_token: str) -> AsyncIterator[SocketModeSlack]:
    """Serve a workspace on 127.0.0.1."""
    slack = SocketModeSlack(bot_token=bot_token, app_token=app_token)
    runner = web.AppRunner(slack.app, handler_cancellation=True, shutdown_timeout=0.5)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        address: tuple[str, int] = runner.addresses[0]
        slack.url = f"http://127.0.0.1:{address[1]}"
        yield slack
    finally:
        slack.drop()
        await runner.cleanup()
