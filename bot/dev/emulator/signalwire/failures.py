"""The log IDs that make the SignalWire emulator fail, and how each one fails.

Facts: signalwire.com/docs: REST API, Core, "Error codes" and Voice, "Get voice log".
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final, Literal

from pydantic import JsonValue

from bot.dev.emulator.signalwire.fixtures import call

JSON_TYPE: Final[Mapping[str, str]] = MappingProxyType({"content-type": "application/json"})
ERROR_CODES_PAGE: Final = "https://signalwire.com/docs/apis/error-codes"
_MEBIBYTE: Final = 1024 * 1024
Endpoint = Literal["log", "events", "call"]


@dataclass(frozen=True)
class CannedFailure:
    """One way for a request to fail.

    Attributes:
        id: the log ID that triggers it.
        repeat: how often it fails before the log is returned; None for always.
        endpoint: which endpoint fails: the log, its events, or the Compatibility API's call.
        then: the log returned with 200 when the request does not fail.
    """

    id: str
    description: str
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=lambda: JSON_TYPE)
    delay_seconds: float = 0.0
    repeat: int | None = None
    endpoint: Endpoint = "log"
    then: bytes = b""


def _id(status: int, number: int = 0) -> str:
    return f"fa17{status:04d}-0000-4000-8000-{number:012d}"


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
    created = datetime.fromisoformat("2026-01-02T03:04:05.678+00:00")
    return call(
        id_,
        created,
        from_="+12065550104",
        to="+12065550105",
        **{
            "status": "ended",
            "duration": 12,
            "duration_ms": 12_345,
            "billing_ms": 10_000,
            **changes,
        },
    )


def _client_errors() -> tuple[CannedFailure, ...]:
    limited = validation_error("rate_limit_exceeded", "Slow down.", "base", "rate_limit_error")
    retry_soon = {**JSON_TYPE, "retry-after": "1"}
    retry_late = {**JSON_TYPE, "retry-after": "120"}
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
        CannedFailure(_id(400), "400 Bad Request", 400, simple_error("Bad Request")),
        CannedFailure(_id(401), "401 Unauthorized", 401, simple_error("Unauthorized")),
        CannedFailure(_id(403), "403 Forbidden", 403, simple_error("Forbidden")),
        CannedFailure(_id(404), "404 Not Found", 404, simple_error("Not Found")),
        CannedFailure(_id(404, 1), "404, the body a bare string", 404, as_json("Not Found")),
        CannedFailure(_id(422), "422, older than the account's history limit", 422, too_old),
        CannedFailure(_id(422, 1), "422, invalid_parameter", 422, invalid),
        CannedFailure(_id(429), "429, Retry-After: 1", 429, limited, retry_soon),
        CannedFailure(
            _id(429, 1),
            "429 once, Retry-After: 1, then a log",
            429,
            limited,
            retry_soon,
            repeat=1,
            then=as_json(_log(_id(429, 1))),
        ),
        CannedFailure(_id(429, 2), "429, Retry-After: 120", 429, limited, retry_late),
        CannedFailure(_id(429, 3), "429, no Retry-After", 429, limited),
    )


def _server_errors() -> tuple[CannedFailure, ...]:
    crash = simple_error("Internal Server Error")
    away = b"<html><body><h1>503 Service Unavailable</h1></body></html>"
    html = {"content-type": "text/html; charset=utf-8"}
    return (
        CannedFailure(_id(500), "500 Internal Server Error", 500, crash),
        CannedFailure(
            _id(500, 1),
            "the log is fine, its events answer 500",
            500,
            crash,
            endpoint="events",
            then=as_json(_log(_id(500, 1))),
        ),
        CannedFailure(
            _id(500, 2),
            "the LaML log is fine, the Compatibility API answers 500",
            500,
            crash,
            endpoint="call",
            then=as_json(_log(_id(500, 2), status="failed", type="laml_call", source="laml")),
        ),
        CannedFailure(_id(503), "503 always", 503, away, html),
        CannedFailure(
            _id(503, 1),
            "503 once, then a log",
            503,
            away,
            html,
            repeat=1,
            then=as_json(_log(_id(503, 1))),
        ),
    )


def _invalid_responses() -> tuple[CannedFailure, ...]:
    ids = [_id(200, number) for number in range(8)]
    whole = as_json(_log(ids[1]))
    huge: dict[str, JsonValue] = {**_log(ids[2]), "padding": "x" * _MEBIBYTE}
    nameless = {key: value for key, value in _log(ids[5]).items() if key != "id"}
    html = {"content-type": "text/html; charset=utf-8"}
    elsewhere = {"location": f"https://elsewhere.example/api/voice/logs/{_id(302)}"}
    return (
        CannedFailure(
            ids[0], "200 with an HTML page", 200, b"<html><body>Sign in</body></html>", html
        ),
        CannedFailure(ids[1], "JSON cut short", 200, whole[: len(whole) // 2]),
        CannedFailure(ids[2], "a body of over 1 MiB", 200, as_json(huge)),
        CannedFailure(ids[3], "a JSON array", 200, as_json([_log(ids[3])])),
        CannedFailure(ids[4], "bytes that are not UTF-8", 200, b'{"id":"\xff\xfe"}'),
        CannedFailure(ids[5], "a JSON object without id", 200, as_json(nameless)),
        CannedFailure(_id(302), "302 to another host", 302, b"", elsewhere),
        CannedFailure(
            ids[6], "slow: answers after 2 s", 200, as_json(_log(ids[6])), delay_seconds=2
        ),
        CannedFailure(
            ids[7], "stalled: answers after 30 s", 200, as_json(_log(ids[7])), delay_seconds=30
        ),
    )


def canned_failures() -> tuple[CannedFailure, ...]:
    return (*_client_errors(), *_server_errors(), *_invalid_responses())
