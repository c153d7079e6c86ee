"""A server on loopback that can break any rule of HTTP, as configured for each request.

It is a proxy before an application, which responds wherever nothing else is
planned. Bare sockets, since a library wouldn't lie about a length.
"""

import asyncio
import contextlib
import socket
import ssl
import struct
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Iterator,
    Mapping,
)
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import repeat
from types import TracebackType
from typing import Final, Self

import httpx
from starlette.types import ASGIApp

_BACKLOG: Final = 128
_CROWD: Final = 16
"""More connections than Linux queues for a listener with a backlog of 0."""
_TLS_HANDSHAKE: Final = b"\x16"
"""The first byte of a TLS connection (RFC 8446 §5.1)."""
_RESET_ON_CLOSE: Final = struct.pack("ii", 1, 0)


@dataclass(frozen=True)
class Asked:
    """A received request; header names are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


class Wire:
    """A connection on which a request has come in, for an act to do with as it likes.

    Attributes:
        asked: the request.
        stays_open: whether the connection may carry another one afterwards.
    """

    def __init__(
        self,
        asked: Asked,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        app: ASGIApp | None,
    ) -> None:
        self.asked: Final = asked
        self.stays_open = False
        self._reader = reader
        self._writer = writer
        self._app = app

    async def send(self, data: bytes) -> None:
        """Send raw bytes."""
        self._writer.write(data)
        await self._writer.drain()

    async def hold(self) -> None:
        """Send nothing until the client disconnects."""
        while await self._reader.read(1024):
            pass

    def reset(self) -> None:
        """Reset the connection, as a restarted machine does."""
        held = self._writer.get_extra_info("socket")
        held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self._writer.transport.abort()

    async def fetch(self) -> bytes:
        """Return the application's response, after it has handled the request."""
        assert self._app is not None, f"no application to answer {self.asked.target}"
        async with httpx.ASGITransport(self._app) as transport:
            answer = await transport.handle_async_request(
                httpx.Request(
                    self.asked.method,
                    f"http://{self.asked.headers['host']}{self.asked.target}",
                    headers=dict(self.asked.headers),
                    content=self.asked.body,
                )
            )
            body = await answer.aread()
        lines = [f"HTTP/1.1 {answer.status_code} {answer.reason_phrase}"]
        lines += [f"{k}: {v}" for k, v in answer.headers.items() if k != "content-length"]
        head = "\r\n".join([*lines, f"content-length: {len(body)}", "", ""]).encode()
        return head if self.asked.method == "HEAD" else head + body


Act = Callable[[Wire], Awaitable[None]]
"""One way to handle a request. Then the connection is closed, unless it is to stay open."""


async def honest(wire: Wire) -> None:
    """Let the application respond."""
    await wire.send(await wire.fetch())
    wire.stays_open = True


class FaultServer:
    """Listens on 127.0.0.1 while its context lasts.

    Attributes:
        connections: how many were made so far.
        asked: every request so far, whatever became of it.
        tls: what new connections have to be secured with; None for none.
        mute: whether new connections are taken and then left alone, TLS or not.

    Args:
        act: how each request is treated that nothing is planned for.
    """

    def __init__(self, *, tls: ssl.SSLContext | None = None, act: Act = honest) -> None:
        self.connections = 0
        self.asked: list[Asked] = []
        self.tls = tls
        self.mute = False
        self._usual = act
        self._app: ASGIApp | None = None
        self._plans: dict[str, Iterator[Act]] = {}
        self._serving: set[asyncio.Task[None]] = set()
        self._accepting: asyncio.Task[None]
        self._listener, self._port = _bound(0)

    @property
    def host(self) -> str:
        """The address and port."""
        return f"127.0.0.1:{self._port}"

    @property
    def url(self) -> str:
        """The URL without TLS."""
        return f"http://{self.host}"

    def before(self, app: ASGIApp) -> ASGIApp:
        """Be the proxy of an application from now on; a `Front` of a world's."""
        self._app = app
        return app

    def plan(self, part: str, acts: Iterable[Act]) -> None:
        """How the next requests are treated that have `part` in their target, one act each.

        Of two plans for a request, the later one counts.
        """
        self._plans.pop(part, None)
        self._plans = {part: iter(acts), **self._plans}

    def always(self, part: str, act: Act) -> None:
        """Handle all requests that way."""
        self.plan(part, repeat(act))

    def relent(self) -> None:
        """Let the application respond to everything again."""
        self._plans.clear()

    def count(self, part: str) -> int:
        """Return the number of requests with `part` in their target."""
        return sum(part in asked.target for asked in self.asked)

    async def drop(self) -> None:
        """Close all connections."""
        async with self.away():
            pass

    @asynccontextmanager
    async def away(self) -> AsyncIterator[None]:
        """Refuse new connections for a while, and reset the existing ones."""
        await self._stop()
        self._listener.close()
        self._listener, _ = _bound(self._port)
        try:
            yield
        finally:
            self._start()

    @asynccontextmanager
    async def swamped(self) -> AsyncIterator[None]:
        """Leave new connections unaccepted for a while, and reset the existing ones."""
        await self._stop()
        self._listener.listen(0)
        with contextlib.ExitStack() as connections_stack:
            for _ in range(_CROWD):
                actor = connections_stack.enter_context(socket.socket())
                actor.setblocking(False)  # noqa: FBT003 - the standard library's signature
                actor.connect_ex(("127.0.0.1", self._port))
            try:
                yield
            finally:
                self._start()

    async def __aenter__(self) -> Self:
        """Start to listen."""
        self._start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop at once."""
        await self._stop()
        self._listener.close()

    def _start(self) -> None:
        self._listener.listen(_BACKLOG)
        self._accepting = asyncio.create_task(self._accept())

    async def _stop(self) -> None:
        self._accepting.cancel()
        await asyncio.wait({self._accepting})  # so the last accepted connection is being served
        tasks = [*self._serving]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            accepted, _ = await loop.sock_accept(self._listener)
            self.connections += 1
            task = asyncio.create_task(self._serve(accepted))
            self._serving.add(task)
            task.add_done_callback(self._serving.discard)

    async def _serve(self, accepted: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader()
        protocol = asyncio.StreamReaderProtocol(reader)
        # OSError: the other side disconnected, or its TLS handshake failed.
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            transport, _ = await loop.connect_accepted_socket(
                lambda: protocol, accepted, ssl=None if self.mute else self.tls
            )
            try:
                if self.mute:
                    await reader.read()
                writer = asyncio.StreamWriter(transport, protocol, reader, loop)
                while await self._treat(reader, writer):
                    pass
            finally:
                transport.close()

    async def _treat(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Handle one request; return whether another one may follow."""
        begun = await reader.readexactly(1)
        if begun == _TLS_HANDSHAKE:
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")  # as web servers do
            return False
        asked = await _read(begun, reader)
        self.asked.append(asked)
        wire = Wire(asked, reader, writer, self._app)
        await self._act(asked)(wire)
        return wire.stays_open

    def _act(self, asked: Asked) -> Act:
        for part, acts in self._plans.items():
            if part in asked.target:
                return next(acts, self._usual)
        return self._usual


def _bound(port: int) -> tuple[socket.socket, int]:
    """Bind a socket to a port; it refuses connections until it listens."""
    held = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.setblocking(False)  # noqa: FBT003 - the standard library's signature
    held.bind(("127.0.0.1", port))
    address: tuple[str, int] = held.getsockname()
    return held, address[1]


async def _read(begun: bytes, reader: asyncio.StreamReader) -> Asked:
    """Read a request. Raises IncompleteReadError at the end of the connection."""
    head = begun + await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {
        name.lower(): value for name, _, value in (line.partition(": ") for line in lines if line)
    }
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Asked(method, target, headers, body)
