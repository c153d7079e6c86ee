"""Asks one SignalWire project for a log, its events or a page of logs, patiently but not for long.

The only place that holds credentials. It must know nothing of Slack, nor what an answer's body
means. Endpoints: SignalWire docs, "Get voice log", "List voice log events", "List voice logs".
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
"""Bytes. The documented example has 400."""

LIST_LIMIT: Final = 4 * BODY_LIMIT
"""Bytes of a page of the list, or of a log's events, which aren't paged."""

LIST_PATH: Final = "/api/voice/logs"

T = TypeVar("T")

_LONG_BODY: Final = 256 * 1024
"""Bytes. A page of 200 logs has some 75,000; four megabytes take half a second to read."""


@dataclass(frozen=True)
class RetryPolicy:
    """How long and how often one log is asked for. A person is waiting, so not for long.

    Attributes:
        answer_seconds: what has to be left to ask again and get an answer. A slow answer may take
            all the time but this; only an error that comes sooner leaves time for three attempts.
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
        project: where it is and the credentials for it.
        http: the pooled client that all projects share.
        semaphore: entered for the time of a lookup; bounds how many this project has under way.
        now: the current time, in UTC; only to read a Retry-After given as a date.
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
        """Whether whoever asks now may have to wait for a turn."""
        return self._semaphore.locked()

    async def voice_log(self, log_id: UUID) -> VoiceLog:
        """One voice log. `log_id` is a UUID, so nothing else can become part of the path.

        Raises:
            SignalWireError: one of the subclasses in errors.py, after at most three attempts
                within eight seconds.
        """
        return (await self.get_voice_log(log_id)).log

    async def get_voice_log(self, log_id: UUID) -> RawVoiceLog:
        """One voice log, and its JSON as it was sent. Raises as `voice_log` does.

        Another log than the one asked for is no answer: on a connection that is used again, it may
        be what the server had left over from somebody else's question.
        """
        record = await _read(parse_voice_log, await self._get(self._url(f"/{log_id}"), BODY_LIMIT))
        if parse_uuid(record.log.id) not in {log_id, None}:
            raise InvalidResponseError("another log")
        return record

    async def list_events(self, log_id: UUID) -> Timeline:
        """What happened on a leg, in the order of time. Raises as `voice_log` does."""
        body = await self._get(self._url(f"/{log_id}/events"), LIST_LIMIT)
        return await _read(parse_events, body)

    async def check(self) -> None:
        """Ask for the list, and read no log of it. Raises as `voice_log` does."""
        body = await self._get(self._url(query=b"page_size=1"), LIST_LIMIT)
        await _read(check_page, body)

    async def list_page(self, query: bytes) -> LogPage:
        """One page of the list of logs. Raises as `voice_log` does.

        Args:
            query: what stands after the question mark. Not a whole link: so, whatever a link of
                SignalWire's says, credentials go nowhere but to the list.
        """
        return await _read(parse_page, await self._get(self._url(query=query), LIST_LIMIT))

    def _url(self, below: str = "", query: bytes | None = None) -> URL:
        url = URL(f"{self._list}{below}")
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
            return await self._persist(url, limit, lambda: deadline - loop.time())

    async def _persist(self, url: URL, limit: int, seconds_left: Callable[[], float]) -> bytes:
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
    """The body; of an error that can't be read, nothing, for its status says enough."""
    try:
        return await read_capped(response, limit)
    except (TooLargeError, UnknownEncodingError):
        if response.status_code == HTTPStatus.OK:
            raise
        return b""


def _basic(project: Project) -> str:
    """RFC 7617: the project's id is the user, its token the password."""
    pair = f"{project.project_id}:{project.api_token.get_secret_value()}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


async def _read(read: Callable[[bytes], T], body: bytes) -> T:
    """What `read` makes of a body; of a long one, beside the event loop, where nobody waits."""
    if len(body) < _LONG_BODY:
        return read(body)
    return await asyncio.to_thread(read, body)


class _RetryRule:
    """Which failures are worth another attempt, and after how long."""

    def __init__(self, seconds_left: Callable[[], float], answer_seconds: float) -> None:
        self._seconds_left = seconds_left
        self._answer_seconds = answer_seconds

    def pause_after(self, error: Exception) -> bool | float:
        """True: after stamina's own pause. A number: after that many seconds. False: give up."""
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
