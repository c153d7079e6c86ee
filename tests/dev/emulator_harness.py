"""For the tests of the Slack emulator: a bot with configured responses, and Block Kit."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import httpx
from pydantic import JsonValue
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bot.dev.emulator.slack.workspace import (
    OpenView,
    PostedMessage,
    RecordedInteraction,
    SlackEmulator,
)

Json = dict[str, JsonValue]
SECRET: Final = "emulator-signing-secret"
START: Final = 1_795_366_800.0
API: Final = "http://127.0.0.1:4020/api/"
AS_THE_BOT: Final = {"authorization": "Bearer xoxb-emulator"}


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


CONFIRM: Final[Json] = {name: plain("x") for name in ("title", "text", "confirm", "deny")}


def mrkdwn(text: str = "x") -> Json:
    return {"type": "mrkdwn", "text": text}


def section(words: str = "x", **more: JsonValue) -> Json:
    return {"type": "section", "text": plain(words), **more}


def button(action_id: str, **more: JsonValue) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain(action_id), **more}


def actions(*elements: JsonValue, **more: JsonValue) -> Json:
    return {"type": "actions", "elements": [*elements], **more}


def option(value: str) -> Json:
    return {"text": plain(value), "value": value}


def menu(action_id: str, *options: JsonValue) -> Json:
    return {"type": "overflow", "action_id": action_id, "options": [*options]}


def text_input(**more: JsonValue) -> Json:
    return {"type": "plain_text_input", "action_id": "written", **more}


def input_block(element: JsonValue | None = None, **more: JsonValue) -> Json:
    return {"type": "input", "label": plain("x"), "element": element or text_input(), **more}


def preformatted(*runs: JsonValue) -> Json:
    lines: Json = {"type": "rich_text_preformatted", "elements": [*runs]}
    return {"type": "rich_text", "elements": [lines]}


def modal(*blocks: JsonValue, **more: JsonValue) -> Json:
    return {"type": "modal", "title": plain("Call"), "blocks": [*blocks], **more}


def home(*blocks: JsonValue) -> Json:
    return {"type": "home", "blocks": [*blocks]}


@dataclass
class World:
    """A bot with configured responses, a fake clock, and the emulated Slack."""

    now: float = START
    slept: list[float] = field(default_factory=list)
    received: list[tuple[bytes, dict[str, str]]] = field(default_factory=list)
    sleep: Callable[[float], Awaitable[None]] | None = None
    respond: Callable[[], Awaitable[Response]] | None = None
    ack: Response | None = None

    def __post_init__(self) -> None:
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(self._bot))
        self.slack = SlackEmulator(
            signing_secret=SECRET,
            bot_token="xoxb-emulator",
            bot_url="http://127.0.0.1:3000/slack/events",
            http=self.http,
            clock=lambda: self.now,
            sleep=self._sleep,
            own_url="http://127.0.0.1:4020",
        )
        self.to_slack = httpx.AsyncClient(transport=httpx.ASGITransport(self.slack.app))

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        if self.sleep is not None:
            await self.sleep(seconds)

    async def _bot(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        self.received.append((await request.body(), dict(request.headers)))
        response = self.ack or Response()
        if self.respond is not None:
            response = await self.respond()
        await response(scope, receive, send)

    async def post(self, interaction: RecordedInteraction, **payload: JsonValue) -> httpx.Response:
        return await self.to_slack.post(interaction.response_url, json=payload)

    async def posted(self, interaction: RecordedInteraction, **payload: JsonValue) -> PostedMessage:
        assert (await self.post(interaction, **payload)).text == "ok"
        return interaction.accepted[-1]

    async def call(self, method: str, **arguments: JsonValue) -> dict[str, JsonValue]:
        """Call the Web API as the bot, with JSON; the status is always 200."""
        response = await self.to_slack.post(f"{API}{method}", json=arguments, headers=AS_THE_BOT)
        assert response.status_code == 200
        body: dict[str, JsonValue] = response.json()
        return body

    async def opened(self, view: JsonValue, user_id: str = "U0SUPPORT") -> OpenView:
        """Open a modal after a command."""
        interaction = await self.slack.command("x", user_id=user_id)
        response = await self.call("views.open", trigger_id=interaction.trigger_id, view=view)
        assert response["ok"] is True, response
        shown = self.slack.modal(user_id)
        assert shown is not None
        return shown

    async def close(self) -> None:
        await self.http.aclose()
        await self.to_slack.aclose()


def action_of(interaction: RecordedInteraction) -> Json:
    """Return the only action of a click."""
    found = interaction.payload["actions"]
    assert isinstance(found, list)
    [action] = found
    assert isinstance(action, dict)
    return action


def inner(whole: Mapping[str, JsonValue], *path: str) -> Json:
    """Return the object at a path."""
    for name in path:
        value = whole[name]
        assert isinstance(value, dict), value
        whole = value
    return dict(whole)
