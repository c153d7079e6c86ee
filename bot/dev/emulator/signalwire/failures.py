"""The log IDs that make the SignalWire emulator fail, and how each one fails.

Facts: signalwire.com/docs: REST API, Core, "Error codes" and Voice, "Get voice log".
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final, Literal

from pydantic import JsonValue

from bot.dev.emulator.signalwire.catalog import catalog, delayed_log
from bot.dev.emulator.signalwire.fixtures import call, log_id

JSON_TYPE: Final[Mapping[str, str]] = {"content-type": "application/json"}
HTML_TYPE: Final[Mapping[str, str]] = {"content-type": "text/html; charset=utf-8"}
ERROR_CODES_PAGE: Final = "https://signalwire.com/docs/apis/error-codes"
_MEBIBYTE: Final = 1024 * 1024
_CREATED: Final = datetime(2026, 1, 2, 3, 4, 5, 678_000, UTC)
Endpoint = Literal["log", "events", "call"]


@dataclass(frozen=True)
class CannedFailure:
    """One way for a request to fail."""

    status: int
    """The HTTP status; with `number`, it makes the log ID that triggers the failure."""
    number: int
    description: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=lambda: JSON_TYPE)
    delay_seconds: float = 0.0
    repeat: int | None = None
    """How often it fails before the log is returned; None for always."""
    endpoint: Endpoint = "log"
    """Which endpoint fails: the log, its events, or the Compatibility API's call."""
    log_fields: Mapping[str, JsonValue] = field(default_factory=dict)
    """Fields of the log that is returned when the request does not fail."""

    @property
    def id(self) -> str:
        return log_id(f"fa17{self.status:04d}", self.number)

    @property
    def log(self) -> bytes:
        """The log that is returned when the request does not fail."""
        return as_json(_log(self.id, **self.log_fields))


def as_json(value: JsonValue) -> bytes:
    """Serialize JSON as SignalWire does.

    Python prints a float with the fewest digits that round-trip, so 0.0004 stays 0.0004. Only
    charges under 0.0001 would use exponents, and no price is that small.
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def simple_error(words: str) -> bytes:
    """The short error body used with 400, 401, 404 and 500."""
    return as_json({"error": words})


def validation_error(code: str, message: str, attribute: str, kind: str) -> bytes:
    """The error body used with 422."""
    error: JsonValue = {
        "type": kind,
        "code": code,
        "message": message,
        "attribute": attribute,
        "url": ERROR_CODES_PAGE,
    }
    return as_json({"errors": [error]})


def _log(id_: str, **changes: JsonValue) -> dict[str, JsonValue]:
    ended: dict[str, JsonValue] = {"from": "+12065550104", "to": "+12065550105", "status": "ended"}
    lengths = {"duration_ms": 12_345, "billing_ms": 10_000}
    return call(id_, _CREATED, **{**ended, **lengths, **changes})


def _client_errors() -> tuple[CannedFailure, ...]:
    limited = validation_error("rate_limit_exceeded", "Slow down.", "base", "rate_limit_error")
    retry_soon, retry_late = ({**JSON_TYPE, "retry-after": seconds} for seconds in ("1", "120"))
    too_old = validation_error(
        "exceeds_history_logs_limit",
        "The value exceeds the 2025-02-09 date limit.",
        "created_at",
        "account_error",
    )
    invalid = validation_error(
        "invalid_parameter", "Parameter value is invalid", "id", "validation_error"
    )
    return (
        *(
            CannedFailure(status, 0, f"{status} {status.phrase}", simple_error(status.phrase))
            for status in map(HTTPStatus, (400, 401, 403, 404))
        ),
        CannedFailure(404, 1, "404, the body a bare string", as_json("Not Found")),
        CannedFailure(422, 0, "422, older than the account's history limit", too_old),
        CannedFailure(422, 1, "422, invalid_parameter", invalid),
        CannedFailure(429, 0, "429, Retry-After: 1", limited, retry_soon),
        CannedFailure(
            429, 1, "429 once, Retry-After: 1, then a log", limited, retry_soon, repeat=1
        ),
        CannedFailure(429, 2, "429, Retry-After: 120", limited, retry_late),
        CannedFailure(429, 3, "429, no Retry-After", limited),
    )


def _server_errors() -> tuple[CannedFailure, ...]:
    crash = simple_error("Internal Server Error")
    unavailable = b"<html><body><h1>503 Service Unavailable</h1></body></html>"
    return (
        CannedFailure(500, 0, "500 Internal Server Error", crash),
        CannedFailure(
            500,
            1,
            "the log is fine, its events endpoint responds with 500",
            crash,
            endpoint="events",
        ),
        CannedFailure(
            500,
            2,
            "the LaML log is fine, the Compatibility API responds with 500",
            crash,
            endpoint="call",
            log_fields={"status": "failed", "type": "laml_call"},
        ),
        CannedFailure(503, 0, "503 always", unavailable, HTML_TYPE),
        CannedFailure(503, 1, "503 once, then a log", unavailable, HTML_TYPE, repeat=1),
    )


def _invalid_responses() -> tuple[CannedFailure, ...]:
    log = _log(log_id("fa170200", 1))
    whole = as_json(log)
    without_id = {name: value for name, value in log.items() if name != "id"}
    elsewhere = {"location": "https://elsewhere.example/api/voice/logs/"}
    return (
        CannedFailure(
            200, 0, "200 with an HTML page", b"<html><body>Sign in</body></html>", HTML_TYPE
        ),
        CannedFailure(200, 1, "truncated JSON", whole[: len(whole) // 2]),
        CannedFailure(200, 2, "a body of over 1 MiB", as_json({**log, "padding": "x" * _MEBIBYTE})),
        CannedFailure(200, 3, "a JSON array", as_json([log])),
        CannedFailure(200, 4, "bytes that are not UTF-8", b'{"id":"\xff\xfe"}'),
        CannedFailure(200, 5, "a JSON object without id", as_json(without_id)),
        CannedFailure(302, 0, "302 to another host", b"", elsewhere),
        *(
            CannedFailure(
                200,
                number,
                f"{name}: responds after {seconds} s",
                as_json(_log(log_id("fa170200", number))),
                delay_seconds=seconds,
            )
            for number, name, seconds in ((6, "slow", 2), (7, "stalled", 30))
        ),
    )


def canned_failures() -> tuple[CannedFailure, ...]:
    return (*_client_errors(), *_server_errors(), *_invalid_responses())


def descriptions(now: datetime) -> dict[str, str]:
    """Every ID that can be looked up, those of failures included, with what is special about it."""
    known = {entry.id: entry.description for entry in (*catalog(now), delayed_log(now))}
    return known | {failure.id: failure.description for failure in canned_failures()}
