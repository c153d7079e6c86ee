"""A server on a port of its own, and its raw clients."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.entrypoints.connections import Connections
from bot.entrypoints.uvicorn_server import listen, serve_http

GET: Final = b"GET / HTTP/1.1\r\nHost: bot\r\n\r\n"
HUGE: Final = 32 * 1024 * 1024
"""Bytes; more than the kernel buffers for a client that doesn't read."""


async def hello(_request: Request) -> Response:
    return PlainTextResponse("hello")


async def read(request: Request) -> Response:
    try:
        return Response(await request.body())
    except ClientDisconnect:
        return Response(status_code=400)


async def rejected(_request: Request) -> Response:
    return Response(status_code=401)


async def huge(_request: Request) -> Response:
    return Response(bytes(HUGE))


class Client:
    """A raw connection to the server."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def send(self, *parts: bytes) -> None:
        for part in parts:
            self._writer.write(part)
            await self._writer.drain()

    async def get(self) -> None:
        """Get a response."""
        await self.send(GET)
        await self.read_until(b"hello")

    async def read_until(self, end: bytes) -> bytes:
        """Read up to and including `end`."""
        return await self._reader.readuntil(end)

    async def status(self) -> int:
        """Read the first line of a response; return its status."""
        return int((await self.read_until(b"\r\n")).split()[1])

    async def all(self) -> bytes:
        """Read until the server closes the connection."""
        received = b""
        with contextlib.suppress(ConnectionError):
            while more := await self._reader.read(HUGE):
                received += more
        return received

    @property
    def is_closed_by_server(self) -> bool:
        return self._reader.at_eof()

    def abort(self) -> None:
        self._writer.transport.abort()


@dataclass
class RunningServer:
    listener: socket.socket
    connections: Connections
    clients: ExitStack = field(default_factory=ExitStack)
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    release: asyncio.Event = field(default_factory=asyncio.Event)
    """Until it is set, /slow doesn't respond."""
    on_stop: Callable[[], None] = lambda: None
    """Called when the shutdown begins."""

    def __post_init__(self) -> None:
        self.port: int = self.listener.getsockname()[1]

    async def connect(self, *parts: bytes) -> Client:
        """Connect a client, which sends these bytes."""
        client = Client(*await asyncio.open_connection("127.0.0.1", self.port))
        self.clients.callback(client.abort)
        await client.send(*parts)
        return client

    async def slow(self, request: Request) -> Response:
        await self.release.wait()
        return await hello(request)

    async def run(self) -> None:
        app = Starlette(
            routes=[
                Route("/", hello),
                Route("/slow", self.slow),
                Route("/huge", huge),
                Route("/read", read, methods=["POST"]),
                Route("/rejected", rejected, methods=["POST"]),
            ]
        )
        await serve_http(
            app,
            self.listener,
            stop=self.stop,
            on_stop=lambda: self.on_stop(),  # noqa: PLW0108 - the attribute may change
            connections=self.connections,
        )


@asynccontextmanager
async def running_server(limit: int = 100, **limits: int) -> AsyncIterator[RunningServer]:
    server = RunningServer(listen(0), Connections(limit, **limits))
    running = asyncio.create_task(server.run())
    try:
        with server.clients:
            yield server
    finally:
        server.stop.set()
        await running
