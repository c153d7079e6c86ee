"""The one place that imports httpx: pooled clients, a capped read, and the errors both can raise.

httpx over aiohttp's connection pool: httpx's own pool slows to a few hundred requests a second at
fifty concurrent ones. It must not know whom it talks to.
"""

import ipaddress
import re
import ssl
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Final

import aiohttp
import httpx
from httpx import URL, AsyncBaseTransport, AsyncClient, BasicAuth, InvalidURL, Response
from httpx_aiohttp import AiohttpTransport

__all__ = [
    "CONNECT_ERRORS",
    "TRANSPORT_ERRORS",
    "URL",
    "AsyncBaseTransport",
    "AsyncClient",
    "BasicAuth",
    "InvalidURL",
    "Response",
    "TooLargeError",
    "UnknownEncodingError",
    "cause_name",
    "is_loopback",
    "is_plain_host",
    "new_client",
    "new_session",
    "read_capped",
]

# aiohttp and OSError: httpx-aiohttp translates the common failures, and lets the rare ones through
# (a malformed status line, a reset in the middle of TLS).
TRANSPORT_ERRORS: Final = (httpx.RequestError, aiohttp.ClientError, OSError, TimeoutError)

# Nothing was sent yet.
CONNECT_ERRORS: Final = (httpx.ConnectError, aiohttp.ClientConnectorError)

# Longer than the pauses between keep-warm requests, so that an idle connection is there to reuse.
KEEPALIVE_SECONDS: Final = 120.0
CONNECT_SECONDS: Final = 4.0

_PLAIN_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")


class TooLargeError(Exception):
    """The body is larger than the caller wants to hold in memory."""


class UnknownEncodingError(Exception):
    """The body is packed in a way that can't be undone or was not asked for."""


@cache
def _tls() -> ssl.SSLContext:
    """One for the process: reading the certificates takes a twentieth of a second."""
    return httpx.create_ssl_context()


def new_session() -> aiohttp.ClientSession:
    """A connection pool without cookies and without a limit: callers queue before it, not in it."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEPALIVE_SECONDS, ssl=_tls()),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=10, sock_connect=CONNECT_SECONDS),
    )


def new_client(transport: AsyncBaseTransport | None = None) -> AsyncClient:
    """A client that follows no redirect, keeps no cookie and reads no environment.

    Args:
        transport: stands in for the network in tests.
    """
    return AsyncClient(
        transport=transport or AiohttpTransport(verify=_tls(), client=new_session),
        follow_redirects=False,
        # Callers bound the whole exchange with asyncio.timeout: a per-read limit never fires on a
        # body that drips a byte a second.
        timeout=httpx.Timeout(None, connect=CONNECT_SECONDS),
        headers={"User-Agent": "voicelog-bot", "Accept-Encoding": "gzip"},
        trust_env=False,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
    )


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
