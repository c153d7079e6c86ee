"""A server on loopback that can break any rule of HTTP, as planned for each request.

Other requests are forwarded to an application. It uses sockets, since an HTTP library wouldn't send
a wrong length.
"""

import asyncio
import contextlib
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import repeat
from typing import Final, Self

import httpx
from starlette.types import ASGIApp

_BACKLOG: Final = 128
_EXTRA_CONNECTIONS: Final = 16
"""More connections than Linux queues for a listener with a backlog of 0."""
_TLS_HANDSHAKE: Final = b"\x16"
"""The first byte of a TLS connection (RFC 8446 §5.1)."""
_RESET_ON_CLOSE: Final = struct.pack("ii", 1, 0)


@dataclass(frozen=True)
class ReceivedRequest:
    """A received request; header names are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


class Connection:
    """A connection on which a request was received.

    Attributes:
        request: the request.
        keep_alive: whether another request may follow on the connection.
    """

    def __init__(
        self,
        request: ReceivedRequest,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        app: ASGIApp | None,
    ) -> None:
        self.request: Final = request
        self.keep_alive = False
        self._reader = reader
        self._writer = writer
        self._app = app

    async def send(self, data: bytes) -> None:
        """Send raw bytes."""
        self._writer.write(data)
        await self._writer.drain()

    async def wait_for_disconnect(self) -> None:
        """Wait until the client disconnects."""
        while await self._reader.read(1024):
            pass

    def reset(self) -> None:
        """Reset the connection, as a restarted machine does."""
        sock = self._writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self._writer.transport.abort()

    async def app_response(self) -> bytes:
        """Return the application's response, after it has handled the request."""
        assert self._app is not None, f"no application to respond to {self.request.target}"
        async with httpx.ASGITransport(self._app) as transport:
            response = await transport.handle_async_request(
                httpx.Request(
                    self.request.method,
                    f"http://{self.request.headers['host']}{self.request.target}",
                    headers=dict(self.request.headers),
                    content=self.request.body,
                )
            )
            body = await response.aread()
        lines = [f"HTTP/1.1 {response.status_code} {response.reason_phrase}"]
        lines += [f"{k}: {v}" for k, v in response.headers.items() if k != "content-length"]
        head = "\r\n".join([*lines, f"content-length: {len(body)}", "", ""]).encode()
        return head if self.request.method == "HEAD" else head + body


Behavior = Callable[[Connection], Awaitable[None]]
"""Handles a request. Then the connection is closed, unless `keep_alive` is set."""


async def forward(connection: Connection) -> None:
    """Forward the request to the application."""
    await connection.send(await connection.app_response())
    connection.keep_alive = True


class FaultyServer:
    """Listens on 127.0.0.1 while its context lasts.

    Attributes:
        connections: the number accepted so far.
        requests: all requests so far.
        tls: the context for new connections; None for plain TCP.
        is_silent: whether nothing is read from or sent on new connections, not even for TLS.

    Args:
        behavior: for requests without a plan.
    """

    def __init__(self, *, tls: ssl.SSLContext | None = None, behavior: Behavior = forward) -> None:
        self.connections = 0
        self.requests: list[ReceivedRequest] = []
        self.tls = tls
        self.is_silent = False
        self._default = behavior
        self._app: ASGIApp | None = None
        self._plans: dict[str, Iterator[Behavior]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._accepting: asyncio.Task[None]
        self._listener, self._port = _bind(0)

    @property
    def host(self) -> str:
        """The address and port."""
        return f"127.0.0.1:{self._port}"

    @property
    def url(self) -> str:
        """The URL without TLS."""
        return f"http://{self.host}"

    def forward_to(self, app: ASGIApp) -> ASGIApp:
        """Forward requests to an application; usable as a `Front`."""
        self._app = app
        return app

    def plan(self, part: str, behaviors: Iterable[Behavior]) -> None:
        """Plan the next requests with `part` in their target, one behavior each.

        If several plans fit a request, the last one applies.
        """
        self._plans.pop(part, None)
        self._plans = {part: iter(behaviors), **self._plans}

    def always(self, part: str, behavior: Behavior) -> None:
        """Plan all requests with `part` in their target."""
        self.plan(part, repeat(behavior))

    def clear_plans(self) -> None:
        """Forward all requests again."""
        self._plans.clear()

    def count(self, part: str) -> int:
        """Return the number of requests with `part` in their target."""
        return sum(part in request.target for request in self.requests)

    async def close_connections(self) -> None:
        """Close all connections."""
        async with self.refusing_connections():
            pass

    @asynccontextmanager
    async def refusing_connections(self) -> AsyncIterator[None]:
        """Refuse new connections for a while, and reset the existing ones."""
        await self._stop()
        self._listener.close()
        self._listener, _ = _bind(self._port)
        try:
            yield
        finally:
            self._start()

    @asynccontextmanager
    async def not_accepting_connections(self) -> AsyncIterator[None]:
        """Accept no new connections for a while, and reset the existing ones."""
        await self._stop()
        self._listener.listen(0)
        with contextlib.ExitStack() as stack:
            for _ in range(_EXTRA_CONNECTIONS):
                client = stack.enter_context(socket.socket())
                client.setblocking(False)  # noqa: FBT003 - the standard library's signature
                client.connect_ex(("127.0.0.1", self._port))
            try:
                yield
            finally:
                self._start()

    async def __aenter__(self) -> Self:
        """Start to listen."""
        self._start()
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Stop at once."""
        await self._stop()
        self._listener.close()

    def _start(self) -> None:
        self._listener.listen(_BACKLOG)
        self._accepting = asyncio.create_task(self._accept())

    async def _stop(self) -> None:
        self._accepting.cancel()
        await asyncio.wait({self._accepting})  # so the last accepted connection has its task
        tasks = [*self._tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            accepted, _ = await loop.sock_accept(self._listener)
            self.connections += 1
            task = asyncio.create_task(self._serve(accepted))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _serve(self, accepted: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader()
        protocol = asyncio.StreamReaderProtocol(reader)
        # OSError: the other side disconnected, or its TLS handshake failed.
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            transport, _ = await loop.connect_accepted_socket(
                lambda: protocol, accepted, ssl=None if self.is_silent else self.tls
            )
            try:
                if self.is_silent:
                    await reader.read()
                writer = asyncio.StreamWriter(transport, protocol, reader, loop)
                while await self._handle_request(reader, writer):
                    pass
            finally:
                transport.close()

    async def _handle_request(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Handle one request; return whether another one may follow."""
        first_byte = await reader.readexactly(1)
        if first_byte == _TLS_HANDSHAKE:
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")  # as web servers do
            return False
        request = await _read(first_byte, reader)
        self.requests.append(request)
        connection = Connection(request, reader, writer, self._app)
        await self._behavior_for(request)(connection)
        return connection.keep_alive

    def _behavior_for(self, request: ReceivedRequest) -> Behavior:
        for part, behaviors in self._plans.items():
            if part in request.target:
                return next(behaviors, self._default)
        return self._default


def _bind(port: int) -> tuple[socket.socket, int]:
    """Bind a socket to a port; it refuses connections until it listens."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.setblocking(False)  # noqa: FBT003 - the standard library's signature
    sock.bind(("127.0.0.1", port))
    address: tuple[str, int] = sock.getsockname()
    return sock, address[1]


async def _read(first_byte: bytes, reader: asyncio.StreamReader) -> ReceivedRequest:
    """Read a request. Raises IncompleteReadError at the end of the connection."""
    head = first_byte + await reader.readuntil(b"\r\n\r\n")
    request_line, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = request_line.split(" ", 2)
    headers = {
        name.lower(): value for name, _, value in (line.partition(": ") for line in lines if line)
    }
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return ReceivedRequest(method, target, headers, body)
