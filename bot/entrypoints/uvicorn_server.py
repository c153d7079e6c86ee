"""Runs the HTTP face as a process: the port, the signals, the exit. Knows nothing of Slack."""

import asyncio
import errno
import gc
import resource
import select
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from typing import Final

import structlog
import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.entrypoints.connections import Connection, Connections

STOP_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)
KEEP_ALIVE_SECONDS: Final = 95
"""Longer than the ninety seconds that Heroku's router keeps an idle connection."""
_WAITING_AT_MOST: Final = 2048
"""How many connections may wait to be accepted."""
_RECEIVE_BYTES: Final = 32 * 1024
_TURNS_TO_GET_IN: Final = 3
"""Of the event loop, for one connection: asyncio sees it, accepts it and attaches it."""
_LET_IN_SECONDS: Final = 1.0
"""For that, where there is always somebody."""
_LAST_REQUESTS_SECONDS: Final = 0.25
"""For requests that are on their way over an open connection when the port is closed."""
_FINISH_REQUESTS_SECONDS: Final = 3
"""For acknowledgements under way at a stop; they take milliseconds."""

_log = structlog.stdlib.get_logger(__name__)


class PortError(Exception):
    """The port can't be listened on."""


def listen(port: int) -> socket.socket:
    """A listening socket on all interfaces, IPv4 and IPv6 (IPv4 alone where there is no IPv6).

    Args:
        port: 0 picks a free one.

    Raises:
        PortError: the port is taken or not allowed.
    """
    try:
        try:
            return _bound(socket.AF_INET6, "::", port)
        except OSError as error:
            if error.errno in {errno.EADDRINUSE, errno.EACCES}:
                raise
        # There is no IPv6 on this machine.
        return _bound(socket.AF_INET, "0.0.0.0", port)  # noqa: S104 - a PaaS routes to any address
    except OSError as error:
        raise PortError(f"port {port} can't be listened on: {error.strerror}") from error


def _bound(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
    # The protocol is named so that asyncio turns Nagle's delay off on accepted connections.
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Accepted connections inherit it: what the system holds of a body that nobody has verified.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BYTES)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        sock.bind((address, port))
        sock.listen(_WAITING_AT_MOST)
    except OSError:
        sock.close()
        raise
    return sock


def open_files() -> int:
    """Let the process have as many files open as it may, and return how many that is."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    except (OSError, ValueError):  # macOS names no limit, and refuses it
        hard = soft
    return sys.maxsize if hard == resource.RLIM_INFINITY else hard


def freeze_gc() -> None:
    """Look for garbage from now on, but never again in what was loaded until now.

    All that code is some hundred and forty thousand objects, and a look through them takes some
    twentieth of a second, in which nobody is acknowledged.
    """
    gc.freeze()
    gc.enable()


@contextmanager
def stop_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` on SIGTERM and SIGINT, however many come, instead of dying of them."""
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


class _Closing:
    """The application, and `connection: close` where an answer is to be its connection's last.

    That of a request which is refused, or whose body nobody has read, and each of them once the
    process stops: no router is to use that connection again.
    """

    def __init__(self, app: ASGIApp, is_stopping: Callable[[], bool]) -> None:
        self._app = app
        self._is_stopping = is_stopping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            exchange = _Exchange(scope, receive, send, self._is_stopping)
            receive, send = exchange.receive, exchange.send
        await self._app(scope, receive, send)


class _Exchange:
    """One request and its answer.

    Whoever is still sending a body that nobody wants is heard out, until the time for it is over:
    they might not see the answer if the connection were reset (RFC 9112, section 9.6).
    """

    def __init__(
        self, scope: Scope, receive: Receive, send: Send, is_stopping: Callable[[], bool]
    ) -> None:
        self._receive = receive
        self._send = send
        self._is_stopping = is_stopping
        self._is_unread = _has_body(scope)

    async def receive(self) -> Message:
        """Some of the body."""
        message = await self._receive()
        self._is_unread = message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        """Some of the answer."""
        if message["type"] == "http.response.start":
            is_refused = message["status"] >= HTTPStatus.BAD_REQUEST
            if is_refused or self._is_unread or self._is_stopping():
                message["headers"] = [*message["headers"], (b"connection", b"close")]
        elif self._is_unread and not message.get("more_body", False):
            await self._send({**message, "more_body": True})
            while (await self.receive()).get("more_body", False):
                pass
            message = {"type": "http.response.body"}
        await self._send(message)


def _has_body(scope: Scope) -> bool:
    return any(
        name == b"transfer-encoding" or (name == b"content-length" and value != b"0")
        for name, value in scope["headers"]
    )


async def _drain_accept_queue(listeners: Sequence[socket.socket]) -> None:
    """Run the event loop until nobody waits at a port any more, who would be hung up on.

    uvloop accepts one connection in a turn.
    """
    waiting = select.poll()
    for door in listeners:
        waiting.register(door, select.POLLIN)
    loop, quiet = asyncio.get_running_loop(), 0
    deadline = loop.time() + _LET_IN_SECONDS  # in the end, even if there is always somebody
    while quiet < _TURNS_TO_GET_IN and loop.time() < deadline:
        await asyncio.sleep(0)
        quiet = 0 if waiting.poll(0) else quiet + 1


class Server(uvicorn.Server):
    """uvicorn that exits 0 after a signal, is patient with a second one, and hears people out.

    uvicorn raises the signal again when it has finished, and skips the shutdown of the application
    at a second SIGINT. Heroku sends SIGTERM more than once.

    It also hangs up at once on everybody whose request it hasn't read yet. A router sends a command
    to another process if the port is closed, but not if it has been sent already: it might be
    obeyed twice. So the person would be told that the app failed.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        on_stop: Callable[[], None],
        connections: Connections,
    ) -> None:
        super().__init__(
            uvicorn.Config(
                _Closing(app, lambda: self.should_exit),
                # It is called and nothing else, so it needn't be a class.
                http=partial(Connection, among=connections),  # type: ignore[arg-type]
                workers=1,  # or else WEB_CONCURRENCY is read, and an odd value ends the process
                lifespan="on",
                access_log=False,
                log_config=None,
                server_header=False,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=_FINISH_REQUESTS_SECONDS,
                ws="none",
            )
        )
        self._on_stop = on_stop

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Uvicorn's hook for signals."""
        with stop_signals(self.stop):
            yield

    def stop(self) -> None:
        """Stop accepting, finish, return from `serve`."""
        if not self.should_exit:
            _log.info("stop.begun")
        self._on_stop()
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Uvicorn's start, and a line that says where."""
        await super().startup(sockets)
        for sock in sockets or []:
            _log.info("serve.listening", port=sock.getsockname()[1])

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the port, hear those who have come through it, then uvicorn's own shutdown."""
        await _drain_accept_queue(sockets or ())
        for door in (*self.servers, *(sockets or ())):
            door.close()
        await asyncio.sleep(_LAST_REQUESTS_SECONDS)
        await super().shutdown(sockets)
