"""What scenarios about buttons share: cards to press them on, and what can be pressed on them.

Whatever is pressed here, the card it stands on is looked at for numbers where none may be.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from pydantic import JsonValue
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.cli.terminal import render
from bot.dev.emulator.slack.workspace import PostedMessage, RecordedInteraction
from bot.ui import actions
from tests.integration.harness import DOCUMENTED, NUMBERS, World, only

OTHER: Final = "ca110000-0000-4000-8000-000000000002"
SUPPORT: Final = "U0SUPPORT"
COLLEAGUE: Final = "U0COLLEAGUE"
NUMBER: Final = "+1 206-555-1212"
"""As the documented example's card shows it in full."""
_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TS: Final = re.compile(r"\b\d{1,20}\.\d{1,10}\b")
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)")
_NUMBER: Final = re.compile(r"\+\d|(?<![\w-])\d{5,}(?![\w-])")
_LOG: Final = re.compile(r"/api/voice/logs/(?!0{8})[0-9a-f-]{36}")


def drawn(message: PostedMessage) -> str:
    """The message as a terminal shows it."""
    return render(message.blocks)


def elements(blocks: JsonValue) -> Iterator[Mapping[str, JsonValue]]:
    """Everything in the blocks that has an action_id."""
    if isinstance(blocks, list):
        for block in blocks:
            yield from elements(block)
    elif isinstance(blocks, dict):
        if "action_id" in blocks:
            yield blocks
        for value in blocks.values():
            yield from elements(value)


def labels(message: PostedMessage) -> list[str]:
    """What can be pressed, in order; the lines of a menu by themselves."""
    return [_label(line) for element in elements(message.blocks) for line in _lines(element)]


def values(message: PostedMessage) -> list[str]:
    """What the bot is told when something of the message is pressed."""
    return [
        str(line.get("value", "")) for each in elements(message.blocks) for line in _lines(each)
    ]


def value_for(message: PostedMessage, part: str) -> str:
    """The value of the one thing that can be pressed whose value has that in it: an id, a name."""
    (value,) = (value for value in values(message) if part in value)
    return value


def confirmation(message: PostedMessage, action_id: str) -> str:
    """What a person is asked before a click on that button counts."""
    (element,) = (e for e in elements(message.blocks) if e["action_id"] == action_id)
    asked = element["confirm"]
    assert isinstance(asked, dict)
    parts = (asked[name] for name in ("title", "text", "confirm", "deny"))
    return "\n".join(str(part["text"]) for part in parts if isinstance(part, dict))


def _lines(element: Mapping[str, JsonValue]) -> list[Mapping[str, JsonValue]]:
    options = element.get("options")
    if not isinstance(options, list):
        return [element]
    return [option for option in options if isinstance(option, dict)]


def _label(line: Mapping[str, JsonValue]) -> str:
    text = line["text"]
    assert isinstance(text, dict)
    return str(text["text"])


def assert_values_are_harmless(message: PostedMessage) -> None:
    """No value holds more than ids, times, threads, pages and tokens: no phone number."""
    for value in values(message):
        rest = _TS.sub("", _TIME.sub("", _ID.sub("", value)))
        assert not _NUMBER.search(rest), value
        assert not any(number.removeprefix("+") in value for number in NUMBERS), value


async def press(
    world: World,
    message: PostedMessage,
    action_id: str,
    *,
    value: str | None = None,
    user_id: str = SUPPORT,
    team_id: str | None = None,
) -> RecordedInteraction:
    """Click, see that Slack has no complaint, and wait until everything of it is over."""
    assert_values_are_harmless(message)
    exchange = await world.slack.click(
        message, action_id, value=value, user_id=user_id, team_id=team_id
    )
    await world.idle()
    assert exchange.failed is None
    for posted in exchange.accepted:
        assert_values_are_harmless(posted)
    return exchange


async def again(world: World, exchange: RecordedInteraction) -> None:
    """Deliver the same click once more, and wait until everything of it is over."""
    assert (await world.slack.redeliver(exchange)).failed is None
    await world.idle()


async def card(
    world: World, text: str = DOCUMENTED, **who: str
) -> tuple[RecordedInteraction, PostedMessage]:
    """A card that one person sees, and the exchange through which it can be seen as it is now."""
    exchange = await world.type(text, **who)
    return exchange, only(exchange)


async def shared_card(world: World, text: str = DOCUMENTED) -> PostedMessage:
    """A card that somebody has shared with everyone in the channel."""
    _, private = await card(world, text)
    return public(await press(world, private, actions.SHARE))


def public(exchange: RecordedInteraction) -> PostedMessage:
    """The one message of an exchange that everyone sees, as it is now."""
    (message,) = [m for m in exchange.messages if m.response_type == "in_channel"]
    return message


def private(exchange: RecordedInteraction) -> PostedMessage:
    """The one message of an exchange that a person alone sees, as it is now."""
    (message,) = [m for m in exchange.messages if m.response_type == "ephemeral"]
    return message


class Outage:
    """Stands before SignalWire, and answers for it while it is down."""

    def __init__(self) -> None:
        self._status = 0
        self._left = 0

    def begin(self, status: int, times: int) -> None:
        """From now on, so many requests for a log get this status."""
        self._status, self._left = status, times

    def __call__(self, app: ASGIApp) -> ASGIApp:
        """Be the front of a project."""

        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            if self._left and _LOG.fullmatch(scope.get("path", "")):
                self._left -= 1
                await PlainTextResponse("", self._status)(scope, receive, send)
            else:
                await app(scope, receive, send)

        return wrapped


class LostAnswers:
    """Stands before Slack: takes what comes in, and loses the answers to so many messages."""

    def __init__(self) -> None:
        self.left = 0

    def __call__(self, app: ASGIApp) -> ASGIApp:
        """Be the front of Slack."""

        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            if not (self.left and scope.get("path", "").startswith("/response/")):
                await app(scope, receive, send)
                return
            self.left -= 1

            async def lose(_message: Message) -> None:
                return

            await app(scope, receive, lose)
            # A body that breaks off: the connection is closed, as if it had been cut.
            headers = [(b"content-length", b"64")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": b"o", "more_body": True})

        return wrapped
