"""How SignalWire and Slack misbehave over HTTP, besides the emulator's canned failures by ID."""

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

_ERROR: Final = json.dumps({"error": CANARY})

Front = Callable[[ASGIApp], ASGIApp]
"""Wraps an emulator's application."""
Forward = Callable[[], Awaitable[Response]]
"""Gets the application's own response."""
Handler = Callable[[Request, Forward], Awaitable[Response]]
Rewrite = Callable[[bytes], bytes]


def unchanged(app: ASGIApp) -> ASGIApp:
    """Return the application itself."""
    return app


def always(status: int, body: str = "") -> Front:
    """Answer every request with this response."""
    return lambda _app: PlainTextResponse(body, status)


def intercept(path: str, handler: Handler) -> Front:
    """Let `handler` answer the requests to `path`, a regular expression; others pass.

    The bot's check of a project, which asks for a list of one, passes too.
    """

    def front(app: ASGIApp) -> ASGIApp:
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

    return front


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


def cut_off() -> Response:
    """Return a response that ends before its length is reached: the connection is closed."""
    return Response(b'{"ok":', headers={"content-length": "100"})


class Interceptor:
    """Holds, fails or rewrites the requests to a path, as it is told; at first it does nothing.

    Attributes:
        requests: those that came.
        reached: set once a request is held.
        at_once, most_at_once: how many requests are and were being answered.
        rewrite: changes the body of a response.
    """

    def __init__(self, path: str = LOGS, *, rewrite: Rewrite | None = None) -> None:
        self._path = path
        self.requests: list[Request] = []
        self.reached = asyncio.Event()
        self.at_once = self.most_at_once = 0
        self.rewrite = rewrite
        self._released = asyncio.Event()
        self._released.set()
        self._held_after = 0
        self._failure: Callable[[], Response] | None = None
        self._failures: range = range(0)
        self._takes_effect = False

    def __call__(self, app: ASGIApp) -> ASGIApp:
        """Wrap the application."""
        return intercept(self._path, self._handle)(app)

    def hold(self, *, after: int = 0) -> "Interceptor":
        """Hold requests until `release`; `after` so many more have passed."""
        self.reached.clear()
        self._released.clear()
        self._held_after = len(self.requests) + after
        return self

    def release(self) -> None:
        """Answer all requests."""
        self._released.set()

    def fail(
        self, status: int, times: int | None = None, *, after: int = 0, body: str = _ERROR
    ) -> "Interceptor":
        """Answer `times` requests, or all, with `status`; `after` so many more have passed."""
        self._fail(lambda: PlainTextResponse(body, status), times, after)
        return self

    def lose_responses(
        self, times: int, response: Callable[[], Response] = cut_off
    ) -> "Interceptor":
        """Let so many requests take effect, but answer with a failure."""
        self._fail(response, times, 0)
        self._takes_effect = True
        return self

    def recover(self) -> None:
        """Fail no more."""
        self._failures = range(0)

    @property
    def failures_left(self) -> bool:
        """Whether some of the failures that were asked for haven't happened yet."""
        return len(self.requests) < self._failures.stop

    def _fail(self, response: Callable[[], Response], times: int | None, after: int) -> None:
        first = len(self.requests) + after
        self._failures = range(first, first + (10**6 if times is None else times))
        self._failure, self._takes_effect = response, False

    async def _handle(self, request: Request, forward: Forward) -> Response:
        number = len(self.requests)
        self.requests.append(request)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if number >= self._held_after and not self._released.is_set():
                self.reached.set()
                await self._released.wait()
            if number in self._failures and self._failure is not None:
                if self._takes_effect:
                    await forward()
                return self._failure()
            response = await forward()
        finally:
            self.at_once -= 1
        if self.rewrite is not None and response.status_code == 200:
            response.body = self.rewrite(bytes(response.body))
            response.headers["content-length"] = str(len(response.body))
        return response
