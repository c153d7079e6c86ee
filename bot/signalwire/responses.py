"""Reads SignalWire's answers: logs, events and pages out of bodies, errors out of the rest.

It must not know how an answer was got, nor by whom it was asked for. Shapes: SignalWire docs, "Get
voice log", "List voice log events", "List voice logs" and "Error codes".
"""

import codecs
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final, NoReturn, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.runtime.clock import Clock
from bot.runtime.http_client import Response
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
from bot.signalwire.models import LogEvent, RawVoiceLog, Timeline, VoiceLog

RETRIED_STATUSES: Final = frozenset({"502", "503", "504"})

T = TypeVar("T")

_HISTORY_LIMIT: Final = "exceeds_history_logs_limit"
_ISO_DATE: Final = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_EMPTY_EVENT: Final = LogEvent()
_NEVER: Final = datetime.max.replace(tzinfo=UTC)
_STRING_OR_BRACKET: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[][{}]', re.DOTALL)
_DEEPEST: Final = 100
"""Lists and objects within each other. Python's parser fails on some nine hundred."""


@dataclass(frozen=True)
class LogPage:
    """One page of the list of logs.

    Attributes:
        logs: in the order sent.
        next: the link to the page after it, as sent: outside text, not to be followed before
            listing.py has looked at it; None on the last page.
    """

    logs: tuple[VoiceLog, ...]
    next: str | None


def parse_voice_log(body: bytes) -> RawVoiceLog:
    """A log, and its JSON as it was sent. Raises UnreadableAnswerError."""
    try:
        # A charge keeps every digit that was sent.
        log = VoiceLog.model_validate(_json(body, Decimal))
    except ValidationError as error:
        raise InvalidResponseError("JSON without a voice log's id") from error
    return RawVoiceLog(log, _as_sent(body))


def parse_events(body: bytes) -> Timeline:
    """A log's events, those without a time last, and their JSON. Raises UnreadableAnswerError."""
    # An event's details are plain JSON, which knows no Decimal.
    envelope = _envelope(body, float)
    events = sorted(_events(envelope), key=lambda event: event.event_at or _NEVER)
    return Timeline(tuple(events), _as_sent(body))


def parse_page(body: bytes) -> LogPage:
    """A page of the list; a row without an id is no log. Raises UnreadableAnswerError."""
    envelope = _envelope(body, Decimal)
    links = envelope.get("links") or {}
    # Not merely ignored: a list that breaks off would pass for one that was read to its end.
    following = links.get("next") if isinstance(links, dict) else links
    if following is not None and not isinstance(following, str):
        raise InvalidResponseError("a list without readable links")
    return LogPage(tuple(_logs(envelope)), following or None)


def _json(body: bytes, number: type[float | Decimal] = float) -> object:
    """What a body says. Only where it isn't JSON does it raise UnreadableAnswerError.

    One field that nobody can read must not take away the rest: None stands for a number beyond all
    bounds and for what is nested too deep.
    """
    try:
        text = _text(body)
        try:
            return _parsed(text, number)
        except RecursionError:
            return _parsed(_shallow(text), number)
    except (ValueError, RecursionError) as error:
        raise InvalidResponseError("not JSON") from error


def _parsed(text: str, number: type[float | Decimal]) -> object:
    parsed: object = json.loads(
        text,
        parse_float=_none_if_unreadable(number),
        parse_int=_none_if_unreadable(int),
        parse_constant=lambda _not_json: None,  # NaN and Infinity
    )
    return parsed


def _none_if_unreadable(read: Callable[[str], T]) -> Callable[[str], T | None]:
    def read_or_none(digits: str) -> T | None:
        try:
            return read(digits)
        except (ValueError, ArithmeticError):  # over 4,300 digits; an exponent past Decimal's
            return None

    return read_or_none


def _shallow(text: str) -> str:
    """JSON with null in place of what is nested too deep."""
    kept, end, depth = [], 0, 0
    for match in _STRING_OR_BRACKET.finditer(text):
        if match.group() in "[{":
            depth += 1
            if depth == _DEEPEST + 1:
                kept += [text[end : match.start()], "null"]
        elif match.group() in "]}":
            if depth == _DEEPEST + 1:
                end = match.end()
            depth -= 1
    return "".join(kept) + (text[end:] if depth <= _DEEPEST else "")


def _text(body: bytes) -> str:
    # Python has these two codecs built in; any other would be loaded from disk.
    in_utf_16 = body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return body.decode("utf-16" if in_utf_16 else "utf-8").removeprefix("\ufeff")


def _as_sent(body: bytes) -> str:
    return body.decode(errors="replace")


def check_page(body: bytes) -> None:
    """Read nothing of a page but that it is one. Raises UnreadableAnswerError."""
    _envelope(body, float)


def _envelope(body: bytes, number: type[float | Decimal]) -> Mapping[str, object]:
    envelope = _json(body, number)
    if not isinstance(envelope, dict) or not isinstance(envelope.get("data"), list):
        raise InvalidResponseError("JSON without a list of data")
    return envelope


def _rows(envelope: Mapping[str, object]) -> Iterator[object]:
    data = envelope["data"]
    yield from data if isinstance(data, list) else ()


def _logs(envelope: Mapping[str, object]) -> Iterator[VoiceLog]:
    for row in _rows(envelope):
        try:
            yield VoiceLog.model_validate(row)
        except ValidationError:
            continue


def _events(envelope: Mapping[str, object]) -> Iterator[LogEvent]:
    for row in _rows(envelope):
        try:
            event = LogEvent.model_validate(row)
        except ValidationError:
            continue
        if event != _EMPTY_EVENT:
            yield event


def raise_for_status(response: Response, body: bytes, attempt: int, now: Clock) -> NoReturn:
    """Name what an answer other than 200 says. `attempt`: which one it was, from 1."""
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
            _raise_rejected(status, _faults(body))
        case _ if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            pause = _retry_after(response, now) if str(status) in RETRIED_STATUSES else None
            raise UnavailableError(str(status), attempt, pause)
        case _:
            raise InvalidResponseError(f"status {status}")


def _is_json(body: bytes) -> bool:
    try:
        _json(body)
    except InvalidResponseError:
        return False
    return True


def _raise_rejected(status: int, faults: tuple[ApiError, ...]) -> NoReturn:
    for fault in faults:
        if fault.code == _HISTORY_LIMIT:
            date = _ISO_DATE.search(fault.message)
            raise LogTooOldError(date.group() if date else None)
    raise BadRequestError(status, faults)


class _ErrorBody(BaseModel):
    model_config = ConfigDict(defer_build=True, extra="ignore", coerce_numbers_to_str=True)

    code: str | None = None
    message: str | None = None
    detail: str | None = None


def _faults(body: bytes) -> tuple[ApiError, ...]:
    """What an error body says, in any of the shapes this host is known to send.

    `{"errors": [{code, message}]}`, `{"errors": ["…"]}`, `{"error": "…"}`, `{code, message}` or a
    plain JSON string; anything else says nothing.
    """
    try:
        parsed = _json(body)
    except InvalidResponseError:
        return ()
    found: object = parsed
    if isinstance(parsed, dict):
        found = parsed.get("errors") or parsed.get("error") or parsed
    items = found if isinstance(found, list) else [found]
    return tuple(fault for fault in map(_fault, items) if fault.code or fault.message)


def _fault(item: object) -> ApiError:
    if isinstance(item, str):
        return ApiError("", item)
    try:
        fault = _ErrorBody.model_validate(item)
    except ValidationError:
        return ApiError("", "")
    return ApiError(fault.code or "", fault.message or fault.detail or "")


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
