"""The HTTP app: request verification in front of Bolt, health and readiness.

Bolt responds with 500 to four kinds of malformed request without a valid signature, and logs whole
bodies when a signature is wrong. So only requests that Slack signed reach it.
"""

import re
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs

import structlog
from pydantic import JsonValue
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import Clock as EpochClock
from slack_sdk.signature import SignatureVerifier
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, Router

from bot.entrypoints.bolt_requests import bolt_request, parse_body
from bot.runtime.clock import Clock

EVENTS_PATH: Final = "/slack/events"
BODY_LIMIT: Final = 64 * 1024
"""Bytes of a signed request, unless PAYLOAD_LIMIT applies."""
PAYLOAD_LIMIT: Final = 1024 * 1024
"""Bytes of a signed form with a `payload` field. A message shortcut carries its message twice, with
eight bytes for each non-ASCII character and sixteen for an emoji: 40,000 Japanese characters are
626 KiB. A click in a modal carries the modal, which ui/block_kit.py keeps below this."""
SSL_CHECK_LIMIT: Final = 4 * 1024
"""Bytes of an unsigned request."""
TIMESTAMP_SECONDS: Final = 5 * 60
"""How far Slack's timestamp may be off (docs.slack.dev, "Verifying requests from Slack")."""

_LENGTH: Final = re.compile(r"[0-9]{1,18}")
_TIMESTAMP: Final = re.compile(r"[0-9]{1,12}")
_SIGNATURE: Final = re.compile(r"v0=[0-9a-f]{64}")
_FORM: Final = "application/x-www-form-urlencoded"
_JSON: Final = "application/json"
_PAYLOAD: Final = b"payload="
_OLD: Final = "timestamp over 5 minutes old, or this machine's clock is fast"
_AHEAD: Final = "timestamp over 5 minutes ahead, or this machine's clock is slow"

_log = structlog.stdlib.get_logger(__name__)


@dataclass(eq=False)
class RequestRejectedError(Exception):
    """The request is rejected with `status` before it reaches Bolt; `reason` is for logs."""

    status: int
    reason: str


class _VerifierClock(EpochClock):
    def __init__(self, now: Clock) -> None:
        self._now = now

    def now(self) -> float:
        return self._now().timestamp()


class RequestVerifier:
    """Accepts only requests that Slack signed within the last five minutes.

    A signature made with any of the secrets is valid.
    """

    def __init__(self, signing_secrets: Sequence[str], now: Clock) -> None:
        clock = _VerifierClock(now)
        self._verifiers = [SignatureVerifier(secret, clock) for secret in signing_secrets]
        self._now = now

    async def verify(self, request: Request) -> dict[str, JsonValue] | None:
        """Return the payload of a signed, well-formed request; None for Slack's `ssl_check`.

        Raises RequestRejectedError, with the status to respond with.
        """
        content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if content_type not in {_FORM, _JSON}:
            raise RequestRejectedError(415, "content type")
        timestamp = request.headers.get("x-slack-request-timestamp", "")
        signature = request.headers.get("x-slack-signature", "")
        if not timestamp and not signature and content_type == _FORM:
            await self._ssl_check(request)
            return None
        if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
            raise RequestRejectedError(401, "signature headers")
        self._check_time(int(timestamp))
        is_form = content_type == _FORM
        raw = await _read_body(request, _form_limit if is_form else lambda _: BODY_LIMIT)
        try:
            body = raw.decode()
        except UnicodeDecodeError as error:  # the verifier would raise it
            raise RequestRejectedError(400, "not UTF-8") from error
        if not any(each.is_valid(body, timestamp, signature) for each in self._verifiers):
            raise RequestRejectedError(413 if len(raw) > BODY_LIMIT else 401, "signature")
        try:
            return parse_body(body, is_json=not is_form)
        except (ValueError, RecursionError) as error:
            raise RequestRejectedError(400, "malformed body") from error

    async def _ssl_check(self, request: Request) -> None:
        """Reject an unsigned request unless it is an `ssl_check`.

        Slack uses these to check the certificate from time to time, and doesn't sign them
        (docs.slack.dev: implementing-slash-commands; slackapi/bolt-js #1397).
        """
        try:
            body = await _read_body(request, lambda _: SSL_CHECK_LIMIT)
        except RequestRejectedError as error:
            raise RequestRejectedError(401, "signature headers") from error
        if parse_qs(body.decode("ascii", "replace")).get("ssl_check") != ["1"]:
            raise RequestRejectedError(401, "signature headers")

    def _check_time(self, timestamp: int) -> None:
        age = self._now().timestamp() - timestamp
        if abs(age) > TIMESTAMP_SECONDS:
            raise RequestRejectedError(401, _OLD if age > 0 else _AHEAD)


async def _read_body(request: Request, limit_for: Callable[[bytearray], int]) -> bytes:
    """Read the body of an unverified request; see connections.py for the limit on all of them.

    `limit_for` returns the size limit in bytes for a body that begins with the given bytes. Raises
    RequestRejectedError if the body or its declared length exceeds it, or the client disconnects.
    """
    length = request.headers.get("content-length", "")
    declared = int(length) if _LENGTH.fullmatch(length) else 0
    body = bytearray()
    try:
        _check_length(declared, limit_for(body))
        async for chunk in request.stream():
            body += chunk
            _check_length(max(declared, len(body)), limit_for(body))
    except ClientDisconnect as error:
        raise RequestRejectedError(400, "disconnected") from error
    return bytes(body)


def _check_length(length: int, limit: int) -> None:
    if length > limit:
        raise RequestRejectedError(413, "too large")


def _form_limit(start: bytearray) -> int:
    may_be_payload = _PAYLOAD.startswith(start[: len(_PAYLOAD)])
    return PAYLOAD_LIMIT if may_be_payload else BODY_LIMIT


def create_app(
    bolt: AsyncApp,
    verifier: RequestVerifier,
    *,
    lifespan: Callable[[], AbstractAsyncContextManager[None]],
    is_draining: Callable[[], bool],
) -> Router:
    """Create the ASGI application, which enters `lifespan` at startup and exits it at shutdown.

    While `is_draining`, `/readyz` reports that new requests should go to another process.
    """

    async def events(request: Request) -> Response:
        try:
            payload = await verifier.verify(request)
        except RequestRejectedError as rejection:
            _log.warning("request.rejected", status=rejection.status, reason=rejection.reason)
            return Response(status_code=rejection.status)
        if payload is None:
            return Response()
        try:
            response = await bolt.async_dispatch(bolt_request(payload))
            headers = response.first_headers_without_set_cookie()
            return Response(response.body, status_code=response.status, headers=headers)
        except Exception:  # noqa: BLE001 - Bolt may raise anything on an odd payload
            _log.exception("request.dispatch_failed")
            return Response(status_code=400)

    async def healthz(_request: Request) -> Response:
        return JSONResponse({"status": "alive"})

    async def readyz(_request: Request) -> Response:
        if is_draining():
            return JSONResponse({"status": "draining"}, status_code=503)
        return JSONResponse({"status": "ready"})

    # A Router is an ASGI application. Starlette would only add two layers of error handling, which
    # uvicorn has too.
    return Router(
        routes=[
            Route(EVENTS_PATH, events, methods=["POST"]),
            Route("/healthz", healthz),
            Route("/readyz", readyz),
        ],
        # Otherwise a path with an extra slash is redirected, to whatever host the request names.
        redirect_slashes=False,
        lifespan=lambda _app: lifespan(),
    )
