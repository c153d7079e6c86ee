"""A loopback SignalWire: the endpoints that the bot reads, as strict as the real ones.

Facts: signalwire.com/docs: REST API, Voice ("Get voice log", "List voice logs", "List voice log
events") and Core ("Authorization", "Paging", "Error codes"); Compatibility API, "Retrieve a call".
"""

import base64
import hmac
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import InitVar, dataclass, field
from datetime import datetime
from http import HTTPStatus
from random import SystemRandom
from typing import TYPE_CHECKING, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.dev.emulator.signalwire.catalog import LIVE, catalog, delayed_log
from bot.dev.emulator.signalwire.compatibility import CALLS, flat_error, is_laml, record
from bot.dev.emulator.signalwire.failures import (
    HTML_TYPE,
    JSON_TYPE,
    CannedFailure,
    Endpoint,
    as_json,
    canned_failures,
    simple_error,
    validation_error,
)
from bot.dev.emulator.signalwire.fixtures import LogFixture, live_call
from bot.dev.emulator.signalwire.paging import QueryRejectedError, page_of

if TYPE_CHECKING:
    from pydantic import JsonValue

# Lowercase only. Whether the real API accepts uppercase is not documented; this is the strict
# reading, and every ID it returns is lowercase.
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NO_SPACE: Final = b"<!DOCTYPE html><html><body><h1>404 Not Found</h1></body></html>"
_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@dataclass(frozen=True)
class ReceivedRequest:
    method: str
    path: str
    query: Mapping[str, str]
    authorized: bool


def _response(status: int, body: bytes, headers: Mapping[str, str] = JSON_TYPE) -> Response:
    return Response(body, status, headers)


def _not_found() -> Response:
    return _response(404, simple_error("Not Found"))


@dataclass(kw_only=True)
class SignalWireEmulator:
    """A SignalWire space with one project."""

    project_id: str
    """The username for Basic authentication."""
    api_token: str
    """The password for Basic authentication."""
    clock: Callable[[], datetime]
    """The current time, aware and in UTC; it advances live calls."""
    sleep: Callable[[float], Awaitable[None]]
    """Waits that many seconds."""
    entries: InitVar[Sequence[LogFixture] | None] = None
    """The project's logs; by default the whole catalog, whose live call begins when it is first
    looked up by its ID, and the delayed log. The canned failures are always included.
    """
    chance: Callable[[], float] = SystemRandom().random
    """Returns a random number in [0, 1)."""
    latency_seconds: float = 0.0
    """The delay before each response; can be set at any time."""
    failure_rate: float = 0.0
    """The share of authorized requests that fail like `failure`; both can be set at any time."""
    is_absent: bool = False
    """Whether the space doesn't exist, so that every response is a 404 in HTML. Inferred from
    signalwire/WireStarter's shell tool on the Compatibility API.
    """
    requests: list[ReceivedRequest] = field(default_factory=list)
    """Every request so far, oldest first."""

    def __post_init__(self, entries: Sequence[LogFixture] | None) -> None:
        self._credentials = base64.b64encode(f"{self.project_id}:{self.api_token}".encode())
        self._started = self.clock()
        known = (
            (*catalog(self._started), delayed_log(self._started)) if entries is None else entries
        )
        self._entries = {entry.id: entry for entry in known}
        self._began: dict[str, datetime] = {}
        self._not_begun: set[str] = set()
        if entries is None:
            self._not_begun.add(self._entries.pop(LIVE).id)
        self._live_calls = 1
        self.failures = canned_failures()
        self.failure = next(
            each for each in self.failures if each.status == HTTPStatus.SERVICE_UNAVAILABLE
        )
        self._failures = {failure.id: failure for failure in self.failures}
        self._failed_so_far: Counter[str] = Counter()
        self.app = Starlette(routes=[Route("/{path:path}", self._serve, methods=_METHODS)])

    def another_live_call(self) -> str:
        """The ID of one more live call; it begins when it is first asked for."""
        self._live_calls += 1
        id_ = f"{LIVE[:-12]}{self._live_calls:012d}"
        self._not_begun.add(id_)
        return id_

    async def _serve(self, request: Request) -> Response:
        authorized = self._is_authorized(request)
        self.requests.append(
            ReceivedRequest(
                request.method,
                request.url.path,
                dict(request.query_params),
                authorized,
            )
        )
        if self.latency_seconds > 0:
            await self.sleep(self.latency_seconds)
        return await self._route(request, authorized=authorized)

    def _is_authorized(self, request: Request) -> bool:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        right = hmac.compare_digest(given.strip().encode(), self._credentials)
        return scheme.lower() == "basic" and right

    async def _route(self, request: Request, *, authorized: bool) -> Response:
        path = request.url.path
        if self.is_absent:
            return _response(404, _NO_SPACE, HTML_TYPE)
        if path == "/" and request.method in {"GET", "HEAD"}:
            return _response(302, b"", {"location": "/signin"})
        if not path.startswith("/api/"):
            return _not_found()
        if not authorized and path.startswith(f"/{'/'.join(CALLS)}/"):
            return _response(401, flat_error(401, "20003", "Authentication Error"))
        if not authorized:
            return _response(401, simple_error("Unauthorized"))
        if self.chance() < self.failure_rate:
            return await self._fail(self.failure)
        return _not_found() if request.method != "GET" else await self._read(request, path)

    async def _read(self, request: Request, path: str) -> Response:
        match path.removeprefix("/").split("/"):
            case ["api", "voice", "logs"]:
                return self._list(request)
            case ["api", "voice", "logs", id_] if _UUID.fullmatch(id_):
                return await self._read_log(id_, "log")
            case ["api", "voice", "logs", id_, "events"] if _UUID.fullmatch(id_):
                return await self._read_log(id_, "events")
            case [*start, project_id, "Calls", name] if tuple(start) == CALLS:
                return await self._read_call(project_id, name)
            case _:
                return _not_found()

    async def _read_call(self, project_id: str, name: str) -> Response:
        id_ = name.removesuffix(".json")
        failure = self._failures.get(id_)
        if failure is not None and self._is_due(failure, "call"):
            return await self._fail(failure)
        entry = self._entries.get(id_)
        is_known = entry is not None and is_laml(entry)
        if entry is None or not is_known or project_id != self.project_id or name == id_:
            return _response(404, flat_error(404, "20404", "The requested resource was not found"))
        now = self.clock()
        self._began.setdefault(id_, now)
        return _response(200, as_json(record(entry, project_id, self._age(id_, now))))

    async def _read_log(self, id_: str, endpoint: Endpoint) -> Response:
        failure = self._failures.get(id_)
        if failure is not None and self._is_due(failure, endpoint):
            return await self._fail(failure)
        if failure is not None:
            return _response(200, failure.log if endpoint == "log" else as_json({"data": []}))
        entry, now = self._entry(id_), self.clock()
        if entry is None or not self._is_written(entry, now):
            return _not_found()
        if endpoint == "log":
            return _response(200, as_json(dict(entry.state_at(self._age(id_, now)).body)))
        rows: list[JsonValue] = [
            {**event.row, "project_id": self.project_id, "log_id": id_}
            for event in entry.state_at(self._age(id_, now)).events
        ]
        return _response(200, as_json({"data": rows}))

    def _entry(self, id_: str) -> LogFixture | None:
        if id_ in self._not_begun:
            self._not_begun.remove(id_)
            self._began[id_] = self.clock()
            self._entries[id_] = live_call(id_, self._began[id_])
        return self._entries.get(id_)

    def _list(self, request: Request) -> Response:
        now = self.clock()
        rows = [
            entry.state_at(self._age(id_, now)).body
            for id_, entry in self._entries.items()
            if self._is_written(entry, now)
        ]
        base = str(request.base_url).rstrip("/") + request.url.path
        try:
            page = page_of(rows, request.query_params, base)
        except QueryRejectedError as error:
            body = validation_error(error.code, error.message, error.attribute, "validation_error")
            return _response(422, body)
        return _response(200, as_json(page))

    def _age(self, id_: str, now: datetime) -> float:
        """The seconds since a live call began, or since the emulator started."""
        return (now - self._began.get(id_, self._started)).total_seconds()

    def _is_written(self, entry: LogFixture, now: datetime) -> bool:
        first_asked_for = self._began.get(entry.id, now)
        seconds = (now - first_asked_for).total_seconds()
        return max(seconds, 0) >= entry.written_after  # a clock may be set back

    def _is_due(self, failure: CannedFailure, endpoint: Endpoint) -> bool:
        if failure.endpoint != endpoint or self._failed_so_far[failure.id] == failure.repeat:
            return False
        self._failed_so_far[failure.id] += 1
        return True

    async def _fail(self, failure: CannedFailure) -> Response:
        if failure.delay_seconds > 0:
            await self.sleep(failure.delay_seconds)
        return _response(failure.status, failure.body, failure.headers)
