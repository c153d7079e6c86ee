"""Delivers messages to a `response_url` and notices when Slack refuses them.

Bolt's `respond()` opens a TLS session for each message and says nothing of a 404. A response_url is
good for five messages in thirty minutes (docs.slack.dev: handling user interaction).
"""

import asyncio
import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import Enum, auto
from http import HTTPStatus
from typing import Final

import stamina
import structlog

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
from bot.runtime.retry import retry
from bot.slack.hosts import SlackHosts
from bot.ui.block_kit import Message

_JSON: Final = {"Content-Type": "application/json"}
_ANSWER_LIMIT: Final = 64 * 1024
_ANSWER_LOST: Final = frozenset({502, 504})
"""A gateway passed the message on, and got no answer that it could use (RFC 9110 §15.6)."""
_LONGEST_PAUSE_SECONDS: Final = 5.0

_log = structlog.stdlib.get_logger(__name__)

Payload = dict[str, object]


def ephemeral(message: Message) -> Payload:
    """A message that only the person who asked can see, as Slack takes it."""
    return {
        "response_type": "ephemeral",
        "text": message.text,
        "blocks": list(message.blocks),
    }


@dataclass(frozen=True)
class Visibility:
    """Who sees a message: the person alone, or everyone in the channel or in one of its threads."""

    public: bool = False
    thread_ts: str | None = None


EPHEMERAL: Final = Visibility()


def _payload(message: Message, audience: Visibility) -> Payload:
    payload = ephemeral(message)
    if audience.public:
        payload["response_type"] = "in_channel"
    if audience.thread_ts is not None:
        payload["thread_ts"] = audience.thread_ts
    return payload


def _without_blocks(payload: Payload) -> Payload:
    """The same as plain text, without formatting of what the text holds."""
    return {key: value for key, value in payload.items() if key != "blocks"} | {"mrkdwn": False}


class Delivery(Enum):
    """What became of a message. True if it is there, or may be."""

    DELIVERED = auto()
    UNKNOWN = auto()
    """It was sent, and no answer came, or a gateway's in its place."""
    RETRYABLE = auto()
    """Slack had trouble; another message may fare better."""
    FAILED = auto()
    """Slack takes no such message, or none at this response_url."""

    def __bool__(self) -> bool:
        return self in {Delivery.DELIVERED, Delivery.UNKNOWN}


class _PostError(Exception):
    """Slack did not take a message, as far as can be told.

    Attributes:
        reason: Slack's status and word, or the transport's error; for logs.
        pause: seconds before another try; None if none helps.
        perhaps_taken: it was sent, and no answer came, or a gateway's in its place.
        in_content: it is the blocks or the payload that Slack finds fault with.
    """

    def __init__(
        self, reason: str, pause: float | None = None, *, perhaps_taken: bool = False
    ) -> None:
        self.reason: Final = reason
        self.pause: Final = pause
        self.perhaps_taken: Final = perhaps_taken
        self.in_content: Final = reason.startswith("400") or "invalid_blocks" in reason
        super().__init__(reason)


class ResponseUrlClient:
    """Posts to response_urls.

    Args:
        http: the pooled client.
        api_url: SLACK_API_URL; see SlackHosts.
        semaphore: entered for the time of a post; bounds how many are under way in the process.
        seconds: how long one post may take.
    """

    def __init__(
        self,
        http: Client,
        *,
        api_url: str,
        semaphore: AbstractAsyncContextManager[object],
        seconds: float = 5.0,
    ) -> None:
        self._http = http
        self._hosts = SlackHosts(api_url)
        self._semaphore = semaphore
        self._seconds = seconds

    @property
    def origin(self) -> URL:
        """The front page of the host that response_urls are on."""
        return self._hosts.home

    def accepts(self, url: str) -> bool:
        """Whether messages may be sent to `url`."""
        return self._hosts.target(url) is not None

    async def post(
        self,
        url: str,
        message: Message,
        *,
        request_id: str,
        replace: bool = False,
        audience: Visibility = EPHEMERAL,
        attempts: int = 3,
    ) -> Delivery:
        """Post `message`.

        A refusal of the content is answered once with the plain text, but not in a thread, where
        the refusal may be of the thread. 429, 5xx and connection errors are tried again, up to
        `attempts` in all. What fails for good is logged as an error.

        What may have arrived is tried again too: an answer that is lost is worse than one that
        stands there twice. Only what everyone would see twice is not.

        Args:
            url: the response_url.
            message: what to say.
            request_id: for the log.
            replace: in the place of the message that was clicked. Nothing else can be replaced: not
                what a command's or a shortcut's response_url posted before.
            audience: who sees it.
            attempts: at the most.
        """
        target = self._hosts.target(url)
        if target is None:
            _log.error("reply.refused_host", ref=request_id)
            return Delivery.FAILED
        payload: Payload = {"replace_original": replace} | _payload(message, audience)
        pause = _pause_unless_taken if audience.public and not replace else _pause_after
        failure = await self._post_with_retries(target, payload, attempts, pause)
        if failure is not None and failure.in_content and audience.thread_ts is None:
            _log.error("reply.content_refused", ref=request_id, reason=failure.reason)
            failure = await self._post_with_retries(
                target, _without_blocks(payload), attempts, pause
            )
        if failure is None:
            return Delivery.DELIVERED
        _log.error("reply.failed", ref=request_id, reason=failure.reason)
        if failure.perhaps_taken:
            return Delivery.UNKNOWN
        return Delivery.FAILED if failure.pause is None else Delivery.RETRYABLE

    async def _post_with_retries(
        self,
        target: URL,
        payload: Payload,
        attempts: int,
        pause: Callable[[Exception], bool | float],
    ) -> _PostError | None:
        """Post until Slack takes it or says what no further try would change; the last failure."""
        try:
            await retry(
                lambda _number: self._post(target, payload),
                lambda: stamina.retry_context(on=pause, attempts=attempts, timeout=None),
            )
        except _PostError as failure:
            return failure
        return None

    async def _post(self, target: URL, payload: Payload) -> None:
        try:
            async with self._semaphore, asyncio.timeout(self._seconds):
                status, retry_after, body = await self._send_request(target, payload)
        except CONNECT_ERRORS as error:
            raise _PostError(cause_name(error), pause=0.2) from error
        except TRANSPORT_ERRORS as error:
            raise _PostError(cause_name(error), pause=0.2, perhaps_taken=True) from error
        except UnicodeEncodeError as error:
            raise _PostError("unencodable") from error
        reason = _reason(status, body)
        if reason is None:
            return
        if status in _ANSWER_LOST:
            raise _PostError(reason, pause=0.5, perhaps_taken=True)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            raise _PostError(reason, _asked_pause(retry_after))
        broke = status >= HTTPStatus.INTERNAL_SERVER_ERROR
        raise _PostError(reason, pause=0.5 if broke else None)

    async def _send_request(self, target: URL, payload: Payload) -> tuple[int, str | None, bytes]:
        """Status, Retry-After and body of Slack's answer."""
        content = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
        async with self._http.stream("POST", target, headers=_JSON, content=content) as response:
            try:
                body = await read_capped(response, _ANSWER_LIMIT)
            except (TooLargeError, UnknownEncodingError):
                body = b""  # the status says enough
            return response.status_code, response.headers.get("retry-after"), body


def _pause_after(error: Exception) -> bool | float:
    return error.pause if isinstance(error, _PostError) and error.pause is not None else False


def _pause_unless_taken(error: Exception) -> bool | float:
    """For what everyone would see twice, which is worse than the doubt."""
    taken = isinstance(error, _PostError) and error.perhaps_taken
    return False if taken else _pause_after(error)


def _reason(status: int, body: bytes) -> str | None:
    """Why Slack didn't take a message: from `{"ok": false, "error": …}` or a bare body."""
    try:
        answer: object = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    said = answer.get("error") if isinstance(answer, dict) else None
    refused = isinstance(answer, dict) and answer.get("ok") is False
    if status == HTTPStatus.OK and not refused:
        return None
    word = said if isinstance(said, str) else body[:40].decode("ascii", "replace").strip()
    return f"{status} {_one_word(word)}".rstrip()


def _one_word(said: str) -> str:
    """An error's name such as `used_url`; nothing that could be part of a page or a message."""
    return said if said.replace("_", "").isalpha() and said.islower() else ""


def _asked_pause(retry_after: str | None) -> float:
    if retry_after is not None and retry_after.isdecimal():
        return min(float(retry_after), _LONGEST_PAUSE_SECONDS)
    return 1.0
