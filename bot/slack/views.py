"""Opens and updates modals and App Home tabs, and detects when Slack rejects them.

A trigger_id is valid for three seconds and one modal (docs.slack.dev: trigger_id), so a modal is
opened before its content is loaded.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

import stamina
from pydantic import BaseModel, ConfigDict, ValidationError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.runtime.fair_semaphore import QueueFullError
from bot.slack.web_client import TRANSPORT_ERRORS, UNREADABLE
from bot.ui.block_kit import View

TRIGGER_WAIT_SECONDS: Final = 2.5
"""How long a call with a trigger_id waits for a slot. The rest of the three seconds is for the
round trip to Slack."""
UPDATE_WAIT_SECONDS: Final = 15.0
"""How long other calls wait for a slot: updating an open modal, publishing a Home tab."""

_SECONDS: Final = 5.0
_RETRIED: Final = stamina.AsyncRetryingCaller(attempts=3, timeout=None)
_LONGEST_PAUSE_SECONDS: Final = 5.0
_BUSY: Final = "busy"
# Errors of views.open (docs.slack.dev), and timeouts, after which a trigger_id has expired.
_TRIGGER_EXPIRED: Final = frozenset({"expired_trigger_id", "TimeoutError", _BUSY})
# Errors of views.update (docs.slack.dev) if the modal was closed or has changed.
_HASH_CONFLICT: Final = "hash_conflict"
_CLOSED: Final = frozenset({"not_found", _HASH_CONFLICT, "view_not_found"})


class _OpenView(BaseModel):
    model_config = ConfigDict(defer_build=True, extra="ignore", frozen=True)

    id: str
    hash: str | None = None


@dataclass(frozen=True)
class ViewRef:
    """An open modal or a Home tab: its id, and the hash of its last known state."""

    view_id: str
    hash: str | None = None


class ViewError(Exception):
    """Slack didn't open or update a view.

    Attributes:
        reason: Slack's error code, or the transport error; for logs.
        maybe_applied: whether Slack may have applied the call, since no usable response came.
        pause: seconds before a retry; None if retrying won't help.
        closed: whether the modal was closed or has changed, so that the call no longer matters.
        hash_conflict: whether the view has changed since.
        stack_full: whether the stack already has three modals, Slack's limit.
        trigger_expired: whether the click was too long ago, or no slot was free in time.
    """

    def __init__(
        self, reason: str, pause: float | None = None, *, maybe_applied: bool = False
    ) -> None:
        self.reason: Final = reason
        self.maybe_applied: Final = maybe_applied
        self.pause: Final = pause
        self.closed: Final = reason in _CLOSED
        self.hash_conflict: Final = reason == _HASH_CONFLICT
        self.stack_full: Final = reason == "push_limit_reached"
        self.trigger_expired: Final = reason in _TRIGGER_EXPIRED
        super().__init__(reason)


@dataclass(frozen=True, repr=False)
class Views:
    """Slack's views.* methods, which need no scope. They raise a ViewError if Slack rejects a call.

    A call with a trigger_id isn't retried, since a trigger_id is valid once; others are attempted
    up to three times. `semaphore` limits the concurrent requests of the process.
    """

    web: AsyncWebClient
    token: str
    semaphore: AbstractAsyncContextManager[object] = field(kw_only=True)

    async def open(self, trigger_id: str, view: View) -> ViewRef:
        """Open a modal."""
        return await self._send(
            lambda: self.web.views_open(token=self.token, trigger_id=trigger_id, view={**view}),
            TRIGGER_WAIT_SECONDS,
        )

    async def push(self, trigger_id: str, view: View) -> ViewRef:
        """Push a modal onto the stack; closing it shows the previous one again."""
        return await self._send(
            lambda: self.web.views_push(token=self.token, trigger_id=trigger_id, view={**view}),
            TRIGGER_WAIT_SECONDS,
        )

    async def update(self, view_ref: ViewRef, view: View) -> ViewRef:
        """Update a modal, unless it has changed since."""
        view_id, maybe_applied = view_ref.view_id, False

        async def attempt() -> ViewRef:
            nonlocal maybe_applied
            try:
                return await self._send(
                    lambda: self.web.views_update(
                        token=self.token, view_id=view_id, hash=view_ref.hash, view={**view}
                    ),
                    UPDATE_WAIT_SECONDS,
                )
            except ViewError as error:
                if maybe_applied and error.hash_conflict:
                    return ViewRef(view_id)  # the lost attempt changed it
                maybe_applied = maybe_applied or error.maybe_applied
                raise

        return await _RETRIED(_pause_after, attempt)

    async def publish(self, user_id: str, view: View) -> None:
        """Publish a user's Home tab."""
        await _RETRIED(
            _pause_after,
            self._send,
            lambda: self.web.views_publish(token=self.token, user_id=user_id, view={**view}),
            UPDATE_WAIT_SECONDS,
        )

    async def _send(
        self, call: Callable[[], Awaitable[AsyncSlackResponse]], wait_seconds: float
    ) -> ViewRef:
        async with AsyncExitStack() as stack:
            try:
                async with asyncio.timeout(wait_seconds):
                    await stack.enter_async_context(self.semaphore)
            except (TimeoutError, QueueFullError) as error:
                raise ViewError(_BUSY) from error
            return await _call(call)


async def _call(call: Callable[[], Awaitable[AsyncSlackResponse]]) -> ViewRef:
    try:
        async with asyncio.timeout(_SECONDS):
            response = await call()
        view = _OpenView.model_validate(response.get("view"))
    except SlackApiError as error:
        raise _view_error(error) from error
    except TRANSPORT_ERRORS as error:
        raise ViewError(type(error).__name__, pause=0.2, maybe_applied=True) from error
    except (ValidationError, *UNREADABLE) as error:
        raise ViewError("unreadable response", maybe_applied=True) from error
    return ViewRef(view.id, view.hash)


def _pause_after(error: Exception) -> bool | float:
    return error.pause if isinstance(error, ViewError) and error.pause is not None else False


def _view_error(error: SlackApiError) -> ViewError:
    response = error.response
    if not isinstance(response, AsyncSlackResponse):
        return ViewError("unreadable response")
    data: object = response.data
    code = data.get("error") if isinstance(data, dict) else None
    reason = code if isinstance(code, str) and code.replace("_", "").isalpha() else ""
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        retry_after = str(response.headers.get("Retry-After", ""))
        pause = float(retry_after) if retry_after.isdecimal() else 1.0
        return ViewError("429", min(pause, _LONGEST_PAUSE_SECONDS))
    if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return ViewError(str(response.status_code), pause=0.5, maybe_applied=True)
    return ViewError(reason or f"status {response.status_code}")
