"""Behaviors of a faulty server. They send a canary, which must not be shown or logged."""

import asyncio
import gzip
from collections.abc import Mapping
from typing import Final

from tests.e2e.bot_process import MEBIBYTE
from tests.network.faulty_server import Behavior, Connection
from tests.support.samples import CANARY

_LENGTH: Final = 400
_HEAD: Final = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % _LENGTH
)
_CHUNKED: Final = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
_PART: Final = b'{"id": "' + CANARY.encode()
GZIP_BOMB: Final = gzip.compress(bytes(50 * MEBIBYTE))
"""50 KiB that decode to 50 MiB."""
PAGE: Final = f"<html><body><h1>{CANARY}</h1></body></html>".encode()
HTML: Final[Mapping[str, str]] = {"Content-Type": "text/html; charset=utf-8"}
JSON: Final[Mapping[str, str]] = {"Content-Type": "application/json"}


# No response, or only a part of one.


async def stall(connection: Connection) -> None:
    """Send nothing more, and keep the connection open."""
    await connection.wait_for_disconnect()


async def reset(connection: Connection) -> None:
    """Reset the connection."""
    connection.reset()


async def close(_connection: Connection) -> None:
    """Close the connection."""


def after_sending(data: bytes, behavior: Behavior) -> Behavior:
    """Send bytes first."""

    async def send_first(connection: Connection) -> None:
        await connection.send(data)
        await behavior(connection)

    return send_first


def send_bytes(data: bytes) -> Behavior:
    """Send bytes, and close the connection."""
    return after_sending(data, close)


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


_PARTS: Final[Mapping[str, bytes]] = {
    "in the headers": _HEAD[:-20],
    "in the body": _HEAD + _PART,
    "between chunks": _CHUNKED + _chunk(_PART),
}
STALLS: Final[Mapping[str, Behavior]] = {
    "silence before the headers": stall,
    **{f"silence {where}": after_sending(part, stall) for where, part in _PARTS.items()},
}
DISCONNECTS: Final[Mapping[str, Behavior]] = {
    "reset at once": reset,
    "closed at once": close,
    **{f"reset {where}": after_sending(part, reset) for where, part in _PARTS.items()},
    **{f"closed {where}": after_sending(part, close) for where, part in _PARTS.items()},
}


# Slow responses.


def drip(interval: float) -> Behavior:
    """Send bytes without end, one per interval in seconds."""

    async def behavior(connection: Connection) -> None:
        while True:
            await connection.send(b" ")
            await asyncio.sleep(interval)

    return behavior


def drip_headers(interval: float) -> Behavior:
    """Drip within a header."""
    return after_sending(_HEAD[:-2] + b"X-Slow: ", drip(interval))


def drip_body(interval: float) -> Behavior:
    """Drip within the body."""
    return after_sending(_HEAD.replace(b"%d" % _LENGTH, b"%d" % MEBIBYTE), drip(interval))


def send_early_hints(interval: float) -> Behavior:
    """Send informational responses without end, one per interval in seconds (RFC 8297)."""

    async def behavior(connection: Connection) -> None:
        while True:
            await connection.send(b"HTTP/1.1 103 Early Hints\r\nLink: </>; rel=preload\r\n\r\n")
            await asyncio.sleep(interval)

    return behavior


# Responses, valid and invalid.


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


def after_handling(behavior: Behavior) -> Behavior:
    """Let the application handle the request, but respond with another behavior."""

    async def handle_first(connection: Connection) -> None:
        await connection.app_response()
        await behavior(connection)

    return handle_first
