"""What the scenarios of searching share: many logs, pages that misbehave, and reading a list."""

import asyncio
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

import httpx
from pydantic import JsonValue
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.dev.emulator.signalwire.catalogue import LogFixture
from bot.dev.emulator.signalwire.fixtures import call
from bot.dev.emulator.slack.workspace import PostedMessage
from bot.slack.sealed_value import SealedValues
from tests.integration.harness import NOW, World, is_check
from tests.integration.raw_requests import SECRET

LIST: Final = "/api/voice/logs"
FURTHER: Final = "Look further back"
WANTED: Final = "+12065550199"
WRITTEN: Final = "(206) 555-0199"
"""The same, as a person writes it."""

_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NUMBER: Final = re.compile(r"555\D{0,3}(?:0\D{0,3}1|1212|3434)")
"""Every number of the scenarios and the catalogue, or the end of it."""


def log_id(number: int) -> str:
    return f"10900000-0000-4000-8000-{number:012d}"


def many(count: int, *, wanted: Sequence[int] = (), a_minute: int = 1) -> list[LogFixture]:
    """So many logs, number 0 the newest; those that are `wanted` went to WANTED."""
    return [
        LogFixture(
            log_id(number),
            "one of many",
            call(
                log_id(number),
                NOW - timedelta(minutes=number // a_minute + 1),
                to=WANTED if number in wanted else "+12065550101",
            ),
        )
        for number in range(count)
    ]


@dataclass(frozen=True)
class Press:
    """Something that can be pressed: its name, what it stands for, what is written on it."""

    action_id: str
    value: str
    label: str


def presses(node: JsonValue) -> list[Press]:
    """Everything that can be pressed in blocks or in a view, a menu's lines included."""
    return [*_presses(node)]


def _presses(node: JsonValue) -> Iterator[Press]:
    match node:
        case {"type": "button", "action_id": str(action), "text": {"text": str(label)}}:
            value = node.get("value", "") if isinstance(node, dict) else ""
            yield Press(action, str(value), label)
        case {"type": "overflow", "action_id": str(action), "options": [*options]}:
            for option in options:
                assert isinstance(option, dict)
                yield Press(action, str(option["value"]), json.dumps(option["text"]))
        case dict():
            for value in node.values():
                yield from _presses(value)
        case [*items]:
            for item in items:
                yield from _presses(item)


def labels(node: JsonValue) -> list[str]:
    """What is written on everything that can be pressed."""
    return [press.label for press in presses(node)]


def listed(node: JsonValue, action_id: str = "voicelog_card") -> list[str]:
    """The ids of the rows with Card, in their order."""
    return [press.value for press in presses(node) if press.action_id == action_id]


def texts(node: JsonValue) -> str:
    """Every text in blocks or in a view."""
    match node:
        case {"text": str(text)}:
            return f"{text}\n"
        case dict():
            return "".join(texts(value) for value in node.values())
        case [*items]:
            return "".join(texts(item) for item in items)
        case _:
            return ""


def with_value(message: PostedMessage, old: str, new: str) -> PostedMessage:
    """The message with another value on its button, as an older version may have left it."""
    payload = json.dumps(dict(message.payload)).replace(json.dumps(old), json.dumps(new))
    return replace(message, payload=json.loads(payload))


def sealed(text: str, purpose: str = "search") -> str:
    """What a button holds, as the bot of every world seals it."""
    return SealedValues((SECRET,), now=lambda: NOW).seal(text, purpose=purpose)


def assert_no_number_is_kept_by_slack(world: World) -> None:
    """No button's value, no private_metadata and no log line that this world made has a number."""
    sent: list[JsonValue] = [
        post.payload for exchange in world.slack.interactions for post in exchange.posts
    ]
    sent += [
        json.loads(one.ack_body) for one in world.slack.interactions if one.ack_body[:1] == "{"
    ]
    views: list[JsonValue] = [dict(one.view) for one in world.slack.view_calls]
    values = [press.value for node in [*sent, *views] for press in presses(node)]
    values += [str(view.get("private_metadata", "")) for view in views if isinstance(view, dict)]
    assert values
    found = [value for value in values if _NUMBER.search(_UUID.sub("", value))]
    assert not found, found
    assert not _NUMBER.search(_UUID.sub("", world.log.getvalue()))


Rewrite = Callable[[dict[str, JsonValue]], None]


@dataclass
class Pages:
    """A front that sees every request for the list but the checks, and can meddle with it.

    Attributes:
        asked: the queries so far.
        fails_from: from which request on, counted from 1, the answer is `status`.
        held_from: from which request on nothing is answered, until `let_go` is set.
        holding: set once a request is held.
        rewrite: changes a page before it is sent.
    """

    fails_from: int | None = None
    status: int = 503
    held_from: int | None = None
    rewrite: Rewrite | None = None
    asked: list[dict[str, str]] = field(default_factory=list)
    holding: asyncio.Event = field(default_factory=asyncio.Event)
    let_go: asyncio.Event = field(default_factory=asyncio.Event)

    def __call__(self, app: ASGIApp) -> ASGIApp:
        """Stand before `app`."""

        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or scope["path"] != LIST or is_check(scope):
                await app(scope, receive, send)
                return
            response = await self._answer(app, Request(scope))
            await response(scope, receive, send)

        return wrapped

    async def _answer(self, app: ASGIApp, request: Request) -> Response:
        self.asked.append(dict(request.query_params))
        number = len(self.asked)
        if self.held_from is not None and number >= self.held_from:
            self.holding.set()
            await self.let_go.wait()
        if self.fails_from is not None and number >= self.fails_from:
            return Response('{"error": "canary-4f1d"}', self.status)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as asking:
            answer = await asking.get(str(request.url), headers=dict(request.headers))
        if self.rewrite is None or answer.status_code != 200:
            return Response(answer.content, answer.status_code)
        page = answer.json()
        self.rewrite(page)
        return Response(json.dumps(page))


def with_next(link: Callable[[dict[str, JsonValue]], str]) -> Rewrite:
    """Puts another `links.next` on every page, made from the page's links."""

    def rewrite(page: dict[str, JsonValue]) -> None:
        links = page["links"]
        assert isinstance(links, dict)
        links["next"] = link(links)

    return rewrite


def lists_asked(world: World) -> int:
    """How many requests for a list there were, the checks aside."""
    asked = [request for space in world.spaces.values() for request in space.requests]
    return len([one for one in asked if one.path == LIST and one.query.get("page_size") != "1"])


async def further(world: World, message: PostedMessage) -> PostedMessage:
    """Look further back; the last message that comes of it."""
    exchange = await world.slack.click(message, "voicelog_further")
    await world.idle()
    assert exchange.failed is None
    return exchange.messages[-1]
