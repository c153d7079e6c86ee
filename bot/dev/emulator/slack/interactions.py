"""One interaction between a user and the app: request, responses and visible messages."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl

from pydantic import JsonValue
from starlette.responses import Response

from bot.dev.emulator.changes import ChangeCounter
from bot.dev.emulator.slack.element_state import with_block_ids
from bot.dev.emulator.slack.errors import RejectedError
from bot.dev.emulator.slack.payloads import (
    BOT_ID,
    BOT_USER_ID,
    JSON_TYPE,
    SLACKBOT,
    InteractionContext,
    json_or_none,
)

# Source: docs.slack.dev: interactivity/handling-user-interaction
MAX_POSTS: Final = 5
LIFETIME_SECONDS: Final = 30 * 60
TRIGGER_SECONDS: Final = 3.0
_VERSIONS_KEPT: Final = 4
"""How many versions of a message are kept, the visible one included."""


@dataclass(frozen=True)
class PostedMessage:
    """A message as the user sees it; the text of a user's has Slack's markup.

    Its timestamp `ts` is also its ID; `response_type` is `ephemeral` (only visible to the user) or
    `in_channel`; `edits` is how often it was replaced.
    """

    ts: str
    channel_id: str
    response_type: str
    payload: Mapping[str, JsonValue]
    thread_ts: str | None = None
    edits: int = 0
    user_id: str = BOT_USER_ID

    @property
    def is_from_app(self) -> bool:
        """Whether it is the bot's or Slackbot's."""
        return self.user_id in {BOT_USER_ID, SLACKBOT}

    @property
    def is_ephemeral(self) -> bool:
        return self.response_type == "ephemeral"

    @property
    def text(self) -> str:
        text = self.payload.get("text")
        return text if isinstance(text, str) else ""

    @property
    def blocks(self) -> list[JsonValue]:
        blocks = self.payload.get("blocks")
        return blocks if isinstance(blocks, list) else []

    @property
    def payload_for_app(self) -> dict[str, JsonValue]:
        """The message as Slack sends it to the app: blocks have IDs."""
        whole: dict[str, JsonValue] = {
            "type": "message",
            "ts": self.ts,
            "user": self.user_id,
            "text": self.text,
        }
        if self.user_id == BOT_USER_ID:
            whole |= {"bot_id": BOT_ID, "blocks": with_block_ids(self.blocks)}
        if self.thread_ts is not None:
            whole["thread_ts"] = self.thread_ts
        return whole


@dataclass(frozen=True)
class AppRequest:
    """One request, accepted or not: time (epoch seconds), method, body and Slack's response.

    The method is `response_url` for a post to one: then `posted` is the resulting message, and
    `is_use` is whether it counts as one of the five uses.
    """

    at: float
    method: str
    body: str
    status: int
    response: str
    posted: PostedMessage | None = None
    is_use: bool = False

    @cached_property
    def payload(self) -> JsonValue:
        """The body's JSON; None if it isn't JSON."""
        return json_or_none(self.body)

    @cached_property
    def result(self) -> Mapping[str, JsonValue]:
        """The response's JSON object; empty if it has none."""
        return _object(json_or_none(self.response))

    @property
    def is_accepted(self) -> bool:
        is_ok = self.response == "ok" or self.result.get("ok") is True
        return is_ok and self.status == HTTPStatus.OK

    @property
    def error(self) -> str | None:
        code = self.result.get("error")
        return code if isinstance(code, str) else None

    @property
    def arguments(self) -> Mapping[str, JsonValue]:
        """The method's arguments, or the fields of the message; empty if they can't be read."""
        return _object(self.payload)

    @property
    def view(self) -> Mapping[str, JsonValue]:
        """The view passed to a method; empty if there is none."""
        return _object(self.arguments.get("view"))

    def http_response(self, headers: Mapping[str, str] | None = None) -> Response:
        """Slack's response, with the content type that Slack uses for such a body."""
        kind = JSON_TYPE if self.response.startswith("{") else "text/plain"
        return Response(self.response, self.status, headers, media_type=kind)


def _object(value: JsonValue) -> Mapping[str, JsonValue]:
    return value if isinstance(value, dict) else {}


class MessageStore:
    """All visible messages of users and the app, in the order in which they were added."""

    def __init__(self, changes: ChangeCounter) -> None:
        self._versions: dict[str, list[PostedMessage]] = {}
        """By timestamp; the visible version is the last one."""
        self._tokens: defaultdict[str, set[str]] = defaultdict(set)
        """By timestamp, those of the interactions that posted or replaced the message."""
        self.changes = changes

    @property
    def messages(self) -> list[PostedMessage]:
        return [versions[-1] for versions in self._versions.values()]

    def seen(self, ts: str, edits: int) -> PostedMessage:
        """The message after that many edits, for a client that has not received later ones.

        Raises LookupError when the message was deleted, or replaced too often since.
        """
        for message in self._versions.get(ts, ()):
            if message.edits == edits:
                return message
        raise LookupError(f"message {ts} after {edits} edits")

    def show(
        self, message: PostedMessage, token: str = "", *, instead_of: str | None = None
    ) -> PostedMessage:
        """Add a message, or replace the message `instead_of` if that still exists.

        A replaced message keeps its visibility: docs.slack.dev: messaging/modifying-messages says
        that an ephemeral message cannot become public. `token` is that of the app's interaction.
        Returns the message as stored.
        """
        self.changes.bump()
        versions = self._versions.get(instead_of or "", [])
        for old in versions[-1:]:
            message = replace(old, payload=message.payload, edits=old.edits + 1)
        self._versions[message.ts] = [*versions, message][-_VERSIONS_KEPT:]
        self._tokens[message.ts].add(token)
        return message

    def remove(self, ts: str | None) -> None:
        self._versions.pop(ts or "", None)
        self.changes.bump()

    def of(self, token: str) -> list[PostedMessage]:
        """The visible messages that an interaction has posted or replaced."""
        return [message for message in self.messages if token in self._tokens[message.ts]]


@dataclass(kw_only=True)
class RecordedInteraction(InteractionContext):
    """One request from Slack to the app, and its results."""

    token: str
    """The last part of its response URL."""
    started_at: float
    """When it was sent, epoch seconds."""
    message_store: MessageStore = field(repr=False)
    view_id: str | None = None
    """The modal or Home tab in which the user interacted, if any."""
    subjects: set[str]
    """The IDs in the arguments of the calls that belong to it: its trigger ID, its view's ID, those
    of the views that the app opened, and for the Home tab the user's.
    """
    message_ts: str | None = None
    """For a click, the clicked message."""
    is_trigger_spent: bool = False
    request_body: str = ""
    request_headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    ack_status: int = 0
    """0 if there was no ack."""
    ack_body: str = ""
    ack_seconds: float = 0.0
    failed: str | None = None
    """The error that Slack would show to the user, None if there is none."""
    requests: list[AppRequest] = field(default_factory=list)
    """The app's requests that belong to it; shared by all deliveries of the request."""

    @cached_property
    def payload(self) -> Mapping[str, JsonValue]:
        """What was sent: a command's fields, the JSON of the form's `payload`, or the JSON body."""
        fields = dict(parse_qsl(self.request_body, keep_blank_values=True))
        sent = json_or_none(fields.get("payload", self.request_body))
        return sent if isinstance(sent, dict) else {**fields}

    @property
    def posts(self) -> list[AppRequest]:
        """The requests to its response URL."""
        return [each for each in self.requests if each.method == "response_url"]

    @property
    def is_rejected(self) -> bool:
        """Whether it failed or Slack rejected one of the app's requests."""
        return bool(self.failed) or not all(each.is_accepted for each in self.requests)

    @property
    def uses(self) -> int:
        """How many of the five uses of its response URL are spent."""
        return sum(post.is_use for post in self.posts)

    @property
    def messages(self) -> list[PostedMessage]:
        """The messages that the user now sees, in order, after replacements and deletions."""
        return self.message_store.of(self.token)

    @property
    def accepted(self) -> list[PostedMessage]:
        """Every message its response URL accepted, in order, as first posted."""
        return [post.posted for post in self.posts if post.posted is not None]

    async def wait_for_message(
        self,
        *,
        count: int = 1,
        timeout: float = 10.0,  # noqa: ASYNC109 - tests pass their timeout at the call
    ) -> PostedMessage:
        """Wait until the response URL has accepted `count` messages, and return the last of them.

        Raises TimeoutError after `timeout` seconds of real time.
        """
        async with asyncio.timeout(timeout):
            await self.message_store.changes.wait_until(lambda: len(self.accepted) >= count)
        return self.accepted[count - 1]

    def use_trigger(self, now: float) -> None:
        """Use the trigger ID. Raises RejectedError if it was used, or is over three seconds old."""
        if self.is_trigger_spent:
            raise RejectedError("exchanged_trigger_id")
        if now - self.started_at > TRIGGER_SECONDS:
            raise RejectedError("expired_trigger_id")
        self.is_trigger_spent = True
