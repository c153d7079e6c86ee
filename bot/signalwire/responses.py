"""Parses SignalWire's responses into logs, events, pages and calls, or raises the matching error.

Schemas: SignalWire docs, "Get voice log", "List voice log events", "List voice logs" and "Error
codes".
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final, NoReturn, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.runtime.clock import Clock
from bot.runtime.http_client import Response
from bot.signalwire.compatibility import CompatibilityCall, RawCompatibilityCall
from bot.signalwire.errors import (
    NOT_THE_API,
    ApiError,
    AuthenticationError,
    BadRequestError,
    InvalidResponseError,
    LogNotFoundError,
    LogTooOldError,
    RateLimitedError,
    UnavailableError,
)
from bot.signalwire.models import (
    Json,
    JsonObject,
    LogEvent,
    RawJson,
    RawVoiceLog,
    Timeline,
    VoiceLog,
)
from bot.signalwire.raw_json import parse_json

M = TypeVar("M", bound=BaseModel)

_HISTORY_LIMIT: Final = "exceeds_history_logs_limit"
_ISO_DATE: Final = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_EMPTY_EVENT: Final = LogEvent()
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class LogPage:
    """One page of the list of logs, in the order received."""

    logs: tuple[VoiceLog, ...]
    next: str | None
    """The link to the next page as received, None on the last page. It is untrusted: only pager.py
    may use it."""


def parse_voice_log(body: bytes) -> RawVoiceLog:
    """Parse a log, and keep its JSON. Raises InvalidResponseError."""
    log, json = _record(body, VoiceLog, "JSON without a voice log's id")
    return RawVoiceLog(log, json)


def parse_compatibility_call(body: bytes) -> RawCompatibilityCall:
    """Parse a call of the Compatibility API, and keep its JSON. Raises InvalidResponseError."""
    call, json = _record(body, CompatibilityCall, "JSON without a call's sid")
    return RawCompatibilityCall(call, json)


def _record(body: bytes, model: type[M], without_id: str) -> tuple[M, RawJson]:
    parsed = _json(body)
    if not isinstance(parsed, dict):
        raise InvalidResponseError("JSON that isn't an object")
    try:
        record = model.model_validate(parsed)
    except ValidationError as error:
        raise InvalidResponseError(without_id) from error
    return record, RawJson(parsed, len(body))


def parse_events(body: bytes) -> Timeline:
    """Parse a log's events; those without a time come last. Raises InvalidResponseError."""
    envelope = _envelope(body)
    events = [event for event in _rows(envelope, LogEvent) if event != _EMPTY_EVENT]
    events.sort(key=lambda event: event.event_at or _NEVER)
    return Timeline(tuple(events), RawJson(envelope, len(body)))


def parse_page(body: bytes) -> LogPage:
    """Parse a page of the list; rows without an id are skipped. Raises InvalidResponseError."""
    envelope = _envelope(body)
    links = envelope.get("links") or {}
    # An unreadable link raises: otherwise a truncated list would seem complete.
    following = links.get("next") if isinstance(links, dict) else links
    if following is not None and not isinstance(following, str):
        raise InvalidResponseError("a list without readable links")
    return LogPage(tuple(_rows(envelope, VoiceLog)), following or None)


def _json(body: bytes) -> Json:
    """Parse a body. Raises InvalidResponseError if it isn't JSON."""
    try:
        return parse_json(body)
    except (ValueError, RecursionError) as error:
        raise InvalidResponseError("not JSON") from error


def _envelope(body: bytes) -> JsonObject:
    envelope = _json(body)
    if not isinstance(envelope, dict) or not isinstance(envelope.get("data"), list):
        raise InvalidResponseError("JSON without a list of data")
    return envelope


def _rows(envelope: JsonObject, model: type[M]) -> Iterator[M]:
    data = envelope["data"]
    for row in data if isinstance(data, list) else ():
        with suppress(ValidationError):
            yield model.model_validate(row)


def raise_for_status(response: Response, body: bytes, attempt: int, now: Clock) -> NoReturn:
    """Raise the error for a status other than 200. `attempt` counts from 1."""
    status = response.status_code
    match status:
        case 401 | 403:
            raise AuthenticationError
        case 404:
            if body and not _is_json(body):
                raise InvalidResponseError(NOT_THE_API)
            raise LogNotFoundError
        case 429:
            raise RateLimitedError(_retry_after(response, now))
        case _ if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
            _raise_rejected(status, _parse_errors(body))
        case _ if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise UnavailableError(str(status), attempt, _retry_after(response, now))
        case _:
            raise InvalidResponseError(f"status {status}")


def _is_json(body: bytes) -> bool:
    try:
        _json(body)
    except InvalidResponseError:
        return False
    return True


def _raise_rejected(status: int, errors: tuple[ApiError, ...]) -> NoReturn:
    for error in errors:
        if error.code == _HISTORY_LIMIT:
            date = _ISO_DATE.search(error.message)
            raise LogTooOldError(date.group() if date else None)
    raise BadRequestError(status, errors)


class _ErrorBody(BaseModel):
    model_config = ConfigDict(defer_build=True, extra="ignore", coerce_numbers_to_str=True)

    code: str | None = None
    message: str | None = None
    detail: str | None = None


def _parse_errors(body: bytes) -> tuple[ApiError, ...]:
    """Parse the errors in a body, in any of the formats that SignalWire is known to send.

    These are `{"errors": [{code, message}]}`, `{"errors": ["…"]}`, `{"error": "…"}`, `{code,
    message}` and a plain JSON string. Anything else gives an empty result.
    """
    try:
        parsed = _json(body)
    except InvalidResponseError:
        return ()
    found: object = parsed
    if isinstance(parsed, dict):
        found = parsed.get("errors") or parsed.get("error") or parsed
    items = found if isinstance(found, list) else [found]
    return tuple(error for error in map(_parse_error, items) if error.code or error.message)


def _parse_error(item: object) -> ApiError:
    if isinstance(item, str):
        return ApiError("", item)
    try:
        error = _ErrorBody.model_validate(item)
    except ValidationError:
        return ApiError("", "")
    return ApiError(error.code or "", error.message or error.detail or "")


def _retry_after(response: Response, now: Clock) -> float | None:
    """Seconds to wait, from a number or an HTTP date (RFC 9110 §10.2.3); None if neither."""
    header = response.headers.get("retry-after")
    if header is None:
        return None
    if header.strip().isdecimal() and len(header.strip()) < 10:  # noqa: PLR2004 - 31 years is enough
        return float(header)
    try:
        moment = parsedate_to_datetime(header)
        return max((moment - now()).total_seconds(), 0.0)
    except (ValueError, TypeError, OverflowError):  # not a date, or one without a zone
        return None
