"""Posts messages to response URLs, and detects when Slack rejects them.

Bolt's `respond()` opens a TLS session for each message and ignores a 404. A response URL is valid
for five messages within thirty minutes (docs.slack.dev: handling user interaction).
"""

import asyncio
import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from enum import Enum, auto
from http import HTTPStatus
from typing import Final

import stamina
import structlog
from pydantic_core import PydanticSerializationError, to_json

from bot.runtime.http_client import (
    CONNECT_ERRORS,
    TRANSPORT_ERRORS,
    URL,
    Client,
    TooLargeError,
    UnknownEncodingError,
    cause_name,
    read_capped,
)
from bot.slack.hosts import ResponseURL, parse_response_url
from bot.ui.block_kit import Message

_JSON: Final = {"Content-Type": "application/json"}
_POST_SECONDS: Final = 5.0
_RESPONSE_LIMIT: Final = 64 * 1024
_RESPONSE_LOST: Final = frozenset({502, 504})
"""Statuses of a gateway that got no valid response to the message (RFC 9110 §15.6)."""
# Seconds before a retry.
_DISCONNECT_PAUSE: Final = 0.2
_SERVER_ERROR_PAUSE: Final = 0.5
_RATE_LIMIT_PAUSE: Final = 1.0  # without a Retry-After
_LONGEST_PAUSE: Final = 5.0

_log = structlog.stdlib.get_logger(__name__)

Payload = dict[str, object]


def ephemeral(message: Message) -> Payload:
    """Build the payload of a message that only the user who asked can see."""
    return {
        "response_type": "ephemeral",
        "text": message.text,
        "blocks": list(message.blocks),
    }


@dataclass(frozen=True)
class Visibility:
    """Who sees a message: only the user, or everyone in the channel or in a thread."""

    public: bool = False
    thread_ts: str | None = None


EPHEMERAL: Final = Visibility()


def _payload(message: Message, visibility: Visibility) -> Payload:
    payload = ephemeral(message)
    if visibility.public:
        payload["response_type"] = "in_channel"
    if visibility.thread_ts is not None:
        payload["thread_ts"] = visibility.thread_ts
    return payload


class Delivery(Enum):
    """The outcome of a post. It is true if the message was delivered, or may have been."""

    DELIVERED = auto()
    UNKNOWN = auto()
    """The message was sent, but Slack itself didn't respond."""
    RETRYABLE = auto()
    """Slack failed; a later message may succeed."""
    FAILED = auto()
    """Slack rejected the message or the response URL."""

    def __bool__(self) -> bool:
        return self in {Delivery.DELIVERED, Delivery.UNKNOWN}


@dataclass(eq=False)
class _PostError(Exception):
    """Slack didn't confirm a message."""

    reason: str
    """Slack's status and error code, or the transport error; for logs."""
    pause: float | None = None
    """Seconds before a retry; None if retrying won't help."""
    maybe_delivered: bool = field(default=False, kw_only=True)
    """Whether the message was sent, but Slack itself didn't respond."""

    @property
    def content_rejected(self) -> bool:
        """Whether Slack rejected the blocks or the payload."""
        return self.reason.startswith("400") or "invalid_blocks" in self.reason


@dataclass(frozen=True)
class ResponseUrlClient:
    """Posts to response URLs.

    `api` is SLACK_API_URL; `semaphore` limits the concurrent posts of the process.
    """

    http: Client
    api: URL = field(kw_only=True)
    semaphore: AbstractAsyncContextManager[object] = field(kw_only=True)

    def parse_url(self, url: str) -> ResponseURL | None:
        """Parse a response URL; None if it isn't on an allowed host."""
        return parse_response_url(url, api=self.api)

    async def post(
        self,
        url: ResponseURL,
        message: Message,
        *,
        request_id: str,
        replace_original: bool = False,
        visibility: Visibility = EPHEMERAL,
        attempts: int = 3,
    ) -> Delivery:
        """Post `message`.

        If Slack rejects the content, the plain text is posted instead, except in a thread, where
        the error may be about the thread. 429, 5xx and connection errors are retried, up to
        `attempts` in total. A final failure is logged as an error.

        A message that may have been delivered is posted again, since a duplicate is better than a
        lost message. This doesn't apply to a new public message.

        `replace_original` replaces the message that was clicked in, but not what a command's or a
        shortcut's response URL has posted.
        """
        payload: Payload = {"replace_original": replace_original} | _payload(message, visibility)
        is_new_public = visibility.public and not replace_original
        pause = _pause_unless_delivered if is_new_public else _pause_after
        failure = await self._post_with_retries(url, payload, attempts, pause)
        if failure is not None and failure.content_rejected and visibility.thread_ts is None:
            _log.error("reply.content_rejected", request_id=request_id, reason=failure.reason)
            del payload["blocks"]
            payload["mrkdwn"] = False
            failure = await self._post_with_retries(url, payload, attempts, pause)
        if failure is None:
            return Delivery.DELIVERED
        _log.error("reply.failed", request_id=request_id, reason=failure.reason)
        if failure.maybe_delivered:
            return Delivery.UNKNOWN
        return Delivery.FAILED if failure.pause is None else Delivery.RETRYABLE

    async def _post_with_retries(
        self,
        url: ResponseURL,
        payload: Payload,
        attempts: int,
        pause: Callable[[Exception], bool | float],
    ) -> _PostError | None:
        """Post, with retries; return the last failure, or None on success."""
        try:
            retried = stamina.AsyncRetryingCaller(attempts=attempts, timeout=None)
            await retried(pause, self._post, url, payload)
        except _PostError as failure:
            return failure
        return None

    async def _post(self, url: ResponseURL, payload: Payload) -> None:
        """Post once. Raises _PostError."""
        try:
            async with self.semaphore, asyncio.timeout(_POST_SECONDS):
                response = await self._send_request(url, payload)
        except CONNECT_ERRORS as error:
            raise _PostError(cause_name(error), _DISCONNECT_PAUSE) from error
        except TRANSPORT_ERRORS as error:
            raise _PostError(cause_name(error), _DISCONNECT_PAUSE, maybe_delivered=True) from error
        except PydanticSerializationError as error:  # half of a surrogate pair
            raise _PostError("unencodable") from error
        _raise_for_rejection(*response)

    async def _send_request(self, url: ResponseURL, payload: Payload) -> tuple[int, str, bytes]:
        """Return the status, Retry-After and body of Slack's response."""
        content = to_json(payload)
        async with self.http.stream("POST", url, headers=_JSON, content=content) as response:
            try:
                body = await read_capped(response, _RESPONSE_LIMIT)
            except (TooLargeError, UnknownEncodingError):
                body = b""  # the status suffices
            return response.status_code, response.headers.get("retry-after", ""), body


def _raise_for_rejection(status: int, retry_after: str, body: bytes) -> None:
    reason = _reason(status, body)
    if reason is None:
        return
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        pause = float(retry_after) if retry_after.isdecimal() else _RATE_LIMIT_PAUSE
        raise _PostError(reason, min(pause, _LONGEST_PAUSE))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise _PostError(reason, _SERVER_ERROR_PAUSE, maybe_delivered=status in _RESPONSE_LOST)
    raise _PostError(reason)


def _pause_after(error: Exception) -> bool | float:
    """Return the seconds before a retry, or False for no retry, as stamina expects."""
    return error.pause if isinstance(error, _PostError) and error.pause is not None else False


def _pause_unless_delivered(error: Exception) -> bool | float:
    """As `_pause_after`, but don't retry a message that may have been delivered."""
    if isinstance(error, _PostError) and error.maybe_delivered:
        return False
    return _pause_after(error)


def _reason(status: int, body: bytes) -> str | None:
    """Return why Slack rejected a message, from `{"ok": false, "error": …}` or a bare body."""
    try:
        parsed: object = json.loads(body)
    except (ValueError, RecursionError):
        parsed = None
    code = parsed.get("error") if isinstance(parsed, dict) else None
    rejected = isinstance(parsed, dict) and parsed.get("ok") is False
    if status == HTTPStatus.OK and not rejected:
        return None
    text = code if isinstance(code, str) else body[:40].decode("ascii", "replace").strip()
    return f"{status} {_error_code(text)}".rstrip()


def _error_code(text: str) -> str:
    """Return `text` if it is an error code such as `used_url`, else nothing: it may be HTML."""
    return text if text.replace("_", "").isalpha() and text.islower() else ""
