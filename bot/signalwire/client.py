"""Client for one SignalWire project: gets a log, its events or a page of logs, with retries.

It alone sends credentials. Endpoints: SignalWire docs, "Get voice log", "List voice log events",
"List voice logs".
"""

import asyncio
import base64
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, TypeVar
from uuid import UUID

import stamina

from bot.runtime.clock import Clock
from bot.runtime.fair_semaphore import QueueFullError, Semaphore
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
from bot.runtime.retry import retry
from bot.signalwire.errors import InvalidResponseError, RateLimitedError, UnavailableError
from bot.signalwire.models import RawVoiceLog, Timeline, VoiceLog, parse_uuid
from bot.signalwire.project import Project
from bot.signalwire.responses import (
    RETRIED_STATUSES,
    LogPage,
    check_page,
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

T = TypeVar("T")

_LONG_BODY: Final = 256 * 1024
"""Bytes. A page of 200 logs has about 75,000; parsing 4 MB takes half a second."""


@dataclass(frozen=True)
class RetryPolicy:
    """How long and how often a request is retried; not for long, since a user is waiting.

    Attributes:
        answer_seconds: the time reserved for a retry. A slow response may take all other time; only
            early errors leave time for three attempts.
    """

    attempts: int = 3
    total_seconds: float = 8.0
    answer_seconds: float = 1.0
    first_pause_seconds: float = 0.1
    longest_pause_seconds: float = 1.0
    jitter_seconds: float = 0.2


DEFAULT_RETRY: Final = RetryPolicy()


class SignalWireClient:
    """Reads the voice logs of one project.

    Args:
        project: the base URL and the credentials.
        http: the pooled client that all projects share.
        semaphore: limits the concurrent requests to this project.
        now: returns the current time in UTC; for a Retry-After given as a date.
        retry_policy: the limits on retries.
    """

    def __init__(
        self,
        project: Project,
        http: Client,
        *,
        semaphore: Semaphore,
        now: Clock,
        retry_policy: RetryPolicy = DEFAULT_RETRY,
    ) -> None:
        self.name: Final = project.name
        self.project_id: Final = project.project_id
        self.origin: Final = URL(project.base_url).join("/")
        self._list = str(self.origin.join(LIST_PATH))
        self._headers = {"Authorization": _basic(project)}
        self._http = http
        self._semaphore = semaphore
        self._now = now
        self._retry_policy = retry_policy

    @property
    def is_saturated(self) -> bool:
        """Whether a new request may have to wait for the semaphore."""
        return self._semaphore.locked()

    async def voice_log(self, log_id: UUID) -> VoiceLog:
        """Get a voice log. `log_id` is a UUID, so it can't change the URL's path.

        Raises:
            SignalWireError: one of its subclasses, after at most three attempts within eight
                seconds.
        """
        return (await self.get_voice_log(log_id)).log

    async def get_voice_log(self, log_id: UUID) -> RawVoiceLog:
        """Get a voice log and its JSON as received. Raises as `voice_log` does.

        A log with a different id is rejected: on a reused connection it may be a stale response to
        another request.
        """
        record = await _read(parse_voice_log, await self._get(self._url(f"/{log_id}"), BODY_LIMIT))
        if parse_uuid(record.log.id) not in {log_id, None}:
            raise InvalidResponseError("another log")
        return record

    async def list_events(self, log_id: UUID) -> Timeline:
        """List the events of a leg in chronological order. Raises as `voice_log` does."""
        body = await self._get(self._url(f"/{log_id}/events"), LIST_LIMIT)
        return await _read(parse_events, body)

    async def check(self) -> None:
        """Check that the list of logs is accessible. Raises as `voice_log` does."""
        body = await self._get(self._url(query=b"page_size=1"), LIST_LIMIT)
        await _read(check_page, body)

    async def list_page(self, query: bytes) -> LogPage:
        """Get a page of the list of logs. Raises as `voice_log` does.

        Args:
            query: the URL's query. Not a whole link, so that credentials can't be sent anywhere
                else, whatever a paging link says.
        """
        return await _read(parse_page, await self._get(self._url(query=query), LIST_LIMIT))

    def _url(self, suffix: str = "", query: bytes | None = None) -> URL:
        url = URL(f"{self._list}{suffix}")
        return url if query is None else url.copy_with(query=query)

    async def _get(self, url: URL, limit: int) -> bytes:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._retry_policy.total_seconds
        async with AsyncExitStack() as stack:
            try:
                async with asyncio.timeout_at(deadline):
                    await stack.enter_async_context(self._semaphore)
            except (TimeoutError, QueueFullError) as error:
                raise UnavailableError("no room", attempts=0) from error
            return await self._get_with_retries(url, limit, lambda: deadline - loop.time())

    async def _get_with_retries(
        self, url: URL, limit: int, seconds_left: Callable[[], float]
    ) -> bytes:
        retry_policy = self._retry_policy

        async def attempt(number: int) -> bytes:
            left, answer = seconds_left(), retry_policy.answer_seconds
            is_last = number == retry_policy.attempts or left < 2 * answer
            return await self._attempt(url, limit, left if is_last else left - answer, number)

        return await retry(
            attempt,
            lambda: stamina.retry_context(
                on=_RetryRule(seconds_left, retry_policy.answer_seconds).pause_after,
                attempts=retry_policy.attempts,
                timeout=seconds_left(),
                wait_initial=retry_policy.first_pause_seconds,
                wait_max=retry_policy.longest_pause_seconds,
                wait_jitter=retry_policy.jitter_seconds,
            ),
        )

    async def _attempt(self, url: URL, limit: int, seconds: float, number: int) -> bytes:
        try:
            async with (
                asyncio.timeout(max(seconds, 0)),
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


async def _read(read: Callable[[bytes], T], body: bytes) -> T:
    """Parse a body with `read`; a long one in a thread, so that the event loop isn't blocked."""
    if len(body) < _LONG_BODY:
        return read(body)
    return await asyncio.to_thread(read, body)


class _RetryRule:
    """Decides which errors are retried, and after what pause."""

    def __init__(self, seconds_left: Callable[[], float], answer_seconds: float) -> None:
        self._seconds_left = seconds_left
        self._answer_seconds = answer_seconds

    def pause_after(self, error: Exception) -> bool | float:
        """Return True for stamina's own pause, seconds for a fixed one, False for no retry."""
        if self._seconds_left() < self._answer_seconds / 2:
            return False
        match error:
            case (
                RateLimitedError(retry_after_seconds=float(seconds))
                | UnavailableError(retry_after_seconds=float(seconds))
            ):
                return seconds if seconds + self._answer_seconds <= self._seconds_left() else False
            case RateLimitedError():
                return True
            case UnavailableError(cause=cause):
                return not cause.isdigit() or cause in RETRIED_STATUSES
            case _:
                return False
