"""Adds messages and views to the Slack emulator, and returns what is then sent to the app.

The bot rejects clicks on them with 404, which the page shows; `accepting_app` replaces the bot with
an app that accepts everything.
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
from tests.browser.page import TIMEOUT_MS, Session
from tests.browser.user_actions import ME
from tests.dev.emulator_harness import Json, action_of, button, plain

NOT_ACCEPTED: Final = "The app didn't accept that: dispatch_failed: the app responded with 404."
GONE: Final = "That no longer exists: it was replaced or closed in the meantime."
ACTIONS: Final = "**/act"


@asynccontextmanager
async def accepting_app(session: Session) -> AsyncIterator[None]:
    """Replace the bot with an app that accepts everything."""
    slack = session.stack.slack
    before = slack.bot_url
    async with serve_on_loopback(Starlette(routes=[Mount("/", Response())])) as url:
        slack.bot_url = url
        try:
            yield
        finally:
            slack.bot_url = before


@asynccontextmanager
async def holding(session: Session, url_pattern: str) -> AsyncIterator[asyncio.Event]:
    """Hold the page's requests to a URL until the event is set."""
    release = asyncio.Event()

    async def hold(route: Route) -> None:
        await release.wait()
        await route.continue_()

    await session.page.route(url_pattern, hold)
    try:
        yield release
    finally:
        release.set()
        await session.page.unroute_all(behavior="wait")


def new_button(name: str, value: str, **more: JsonValue) -> Json:
    """Return a button with the label `name`."""
    return button("pressed", value=value, **{**more, "text": plain(name)})


def text_field(block_id: str, label: str, **more: JsonValue) -> Json:
    """Return a text input."""
    element: Json = {"type": "plain_text_input", "action_id": "written"}
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": element,
        **more,
    }


def post(session: Session, *blocks: JsonValue, text: str = "posted") -> PostedMessage:
    """Post a message as the app."""
    messages, ts = session.stack.slack.messages, session.stack.slack.new_ts()
    what: Json = {"text": text, "blocks": [*blocks]} if blocks else {"text": text}
    return messages.show(PostedMessage(ts, "C0SUPPORT", "in_channel", what), "nobody")


def replace(
    session: Session, message: PostedMessage, *blocks: JsonValue, text: str = "replaced"
) -> PostedMessage:
    """Replace a message as the app."""
    what: Json = {"text": text, "blocks": [*blocks]}
    new = PostedMessage(message.ts, message.channel_id, message.response_type, what)
    return session.stack.slack.messages.show(new, "nobody", instead_of=message.ts)


def open_modal(session: Session, view: Json) -> OpenView:
    """Open a modal as the app."""
    return session.stack.slack.views.open(ME, session.stack.slack.team_id, view)


def sent_after(session: Session, count: int) -> list[RecordedInteraction]:
    """Return the interactions after the first `count`."""
    return session.stack.slack.interactions[count:]


def sent_values(interactions: list[RecordedInteraction]) -> list[JsonValue]:
    """Return the values of these clicks."""
    return [action_of(each).get("value") for each in interactions if "actions" in each.payload]


async def until_sent(session: Session, value: str, count: int) -> list[JsonValue]:
    """Wait until a value is sent and acknowledged; return all values after `count` interactions."""

    def is_answered() -> bool:
        return any(
            each.ack_status and value in sent_values([each]) for each in sent_after(session, count)
        )

    async with asyncio.timeout(TIMEOUT_MS / 1000):
        await session.stack.slack.changes.wait_until(is_answered)
    return sent_values(sent_after(session, count))
