"""Posts JSON to Slack, and detects when Slack rejects it."""

import asyncio
import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

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

Payload = dict[str, object]

NO_RESPONSE: Final = 0
"""Instead of a status."""
_POST_SECONDS: Final = 5.0
_RESPONSE_LIMIT: Final = 1024 * 1024
"""Bytes. The longest responses repeat a view."""
_CODE_LENGTH: Final = 40
_RESPONSE_LOST: Final = frozenset({502, 504})
"""Statuses of a gateway that got no valid response to the request (RFC 9110 §15.6)."""
_SERVER_CODES: Final = frozenset({"internal_error", "fatal_error", "service_unavailable"})
"""Slack failed, though with a 200 (docs.slack.dev: views.update, "Errors")."""
_RATE_LIMITED: Final = "ratelimited"
# Seconds before a retry.
_DISCONNECT_PAUSE: Final = 0.2
_SERVER_ERROR_PAUSE: Final = 0.5
_RATE_LIMIT_PAUSE: Final = 1.0  # without a Retry-After
_LONGEST_PAUSE: Final = 5.0


@dataclass(eq=False)
class SlackError(Exception):
    """Slack rejected a request, or didn't confirm it."""

    code: str
    """Slack's error code, or the class name of the transport error; may be empty."""
    status: int = NO_RESPONSE
    pause: float | None = None
    """Seconds before a retry; None if retrying won't help."""
    maybe_applied: bool = False
    """Whether the request was sent, but Slack itself didn't respond."""

    @property
    def is_server_error(self) -> bool:
        """Whether Slack itself failed, so that it may have done a part of the request."""
        return self.status >= HTTPStatus.INTERNAL_SERVER_ERROR or self.code in _SERVER_CODES

    @property
    def reason(self) -> str:
        """The status and the code, for logs."""
        is_usual = self.status in {NO_RESPONSE, HTTPStatus.OK} and self.code
        return self.code if is_usual else f"{self.status} {self.code}".rstrip()


@dataclass(frozen=True)
class SlackResponse:
    """What Slack returned: the JSON object, which is empty for another body, and the `Date`."""

    payload: Payload
    date: str


def pause_after(error: Exception) -> bool | float:
    """Return the seconds before a retry, or False for no retry, as stamina expects."""
    return error.pause if isinstance(error, SlackError) and error.pause is not None else False


async def post(http: Client, url: URL, payload: Payload, token: str = "") -> SlackResponse:
    """Post once, for up to five seconds. Raises SlackError."""
    headers = {"Content-Type": "application/json; charset=utf-8"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    try:
        content = to_json(payload)
        async with (
            asyncio.timeout(_POST_SECONDS),
            http.stream("POST", url, headers=headers, content=content) as response,
        ):
            try:
                body = await read_capped(response, _RESPONSE_LIMIT)
            except (TooLargeError, UnknownEncodingError):
                body = b""  # the status suffices
    except CONNECT_ERRORS as error:
        raise SlackError(cause_name(error), pause=_DISCONNECT_PAUSE) from error
    except TRANSPORT_ERRORS as error:
        raise SlackError(cause_name(error), pause=_DISCONNECT_PAUSE, maybe_applied=True) from error
    except PydanticSerializationError as error:  # half of a surrogate pair
        raise SlackError("unencodable") from error
    parsed = _json_object(body)
    if response.status_code != HTTPStatus.OK or parsed.get("ok") is False:
        retry_after = response.headers.get("retry-after", "")
        raise _rejection(response.status_code, _error_code(parsed, body), retry_after)
    return SlackResponse(parsed, response.headers.get("date", ""))


def _json_object(body: bytes) -> Payload:
    try:
        parsed: object = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _error_code(parsed: Payload, body: bytes) -> str:
    """Return a code such as `used_url`, from `{"error": …}` or a bare body, which may be HTML."""
    code = parsed.get("error")
    text = code if isinstance(code, str) else body[:_CODE_LENGTH].decode("ascii", "replace").strip()
    text = text[:_CODE_LENGTH]
    return text if text.replace("_", "").isalpha() and text.islower() else ""


def _rejection(status: int, code: str, retry_after: str) -> SlackError:
    if status == HTTPStatus.TOO_MANY_REQUESTS or code == _RATE_LIMITED:
        pause = float(retry_after) if retry_after.isdecimal() else _RATE_LIMIT_PAUSE
        return SlackError(code, status, min(pause, _LONGEST_PAUSE))
    error = SlackError(code, status)
    if error.is_server_error:
        error.pause, error.maybe_applied = _SERVER_ERROR_PAUSE, status in _RESPONSE_LOST
    return error
