"""Middleware for the emulators, for failures other than those that they have for some IDs."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.support.samples import CANARY

LOGS: Final = r"/api/voice/logs/(?!0{8})[0-9a-f-]{36}$"
"""Requests for a log, but not the startup check's."""
LIST: Final = "/api/voice/logs"
LIST_ONLY: Final = f"{LIST}$"
EVENTS_ONLY: Final = "/events$"
CALLS_ONLY: Final = "^/api/laml/"

_ERROR: Final = json.dumps({"error": CANARY})

Middleware = Callable[[ASGIApp], ASGIApp]
"""Wraps an emulator's ASGI application."""
Forward = Callable[[], Awaitable[Response]]
"""Gets the application's own response."""
Handler = Callable[[Request, Forward], Awaitable[Response]]


def no_middleware(app: ASGIApp) -> ASGIApp:
    """Return the application itself."""
    return app


def always(status: int, body: str = "") -> Middleware:
    """Return middleware with this response to every request."""
    return lambda _app: PlainTextResponse(body, status)


def intercept(path: str, handler: Handler) -> Middleware:
    """Return middleware that has `handler` handle requests to `path`, a regular expression.

    The bot's checks of a project, which request a list of one, are not intercepted.
    """

    def middleware(app: ASGIApp) -> ASGIApp:
        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            is_check = scope.get("query_string") == b"page_size=1"
            if scope["type"] != "http" or is_check or not re.search(path, scope["path"]):
                await app(scope, receive, send)
                return
            response = await handler(
                Request(scope, receive), lambda: _response(app, scope, receive)
            )
            await response(scope, receive, send)

        return wrapped

    return middleware


async def _response(app: ASGIApp, scope: Scope, receive: Receive) -> Response:
    response = Response()
    body = b""

    async def send(message: Message) -> None:
        nonlocal body
        if message["type"] == "http.response.start":
            response.status_code = message["status"]
            response.raw_headers = [
                header for header in message["headers"] if header[0] != b"content-length"
            ]
        else:
            body += message.get("body", b"")

    await app(scope, receive, send)
    response.body = body
    response.headers["content-length"] = str(len(body))
    return response


class Interceptor:
    """Holds or fails requests to a path; at first it only records them.

    Attributes:
        requests: the intercepted requests.
        reached: set once a request is held.
        max_active: how many requests were handled concurrently at most.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self.requests: list[Request] = []
        self.reached = asyncio.Event()
        self.max_active = self._active = 0
        self._released = asyncio.Event()
        self._released.set()
        self._held_after = 0
        self._failures: range = range(0)
        self._failure = 0, ""
        self._takes_effect = False

    def __call__(self, app: ASGIApp) -> ASGIApp:
        """Wrap the application."""
        return intercept(self._path, self._handle)(app)

    def hold(self, *, after: int = 0) -> None:
        """Hold requests until `release`, once `after` more have passed."""
        self.reached.clear()
        self._released.clear()
        self._held_after = len(self.requests) + after

    def release(self) -> None:
        """Release the held requests."""
        self._released.set()

    def fail(
        self,
        status: int,
        times: int = 10**6,
        *,
        after: int = 0,
        body: str = _ERROR,
        takes_effect: bool = False,
    ) -> None:
        """Fail `times` requests with `status`, once `after` more have passed.

        A request that takes effect has only its response replaced.
        """
        first = len(self.requests) + after
        self._failures = range(first, first + times)
        self._failure = status, body
        self._takes_effect = takes_effect

    def recover(self) -> None:
        """Stop failing requests."""
        self._failures = range(0)

    async def _handle(self, request: Request, forward: Forward) -> Response:
        number = len(self.requests)
        self.requests.append(request)
        self._active += 1
        self.max_active = max(self.max_active, self._active)
        try:
            if number >= self._held_after and not self._released.is_set():
                self.reached.set()
                await self._released.wait()
            if number not in self._failures:
                return await forward()
            if self._takes_effect:
                await forward()
            status, body = self._failure
            return PlainTextResponse(body, status)
        finally:
            self._active -= 1
