"""What scenarios with windows share: opening one, reading it, and servers that take their time."""

import asyncio
import json
from collections.abc import Iterator, Sequence

from pydantic import JsonValue
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.cli.terminal import render
from bot.dev.emulator.slack.workspace import OpenView, PostedMessage, RecordedInteraction
from bot.ui import actions
from tests.integration.harness import NUMBERS, World, is_check

LOADING = "Loading…"
LIST = "/api/voice/logs"
EVENTS = "/events"


class Doorway:
    """Stands before an application, and before what ends in `end` can be shut or give way.

    Attributes:
        status: what is answered in the application's place; None for its own answer.
        deaf: the application does what it's asked, but its answer is lost and `status` comes.
        times: how often `status` is answered; None for always.
        reached: set as soon as somebody waits at the shut door.
    """

    def __init__(self, end: str, *, status: int | None = None, times: int | None = None) -> None:
        self._end = end
        self._open = asyncio.Event()
        self._open.set()
        self.status = status
        self.times = times
        self.deaf = False
        self.reached = asyncio.Event()

    def __call__(self, app: ASGIApp) -> ASGIApp:
        """The application behind the door."""

        async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
            theirs = scope["type"] == "http" and scope["path"].endswith(self._end)
            if not theirs or is_check(scope):
                await app(scope, receive, send)
                return
            if not self._open.is_set():
                self.reached.set()
                await self._open.wait()
            status = self._due()
            if status is None:
                await app(scope, receive, send)
                return
            if self.deaf:
                await app(scope, receive, _nowhere)
            await PlainTextResponse("", status)(scope, receive, send)

        return guarded

    def shut(self) -> None:
        """From now on, who comes waits."""
        self.reached.clear()
        self._open.clear()

    def open(self) -> None:
        """Let everyone through."""
        self._open.set()

    def _due(self) -> int | None:
        if self.times is not None:
            if self.times <= 0:
                return None
            self.times -= 1
        return self.status


async def _nowhere(_message: Message) -> None:
    """What the application says is heard by nobody."""


class CutOff:
    """Stands before what ends in `end`: answers half of what it promises, and hangs up."""

    def __init__(self, end: str) -> None:
        self._end = end

    def __call__(self, app: ASGIApp) -> ASGIApp:
        """The application behind it."""

        async def broken(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or not scope["path"].endswith(self._end):
                await app(scope, receive, send)
                return
            headers = [(b"content-type", b"application/json"), (b"content-length", b"100")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": b'{"ok":', "more_body": False})

        return broken


def drawn(view: OpenView) -> str:
    """A window as it looks."""
    return f"[{view.title}]\n{render(view.blocks)}"


def beneath(view: OpenView, heading: str) -> str:
    """What stands under a heading of a window, up to the next one."""
    heads = [n for n, block in enumerate(view.blocks) if _heading(block) is not None]
    for head, end in zip(heads, [*heads[1:], len(view.blocks)], strict=True):
        if _heading(view.blocks[head]) == heading:
            return render(view.blocks[head + 1 : end])
    raise AssertionError(f"no {heading} in {drawn(view)}")


def _heading(block: JsonValue) -> str | None:
    match block:
        case {"type": "header", "text": {"text": str(text)}}:
            return text
        case _:
            return None


def is_filled(view: OpenView) -> bool:
    """Whether no part of a window is on its way any more."""
    return LOADING not in render(view.blocks)


def shown(world: World, user_id: str) -> OpenView:
    """The window a person sees; there has to be one.

    Nothing that can be pressed in it holds a number, and it remembers nothing but where it was
    opened and for which log.
    """
    view = world.slack.modal(user_id)
    assert view is not None, "no window"
    assert_holds_no_number(view.blocks, view.private_metadata)
    if view.private_metadata:
        assert set(json.loads(view.private_metadata)) <= {"channel", "log", "public"}
        assert not [secret for secret in world.secrets if secret in view.private_metadata]
    return view


async def pressed(
    world: World,
    card: PostedMessage,
    action_id: str = actions.DETAILS,
    *,
    value: str | None = None,
    user_id: str = "U0SUPPORT",
    team_id: str | None = None,
) -> RecordedInteraction:
    """Press something on a card and wait until everything that comes of it is over."""
    assert_holds_no_number(card.blocks)
    exchange = await world.slack.click(
        card, action_id, value=value, user_id=user_id, team_id=team_id
    )
    await world.idle()
    assert exchange.failed is None
    return exchange


async def legs_pressed(
    world: World, card: PostedMessage, log_id: str, **who: str
) -> RecordedInteraction:
    """Choose **Legs of the call** from the menu of a card."""
    return await pressed(world, card, actions.OVERFLOW, value=f"{actions.LEGS} {log_id}", **who)


async def details_of(world: World, log_id: str, user_id: str) -> OpenView:
    """Ask for a log, press **Details**, and see the window that comes of it."""
    card = await world.answer(log_id, user_id=user_id)
    exchange = await pressed(world, card, user_id=user_id)
    assert exchange.messages == []
    return shown(world, user_id)


async def turned(
    world: World, view: OpenView, action_id: str, *, value: str | None = None
) -> OpenView:
    """Press something in a window; what it shows once everything that comes of it is over."""
    exchange = await world.slack.click_in_view(view, action_id, value=value)
    await world.idle()
    assert (exchange.failed, exchange.ack_body) == (None, "")
    return shown(world, view.user_id)


def values_in(node: JsonValue | Sequence[JsonValue]) -> Iterator[str]:
    """The values of all that can be pressed in blocks."""
    if isinstance(node, dict):
        value = node.get("value")
        if isinstance(value, str):
            yield value
        for item in node.values():
            yield from values_in(item)
    elif isinstance(node, list):
        for item in node:
            yield from values_in(item)


def assert_holds_no_number(blocks: Sequence[JsonValue], metadata: str = "") -> None:
    """No value of a button, nor a window's memory, may hold a phone number."""
    for value in [*values_in([*blocks]), metadata]:
        held = [number for number in NUMBERS if number.removeprefix("+") in value]
        assert not held, value


def troubles(world: World, since: int) -> list[tuple[JsonValue, JsonValue]]:
    """What the log has complained of since it had so many lines."""
    return [
        (line["event"], line.get("reason"))
        for line in world.log.lines()[since:]
        if line["level"] not in {"debug", "info"}
    ]
