"""Asks one SignalWire project for a voice log and names whatever goes wrong.

The only place that holds credentials and the only one that reads SignalWire's bodies. It must know
nothing of Slack. Endpoint: SignalWire docs, "Get voice log".
"""

import asyncio
import json
import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Final, NoReturn
from uuid import UUID

import stamina
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.clock import Clock
from bot.http import (
    TRANSPORT_ERRORS,
    URL,
    AsyncClient,
    BasicAuth,
    Response,
    TooLargeError,
    UnknownEncodingError,
    cause_name,
    read_capped,
)
from bot.signalwire.errors import (
    ApiFault,
    CredentialsRefusedError,
    LogNotFoundError,
    LogTooOldError,
    RateLimitedError,
    RequestRejectedError,
    UnavailableError,
    UnreadableAnswerError,
)
from bot.signalwire.models import VoiceLog
from bot.signalwire.project import Project

BODY_LIMIT: Final = 1024 * 1024
"""Bytes. The documented example has 400."""

_ANSWER_SECONDS: Final = 1.0
"""What has to be left after a pause that SignalWire asks for, to ask again and get an answer."""
_RETRIED_STATUSES: Final = frozenset({"502", "503", "504"})
_HISTORY_LIMIT: Final = "exceeds_history_logs_limit"
_ISO_DATE: Final = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


@dataclass(frozen=True)
class Patience:
    """How long and how often one log is asked for. A person is waiting, so not for long."""

    attempts: int = 3
    total_seconds: float = 8.0
    first_pause_seconds: float = 0.1
    longest_pause_seconds: float = 1.0
    jitter_seconds: float = 0.2


PATIENCE: Final = Patience()


class SignalWireClient:
    """Reads the voice logs of one project.

    Args:
        project: where it is and the credentials for it.
        http: the pooled client that all projects share.
        gate: entered for the time of a lookup; bounds how many this project has under way.
        now: the current time, in UTC; only to read a Retry-After given as a date.
    """

    def __init__(
        self,
        project: Project,
        http: AsyncClient,
        *,
        gate: AbstractAsyncContextManager[object],
        now: Clock,
        patience: Patience = PATIENCE,
    ) -> None:
        self.name: Final = project.name
        self.project_id: Final = project.project_id
        self.front: Final = URL(project.base_url).join("/")
        self._auth = BasicAuth(project.project_id, project.api_token.get_secret_value())
        self._http = http
        self._gate = gate
        self._now = now
        self._patience = patience

    async def voice_log(self, log_id: UUID) -> VoiceLog:
        """One voice log. `log_id` is a UUID, so nothing else can become part of the path.

        Raises:
            SignalWireError: one of the subclasses in errors.py, after at most three attempts
                within eight seconds.
        """
        body = await self._get(f"/api/voice/logs/{log_id}")
        return _parse(body)

    async def _get(self, path: str) -> bytes:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._patience.total_seconds
        async with AsyncExitStack() as stack:
            try:
                async with asyncio.timeout_at(deadline):
                    await stack.enter_async_context(self._gate)
            except TimeoutError as error:
                raise UnavailableError("no room", attempts=0) from error
            return await self._persist(path, lambda: deadline - loop.time())

    async def _persist(self, path: str, seconds_left: Callable[[], float]) -> bytes:
        patience = self._patience
        async for attempt in stamina.retry_context(
            on=_RetryRule(seconds_left).pause_after,
            attempts=patience.attempts,
            timeout=patience.total_seconds,
            wait_initial=patience.first_pause_seconds,
            wait_max=patience.longest_pause_seconds,
            wait_jitter=patience.jitter_seconds,
        ):
            with attempt:
                # Half of what is left, all of it for the last: three tries fit into the deadline,
                # and a slow answer still has several seconds to come.
                last = attempt.num == patience.attempts
                share = seconds_left() if last else seconds_left() / 2
                return await self._attempt(path, share, attempt.num)
        raise AssertionError("stamina either returns or raises")

    async def _attempt(self, path: str, seconds: float, number: int) -> bytes:
        try:
            async with (
                asyncio.timeout(max(seconds, 0)),
                self._http.stream("GET", self.front.join(path), auth=self._auth) as response,
            ):
                body = await read_capped(response, BODY_LIMIT)
        except TimeoutError as error:
            raise UnavailableError("timeout", number) from error
        except TRANSPORT_ERRORS as error:
            raise UnavailableError(cause_name(error), number) from error
        except TooLargeError as error:
            raise UnreadableAnswerError("over the size limit") from error
        except UnknownEncodingError as error:
            raise UnreadableAnswerError("undecodable body") from error
        if response.status_code != 200:  # noqa: PLR2004
            _raise_for(response, body, number, self._now)
        return body


class _RetryRule:
    """Which failures are worth another attempt, and after how long."""

    def __init__(self, seconds_left: Callable[[], float]) -> None:
        self._seconds_left = seconds_left

    def pause_after(self, error: Exception) -> bool | float:
        """True: after stamina's own pause. A number: after that many seconds. False: give up."""
        match error:
            case (
                RateLimitedError(retry_after_seconds=float(seconds))
                | UnavailableError(retry_after_seconds=float(seconds))
            ):
                return seconds if seconds + _ANSWER_SECONDS <= self._seconds_left() else False
            case RateLimitedError():
                return True
            case UnavailableError(cause=cause):
                return not cause.isdigit() or cause in _RETRIED_STATUSES
            case _:
                return False


def _parse(body: bytes) -> VoiceLog:
    try:
        # parse_float: a charge keeps every digit that was sent.
        return VoiceLog.model_validate(json.loads(body, parse_float=Decimal))
    except ValidationError as error:
        raise UnreadableAnswerError("JSON without a voice log's id") from error
    except (ValueError, RecursionError) as error:
        raise UnreadableAnswerError("not JSON") from error


def _raise_for(response: Response, body: bytes, attempt: int, now: Clock) -> NoReturn:
    status = response.status_code
    match status:
        case 401 | 403:
            raise CredentialsRefusedError
        case 404:
            raise LogNotFoundError
        case 400 | 422:
            _raise_rejected(status, _faults(body))
        case 429:
            raise RateLimitedError(_retry_after(response, now))
        case _ if status >= 500:  # noqa: PLR2004
            pause = _retry_after(response, now) if str(status) in _RETRIED_STATUSES else None
            raise UnavailableError(str(status), attempt, pause)
        case _:
            raise UnreadableAnswerError(f"status {status}")


def _raise_rejected(status: int, faults: tuple[ApiFault, ...]) -> NoReturn:
    for fault in faults:
        if fault.code == _HISTORY_LIMIT:
            date = _ISO_DATE.search(fault.message)
            raise LogTooOldError(date.group() if date else None)
    raise RequestRejectedError(status, faults)


class _FaultBody(BaseModel):
    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    code: str | None = None
    message: str | None = None
    detail: str | None = None


def _faults(body: bytes) -> tuple[ApiFault, ...]:
    """What an error body says, in any of the shapes this host is known to send.

    `{"errors": [{code, message}]}`, `{"errors": ["…"]}`, `{"error": "…"}`, `{code, message}` or a
    plain JSON string; anything else says nothing.
    """
    try:
        parsed: object = json.loads(body)
    except (ValueError, RecursionError):
        return ()
    found: object = parsed
    if isinstance(parsed, dict):
        found = parsed.get("errors") or parsed.get("error") or parsed
    items = found if isinstance(found, list) else [found]
    return tuple(fault for fault in map(_fault, items) if fault.code or fault.message)


def _fault(item: object) -> ApiFault:
    if isinstance(item, str):
        return ApiFault("", item)
    try:
        fault = _FaultBody.model_validate(item)
    except ValidationError:
        return ApiFault("", "")
    return ApiFault(fault.code or "", fault.message or fault.detail or "")


def _retry_after(response: Response, now: Clock) -> float | None:
    """Seconds to wait, from a number or an HTTP date (RFC 9110 §10.2.3); None if neither."""
    header = response.headers.get("retry-after")
    if header is None:
        return None
    if header.strip().isdecimal() and len(header.strip()) < 10:  # noqa: PLR2004 - 31 years will do
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
        return max((moment - now()).total_seconds(), 0.0)
    except (ValueError, TypeError, OverflowError):  # not a date, or one without a zone
        return None
