"""Views are opened once and updated with retries; every rejection is a ViewError."""

import json
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass

import aiohttp
import httpx
import pytest
import pytest_asyncio
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.dev.emulator.http_server import serve_on_loopback
from bot.dev.emulator.slack.workspace import FailNext, RecordedInteraction, SlackEmulator
from bot.slack.views import ViewError, ViewRef, Views
from bot.slack.web_client import web_client
from bot.ui import block_elements, block_kit

pytestmark = pytest.mark.asyncio(loop_scope="module")

TOKEN = "xoxb-views"
USER_ID = "U0SUPPORT"
START = 1_795_366_800.0


def view(text: str = "Loading…", metadata: str = "") -> block_kit.View:
    return block_kit.modal("Voice log", [block_kit.section(text)], metadata=metadata)


def text_of(payload: object) -> str:
    """Return the text of the only block."""
    match payload:
        case {"blocks": [{"text": {"text": str(text)}}]}:
            return text
        case _:
            raise AssertionError(payload)


async def no_reply(scope: Scope, receive: Receive, send: Send) -> None:
    """A bot that doesn't reply."""
    await Response()(scope, receive, send)


class Server:
    """One server for all tests; each sets its application."""

    def __init__(self) -> None:
        self.url = ""
        self.app: ASGIApp = no_reply

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self.app(scope, receive, send)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server() -> AsyncIterator[Server]:
    server = Server()
    async with serve_on_loopback(server) as url:
        server.url = url
        yield server


@dataclass
class Workspace:
    """The Slack emulator on loopback, and the Views under test."""

    slack: SlackEmulator
    views: Views
    now: list[float]

    async def type_command(self) -> RecordedInteraction:
        """Type a command without a reply; return its trigger_id, which is valid once."""
        return await self.slack.command("x", user_id=USER_ID)

    async def opened(self, text: str = "Loading…") -> ViewRef:
        return await self.views.open((await self.type_command()).trigger_id, view(text))

    def shown(self) -> list[str]:
        """Return the text of the user's modals, bottom first."""
        return [text_of(dict(one.payload)) for one in self.slack.modals(USER_ID)]

    def methods(self) -> list[str]:
        return [call.method for call in self.slack.view_calls]


@asynccontextmanager
async def open_workspace(server: Server, token: str = TOKEN) -> AsyncIterator[Workspace]:
    now = [START]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(no_reply)) as http:
        slack = SlackEmulator(
            signing_secret="secret",
            bot_token=TOKEN,
            bot_url="http://127.0.0.1/slack/events",
            http=http,
            clock=lambda: now[0],
        )
        server.app, slack.own_url = slack.app, server.url
        async with aiohttp.ClientSession() as session:
            yield Workspace(
                slack,
                Views(web_client(f"{server.url}/api/", session), token, semaphore=nullcontext()),
                now,
            )


async def error_of(doing: Awaitable[object]) -> ViewError:
    with pytest.raises(ViewError) as caught:
        await doing
    assert TOKEN not in str(caught.value)
    return caught.value


async def test_a_modal_is_opened_with_the_view(server: Server) -> None:
    async with open_workspace(server) as workspace:
        view_ref = await workspace.views.open(
            (await workspace.type_command()).trigger_id, view("hello", '{"channel":"C1"}')
        )
        (seen,) = workspace.slack.modals(USER_ID)

    assert (seen.id, seen.hash) == (view_ref.view_id, view_ref.hash)
    assert seen.private_metadata == '{"channel":"C1"}'
    assert text_of(dict(seen.payload)) == "hello"


async def test_an_update_returns_the_new_hash(server: Server) -> None:
    async with open_workspace(server) as workspace:
        first = await workspace.opened()
        second = await workspace.views.update(first, view("half"))
        third = await workspace.views.update(second, view("whole"))

        assert first.view_id == second.view_id == third.view_id
        assert len({first.hash, second.hash, third.hash}) == 3
        assert workspace.shown() == ["whole"]


async def test_an_update_without_a_hash_is_unconditional(server: Server) -> None:
    async with open_workspace(server) as workspace:
        view_ref = await workspace.opened()
        await workspace.views.update(view_ref, view("one"))
        await workspace.views.update(ViewRef(view_ref.view_id), view("two"))

        assert workspace.shown() == ["two"]
        assert "hash" not in workspace.slack.view_calls[-1].arguments


async def test_a_pushed_modal_leaves_the_previous_one(server: Server) -> None:
    async with open_workspace(server) as workspace:
        below = block_kit.section("below", accessory=block_elements.button("more", "More"))
        command = await workspace.type_command()
        await workspace.views.open(command.trigger_id, block_kit.modal("Voice log", [below]))
        (seen,) = workspace.slack.modals(USER_ID)
        click = await workspace.slack.click_in_view(seen, "more")
        await workspace.views.push(click.trigger_id, view("above"))

        assert workspace.shown() == ["below", "above"]


async def test_the_home_tab_is_published_for_one_user(server: Server) -> None:
    async with open_workspace(server) as workspace:
        await workspace.views.publish(USER_ID, block_kit.home([block_kit.section("home")]))
        await workspace.views.publish(USER_ID, block_kit.home([block_kit.section("home again")]))
        home = workspace.slack.home_tab(USER_ID)

        assert home is not None
        assert text_of(dict(home.payload)) == "home again"
        assert workspace.slack.home_tab("U0OTHER") is None


async def test_an_expired_trigger_id_is_recognized(server: Server) -> None:
    async with open_workspace(server) as workspace:
        interaction = await workspace.type_command()
        workspace.now[0] += 3.5
        error = await error_of(workspace.views.open(interaction.trigger_id, view()))

    assert (error.reason, error.trigger_expired, error.closed) == (
        "expired_trigger_id",
        True,
        False,
    )


async def test_a_trigger_id_opens_one_modal(server: Server) -> None:
    async with open_workspace(server) as workspace:
        interaction = await workspace.type_command()
        await workspace.views.open(interaction.trigger_id, view())
        error = await error_of(workspace.views.open(interaction.trigger_id, view()))

    assert (error.reason, error.trigger_expired, error.closed) == (
        "exchanged_trigger_id",
        False,
        False,
    )


async def test_a_closed_modal_is_recognized(server: Server) -> None:
    async with open_workspace(server) as workspace:
        view_ref = await workspace.opened()
        seen = workspace.slack.modal(USER_ID)
        assert seen is not None
        await workspace.slack.close(seen)
        error = await error_of(workspace.views.update(view_ref, view()))

        assert (error.reason, error.closed, error.trigger_expired) == ("not_found", True, False)
        assert workspace.methods() == ["views.open", "views.update"], "a retry would not help"


async def test_a_modal_that_has_changed_is_recognized(server: Server) -> None:
    async with open_workspace(server) as workspace:
        view_ref = await workspace.opened()
        await workspace.views.update(view_ref, view("newer"))
        error = await error_of(workspace.views.update(view_ref, view("older")))

        assert (error.reason, error.closed) == ("hash_conflict", True)
        assert workspace.shown() == ["newer"]


async def test_a_rejected_view_is_a_permanent_error(server: Server) -> None:
    wrong = view()
    wrong["title"] = block_elements.plain("x" * 25, 25)
    async with open_workspace(server) as workspace:
        view_ref = await workspace.opened()
        error = await error_of(workspace.views.update(view_ref, wrong))

        assert (error.reason, error.closed, error.trigger_expired) == (
            "invalid_arguments",
            False,
            False,
        )
        assert workspace.methods() == ["views.open", "views.update"]


async def test_a_rejected_token_is_a_permanent_error(server: Server) -> None:
    async with open_workspace(server, "xoxb-another") as workspace:
        error = await error_of(workspace.views.publish(USER_ID, block_kit.home([])))
    assert (error.reason, error.closed) == ("invalid_auth", False)


TEMPORARY_ERRORS = [FailNext(429, "", {"Retry-After": "1"}), FailNext(500), FailNext(503, "<html>")]


@pytest.mark.parametrize("failure", TEMPORARY_ERRORS)
async def test_an_update_has_up_to_three_attempts(server: Server, failure: FailNext) -> None:
    async with open_workspace(server) as workspace:
        view_ref = await workspace.opened()
        workspace.slack.fail_next_api = [failure, failure]
        await workspace.views.update(view_ref, view("workspace"))

        assert workspace.shown() == ["workspace"]
        assert workspace.methods() == ["views.open", *["views.update"] * 3]
        workspace.slack.fail_next_api = [failure] * 3
        error = await error_of(workspace.views.update(ViewRef(view_ref.view_id), view("not")))
        assert error.reason == str(failure.status)
        assert workspace.slack.fail_next_api == []


@pytest.mark.parametrize("failure", TEMPORARY_ERRORS)
async def test_opening_is_not_retried(server: Server, failure: FailNext) -> None:
    async with open_workspace(server) as workspace:
        workspace.slack.fail_next_api = [failure]
        error = await error_of(workspace.opened())

        assert (error.reason, error.trigger_expired, error.closed) == (
            str(failure.status),
            False,
            False,
        )
        assert workspace.methods() == ["views.open"]
        assert workspace.shown() == []


@asynccontextmanager
async def views_over(server: Server, app: ASGIApp) -> AsyncIterator[Views]:
    """Views with a server on loopback in place of Slack."""
    server.app = app
    async with aiohttp.ClientSession() as session:
        yield Views(web_client(f"{server.url}/api/", session), TOKEN, semaphore=nullcontext())


UNREADABLE = {
    "not JSON": (b"<html>", "application/json"),
    "a page": (b"<html>", "text/html"),
    "plain text": (b"ok", "text/plain"),
    "nothing": (b"", "application/json"),
    "a list": (b"[]", "application/json"),
    "a word": (b'"ok"', "application/json"),
    "null": (b"null", "application/json"),
    "not UTF-8": (b'{"ok": true, "view": {"id": "\xff"}}', "application/json"),
    "nested too deeply": (b"[" * 100_000, "application/json"),
    "without a view": (b'{"ok": true}', "application/json"),
    "a view without an id": (b'{"ok": true, "view": {}}', "application/json"),
    "a view that is a list": (b'{"ok": true, "view": []}', "application/json"),
    "an id that is a number": (b'{"ok": true, "view": {"id": 7}}', "application/json"),
}


@pytest.mark.parametrize("kind", UNREADABLE)
async def test_an_unreadable_response_is_an_error(server: Server, kind: str) -> None:
    body, media_type = UNREADABLE[kind]
    async with views_over(server, Response(body, media_type=media_type)) as views:
        opening = await error_of(views.open("1.2.3", view()))
        filling = await error_of(views.update(ViewRef("V1"), view()))

    for error in (opening, filling):
        assert error.reason.startswith(("unreadable response", "status 200"))
        assert (error.closed, error.trigger_expired) == (False, False)


@pytest.mark.parametrize(
    "error_code", ["xoxb-secret +12065550100", "<script>", "", None, 7, ["not_found"], {"a": "b"}]
)
async def test_the_reason_is_an_error_code_or_a_status(server: Server, error_code: object) -> None:
    app = Response(json.dumps({"ok": False, "error": error_code}), media_type="application/json")
    async with views_over(server, app) as views:
        error = await error_of(views.update(ViewRef("V1"), view()))

    assert (error.reason, error.closed) == ("status 200", False)


async def test_a_connection_that_breaks_is_a_view_error(server: Server) -> None:
    async def broken(scope: Scope, _receive: Receive, send: Send) -> None:
        assert scope["type"] == "http"
        headers = [(b"content-type", b"application/json"), (b"content-length", b"100")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"ok":'})

    async with views_over(server, broken) as views:
        error = await error_of(views.open("1.2.3", view()))
    assert error.reason == "ClientPayloadError"
    assert (error.closed, error.trigger_expired) == (False, False)
