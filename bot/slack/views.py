"""Opens and fills windows (Slack: modal views) and App Home tabs, and notices when Slack refuses.

A trigger is good for three seconds and one window (docs.slack.dev: trigger_id), so a window is
opened before there is anything to show in it. It must not know what is shown.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import aiohttp
import stamina
from pydantic import BaseModel, ConfigDict, ValidationError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.runtime.fair_semaphore import QueueFullError
from bot.ui.block_kit import View

TRIGGER_WAIT_SECONDS: Final = 2.5
"""How long what needs a trigger waits for its turn; the rest of the three seconds is for the way
from Slack and back."""
UPDATE_WAIT_SECONDS: Final = 15.0
"""The same for what needs none: a window that is open already, or a Home tab."""

_SECONDS: Final = 5.0
_ATTEMPTS: Final = 3
_LONGEST_PAUSE_SECONDS: Final = 5.0
_TRANSPORT: Final = (aiohttp.ClientError, SlackClientError, OSError, TimeoutError)
# What slack_sdk lets escape when JSON isn't an object, isn't UTF-8 or is nested too deep.
_UNREADABLE: Final = (ValueError, AttributeError, TypeError, RecursionError)
_BUSY: Final = "busy"
# docs.slack.dev: views.open, "Errors"; and what a trigger would be too old for after its turn.
_LATE: Final = frozenset({"expired_trigger_id", "TimeoutError", _BUSY})
# docs.slack.dev: views.update, "Errors". The window was closed, or shows something newer.
_CHANGED: Final = "hash_conflict"
_GONE: Final = frozenset({"not_found", _CHANGED, "view_not_found"})


class _OpenView(BaseModel):
    model_config = ConfigDict(defer_build=True, extra="ignore", frozen=True)

    id: str
    hash: str | None = None


@dataclass(frozen=True)
class ViewRef:
    """An open window, or a person's Home tab: its id, and the state it was left in."""

    view_id: str
    hash: str | None = None


class ViewError(Exception):
    """Slack didn't open or fill a window.

    Attributes:
        reason: Slack's word for it, or the transport's error; for logs.
        perhaps_done: no usable answer came, so Slack may have done it.
        gone: it was closed meanwhile, or shows something newer: nobody misses this.
        changed: the window shows something newer.
        no_room: there are three windows upon each other already, which is as many as Slack takes.
        late: the click was too long ago, or there were too many others to be served in time.
    """

    def __init__(
        self, reason: str, pause: float | None = None, *, perhaps_done: bool = False
    ) -> None:
        self.reason: Final = reason
        self.maybe_applied: Final = perhaps_done
        self.pause: Final = pause
        self.closed: Final = reason in _GONE
        self.hash_conflict: Final = reason == _CHANGED
        self.stack_full: Final = reason == "push_limit_reached"
        self.trigger_expired: Final = reason in _LATE
        super().__init__(reason)


class Views:
    """Slack's views.* methods.

    Args:
        web: the Web API client; its session is the process's.
        token: the bot token. These methods need no scope.
        semaphore: entered for the time of a request; bounds how many are under way in the process.
    """

    def __init__(
        self, web: AsyncWebClient, token: str, *, semaphore: AbstractAsyncContextManager[object]
    ) -> None:
        self._web = web
        self._token = token
        self._semaphore = semaphore

    async def open(self, trigger_id: str, view: View) -> ViewRef:
        """A new window.

        Raises:
            WindowError: Slack refused. Nothing is tried twice: a trigger is good for one use.
        """
        return await self._send(
            lambda: self._web.views_open(token=self._token, trigger_id=trigger_id, view={**view}),
            TRIGGER_WAIT_SECONDS,
        )

    async def push(self, trigger_id: str, view: View) -> ViewRef:
        """A new window upon the one that was clicked in; closing it shows that one again.

        Raises:
            WindowError: Slack refused.
        """
        return await self._send(
            lambda: self._web.views_push(token=self._token, trigger_id=trigger_id, view={**view}),
            TRIGGER_WAIT_SECONDS,
        )

    async def update(self, window: ViewRef, view: View) -> ViewRef:
        """Show something else in a window, unless it changed since.

        Raises:
            WindowError: Slack refused, after up to three tries.
        """
        perhaps_done = False

        async def update() -> ViewRef:
            nonlocal perhaps_done
            try:
                return await self._send(
                    lambda: self._web.views_update(
                        token=self._token, view_id=window.view_id, hash=window.hash, view={**view}
                    ),
                    UPDATE_WAIT_SECONDS,
                )
            except ViewError as error:
                if perhaps_done and error.reason == _CHANGED:
                    return ViewRef(window.view_id)  # by the try whose answer was lost
                perhaps_done = perhaps_done or error.maybe_applied
                raise

        return await self._send_with_retries(update)

    async def publish(self, user_id: str, view: View) -> None:
        """Show something in a person's Home tab.

        Raises:
            WindowError: Slack refused, after up to three tries.
        """
        await self._send_with_retries(
            lambda: self._send(
                lambda: self._web.views_publish(token=self._token, user_id=user_id, view={**view}),
                UPDATE_WAIT_SECONDS,
            )
        )

    @staticmethod
    async def _send_with_retries(attempt_once: Callable[[], Awaitable[ViewRef]]) -> ViewRef:
        async for attempt in stamina.retry_context(
            on=_pause_after, attempts=_ATTEMPTS, timeout=None
        ):
            with attempt:
                return await attempt_once()
        raise AssertionError("stamina either returns or raises")

    async def _send(
        self, call: Callable[[], Awaitable[AsyncSlackResponse]], wait_seconds: float
    ) -> ViewRef:
        async with AsyncExitStack() as stack:
            try:
                async with asyncio.timeout(wait_seconds):
                    await stack.enter_async_context(self._semaphore)
            except (TimeoutError, QueueFullError) as error:
                raise ViewError(_BUSY) from error
            return await self._ask(call)

    @staticmethod
    async def _ask(call: Callable[[], Awaitable[AsyncSlackResponse]]) -> ViewRef:
        try:
            async with asyncio.timeout(_SECONDS):
                answer = await call()
            view = _OpenView.model_validate(answer.get("view"))
        except SlackApiError as error:
            raise _refusal(error) from error
        except _TRANSPORT as error:
            raise ViewError(type(error).__name__, pause=0.2, perhaps_done=True) from error
        except (ValidationError, *_UNREADABLE) as error:
            raise ViewError("unreadable answer", perhaps_done=True) from error
        return ViewRef(view.id, view.hash)


def _pause_after(error: Exception) -> bool | float:
    return error.pause if isinstance(error, ViewError) and error.pause is not None else False


def _refusal(error: SlackApiError) -> ViewError:
    answer = error.response
    if not isinstance(answer, AsyncSlackResponse):
        return ViewError("unreadable answer")
    data: object = answer.data
    said = data.get("error") if isinstance(data, dict) else None
    reason = said if isinstance(said, str) and said.replace("_", "").isalpha() else ""
    if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        asked = str(answer.headers.get("Retry-After", ""))
        pause = float(asked) if asked.isdecimal() else 1.0
        return ViewError("429", min(pause, _LONGEST_PAUSE_SECONDS))
    if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return ViewError(str(answer.status_code), pause=0.5, perhaps_done=True)
    return ViewError(reason or f"status {answer.status_code}")
