"""The ways in which the other side of a connection can misbehave, each a short name.

What they send holds a canary, which must not be shown or logged.
"""

import asyncio
import gzip
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from tests.network.faulty_server import Act, Wire, honest
from tests.support.samples import CANARY

MEBIBYTE: Final = 1024 * 1024

_LENGTH: Final = 400
_HEAD: Final = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % _LENGTH
)
_CHUNKED: Final = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
_PART: Final = b'{"id": "' + CANARY.encode()
PACKED: Final = gzip.compress(bytes(50 * MEBIBYTE))
"""50 KiB that decode to 50 MiB."""
PAGE: Final = f"<html><body><h1>{CANARY}</h1></body></html>".encode()
HTML: Final[Mapping[str, str]] = MappingProxyType({"Content-Type": "text/html; charset=utf-8"})
JSON: Final[Mapping[str, str]] = MappingProxyType({"Content-Type": "application/json"})


# Silence.


async def stall(wire: Wire) -> None:
    """Accept the request and never respond."""
    await wire.hold()


async def stall_in_the_headers(wire: Wire) -> None:
    """Stop sending within the headers."""
    await wire.send(_HEAD[:-20])
    await wire.hold()


async def stall_in_the_body(wire: Wire) -> None:
    """Stop sending within the body."""
    await wire.send(_HEAD + _PART)
    await wire.hold()


async def stall_between_chunks(wire: Wire) -> None:
    """Stop sending after a chunk that isn't the last."""
    await wire.send(_CHUNKED + _chunk(_PART))
    await wire.hold()


class Held:
    """Take a request and let it wait, then let the application answer.

    Attributes:
        reached: set as soon as a request waits.
    """

    def __init__(self) -> None:
        self.reached: Final = asyncio.Event()
        self._released = asyncio.Event()

    def release(self) -> None:
        """Let the held requests be answered."""
        self._released.set()

    async def __call__(self, wire: Wire) -> None:
        self.reached.set()
        await self._released.wait()
        await honest(wire)


# Haste made slowly.


def drip_headers(every: float) -> Act:
    """Send an endless header, a byte `every` so many seconds."""

    async def act(wire: Wire) -> None:
        await wire.send(_HEAD[:-2] + b"X-Slow: ")
        await _drip(wire, every)

    return act


def drip_body(every: float) -> Act:
    """Send an endless body the same way."""

    async def act(wire: Wire) -> None:
        await wire.send(_HEAD.replace(b"%d" % _LENGTH, b"%d" % MEBIBYTE))
        await _drip(wire, every)

    return act


def hint(every: float) -> Act:
    """Send informational responses without end (RFC 8297)."""

    async def act(wire: Wire) -> None:
        while True:
            await wire.send(b"HTTP/1.1 103 Early Hints\r\nLink: </>; rel=preload\r\n\r\n")
            await asyncio.sleep(every)

    return act


async def _drip(wire: Wire, every: float) -> None:
    while True:
        await wire.send(b" ")
        await asyncio.sleep(every)


# The end, too soon.


async def reset(wire: Wire) -> None:
    """Reset the connection at once."""
    wire.reset()


async def reset_in_the_headers(wire: Wire) -> None:
    """Reset the connection within the headers."""
    await wire.send(_HEAD[:-20])
    wire.reset()


async def reset_in_the_body(wire: Wire) -> None:
    """Reset the connection within the body."""
    await wire.send(_HEAD + _PART)
    wire.reset()


async def hang_up(_wire: Wire) -> None:
    """Close the connection without a response."""


async def hang_up_in_the_headers(wire: Wire) -> None:
    """Close the connection within the headers."""
    await wire.send(_HEAD[:-20])


async def hang_up_in_the_body(wire: Wire) -> None:
    """Close the connection before the declared length is sent."""
    await wire.send(_HEAD + _PART)


async def hang_up_between_chunks(wire: Wire) -> None:
    """Close the connection after a chunk that isn't the last."""
    await wire.send(_CHUNKED + _chunk(_PART))


BREAKS: Final[Mapping[str, Act]] = MappingProxyType(
    {
        "reset at once": reset,
        "reset in the headers": reset_in_the_headers,
        "reset in the body": reset_in_the_body,
        "closed at once": hang_up,
        "closed in the headers": hang_up_in_the_headers,
        "closed in the body": hang_up_in_the_body,
        "closed between chunks": hang_up_between_chunks,
    }
)
"""By description."""


# Answers, true or false.


def say(data: bytes) -> Act:
    """Send bytes, and close."""

    async def act(wire: Wire) -> None:
        await wire.send(data)

    return act


OTHER_PROTOCOL: Final = say(b"SSH-2.0-OpenSSH_9.6\r\n")
LONG_HEADER: Final = say(b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 70_000 + b"\r\n\r\n")


def answer(
    status: int, body: bytes = b"", headers: Mapping[str, str] | None = None, *, length: int = -1
) -> Act:
    """A whole answer. The connection may be used again, as far as the other side can tell.

    Args:
        status: of the status line.
        body: what comes.
        headers: besides the length.
        length: what is said to come; the truth without it.
    """
    lines = [f"HTTP/1.1 {status} As Configured"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    lines += [f"Content-Length: {len(body) if length < 0 else length}", "", ""]
    head = "\r\n".join(lines).encode("latin-1")

    async def act(wire: Wire) -> None:
        await wire.send(head + body)
        wire.stays_open = True

    return act


def refuse(status: int, headers: Mapping[str, str] | None = None) -> Act:
    """Respond with a status and an HTML page."""
    return answer(status, PAGE, {**HTML, **(headers or {})})


def ask_to_wait(status: int, pause: str) -> Act:
    """Respond with a status, an HTML page and a Retry-After."""
    return refuse(status, {"Retry-After": pause})


def answer_in_chunks(body: bytes) -> Act:
    """Respond with a chunked body."""
    size = 64 * 1024

    async def act(wire: Wire) -> None:
        await wire.send(_CHUNKED)
        for start in range(0, len(body), size):
            await wire.send(_chunk(body[start : start + size]))
        await wire.send(b"0\r\n\r\n")
        wire.stays_open = True

    return act


def answer_until_the_end(body: bytes) -> Act:
    """Respond with a body that ends with the connection (RFC 9112 §6.3)."""
    return say(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" + body)


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


# Any of these, otherwise.


def once_taken(act: Act) -> Act:
    """Let the application handle the request, but misbehave instead of its response."""

    async def taken(wire: Wire) -> None:
        await wire.fetch()
        await act(wire)

    return taken
