"""The bot's one import of httpx: a pooled client, a capped read, and the errors both can raise.

httpx over aiohttp's connection pool: httpx's own pool slows to a few hundred requests a second at
fifty concurrent ones. It must not know whom it talks to.
"""

import ipaddress
import re
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Final, Self

import aiohttp
import httpx
from httpx import URL, AsyncBaseTransport, InvalidURL, Request, Response
from httpx_aiohttp import AiohttpTransport

__all__ = [
    "CONNECT_ERRORS",
    "TRANSPORT_ERRORS",
    "UNKNOWN_HOST",
    "URL",
    "AsyncBaseTransport",
    "Client",
    "InvalidURL",
    "Response",
    "TooLargeError",
    "UnknownEncodingError",
    "cause_name",
    "has_certificates",
    "is_loopback",
    "is_plain_host",
    "new_client",
    "new_session",
    "new_transport",
    "read_capped",
]

# aiohttp and OSError: httpx-aiohttp translates the common failures, and lets the rare ones through
# (a malformed status line, a reset in the middle of TLS).
TRANSPORT_ERRORS: Final = (httpx.RequestError, aiohttp.ClientError, OSError, TimeoutError)

# Nothing was sent yet.
CONNECT_ERRORS: Final = (httpx.ConnectError, aiohttp.ClientConnectorError)

UNKNOWN_HOST: Final = aiohttp.ClientConnectorDNSError.__name__
"""The `cause_name` where a host's name leads to no address."""

# Longer than the pauses between keep-warm requests, so that an idle connection is there to reuse.
KEEPALIVE_SECONDS: Final = 120.0
CONNECT_SECONDS: Final = 4.0

# OpenSSL looks for no others in a folder.
_HASHED_NAME: Final = re.compile(r"[0-9a-f]{8}\.\d+")

_PLAIN_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")


class TooLargeError(Exception):
    """The body is larger than the caller wants to hold in memory."""


class UnknownEncodingError(Exception):
    """The body is packed in a way that can't be undone or was not asked for."""


_NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})
_ALWAYS: Final = MappingProxyType(
    {"User-Agent": "voicelog-bot", "Accept": "*/*", "Accept-Encoding": "gzip"}
)
# Callers bound the whole exchange with asyncio.timeout: a per-read limit never fires on a body that
# drips a byte a second.
_TIMEOUT: Final = {"timeout": httpx.Timeout(None, connect=CONNECT_SECONDS).as_dict()}


class Client:
    """Sends requests over a pool; follows no redirect, keeps no cookie, uses no proxy.

    httpx's AsyncClient can be told not to either, but goes through the motions: most of the time
    that a request takes here.

    Args:
        transport: the pool; in tests, what stands in for the network.
    """

    def __init__(self, transport: AsyncBaseTransport) -> None:
        self._transport = transport

    async def __aenter__(self) -> Self:
        """Keep the pool open."""
        await self._transport.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the pool."""
        await self._transport.__aexit__(kind, error, trace)

    @asynccontextmanager
    async def stream(
        self,
        method: str,
        url: URL | str,
        *,
        headers: Mapping[str, str] = _NO_HEADERS,
        content: bytes | None = None,
    ) -> AsyncIterator[Response]:
        """The answer to one request, its body not yet read.

        Raises:
            TRANSPORT_ERRORS: no answer came.
        """
        request = Request(
            method, url, headers={**_ALWAYS, **headers}, content=content, extensions=_TIMEOUT
        )
        response = await self._transport.handle_async_request(request)
        response.request = request
        try:
            yield response
        finally:
            await response.aclose()


def has_certificates(paths: ssl.DefaultVerifyPaths) -> bool:
    """Whether OpenSSL finds any where it looks for those of the system."""
    try:
        in_file = bool(paths.cafile) and Path(paths.cafile).stat().st_size > 0
        return in_file or (
            bool(paths.capath)
            and any(_HASHED_NAME.fullmatch(file.name) for file in Path(paths.capath).iterdir())
        )
    except OSError:
        return False


@cache
def _own_certificates() -> ssl.SSLContext | None:
    """What certifi has, where the system has no certificates.

    Those of the system are in the context that aiohttp has made already; another one takes a
    twentieth of a second of each start.
    """
    if has_certificates(ssl.get_default_verify_paths()):
        return None
    return httpx.create_ssl_context(trust_env=False)


def new_session() -> aiohttp.ClientSession:
    """A connection pool without cookies and without a limit: callers queue before it, not in it."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            limit=0, keepalive_timeout=KEEPALIVE_SECONDS, ssl=_own_certificates() or True
        ),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=10, sock_connect=CONNECT_SECONDS),
    )


def new_transport() -> AsyncBaseTransport:
    """A pool of connections as httpx takes it."""
    # It makes no use of `verify`, since it is given sessions; this costs the least.
    return AiohttpTransport(verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), client=new_session)


def new_client(transport: AsyncBaseTransport | None = None) -> Client:
    """A client with a pool of its own.

    Args:
        transport: stands in for the network in tests.
    """
    return Client(transport or new_transport())


def cause_name(error: BaseException) -> str:
    """A transport error's class name for a log, as aiohttp has it: httpx's may mislead."""
    cause = error.__cause__ if isinstance(error, httpx.TransportError) else None
    return type(cause or error).__name__


def is_plain_host(host: str) -> bool:
    """Whether a host is a name without tricks in it (percent signs, backslashes, zones)."""
    return _PLAIN_HOST.fullmatch(host) is not None


def is_loopback(host: str | None) -> bool:
    """Whether a host name or address can only be this machine."""
    if host == "localhost":
        return True
    if "%" in (host or ""):  # a zone, which ipaddress would take any text for
        return False
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


async def read_capped(response: Response, limit: int) -> bytes:
    """The decoded body of a streamed response.

    Raises:
        TooLargeError: it is longer than `limit` bytes.
        UnknownEncodingError: it isn't gzip though it says so; or its Content-Encoding is neither
            plain nor a single gzip: each further layer would multiply what a small chunk becomes.
    """
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"identity", "gzip"}:
        raise UnknownEncodingError
    body = bytearray()
    try:
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > limit:
                raise TooLargeError
    except httpx.DecodingError as error:
        raise UnknownEncodingError from error
    return bytes(body)
