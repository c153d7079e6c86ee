"""Client for one SignalWire project: gets a log, its events or a page of logs, with retries.

Only this module sends credentials. Endpoints: SignalWire docs, "Get voice log", "List voice log
events", "List voice logs"; Compatibility API, "Retrieve a call".
"""

import asyncio
import base64
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final, TypeVar
from urllib.parse import quote
from uuid import UUID

import stamina

from bot.runtime.clock import Clock
from bot.runtime.fair_semaphore import FairSemaphore, QueueFullError
from bot.runtime.http_client import (
    TRANSPORT_ERRORS,
    URL,
    Client,
    Response,
    TooLargeError,
    UnknownEncodingError,
    cause_name,
    read_capped,
)
from bot.signalwire.compatibility import RawCompatibilityCall
from bot.signalwire.errors import InvalidResponseError, RateLimitedError, UnavailableError
from bot.signalwire.models import RawVoiceLog, Timeline, parse_uuid
from bot.signalwire.project import Project
from bot.signalwire.responses import (
    LogPage,
    parse_compatibility_call,
    parse_events,
    parse_page,
    parse_voice_log,
    raise_for_status,
)

BODY_LIMIT: Final = 1024 * 1024
"""Bytes of a log. The documented example has 400."""

LIST_LIMIT: Final = 4 * BODY_LIMIT
"""Bytes of a page of logs, or of a log's events, which aren't paged."""

LIST_PATH: Final = "/api/voice/logs"
CALLS_PATH: Final = "/api/laml/2010-04-01/Accounts/{project_id}/Calls"

RETRIED_STATUSES: Final = frozenset({"502", "503", "504"})
"""Other 5xx, such as 500, would recur. 429 is retried too."""

T = TypeVar("T")

_LONG_BODY: Final = 256 * 1024
"""Bytes. A page of 200 logs has about 75,000; parsing 4 MB takes half a second."""


@dataclass(frozen=True)
class RetryPolicy:
    """What is retried, how often and after what pause. The limits are low: a user is waiting.

    Retry-After is honored if there is time left for a response after it.
    """

    attempts: int = 3
    total_seconds: float = 8.0
    """The time limit for the whole request, including the wait for the semaphore."""
    response_seconds: float = 1.0
    """The time reserved for a retry. A slow response may take all the rest, so only early errors
    leave time for three attempts."""

    def retry_context(self, seconds_left: Callable[[], float]) -> AsyncIterator[stamina.Attempt]:
        """Start the attempts of one request."""
        return stamina.retry_context(
            on=lambda error: self._pause_after(error, seconds_left()),
            attempts=self.attempts,
            timeout=None,  # `_pause_after` keeps to the deadline
            wait_initial=0.1,
            wait_max=1.0,
            wait_jitter=0.2,
        )

    def attempt_seconds(self, number: int, seconds_left: float) -> float:
        """Return the time limit of an attempt, numbered from 1."""
        is_last = number == self.attempts or seconds_left < 2 * self.response_seconds
        return max(seconds_left if is_last else seconds_left - self.response_seconds, 0)

    def _pause_after(self, error: Exception, seconds_left: float) -> bool | float:
        """Return True for stamina's own pause, seconds for a fixed one, False for no retry."""
        if seconds_left < self.response_seconds / 2:
            return False
        match error:
            case UnavailableError(cause=cause) if cause.isdigit() and cause not in RETRIED_STATUSES:
                return False
            case (
                RateLimitedError(retry_after_seconds=float(pause))
                | UnavailableError(retry_after_seconds=float(pause))
            ):
                return pause if pause + self.response_seconds <= seconds_left else False
            case RateLimitedError() | UnavailableError():
                return True
            case _:
                return False


DEFAULT_RETRY: Final = RetryPolicy()


class SignalWireClient:
    """Reads the voice logs of one project, and its calls in the Compatibility API.

    All projects share the pooled HTTP client; the semaphore limits the concurrent requests to this
    one. The clock is for a Retry-After given as a date.
    """

    def __init__(
        self,
        project: Project,
        http: Client,
        *,
        semaphore: asyncio.Semaphore | FairSemaphore,
        now: Clock,
        retry_policy: RetryPolicy = DEFAULT_RETRY,
    ) -> None:
        self.name: Final = project.name
        self.project_id: Final = project.project_id
        self.origin: Final = URL(project.base_url).join("/")
        self._list = self.origin.join(LIST_PATH)
        project_id = quote(project.project_id, safe="")
        self._calls = self.origin.join(CALLS_PATH.format(project_id=project_id))
        self._headers = {"Authorization": _basic(project)}
        self._http = http
        self._semaphore = semaphore
        self._now = now
        self._retry_policy = retry_policy

    @property
    def is_saturated(self) -> bool:
        """Whether a new request may have to wait for the semaphore."""
        return self._semaphore.locked()

    async def get_voice_log(self, log_id: UUID) -> RawVoiceLog:
        """Get a voice log and its JSON as received.

        A log with a different id is rejected: on a reused connection it may be a stale response to
        another request. Raises a SignalWireError after at most three attempts within eight seconds.
        """
        record = await self._get(URL(f"{self._list}/{log_id}"), BODY_LIMIT, parse_voice_log)
        if parse_uuid(record.log.id) not in {log_id, None}:
            raise InvalidResponseError("another log")
        return record

    async def list_events(self, log_id: UUID) -> Timeline:
        """List the events of a leg in chronological order. Raises as `get_voice_log` does."""
        return await self._get(URL(f"{self._list}/{log_id}/events"), LIST_LIMIT, parse_events)

    async def get_compatibility_call(
        self, call_sid: UUID, *, seconds: float | None = None
    ) -> RawCompatibilityCall:
        """Get a LaML call, whose SID is the voice log's id. Raises as `get_voice_log` does.

        If `seconds` are given, there is one attempt, for no longer than this.
        """
        policy = self._retry_policy
        if seconds is not None:
            policy = replace(policy, attempts=1, total_seconds=min(seconds, policy.total_seconds))
        url = URL(f"{self._calls}/{call_sid}.json")
        record = await self._get(url, BODY_LIMIT, parse_compatibility_call, policy)
        if parse_uuid(record.call.sid) not in {call_sid, None}:
            raise InvalidResponseError("another call")
        return record

    async def check(self) -> None:
        """Check that the list of logs is accessible. Raises as `get_voice_log` does."""
        await self.list_page(b"page_size=1")

    async def list_page(self, query: bytes) -> LogPage:
        """Get a page of the list of logs. Raises as `get_voice_log` does.

        It takes the URL's query, not a whole link, so that credentials can't be sent anywhere else,
        whatever a paging link says.
        """
        return await self._get(self._list.copy_with(query=query), LIST_LIMIT, parse_page)

    async def _get(
        self,
        url: URL,
        limit: int,
        parse: Callable[[bytes], T],
        policy: RetryPolicy | None = None,
    ) -> T:
        policy = policy or self._retry_policy
        loop = asyncio.get_running_loop()
        deadline = loop.time() + policy.total_seconds
        async with AsyncExitStack() as stack:
            try:
                async with asyncio.timeout_at(deadline):
                    await stack.enter_async_context(self._semaphore)
            except (TimeoutError, QueueFullError) as error:
                raise UnavailableError("no free slot", attempts=0) from error
            async for attempt in policy.retry_context(lambda: deadline - loop.time()):
                with attempt:
                    seconds = policy.attempt_seconds(attempt.num, deadline - loop.time())
                    body = await self._attempt(url, limit, attempt.num, seconds)
        return await _parse(parse, body)

    async def _attempt(self, url: URL, limit: int, number: int, seconds: float) -> bytes:
        try:
            async with (
                asyncio.timeout(seconds),
                self._http.stream("GET", url, headers=self._headers) as response,
            ):
                body = await _body(response, limit)
        except TimeoutError as error:
            raise UnavailableError("timeout", number) from error
        except TRANSPORT_ERRORS as error:
            raise UnavailableError(cause_name(error), number) from error
        except TooLargeError as error:
            raise InvalidResponseError("over the size limit") from error
        except UnknownEncodingError as error:
            raise InvalidResponseError("undecodable body") from error
        if response.status_code != HTTPStatus.OK:
            raise_for_status(response, body, number, self._now)
        return body


async def _body(response: Response, limit: int) -> bytes:
    """Read the body; an unreadable error body counts as empty, since the status suffices."""
    try:
        return await read_capped(response, limit)
    except (TooLargeError, UnknownEncodingError):
        if response.status_code == HTTPStatus.OK:
            raise
        return b""


def _basic(project: Project) -> str:
    """Build the Authorization header: project id as user, token as password (RFC 7617)."""
    pair = f"{project.project_id}:{project.api_token.get_secret_value()}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


async def _parse(parse: Callable[[bytes], T], body: bytes) -> T:
    """Parse a body; a long one in a thread, so that the event loop isn't blocked."""
    return parse(body) if len(body) < _LONG_BODY else await asyncio.to_thread(parse, body)
