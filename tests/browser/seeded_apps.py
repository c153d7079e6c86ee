"""Messages and views put into the Slack emulator, and what was then sent to the app.

The bot knows none of it and answers 404, which the page must say; `obeyed` puts an app that takes
everything in its place.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from playwright.async_api import Route
from pydantic import JsonValue
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Mount

from bot.dev.emulator.http_server import serve_on_loopback
from bot.dev.emulator.slack.workspace import OpenView, PostedMessage, RecordedInteraction
from tests.browser.page import PATIENCE_MS, Session
from tests.browser.user_actions import ME
from tests.dev.emulator_harness import Json, button, listed, payload, plain

NOT_TAKEN: Final = "The app didn't accept that: dispatch_failed: the app responded with 404."
GONE: Final = "That no longer exists: it was replaced or closed in the meantime."
ACTS: Final = "**/act"


@asynccontextmanager
async def obeyed(session: Session) -> AsyncIterator[None]:
    """Meanwhile an app that takes everything at once replaces the bot."""
    slack = session.stack.slack
    before = slack.bot_url
    async with serve_on_loopback(Starlette(routes=[Mount("/", Response())])) as url:
        slack.bot_url = url
        try:
            yield
        finally:
            slack.bot_url = before


@asynccontextmanager
async def held(session: Session, address: str) -> AsyncIterator[asyncio.Event]:
    """What the page asks for at this address isn't passed on before the event is set."""
    let_go = asyncio.Event()

    async def hold(route: Route) -> None:
        await let_go.wait()
        await route.continue_()

    await session.page.route(address, hold)
    try:
        yield let_go
    finally:
        let_go.set()
        await session.page.unroute_all(behavior="wait")


def pressed(name: str, value: str, **more: JsonValue) -> Json:
    """A button that says `name` and sends `value`."""
    return button("pressed", value=value, **{**more, "text": plain(name)})


def text_field(block_id: str, label: str, **more: JsonValue) -> Json:
    """A field to write in."""
    element: Json = {"type": "plain_text_input", "action_id": "written"}
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": element,
        **more,
    }


def post(session: Session, *blocks: JsonValue, text: str = "posted") -> PostedMessage:
    """The app posts a message."""
    progress_display, ts = session.stack.slack.messages, session.stack.slack.new_ts()
    what: Json = {"text": text, "blocks": [*blocks]} if blocks else {"text": text}
    return progress_display.show(PostedMessage(ts, "C0SUPPORT", "in_channel", what), "nobody")


def replace(
    session: Session, message: PostedMessage, *blocks: JsonValue, text: str = "replaced"
) -> PostedMessage:
    """The app puts another message in the place of one."""
    what: Json = {"text": text, "blocks": [*blocks]}
    new = PostedMessage(message.ts, message.channel_id, message.response_type, what)
    return session.stack.slack.messages.show(new, "nobody", instead_of=message.ts)


def open_modal(session: Session, view: Json) -> OpenView:
    """The app opens a modal."""
    return session.stack.slack.views.open(ME, session.stack.slack.team_id, view)


def since(session: Session, count: int) -> list[RecordedInteraction]:
    """What was sent to the app after so many interactions."""
    return session.stack.slack.interactions[count:]


def values(interactions: list[RecordedInteraction]) -> list[JsonValue]:
    """What each of these clicks sent."""
    return [listed(each).get("value") for each in interactions if "actions" in payload(each)]


async def until_sent(session: Session, value: str, count: int) -> list[JsonValue]:
    """Wait until that value was sent and answered; returns all that were since `count`."""

    def is_answered() -> bool:
        return any(each.ack_status and value in values([each]) for each in since(session, count))

    async with asyncio.timeout(PATIENCE_MS / 1000):
        await session.stack.slack.changes.wait_until(is_answered)
    return values(since(session, count))
