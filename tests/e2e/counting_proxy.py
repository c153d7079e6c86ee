"""A TCP relay on loopback that counts the connections it is asked to carry."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit


class Relay:
    """Carries bytes to and from one address.

    Attributes:
        connections: how many were accepted so far.
        url: where it listens.
    """

    def __init__(self, target: str) -> None:
        parts = urlsplit(target)
        self._host, self._port = parts.hostname, parts.port
        self._carrying: set[asyncio.Task[None]] = set()
        self._ends: set[asyncio.StreamWriter] = set()
        self.connections = 0
        self.url = ""

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.create_task(self._carry(reader, writer))
        self._carrying.add(task)
        task.add_done_callback(self._carrying.discard)

    async def stop(self) -> None:
        for end in self._ends:
            end.transport.abort()
        await asyncio.gather(*self._carrying, return_exceptions=True)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(self._host, self._port)
        ends, ways = {writer, back}, (_pump(reader, back), _pump(there, writer))
        self._ends |= ends
        await asyncio.gather(*ways, return_exceptions=True)
        self._ends -= ends


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Carry one way until either end hangs up; then hang up on both, which ends the other way."""
    try:
        while chunk := await reader.read(65536):
            writer.write(chunk)
            await writer.drain()
    finally:
        writer.close()
        await writer.wait_closed()


@asynccontextmanager
async def counting(target: str) -> AsyncIterator[Relay]:
    """Relay to `target`, an `http://host:port`, while the context lasts."""
    relay = Relay(target)
    server = await asyncio.start_server(relay.accept, "127.0.0.1", 0)
    address: tuple[str, int] = server.sockets[0].getsockname()
    relay.url = f"http://127.0.0.1:{address[1]}"
    try:
        yield relay
    finally:
        server.close()
        await relay.stop()
        await server.wait_closed()
