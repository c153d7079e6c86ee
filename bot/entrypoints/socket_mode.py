"""Socket Mode, for deployments without a public URL: the bot opens a WebSocket to Slack.

Socket Mode clients have been seen to stop receiving without an error (slackapi/bolt-python #417,
slackapi/python-slack-sdk #1110). So a watchdog reconnects. If that doesn't help, it ends the
process with an error, and the platform starts a new one.
"""

import asyncio
import logging
import math
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

import structlog
from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.entrypoints.bolt_requests import bolt_request
from bot.runtime.http_client import URL, new_client, new_session
from bot.services import health
from bot.slack.web_client import TRANSPORT_ERRORS, UNREADABLE

_FINISH_ACKS_SECONDS: Final = 2.0
_CLOSE_SECONDS: Final = 1.0

_log = structlog.stdlib.get_logger(__name__)


class SocketModeLostError(Exception):
    """The connection was lost and reconnecting failed, or Slack rejected the app-level token."""


@dataclass(frozen=True)
class WatchdogConfig:
    """The watchdog's intervals and timeouts, in seconds."""

    check_every: float = 5.0
    reconnect_after: float = 15.0
    give_up_after: float = 120.0
    ping_every: float = 10.0
    url_every: float = 1.0


class _Client(SocketModeClient):
    """A client that makes one attempt to connect at a time, and doesn't keep to one URL.

    Of two concurrent attempts, both can succeed, and then Slack sends to both sockets but only one
    is read.
    """

    watch: WatchdogConfig = WatchdogConfig()
    _next_url_at: float = 0.0

    async def connect_to_new_endpoint(self, force: bool = False) -> None:  # noqa: FBT001, FBT002
        """Connect, unless connected or connecting. slack_sdk forces it if Slack disconnects.

        A forced attempt wouldn't wait for the one under way, so the socket is marked stale instead.
        Nothing waits for it: before Python 3.12, wait_for() can ignore a cancellation at its end.
        """
        self.stale = self.stale or force
        if not self.connect_operation_lock.locked():
            await super().connect_to_new_endpoint()

    async def issue_new_wss_url(self) -> str:
        """Ask for a URL, after a pause. slack_sdk asks at once if Slack closes each socket."""
        await asyncio.sleep(self._next_url_at - time.monotonic())
        self._next_url_at = time.monotonic() + self.watch.url_every
        return await super().issue_new_wss_url()

    async def connect(self) -> None:
        """Open a socket. slack_sdk never gives a URL up, but a URL is only valid for a short time.

        Raises TimeoutError.
        """
        async with asyncio.timeout(self.watch.reconnect_after):
            await super().connect()  # type: ignore[no-untyped-call] # as below

    async def is_ping_pong_failing(self) -> bool:
        """Whether pongs are overdue. For one with "nan" as its time, slack_sdk raises."""
        if self.last_ping_pong_time is not None and not math.isfinite(self.last_ping_pong_time):
            self.last_ping_pong_time = None  # as before the first pong
        return await super().is_ping_pong_failing()


@dataclass(frozen=True, repr=False)
class SocketModeRunner:
    """Receives Slack's requests over a WebSocket and hands them to Bolt."""

    bolt: AsyncApp
    app_token: str
    watch: WatchdogConfig = field(default_factory=WatchdogConfig, kw_only=True)
    _dispatches: set[asyncio.Task[None]] = field(default_factory=set, init=False)

    async def run(self, stop: asyncio.Event) -> None:
        """Receive until `stop` is set. Raises SocketModeLostError."""
        stopping = asyncio.create_task(stop.wait())
        listening = asyncio.create_task(self._listen())
        try:
            await asyncio.wait({stopping, listening}, return_when=asyncio.FIRST_COMPLETED)
            if listening.done():
                listening.result()
            if self._dispatches:
                await asyncio.wait(self._dispatches, timeout=_FINISH_ACKS_SECONDS)
        finally:
            for task in (stopping, listening):
                task.cancel()
            await asyncio.gather(stopping, listening, return_exceptions=True)

    async def _listen(self) -> None:
        """Keep a connection open until cancelled."""
        await self._check_token()
        async with new_session() as session:
            self.bolt.client.session = session
            client = _Client(
                app_token=self.app_token,
                web_client=self.bolt.client,
                logger=logging.getLogger("slack_sdk.socket_mode"),
                ping_interval=self.watch.ping_every,
            )
            client.watch = self.watch
            client.proxy = None  # as in slack/web_client.py
            client.socket_mode_request_listeners.append(self._dispatch)
            try:
                await self._watchdog(client)
            finally:
                await _close(client)

    async def _check_token(self) -> None:
        """Raise SocketModeLostError if only another app-level token resolves Slack's error."""
        async with new_client() as http:
            api = URL(self.bolt.client.base_url)
            result = await health.slack_socket(http, api, self.app_token)
        if not result.ok and result.permanent:
            raise SocketModeLostError(result.message)
        if not result.ok:
            _log.error("startup_check.failed", check=result.check, message=result.message)

    async def _dispatch(
        self, client: AsyncBaseSocketModeClient, request: SocketModeRequest
    ) -> None:
        dispatch = asyncio.create_task(self._handle(client, request))
        self._dispatches.add(dispatch)
        dispatch.add_done_callback(self._dispatches.discard)
        await dispatch

    async def _handle(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        try:
            response = await self.bolt.async_dispatch(bolt_request(request.payload))
            await send_async_response(client, request, response, time.monotonic())
        except Exception:  # noqa: BLE001 - slack_sdk would swallow it
            _log.exception("request.not_acknowledged")

    async def _watchdog(self, client: SocketModeClient) -> None:
        await self._connect(client)
        last_connected, last_attempt, was_connected = time.monotonic(), time.monotonic(), False
        while True:
            await asyncio.sleep(self.watch.check_every)
            now = time.monotonic()
            if await _is_receiving(client):
                if not was_connected:
                    _log.info("socket_mode.connected")
                last_connected = last_attempt = now
                was_connected = True
                continue
            if was_connected:
                _log.warning("socket_mode.disconnected")
                was_connected = False
            if now - last_connected >= self.watch.give_up_after:
                raise SocketModeLostError(
                    f"no connection to Slack for {round(now - last_connected)} seconds"
                )
            if now - last_attempt >= self.watch.reconnect_after:
                last_attempt = now
                await self._connect(client)

    async def _connect(self, client: SocketModeClient) -> None:
        """Connect, unless the client is connected or connecting by itself."""
        try:
            async with asyncio.timeout(self.watch.reconnect_after):
                await client.connect_to_new_endpoint()
        except (*TRANSPORT_ERRORS, *UNREADABLE) as error:
            _log.warning("socket_mode.connect_failed", error=type(error).__name__)


async def _is_receiving(client: SocketModeClient) -> bool:
    """Whether the socket is open and being read; an interrupted connect() leaves it unread."""
    receiver = client.message_receiver
    return await client.is_connected() and receiver is not None and not receiver.done()


async def _close(client: SocketModeClient) -> None:
    """Close the socket; unlike aiohttp, don't wait ten seconds for Slack to close its end."""
    for _ in range(2):  # the first may time out halfway; the second finds it closed
        with suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE_SECONDS):
                await client.close()  # type: ignore[no-untyped-call] # untyped in slack_sdk
                return
