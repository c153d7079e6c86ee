"""Opens and updates modals and App Home tabs.

A trigger_id is valid for three seconds and one modal (docs.slack.dev: trigger_id), so a modal is
opened before its content is loaded.
"""

import asyncio
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass, field
from typing import Final

import stamina
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.runtime.fair_semaphore import QueueFullError
from bot.runtime.http_client import URL, Client
from bot.slack.post import Payload, SlackError, pause_after, post
from bot.ui.block_kit import View

TRIGGER_WAIT_SECONDS: Final = 2.5
"""How long a request with a trigger_id waits for a slot. The rest of the three seconds is for the
round trip to Slack."""
UPDATE_WAIT_SECONDS: Final = 15.0
"""How long other requests wait for a slot: updating an open modal, publishing a Home tab."""

_RETRIED: Final = stamina.AsyncRetryingCaller(attempts=3, timeout=None)
_BUSY: Final = "busy"
_UNREADABLE: Final = "unreadable response"

# Error codes (docs.slack.dev: views.open, views.push, views.update).
TRIGGER_EXPIRED: Final = frozenset({"expired_trigger_id", "TimeoutError", _BUSY})
"""The click was too long ago, perhaps because Slack didn't respond or no slot was free in time."""
STACK_FULL: Final = "push_limit_reached"
"""Three modals are open already, Slack's limit."""
HASH_CONFLICT: Final = "hash_conflict"
"""The view has changed since."""
CLOSED: Final = frozenset({"not_found", "view_not_found", HASH_CONFLICT})
"""The modal was closed or has changed, so that the request no longer matters."""


class _OpenView(BaseModel):
    model_config = ConfigDict(defer_build=True, extra="ignore", frozen=True)

    id: str
    hash: str | None = None


@dataclass(frozen=True)
class ViewRef:
    """An open modal or a Home tab: its id, and the hash of its last known state."""

    view_id: str
    hash: str | None = None


@dataclass(frozen=True, repr=False)
class Views:
    """Slack's views.* methods, which need no scope. They raise a SlackError.

    A request with a trigger_id isn't retried, since a trigger_id is valid once; others are
    attempted up to three times. `api` is SLACK_API_URL; `semaphore` limits the concurrent requests
    of the process.
    """

    http: Client
    token: str
    api: URL = field(kw_only=True)
    semaphore: AbstractAsyncContextManager[object] = field(kw_only=True)

    async def open(self, trigger_id: str, view: View) -> ViewRef:
        """Open a modal."""
        payload: Payload = {"trigger_id": trigger_id, "view": view}
        return _shown(await self._send("views.open", payload, TRIGGER_WAIT_SECONDS))

    async def push(self, trigger_id: str, view: View) -> ViewRef:
        """Push a modal onto the stack; closing it shows the previous one again."""
        payload: Payload = {"trigger_id": trigger_id, "view": view}
        return _shown(await self._send("views.push", payload, TRIGGER_WAIT_SECONDS))

    async def update(self, view_ref: ViewRef, view: View) -> ViewRef:
        """Update a modal, unless it has changed since.

        The error's `maybe_applied` is about all attempts.
        """
        payload: Payload = {"view_id": view_ref.view_id, "view": view}
        if view_ref.hash is not None:
            payload["hash"] = view_ref.hash
        maybe_applied = False

        async def attempt() -> ViewRef:
            nonlocal maybe_applied
            try:
                response = await self._send("views.update", payload, UPDATE_WAIT_SECONDS)
                return _shown(response, ViewRef(view_ref.view_id))
            except SlackError as error:
                if maybe_applied and error.code == HASH_CONFLICT:
                    return ViewRef(view_ref.view_id)  # the lost attempt changed it
                maybe_applied |= error.maybe_applied or error.is_server_error
                error.maybe_applied = maybe_applied
                raise

        return await _RETRIED(pause_after, attempt)

    async def publish(self, user_id: str, view: View) -> None:
        """Publish a user's Home tab."""
        payload: Payload = {"user_id": user_id, "view": view}
        await _RETRIED(pause_after, self._send, "views.publish", payload, UPDATE_WAIT_SECONDS)

    async def _send(self, method: str, payload: Payload, wait_seconds: float) -> Payload:
        async with AsyncExitStack() as stack:
            try:
                async with asyncio.timeout(wait_seconds):
                    await stack.enter_async_context(self.semaphore)
            except (TimeoutError, QueueFullError) as error:
                raise SlackError(_BUSY) from error
            response = await post(self.http, self.api.join(method), payload, self.token)
        if response.payload.get("ok") is not True:
            raise SlackError(_UNREADABLE, maybe_applied=True)
        return response.payload


def _shown(response: Payload, known: ViewRef | None = None) -> ViewRef:
    """Return the view in a response; if there is none, the view that is `known`, if any."""
    try:
        view = _OpenView.model_validate(response.get("view"))
    except ValidationError as error:
        if known is not None:
            return known
        raise SlackError(_UNREADABLE, maybe_applied=True) from error
    return ViewRef(view.id, view.hash)
