"""Posts messages to response URLs.

Bolt's `respond()` opens a TLS session for each message and ignores a 404. A response URL is valid
for five messages within thirty minutes (docs.slack.dev: handling user interaction).
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from enum import Enum, auto
from http import HTTPStatus
from typing import Final

import stamina
import structlog

from bot.runtime.http_client import URL, Client
from bot.slack.hosts import ResponseURL, parse_response_url
from bot.slack.post import Payload, SlackError, pause_after, post
from bot.ui.block_kit import Message

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True)
class Visibility:
    """Who sees a message: only the user, or everyone in the channel or in a thread."""

    public: bool = False
    thread_ts: str | None = None


EPHEMERAL: Final = Visibility()


def ephemeral(message: Message) -> Payload:
    """Build the payload of a message that only the user who asked can see."""
    return {"response_type": "ephemeral", "text": message.text, "blocks": list(message.blocks)}


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
        payload = ephemeral(message) | {"replace_original": replace_original}
        if visibility.public:
            payload["response_type"] = "in_channel"
        if visibility.thread_ts is not None:
            payload["thread_ts"] = visibility.thread_ts
        is_new_public = visibility.public and not replace_original
        pause = _pause_unless_applied if is_new_public else pause_after
        failure = await self._post_with_retries(url, payload, attempts, pause)
        if failure is not None and _rejects_content(failure) and visibility.thread_ts is None:
            _log.error("reply.content_rejected", request_id=request_id, reason=failure.reason)
            del payload["blocks"]
            payload["mrkdwn"] = False
            failure = await self._post_with_retries(url, payload, attempts, pause)
        if failure is None:
            return Delivery.DELIVERED
        _log.error("reply.failed", request_id=request_id, reason=failure.reason)
        if failure.maybe_applied:
            return Delivery.UNKNOWN
        return Delivery.FAILED if failure.pause is None else Delivery.RETRYABLE

    async def _post_with_retries(
        self,
        url: ResponseURL,
        payload: Payload,
        attempts: int,
        pause: Callable[[Exception], bool | float],
    ) -> SlackError | None:
        """Post, with retries; return the last failure, or None on success."""

        async def attempt() -> None:
            async with self.semaphore:
                await post(self.http, url, payload)

        try:
            await stamina.AsyncRetryingCaller(attempts=attempts, timeout=None)(pause, attempt)
        except SlackError as failure:
            return failure
        return None


def _rejects_content(error: SlackError) -> bool:
    return error.status == HTTPStatus.BAD_REQUEST or error.code == "invalid_blocks"


def _pause_unless_applied(error: Exception) -> bool | float:
    """As `pause_after`, but don't retry a message that may have been delivered."""
    is_applied = isinstance(error, SlackError) and error.maybe_applied
    return False if is_applied else pause_after(error)
