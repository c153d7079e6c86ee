"""The HTTP face: a guard before Bolt, health and readiness. It must not know any listener.

Bolt answers 500 to four kinds of malformed request that carry no valid signature, and logs whole
bodies when a signature is wrong; so nothing reaches it that Slack didn't sign.
"""

import json
import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Final
from urllib.parse import parse_qs

import structlog
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.signature import Clock as EpochClock
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.bodies import RefusedError, UnverifiedBodies
from bot.clock import Clock

EVENTS_PATH: Final = "/slack/events"
BODY_LIMIT: Final = 64 * 1024
"""Bytes."""
SHORTCUT_LIMIT: Final = 1024 * 1024
"""Bytes, for what Slack signed and a form's `payload` holds. A message shortcut carries its message
twice, each letter beyond ASCII as eight bytes, an emoji as sixteen: 40,000 letters of Japanese are
626 KiB. A click in a window carries the window, which cards/blocks.py keeps below this."""
SSL_CHECK_LIMIT: Final = 4 * 1024
"""Bytes, for what nobody signed."""
TIMESTAMP_SECONDS: Final = 5 * 60
"""How far Slack's timestamp may be off (docs.slack.dev, "Verifying requests from Slack")."""

_TIMESTAMP: Final = re.compile(r"[0-9]{1,12}")
_SIGNATURE: Final = re.compile(r"v0=[0-9a-f]{64}")
_FORM: Final = "application/x-www-form-urlencoded"
_JSON: Final = "application/json"
_FIRST_REFUSAL: Final = 400
_PAYLOAD: Final = b"payload="
_OLD: Final = "timestamp over 5 minutes old, or this machine's clock is fast"
_EARLY: Final = "timestamp over 5 minutes ahead, or this machine's clock is slow"

_log = structlog.stdlib.get_logger(__name__)


class _VerifierClock(EpochClock):
    def __init__(self, now: Clock) -> None:
        self._now = now

    def now(self) -> float:
        return self._now().timestamp()


class Guard:
    """Lets through what Slack signed in the last five minutes, and reads nothing else."""

    def __init__(self, signing_secret: str, now: Clock) -> None:
        self._verifier = SignatureVerifier(signing_secret, _VerifierClock(now))
        self._now = now
        self._bodies = UnverifiedBodies()

    async def admit(self, request: Request) -> str | None:
        """What Bolt is to read of a signed, well-formed request; None for Slack's `ssl_check`.

        Raises:
            RefusedError: with the status to answer.
        """
        content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if content_type not in {_FORM, _JSON}:
            raise RefusedError(415, "content type")
        timestamp = request.headers.get("x-slack-request-timestamp", "")
        signature = request.headers.get("x-slack-signature", "")
        if not timestamp and not signature and content_type == _FORM:
            await self._ssl_check(request)
            return None
        if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
            raise RefusedError(401, "signature headers")
        self._check_time(int(timestamp))
        is_form = content_type == _FORM
        raw = await self._bodies.read(request, _longest_form if is_form else lambda _: BODY_LIMIT)
        try:
            body = raw.decode()
        except UnicodeDecodeError as error:  # the verifier would raise it
            raise RefusedError(400, "not UTF-8") from error
        if not self._verifier.is_valid(body, timestamp, signature):
            raise RefusedError(413 if len(raw) > BODY_LIMIT else 401, "signature")
        return _to_dispatch(body, content_type)

    async def _ssl_check(self, request: Request) -> None:
        """Refuse whatever is unsigned but this (docs.slack.dev: implementing-slash-commands).

        Slack asks from time to time whether the certificate is good, and signs nothing of it
        (slackapi/bolt-js #1397).
        """
        try:
            body = await self._bodies.read(request, lambda _: SSL_CHECK_LIMIT)
        except RefusedError as error:
            raise RefusedError(401, "signature headers") from error
        if parse_qs(body.decode("ascii", "replace")).get("ssl_check") != ["1"]:
            raise RefusedError(401, "signature headers")

    def _check_time(self, timestamp: int) -> None:
        age = self._now().timestamp() - timestamp
        if abs(age) > TIMESTAMP_SECONDS:
            raise RefusedError(401, _OLD if age > 0 else _EARLY)


def _longest_form(start: bytearray) -> int:
    may_be_payload = _PAYLOAD.startswith(start[: len(_PAYLOAD)])
    return SHORTCUT_LIMIT if may_be_payload else BODY_LIMIT


def _to_dispatch(body: str, content_type: str) -> str:
    """What Bolt is to read: the payload of a form that has one, else the body as it is.

    Bolt would read the whole form once more, which takes as long as all else that it does with a
    long message: 14 ms for one of 12,000 emoji.

    Raises:
        RefusedError: what should be a JSON object is none.
    """
    payload = body if content_type == _JSON else parse_qs(body).get("payload", [""])[-1]
    if not payload and content_type == _FORM:
        return body
    try:
        parsed: object = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise RefusedError(400, "malformed body") from error
    if not isinstance(parsed, dict):
        raise RefusedError(400, "malformed body")
    return payload.strip()  # Bolt takes it for JSON by its first character


class _Closing:
    """Ends the connection with an answer that is a refusal, or comes before the whole body.

    Otherwise whoever never sends the rest of it keeps the connection.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        is_whole = "transfer-encoding" not in headers and headers.get("content-length", "0") == "0"

        async def noting() -> Message:
            nonlocal is_whole
            message = await receive()
            is_whole = is_whole or not message.get("more_body", False)
            return message

        async def closing(message: Message) -> None:
            if message["type"] == "http.response.start" and (
                message["status"] >= _FIRST_REFUSAL or not is_whole
            ):
                MutableHeaders(scope=message)["connection"] = "close"
            await send(message)

        await self._app(scope, noting, closing)


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
        if body is None:
            return Response()
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
        middleware=[Middleware(_Closing)],
        lifespan=lambda _app: running(),
    )
    # A slash too many would be answered with a redirect to whatever host the request names.
    app.router.redirect_slashes = False
    return app


def _response(answer: BoltResponse) -> Response:
    return Response(
        answer.body, status_code=answer.status, headers=answer.first_headers_without_set_cookie()
    )
