"""Runs the HTTP app in uvicorn: listening, signals and graceful shutdown."""

import asyncio
import errno
import resource
import select
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Final

import structlog
import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.entrypoints.connections import Connection, Connections

STOP_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)
KEEP_ALIVE_SECONDS: Final = 95
"""Longer than Heroku's router keeps an idle connection (90 s)."""
_BACKLOG: Final = 2048
"""Connections that the kernel queues until they are accepted."""
_RECEIVE_BYTES: Final = 32 * 1024
"""Bytes that the kernel buffers for each connection."""
_ACCEPT_ITERATIONS: Final = 3
"""Iterations of the event loop that asyncio takes to poll, accept and attach a connection."""
_DRAIN_SECONDS: Final = 1.0
"""Limit on draining the accept queue, in case connections keep arriving."""
_LAST_REQUESTS_SECONDS: Final = 0.25
"""Grace period for requests in flight on open connections when the listener closes."""
_STARTUP_POLL_SECONDS: Final = 0.005
_FINISH_REQUESTS_SECONDS: Final = 3
"""Time limit for requests in progress at shutdown. An acknowledgment takes milliseconds."""

_log = structlog.stdlib.get_logger(__name__)


class PortError(Exception):
    """Listening on the port failed."""


def listen(port: int) -> socket.socket:
    """Open a listening socket on all interfaces, IPv4 and IPv6 (only IPv4 if there is no IPv6).

    Port 0 picks a free one. Raises PortError if the port is taken or not allowed.
    """
    try:
        try:
            return _bind(socket.AF_INET6, "::", port)
        except OSError as error:
            if error.errno in {errno.EADDRINUSE, errno.EACCES}:
                raise
        # There is no IPv6 on this machine.
        return _bind(socket.AF_INET, "0.0.0.0", port)  # noqa: S104 - a PaaS routes to any address
    except OSError as error:
        raise PortError(f"can't listen on port {port}: {error.strerror}") from error


def _bind(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
    # asyncio sets TCP_NODELAY on accepted connections only if the protocol is explicit.
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Accepted connections inherit this limit on what the kernel buffers of an unverified body.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BYTES)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        sock.bind((address, port))
        sock.listen(_BACKLOG)
    except OSError:
        sock.close()
        raise
    return sock


def raise_open_file_limit() -> int:
    """Raise the soft limit on open files to the hard limit, and return it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    except (OSError, ValueError):  # macOS reports no limit, but rejects that value
        hard = soft
    return sys.maxsize if hard == resource.RLIM_INFINITY else hard


@contextmanager
def stop_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` on each SIGTERM and SIGINT, instead of terminating."""
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in STOP_SIGNALS}
    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            loop.remove_signal_handler(number)
            signal.signal(number, handler)


@dataclass(frozen=True)
class _ConnectionClosing:
    """ASGI middleware that adds `connection: close` to some responses.

    It does so for a rejected request, for a request with an unread body, and for all requests
    during shutdown, so that a router doesn't reuse the connection.

    An unread body is read to its end or until it times out. Otherwise the connection could be reset
    before the client has read the response (RFC 9112, section 9.6).
    """

    app: ASGIApp
    is_stopping: Callable[[], bool]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_unread = _has_body(scope)

        async def receive_piece() -> Message:
            nonlocal is_unread
            message = await receive()
            is_unread = message.get("more_body", False)
            return message

        async def send_piece(message: Message) -> None:
            if message["type"] == "http.response.start":
                is_rejected = message["status"] >= HTTPStatus.BAD_REQUEST
                if is_rejected or is_unread or self.is_stopping():
                    message["headers"] = [*message["headers"], (b"connection", b"close")]
            elif is_unread and not message.get("more_body", False):
                await send({**message, "more_body": True})
                while (await receive_piece()).get("more_body", False):
                    pass
                message = {"type": "http.response.body"}
            await send(message)

        await self.app(scope, receive_piece, send_piece)


def _has_body(scope: Scope) -> bool:
    return any(
        name == b"transfer-encoding" or (name == b"content-length" and value != b"0")
        for name, value in scope["headers"]
    )


async def _drain_accept_queue(listener: socket.socket) -> None:
    """Spin the event loop until the accept queue is empty, so that no queued client is dropped.

    uvloop accepts one connection per iteration.
    """
    poll = select.poll()
    poll.register(listener, select.POLLIN)
    loop, quiet = asyncio.get_running_loop(), 0
    deadline = loop.time() + _DRAIN_SECONDS
    while quiet < _ACCEPT_ITERATIONS and loop.time() < deadline:
        await asyncio.sleep(0)
        quiet = 0 if poll.poll(0) else quiet + 1


class _Server(uvicorn.Server):
    """uvicorn without its signal handling.

    uvicorn raises a signal again when it has finished, and skips the application's shutdown on a
    second SIGINT. Heroku sends SIGTERM more than once.
    """

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override] # only used in `with`
        """Capture nothing."""
        return nullcontext()


def server_config(
    app: ASGIApp, *, is_stopping: Callable[[], bool], connections: Connections
) -> uvicorn.Config:
    """Create uvicorn's configuration."""
    return uvicorn.Config(
        _ConnectionClosing(app, is_stopping),
        # uvicorn only calls it, so it needn't be a class.
        http=partial(Connection, connections=connections),  # type: ignore[arg-type]
        workers=1,  # otherwise uvicorn reads WEB_CONCURRENCY, and exits on an invalid value
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_FINISH_REQUESTS_SECONDS,
        ws="none",
    )


async def serve_http(
    app: ASGIApp,
    listener: socket.socket,
    *,
    stop: asyncio.Event,
    on_stop: Callable[[], None],
    connections: Connections,
) -> None:
    """Serve until `stop` is set, then respond to clients that are already connected, and return.

    uvicorn by itself closes connections whose request it hasn't read yet, and the user would see an
    error: a router sends a request to another process if the port is closed, but doesn't resend one
    that this process may have read, since that might run a command twice.

    The shutdown begins with `on_stop`, and closes the listener. The app's lifespan ends after the
    last response.
    """
    server = _Server(server_config(app, is_stopping=stop.is_set, connections=connections))
    async with asyncio.TaskGroup() as group:
        group.create_task(server.serve(sockets=[listener]))
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(_STARTUP_POLL_SECONDS)
        _log.info("server.listening", port=listener.getsockname()[1])
        await stop.wait()
        on_stop()
        await _drain_accept_queue(listener)
        for accepting in server.servers:
            accepting.close()
        listener.close()
        await asyncio.sleep(_LAST_REQUESTS_SECONDS)
        server.should_exit = True
