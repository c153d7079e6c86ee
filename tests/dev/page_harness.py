"""For the tests of the page: a sample workspace, and an app with configured responses."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

import httpx
from pydantic import JsonValue
from starlette.applications import Starlette

from bot.dev.emulator.slack.payloads import BOT_USER_ID, SLACKBOT
from bot.dev.emulator.slack.workspace import OpenView, PostedMessage
from bot.dev.playground.web.actions import PageUser, Result
from bot.dev.playground.web.config import (
    ChoiceControl,
    CommandControl,
    Control,
    InstalledApp,
    PageConfig,
    RangeControl,
    Shortcut,
    Suggestion,
    Workspace,
)
from bot.dev.playground.web.server import LONG_POLL_SECONDS, page_app
from tests.dev.emulator_harness import Json, World, input_block, modal, plain, text_input

ORIGIN: Final = "http://127.0.0.1:3030"
APP: Final = InstalledApp(
    name="Weather",
    command="/weather",
    usage_hint="<town>",
    description="Tells the weather",
    message_shortcuts=(Shortcut("Where is this?", "weather_where"),),
    global_shortcuts=(Shortcut("Find a town", "weather_find"),),
)
WORKSPACE: Final = Workspace(
    name="Acme",
    user_id="U0ME",
    channel_id="C0HERE",
    names={
        "U0ME": "You",
        "U0OTHER": "Front desk",
        "C0HERE": "here",
        "C0OTHER": "elsewhere",
        "D0OTHER": "Front desk",
        BOT_USER_ID: APP.name,
        SLACKBOT: "Slackbot",
    },
)
TOWN: Final = input_block(text_input(max_length=5), block_id="town")
FORM: Final = modal(TOWN, submit=plain("Go"), callback_id="find")
GONE: Final = Result("That no longer exists: it was replaced or closed in the meantime.")
DONE: Final = Result()
HELLO: Final[Mapping[str, JsonValue]] = {"act": "type", "text": "hello"}
AS_THE_PAGE: Final = {"origin": ORIGIN, "content-type": "application/json"}


@dataclass
class FakeControls:
    """Three controls that record their changes."""

    changed: list[tuple[str, str]] = field(default_factory=list)

    def controls(self) -> Sequence[Control]:
        return (
            CommandControl("trip", "Another town"),
            RangeControl("rain", "It rains", 10, 1, "mm", 0),
            ChoiceControl(
                "wind", "It blows", (("n", "from the north"), ("s", "from the south")), "n"
            ),
        )

    def command(self, name: str) -> str:
        if name != "trip":
            raise ValueError(f"there is no control {name}")
        self.changed.append((name, ""))
        return f"{APP.command} Bergen {len(self.changed)}"

    async def change(self, name: str, value: str) -> str:
        if name not in {"rain", "wind"}:
            raise LookupError(name)
        if name == "rain" and not value.isdecimal():
            raise ValueError("it must be a number")
        self.changed.append((name, value))
        return f"{name} is {value} now."


@dataclass
class Page:
    """The page, without a browser, and the emulator behind it."""

    world: World
    controls: FakeControls
    user: PageUser
    config: PageConfig
    app: Starlette
    http: httpx.AsyncClient


@asynccontextmanager
async def open_page(long_poll_seconds: float = LONG_POLL_SECONDS) -> AsyncIterator[Page]:
    """Open a page over a fake app; `long_poll_seconds` is the server's timeout for changes."""
    world, controls = World(), FakeControls()
    config = PageConfig(
        app=APP,
        workspace=WORKSPACE,
        controls=controls,
        suggestions=(Suggestion("/weather Oslo", "a wet town"),),
    )
    user = PageUser(config, world.slack)
    app = page_app(config, world.slack, long_poll_seconds)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url=ORIGIN, follow_redirects=False
    ) as http:
        yield Page(world, controls, user, config, app, http)
    await world.close()


def decoded(link: str) -> JsonValue:
    """Return the payload in a link to Block Kit Builder."""
    parts = urlsplit(link)
    assert (parts.scheme, parts.netloc, parts.path) == (
        *("https", "app.slack.com"),
        "/block-kit-builder/",
    )
    assert parts.query == ""
    value: JsonValue = json.loads(unquote(parts.fragment))
    return value


async def do(page: Page, **what: JsonValue) -> Result:
    result = await page.user.perform(json.dumps(what).encode())
    assert result is not None
    return result


def channel_texts(page: Page) -> list[str]:
    return [message.text for message in page.world.slack.messages.messages]


async def posted(page: Page, *blocks: JsonValue) -> PostedMessage:
    """Have the app post a message to the user of the page."""
    await do(page, act="type", text="/weather Oslo")
    return await page.world.posted(page.world.slack.interactions[-1], text="x", blocks=[*blocks])


async def opened(page: Page, view: Json = FORM) -> OpenView:
    """Have the app open a modal for the user of the page."""
    return await page.world.opened(view, "U0ME")
