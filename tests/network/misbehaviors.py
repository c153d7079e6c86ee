"""Behaviors of a faulty server. They send a canary, which must not be shown or logged."""

import asyncio
import gzip
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from tests.network.faulty_server import Behavior, Connection, forward
from tests.support.samples import CANARY

MEBIBYTE: Final = 1024 * 1024

_LENGTH: Final = 400
_HEAD: Final = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % _LENGTH
)
_CHUNKED: Final = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
_PART: Final = b'{"id": "' + CANARY.encode()
GZIP_BOMB: Final = gzip.compress(bytes(50 * MEBIBYTE))
"""50 KiB that decode to 50 MiB."""
PAGE: Final = f"<html><body><h1>{CANARY}</h1></body></html>".encode()
HTML: Final[Mapping[str, str]] = MappingProxyType({"Content-Type": "text/html; charset=utf-8"})
JSON: Final[Mapping[str, str]] = MappingProxyType({"Content-Type": "application/json"})


# No response, or only a part of one.


async def stall(connection: Connection) -> None:
    """Never respond."""
    await connection.wait_for_disconnect()


async def stall_in_the_headers(connection: Connection) -> None:
    """Stop sending within the headers."""
    await connection.send(_HEAD[:-20])
    await connection.wait_for_disconnect()


async def stall_in_the_body(connection: Connection) -> None:
    """Stop sending within the body."""
    await connection.send(_HEAD + _PART)
    await connection.wait_for_disconnect()


async def stall_between_chunks(connection: Connection) -> None:
    """Stop sending after a chunk that isn't the last."""
    await connection.send(_CHUNKED + _chunk(_PART))
    await connection.wait_for_disconnect()


class HeldResponse:
    """Holds requests until `release`, then forwards them.

    Attributes:
        received: set once a request is held.
    """

    def __init__(self) -> None:
        self.received: Final = asyncio.Event()
        self._released = asyncio.Event()

    def release(self) -> None:
        """Forward the held requests, and all later ones."""
        self._released.set()

    async def __call__(self, connection: Connection) -> None:
        self.received.set()
        await self._released.wait()
        await forward(connection)


# Slow responses.


def drip_headers(interval: float) -> Behavior:
    """Send an endless header, one byte per interval in seconds."""

    async def behavior(connection: Connection) -> None:
        await connection.send(_HEAD[:-2] + b"X-Slow: ")
        await _drip(connection, interval)

    return behavior


def drip_body(interval: float) -> Behavior:
    """Send an endless body, one byte per interval in seconds."""

    async def behavior(connection: Connection) -> None:
        await connection.send(_HEAD.replace(b"%d" % _LENGTH, b"%d" % MEBIBYTE))
        await _drip(connection, interval)

    return behavior


def send_early_hints(interval: float) -> Behavior:
    """Send informational responses without end, one per interval in seconds (RFC 8297)."""

    async def behavior(connection: Connection) -> None:
        while True:
            await connection.send(b"HTTP/1.1 103 Early Hints\r\nLink: </>; rel=preload\r\n\r\n")
            await asyncio.sleep(interval)

    return behavior


async def _drip(connection: Connection, interval: float) -> None:
    while True:
        await connection.send(b" ")
        await asyncio.sleep(interval)


# Disconnects.


async def reset(connection: Connection) -> None:
    """Reset the connection at once."""
    connection.reset()


async def reset_in_the_headers(connection: Connection) -> None:
    """Reset the connection within the headers."""
    await connection.send(_HEAD[:-20])
    connection.reset()


async def reset_in_the_body(connection: Connection) -> None:
    """Reset the connection within the body."""
    await connection.send(_HEAD + _PART)
    connection.reset()


async def close(_wire: Connection) -> None:
    """Close the connection without a response."""


async def close_in_the_headers(connection: Connection) -> None:
    """Close the connection within the headers."""
    await connection.send(_HEAD[:-20])


async def close_in_the_body(connection: Connection) -> None:
    """Close the connection before the declared length is sent."""
    await connection.send(_HEAD + _PART)


async def close_between_chunks(connection: Connection) -> None:
    """Close the connection after a chunk that isn't the last."""
    await connection.send(_CHUNKED + _chunk(_PART))


DISCONNECTS: Final[Mapping[str, Behavior]] = MappingProxyType(
    {
        "reset at once": reset,
        "reset in the headers": reset_in_the_headers,
        "reset in the body": reset_in_the_body,
        "closed at once": close,
        "closed in the headers": close_in_the_headers,
        "closed in the body": close_in_the_body,
        "closed between chunks": close_between_chunks,
    }
)
"""By description."""


# Responses, valid and invalid.


def send_bytes(data: bytes) -> Behavior:
    """Send bytes, and close the connection."""

    async def behavior(connection: Connection) -> None:
        await connection.send(data)

    return behavior


OTHER_PROTOCOL: Final = send_bytes(b"SSH-2.0-OpenSSH_9.6\r\n")
LONG_HEADER: Final = send_bytes(b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 70_000 + b"\r\n\r\n")


def respond(
    status: int, body: bytes = b"", headers: Mapping[str, str] | None = None, *, length: int = -1
) -> Behavior:
    """Send a whole response, and keep the connection alive.

    Args:
        status: of the status line.
        body: what is sent.
        headers: besides Content-Length.
        length: the Content-Length; by default the length of the body.
    """
    lines = [f"HTTP/1.1 {status} As Planned"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    lines += [f"Content-Length: {len(body) if length < 0 else length}", "", ""]
    head = "\r\n".join(lines).encode("latin-1")

    async def behavior(connection: Connection) -> None:
        await connection.send(head + body)
        connection.keep_alive = True

    return behavior


def respond_with_page(status: int, headers: Mapping[str, str] | None = None) -> Behavior:
    """Respond with a status and an HTML page."""
    return respond(status, PAGE, {**HTML, **(headers or {})})


def respond_with_retry_after(status: int, pause: str) -> Behavior:
    """Respond with a status, an HTML page and a Retry-After."""
    return respond_with_page(status, {"Retry-After": pause})


def respond_in_chunks(body: bytes) -> Behavior:
    """Respond with a chunked body."""
    size = 64 * 1024

    async def behavior(connection: Connection) -> None:
        await connection.send(_CHUNKED)
        for start in range(0, len(body), size):
            await connection.send(_chunk(body[start : start + size]))
        await connection.send(b"0\r\n\r\n")
        connection.keep_alive = True

    return behavior


def respond_until_close(body: bytes) -> Behavior:
    """Respond with a body that ends with the connection (RFC 9112 §6.3)."""
    return send_bytes(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" + body)


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def after_handling(behavior: Behavior) -> Behavior:
    """Let the application handle the request, but respond with another behavior."""

    async def handle_first(connection: Connection) -> None:
        await connection.app_response()
        await behavior(connection)

    return handle_first
