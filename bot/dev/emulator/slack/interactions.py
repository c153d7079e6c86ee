"""One exchange between a person and the app: what was sent, what came back, what is on the screen.

It must not know how requests are signed or sent, nor anything about HTTP servers.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from pydantic import JsonValue

from bot.dev.emulator.changes import ChangeCounter
from bot.dev.emulator.slack.loose_json import json_or_none

# Source: docs.slack.dev: interactivity/handling-user-interaction
MAX_POSTS: Final = 5
LIFETIME_SECONDS: Final = 30 * 60
_BEFORE: Final = 3
"""How many versions of a message are kept besides the one that is seen."""


@dataclass(frozen=True)
class PostedMessage:
    """A message as the person sees it.

    Attributes:
        ts: its timestamp, which is also its id.
        channel_id: where it stands.
        response_type: `ephemeral` (only the person sees it) or `in_channel`.
        payload: the payload that made it, as received.
        thread_ts: the thread it stands in, if any.
        edits: how often it was replaced.
    """

    ts: str
    channel_id: str
    response_type: str
    payload: Mapping[str, JsonValue]
    thread_ts: str | None = None
    edits: int = 0

    @property
    def text(self) -> str:
        """The top-level text, empty if there is none."""
        words = self.payload.get("text")
        return words if isinstance(words, str) else ""

    @property
    def blocks(self) -> list[JsonValue]:
        """The blocks as received, empty if there are none."""
        blocks = self.payload.get("blocks")
        return blocks if isinstance(blocks, list) else []


@dataclass(frozen=True)
class ResponseUrlPost:
    """One request to a response_url, accepted or not: when (epoch seconds), what, the answer."""

    at: float
    body: str
    status: int
    answer: str
    posted: PostedMessage | None = None

    @property
    def payload(self) -> JsonValue:
        """The body as JSON, null if it is none."""
        return json_or_none(self.body)


@dataclass
class _StoredMessage:
    message: PostedMessage
    tokens: set[str]
    before: list[PostedMessage] = field(default_factory=list)


class MessageStore:
    """All messages that are on the screen now, oldest first, and which exchanges made them."""

    def __init__(self, changes: ChangeCounter) -> None:
        self._lines: list[_StoredMessage] = []
        self._changes = changes

    @property
    def messages(self) -> list[PostedMessage]:
        """All of them."""
        return [line.message for line in self._lines]

    def seen(self, ts: str, edits: int) -> PostedMessage:
        """A message after so many edits: somebody's client may not have heard of the rest.

        Raises LookupError when it has gone, or was replaced too often since.
        """
        for line in self._lines:
            for message in (line.message, *line.before):
                if (message.ts, message.edits) == (ts, edits):
                    return message
        raise LookupError(f"message {ts} after {edits} edits")

    def show(
        self, message: PostedMessage, token: str, *, instead_of: str | None = None
    ) -> PostedMessage:
        """Put a message there, in the place of the message `instead_of` if that is still there.

        A replaced message stays as visible as it was: docs.slack.dev: messaging/modifying-messages
        says an ephemeral one cannot become public. Returns the message as it now stands.
        """
        for line in self._lines if instead_of is not None else ():
            if line.message.ts == instead_of:
                old = line.message
                line.before = [*line.before, old][-_BEFORE:]
                line.message = replace(old, payload=message.payload, edits=old.edits + 1)
                line.tokens.add(token)
                self._changes.bump()
                return line.message
        self._lines.append(_StoredMessage(message, {token}))
        self._changes.bump()
        return message

    def remove(self, ts: str | None) -> None:
        """Take the message away, if it is there."""
        self._lines = [line for line in self._lines if line.message.ts != ts]
        self._changes.bump()

    def of(self, token: str) -> list[PostedMessage]:
        """The messages an exchange has posted or replaced and that are still there."""
        return [line.message for line in self._lines if token in line.tokens]

    def forget(self, token: str) -> None:
        """Drop the messages that no other exchange has touched."""
        for line in self._lines:
            line.tokens.discard(token)
        self._lines = [line for line in self._lines if line.tokens]


@dataclass
class ResponseUrlLog:
    """What a response_url has taken: every request, and how many of the five uses are spent."""

    posts: list[ResponseUrlPost] = field(default_factory=list)
    uses: int = 0
    changed: asyncio.Condition = field(default_factory=asyncio.Condition, repr=False)


@dataclass
class RecordedInteraction:
    """One request of Slack's to the app and all that came of it.

    Attributes:
        token: the last part of its response_url.
        response_url: the URL the app may answer at, five times within thirty minutes; empty for
            what isn't done in a channel.
        began: when it was sent, epoch seconds.
        channel_id: where the person was, empty if nowhere in particular.
        clicked_ts: for a click, the message clicked.
        trigger_id: opens one window within three seconds; empty for an event.
        request_body, request_headers: what was sent.
        ack_status, ack_body, ack_seconds: what came back and how fast; status 0 if nothing did.
        failed: what Slack would tell the person instead of an answer, None if all is well.
        answers: what its response_url has taken; one object for all deliveries of the request.
    """

    token: str
    response_url: str
    started_at: float
    channel_id: str
    message_store: MessageStore = field(repr=False)
    message_ts: str | None = None
    trigger_id: str = ""
    request_body: str = ""
    request_headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    ack_status: int = 0
    ack_body: str = ""
    ack_seconds: float = 0.0
    failed: str | None = None
    response_url_log: ResponseUrlLog = field(default_factory=ResponseUrlLog)

    @property
    def posts(self) -> list[ResponseUrlPost]:
        """Every request to the response_url, refused ones included."""
        return self.response_url_log.posts

    @property
    def uses(self) -> int:
        """How many of the five uses are spent."""
        return self.response_url_log.uses

    @property
    def messages(self) -> list[PostedMessage]:
        """What the person now sees of it, in order: replacements and deletions are applied."""
        return self.message_store.of(self.token)

    @property
    def accepted(self) -> list[PostedMessage]:
        """Every message its response_url took, in order, each as it was then."""
        return [post.posted for post in self.posts if post.posted is not None]

    async def record(self, post: ResponseUrlPost) -> None:
        """Note a request to the response_url and wake whoever waits for it."""
        async with self.response_url_log.changed:
            self.posts.append(post)
            self.response_url_log.changed.notify_all()

    async def wait_for_message(
        self,
        *,
        count: int = 1,
        timeout: float = 10.0,  # noqa: ASYNC109 - a test states its patience where it waits
    ) -> PostedMessage:
        """Wait until the response_url has taken `count` messages, and return that one.

        Raises TimeoutError after `timeout` seconds of real time.
        """
        async with asyncio.timeout(timeout), self.response_url_log.changed:
            await self.response_url_log.changed.wait_for(lambda: len(self.accepted) >= count)
        return self.accepted[count - 1]
