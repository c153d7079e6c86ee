"""Serves the page and protects it from other origins.

Any site in the same browser can send requests to loopback, so requests must name this host, and
only requests from this page may perform actions.
"""

import asyncio
from http import HTTPStatus
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.dev.emulator.slack.workspace import SlackEmulator
from bot.dev.playground.web.actions import PageUser
from bot.dev.playground.web.config import PageConfig
from bot.dev.playground.web.pages import Pages
from bot.dev.waiting import wait_for_first

_STATIC: Final = Path(__file__).parent / "static"
_HOSTS: Final = ("127.0.0.1", "localhost")
_BODY_LIMIT: Final = 64 * 1024
_VERSION_DIGITS: Final = 18
LONG_POLL_SECONDS: Final = 25.0
"""How long a request waits for changes before the page sends a new one."""
_HEADERS: Final = {
    # Only content from this server may be loaded or run.
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self';"
        " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}


class OwnPageOnly(BaseHTTPMiddleware):
    """Rejects POST requests from other origins, and adds security headers."""

    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        rejection = _rejection(request.method, request.headers)
        if rejection is None:
            response = await call_next(request)
        else:
            response = PlainTextResponse(rejection.phrase, rejection)
        response.headers.update(_HEADERS)
        return response


def _rejection(method: str, headers: Headers) -> HTTPStatus | None:
    if method != "POST":
        return None
    if headers.get("origin") != f"http://{headers.get('host')}":
        return HTTPStatus.FORBIDDEN
    if headers.get("content-type") != "application/json":
        return HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    length = headers.get("content-length", "")
    if not length.isdecimal():
        return HTTPStatus.LENGTH_REQUIRED
    if int(length) > _BODY_LIMIT:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return None


class Page:
    def __init__(self, config: PageConfig, slack: SlackEmulator, long_poll_seconds: float) -> None:
        self._pages = Pages(config, slack)
        self._user = PageUser(config, slack)
        self._changes = slack.changes
        self._long_poll_seconds = long_poll_seconds

    async def page(self, _request: Request) -> Response:
        return HTMLResponse(self._pages.page())

    async def live(self, request: Request) -> Response:
        """The changing part: now, or once there are more than `after` changes."""
        after = request.query_params.get("after", "")
        if after.isdecimal() and len(after) <= _VERSION_DIGITS:
            change = self._changes.wait_past(int(after))
            await wait_for_first(change, _disconnected(request), seconds=self._long_poll_seconds)
            if self._changes.count <= int(after):
                return Response(status_code=HTTPStatus.NO_CONTENT)
        return HTMLResponse(self._pages.live())

    async def interaction(self, request: Request) -> Response:
        try:
            return HTMLResponse(self._pages.interaction(str(request.path_params["token"])))
        except LookupError:
            return PlainTextResponse("no longer kept", HTTPStatus.NOT_FOUND)

    async def gallery(self, _request: Request) -> Response:
        """The gallery; rendered in a thread, because the app runs on the event loop."""
        return HTMLResponse(await asyncio.to_thread(lambda: self._pages.gallery))

    async def act(self, request: Request) -> Response:
        result = await self._user.perform(await request.body())
        if result is None:
            return PlainTextResponse("not a known action", HTTPStatus.BAD_REQUEST)
        return JSONResponse({"message": result.message, "errors": dict(result.errors)})


def page_app(
    config: PageConfig, slack: SlackEmulator, long_poll_seconds: float = LONG_POLL_SECONDS
) -> Starlette:
    """The page as an ASGI application; changes are awaited for `long_poll_seconds` at most."""
    page = Page(config, slack, long_poll_seconds)
    return Starlette(
        routes=[
            Route("/", page.page),
            Route("/live", page.live),
            Route("/interaction/{token}", page.interaction),
            Route("/gallery", page.gallery),
            Route("/act", page.act, methods=["POST"]),
            Mount("/static", StaticFiles(directory=_STATIC)),
        ],
        middleware=[
            Middleware(OwnPageOnly),
            Middleware(TrustedHostMiddleware, allowed_hosts=_HOSTS, www_redirect=False),
        ],
    )


async def _disconnected(request: Request) -> None:
    """Wait until the browser closes the connection."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
