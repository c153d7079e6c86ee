"""The HTTP face: a guard before Bolt, health and readiness. It must not know any listener.

Bolt answers 500 to four kinds of malformed request that carry no valid signature, and logs whole
bodies when a signature is wrong; so nothing reaches it that Slack didn't sign.
"""

import asyncio
import json
import re
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Final
from urllib.parse import parse_qs

import structlog
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.signature import Clock as EpochClock
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.clock import Clock

EVENTS_PATH: Final = "/slack/events"
BODY_LIMIT: Final = 64 * 1024
"""Bytes."""
SHORTCUT_LIMIT: Final = 256 * 1024
"""Bytes, for what Slack signed and a form's `payload` holds. A message shortcut carries its message
twice, each letter beyond ASCII as eight bytes: 4,700 of them are more than 64 KiB. A click in a
window carries the window, which cards/blocks.py keeps below this."""
BODY_SECONDS: Final = 5.0

_TIMESTAMP: Final = re.compile(r"[0-9]{1,12}")
_SIGNATURE: Final = re.compile(r"v0=[0-9a-f]{64}")
_FORM: Final = "application/x-www-form-urlencoded"
_JSON: Final = "application/json"

_log = structlog.stdlib.get_logger(__name__)


class RefusedError(Exception):
    """A request that doesn't reach Bolt."""

    def __init__(self, status: int, reason: str) -> None:
        self.status: Final = status
        self.reason: Final = reason
        super().__init__(reason)


class _VerifierClock(EpochClock):
    def __init__(self, now: Clock) -> None:
        self._now = now

    def now(self) -> float:
        return self._now().timestamp()


class Guard:
    """Lets through what Slack signed in the last five minutes, and reads nothing else.

    Args:
        signing_secrets: any of them will do.
        now: the current time in UTC.
    """

    def __init__(self, signing_secrets: Sequence[str], now: Clock) -> None:
        clock = _VerifierClock(now)
        self._verifiers = [SignatureVerifier(secret, clock) for secret in signing_secrets]

    async def admit(self, request: Request) -> str:
        """The body of a signed, well-formed request.

        Raises:
            RefusedError: with the status to answer.
        """
        content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if content_type not in {_FORM, _JSON}:
            raise RefusedError(415, "content type")
        timestamp = request.headers.get("x-slack-request-timestamp", "")
        signature = request.headers.get("x-slack-signature", "")
        if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
            raise RefusedError(401, "signature headers")
        raw = await _read(request)
        try:
            body = raw.decode()
        except UnicodeDecodeError as error:  # the verifier would raise it
            raise RefusedError(400, "not UTF-8") from error
        if not any(each.is_valid(body, timestamp, signature) for each in self._verifiers):
            raise RefusedError(413 if len(raw) > BODY_LIMIT else 401, "signature")
        _check_form(body, content_type)
        return body


async def _read(request: Request) -> bytes:
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                limit = SHORTCUT_LIMIT if body.startswith(b"payload=") else BODY_LIMIT
                if len(body) > limit:
                    raise RefusedError(413, "too large")
    except TimeoutError as error:
        raise RefusedError(408, "body too slow") from error
    except ClientDisconnect as error:
        raise RefusedError(400, "disconnected") from error
    return bytes(body)


def _check_form(body: str, content_type: str) -> None:
    """Refuse what isn't a JSON object, or a form with one as its payload, if it has a payload."""
    try:
        payload = body if content_type == _JSON else parse_qs(body).get("payload", ["{}"])[-1]
        parsed: object = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise RefusedError(400, "malformed body") from error
    if not isinstance(parsed, dict):
        raise RefusedError(400, "malformed body")


def web_app(
    bolt: AsyncApp,
    guard: Guard,
    *,
    running: Callable[[], AbstractAsyncContextManager[None]],
    is_draining: Callable[[], bool],
) -> Starlette:
    """The ASGI application.

    Args:
        bolt: gets what the guard admits.
        guard: admits.
        running: entered at start-up and left at shutdown; leaving it drains.
        is_draining: whether new lookups should go to another process.
    """

    async def events(request: Request) -> Response:
        try:
            body = await guard.admit(request)
        except RefusedError as refused:
            _log.warning("request.refused", status=refused.status, reason=refused.reason)
            return Response(status_code=refused.status)
        try:
            bolt_request = AsyncBoltRequest(body=body, headers={**request.headers})
            return _response(await bolt.async_dispatch(bolt_request))
        except Exception:  # noqa: BLE001 - Bolt takes an odd payload apart and may raise anything
            _log.exception("request.indigestible")
            return Response(status_code=400)

    async def healthz(_request: Request) -> Response:
        return JSONResponse({"status": "alive"})

    async def readyz(_request: Request) -> Response:
        if is_draining():
            return JSONResponse({"status": "draining"}, status_code=503)
        return JSONResponse({"status": "ready"})

    app = Starlette(
        routes=[
            Route(EVENTS_PATH, events, methods=["POST"]),
            Route("/healthz", healthz),
            Route("/readyz", readyz),
        ],
        lifespan=lambda _app: running(),
    )
    # A slash too many would be answered with a redirect to whatever host the request names.
    app.router.redirect_slashes = False
    return app


def _response(answer: BoltResponse) -> Response:
    return Response(
        answer.body, status_code=answer.status, headers=answer.first_headers_without_set_cookie()
    )
