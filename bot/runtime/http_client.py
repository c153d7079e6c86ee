"""A pooled HTTP client, a size-limited read, and their errors.

Outside bot/dev, only this module imports httpx.

httpx runs over aiohttp's connection pool: its own pool slows down to a few hundred requests per
second at fifty concurrent requests.
"""

import ipaddress
import re
import socket
import ssl
import zlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path
from types import MappingProxyType
from typing import Final, cast

import aiohttp
import httpx
from aiohttp import AddrInfoType
from aiohttp.connector import Connection
from httpx_aiohttp import AiohttpTransport

# For the modules that don't import httpx.
URL = httpx.URL
AsyncBaseTransport = httpx.AsyncBaseTransport
InvalidURL = httpx.InvalidURL
Response = httpx.Response

# httpx-aiohttp translates common failures, but not rare ones such as a malformed status line or a
# reset during TLS. Hence aiohttp.ClientError and OSError.
TRANSPORT_ERRORS: Final = (httpx.RequestError, aiohttp.ClientError, OSError, TimeoutError)

# The request was not sent.
CONNECT_ERRORS: Final = (httpx.ConnectError, aiohttp.ClientConnectorError)

UNKNOWN_HOST: Final = aiohttp.ClientConnectorDNSError.__name__
"""The `cause_name` of a failed DNS lookup."""

# Long, so that a request after a pause can reuse an idle connection.
KEEPALIVE_SECONDS: Final = 120.0
CONNECT_SECONDS: Final = 4.0

_WEB_API_LIMIT: Final = 1024 * 1024
"""Bytes of a response to slack_sdk, which asks only for a Socket Mode URL."""

_RECEIVE_BYTES: Final = 64 * 1024
"""Bytes that the kernel buffers per connection. uvloop reads all that has arrived, and aiohttp
parses it at once: without this limit, a flood of informational responses (RFC 9110 §15.2) would
block the event loop for seconds and take hundreds of megabytes."""

# OpenSSL reads only files with such names in a certificate directory.
_HASHED_NAME: Final = re.compile(r"[0-9a-f]{8}\.\d+")

_PLAIN_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")


class TooLargeError(Exception):
    """The body exceeds the size limit."""


class UnknownEncodingError(Exception):
    """The body's Content-Encoding is unsupported, or decoding it failed."""


_DEFAULT_HEADERS: Final = MappingProxyType(
    {"User-Agent": "voicelog-bot", "Accept": "*/*", "Accept-Encoding": "gzip"}
)
# Where a request is made, asyncio.timeout limits it as a whole: a per-read timeout never fires if a
# byte arrives every second.
_TIMEOUT: Final = {"timeout": httpx.Timeout(None, connect=CONNECT_SECONDS).as_dict()}


@dataclass(frozen=True)
class Client:
    """Sends requests over a pool, without redirects, cookies or proxies.

    httpx.AsyncClient can be configured that way too, but its code for all this still runs, which
    would take most of the time of a request.
    """

    transport: AsyncBaseTransport

    @asynccontextmanager
    async def stream(
        self,
        method: str,
        url: URL | str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> AsyncIterator[Response]:
        """Send a request, and yield the response before its body is read.

        Raises one of TRANSPORT_ERRORS if no response arrives.
        """
        request = httpx.Request(
            method,
            url,
            headers={**_DEFAULT_HEADERS, **(headers or {})},
            content=content,
            extensions=_TIMEOUT,
        )
        response = await self.transport.handle_async_request(request)
        response.request = request
        try:
            yield response
        finally:
            await response.aclose()


def has_certificates(paths: ssl.DefaultVerifyPaths) -> bool:
    """Whether the system has CA certificates where OpenSSL looks for them."""
    try:
        in_file = bool(paths.cafile) and Path(paths.cafile).stat().st_size > 0
        return in_file or (
            bool(paths.capath)
            and any(_HASHED_NAME.fullmatch(file.name) for file in Path(paths.capath).iterdir())
        )
    except OSError:
        return False


@cache
def _certifi_context() -> ssl.SSLContext | None:
    """Return a context with certifi's certificates, or None if the system has certificates.

    aiohttp's default context already has the system's. Creating another one takes 50 ms.
    """
    if has_certificates(ssl.get_default_verify_paths()):
        return None
    return httpx.create_ssl_context(trust_env=False)


def _socket(address: AddrInfoType) -> socket.socket:
    family, kind, protocol, _, _ = address
    sock = socket.socket(family, kind, protocol)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BYTES)
    return sock


class _WebApiResponse(aiohttp.ClientResponse):
    """Rejects redirects and long bodies, both of which slack_sdk would accept."""

    async def start(self, connection: Connection) -> "_WebApiResponse":
        await super().start(connection)
        if HTTPStatus.MULTIPLE_CHOICES <= self.status < HTTPStatus.BAD_REQUEST:
            raise aiohttp.ClientPayloadError("redirect")
        return self

    async def read(self) -> bytes:
        body = bytearray()
        async for chunk in self.content.iter_any():
            body += chunk
            if len(body) > _WEB_API_LIMIT:
                raise aiohttp.ClientPayloadError("too large")
        self._body = bytes(body)
        return await super().read()


def new_session(
    response_class: type[aiohttp.ClientResponse] = _WebApiResponse,
) -> aiohttp.ClientSession:
    """Create a connection pool, for slack_sdk by default, without cookies.

    It has no limit of its own: semaphores limit the concurrent requests.
    """
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            limit=0,
            keepalive_timeout=KEEPALIVE_SECONDS,
            socket_factory=_socket,
            ssl=_certifi_context() or True,
        ),
        cookie_jar=aiohttp.DummyCookieJar(),
        response_class=response_class,
        timeout=aiohttp.ClientTimeout(total=10, sock_connect=CONNECT_SECONDS),
    )


def new_transport() -> AsyncBaseTransport:
    """Create a connection pool for `Client`."""
    # `verify` is unused with a session factory; this context is the cheapest to create.
    return AiohttpTransport(
        verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
        client=lambda: new_session(aiohttp.ClientResponse),
    )


@asynccontextmanager
async def new_client() -> AsyncIterator[Client]:
    """Create a client with a connection pool of its own."""
    async with new_transport() as pool:
        yield Client(pool)


def cause_name(error: BaseException) -> str:
    """Return the class name of a transport error, for logs.

    It is that of aiohttp's error, if there is one, since httpx's may be misleading.
    """
    cause = error.__cause__ if isinstance(error, httpx.TransportError) else None
    return type(cause or error).__name__


def is_plain_host(host: str) -> bool:
    """Whether a host has only letters, digits, dots and hyphens: no escapes, backslashes, zones."""
    return _PLAIN_HOST.fullmatch(host) is not None


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's loopback interface."""
    if host == "localhost":
        return True
    if "%" in host:  # ipaddress accepts any text as a zone
        return False
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def read_capped(response: Response, limit: int) -> bytes:
    """Read and decode the body of a streamed response.

    httpx's decoder isn't used: it doesn't limit what a chunk decodes to, and with each chunk it
    copies all the data after the end of the gzip data again.

    Raises:
        TooLargeError: the body is longer than `limit` bytes, as sent or decoded.
        UnknownEncodingError: Content-Encoding is neither `identity` nor a single `gzip`, or the
            gzip data is invalid.
    """
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"identity", "gzip"}:
        raise UnknownEncodingError
    body = bytearray()
    async for chunk in cast("httpx.AsyncByteStream", response.stream):
        body += chunk
        if len(body) > limit:
            raise TooLargeError
    return _gunzipped(body, limit) if encoding == "gzip" else bytes(body)


def _gunzipped(packed: bytearray, limit: int) -> bytes:
    decoder = zlib.decompressobj(16 + zlib.MAX_WBITS)  # 16: in gzip's format
    try:
        decoded = decoder.decompress(packed, limit + 1)
    except zlib.error as error:
        raise UnknownEncodingError from error
    if len(decoded) > limit:
        raise TooLargeError
    return decoded
