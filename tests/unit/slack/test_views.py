"""Windows are opened once, filled patiently, and what Slack refuses is one kind of error."""

import asyncio
import json
import socket
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
from bot.services.health import web_client
from bot.slack.views import ViewError, ViewRef, Views
from bot.ui import block_kit

pytestmark = pytest.mark.asyncio(loop_scope="module")

TOKEN = "xoxb-windows"
PERSON = "U0SUPPORT"
START = 1_795_366_800.0


def view(text: str = "Loading…", metadata: str = "") -> block_kit.View:
    return block_kit.modal("Voice log", [block_kit.section(text)], metadata=metadata)


def text_of(payload: object) -> str:
    """The words of the only block there is."""
    match payload:
        case {"blocks": [{"text": {"text": str(text)}}]}:
            return text
        case _:
            raise AssertionError(payload)


async def nobody(scope: Scope, receive: Receive, send: Send) -> None:
    """A bot that has nothing to say."""
    await Response()(scope, receive, send)


class Stage:
    """One server for all claims, with now this application on it and now that."""

    def __init__(self) -> None:
        self.url = ""
        self.app: ASGIApp = nobody

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self.app(scope, receive, send)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage() -> AsyncIterator[Stage]:
    stage = Stage()
    async with serve_on_loopback(stage) as url:
        stage.url = url
        yield stage


@dataclass
class Workspace:
    """The sandbox's Slack on loopback, and the windows under test."""

    slack: SlackEmulator
    windows: Views
    now: list[float]

    async def press(self) -> RecordedInteraction:
        """A command that somebody typed; nobody answers it, and its trigger is good for one use."""
        return await self.slack.command("x", user_id=PERSON)

    async def opened(self, text: str = "Loading…") -> ViewRef:
        return await self.windows.open((await self.press()).trigger_id, view(text))

    def shown(self) -> list[str]:
        """What stands in the person's windows, bottom first."""
        return [text_of(dict(one.payload)) for one in self.slack.modals(PERSON)]

    def methods(self) -> list[str]:
        return [call.method for call in self.slack.view_calls]


@asynccontextmanager
async def a_workspace(stage: Stage, token: str = TOKEN) -> AsyncIterator[Workspace]:
    now = [START]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(nobody)) as http:
        slack = SlackEmulator(
            signing_secret="secret",
            bot_token=TOKEN,
            bot_url="http://127.0.0.1/slack/events",
            http=http,
            clock=lambda: now[0],
        )
        stage.app, slack.own_url = slack.app, stage.url
        async with aiohttp.ClientSession() as session:
            yield Workspace(
                slack,
                Views(web_client(f"{stage.url}/api/", session), token, semaphore=nullcontext()),
                now,
            )


async def error_of(doing: Awaitable[object]) -> ViewError:
    with pytest.raises(ViewError) as caught:
        await doing
    assert TOKEN not in str(caught.value)
    return caught.value


async def test_a_window_opens_with_what_it_is_given(stage: Stage) -> None:
    async with a_workspace(stage) as there:
        window = await there.windows.open(
            (await there.press()).trigger_id, view("hello", '{"channel":"C1"}')
        )
        (seen,) = there.slack.modals(PERSON)

    assert (seen.id, seen.hash) == (window.view_id, window.hash)
    assert seen.private_metadata == '{"channel":"C1"}'
    assert text_of(dict(seen.payload)) == "hello"


async def test_a_window_that_is_filled_gives_the_state_to_fill_it_from_next(stage: Stage) -> None:
    async with a_workspace(stage) as there:
        first = await there.opened()
        second = await there.windows.update(first, view("half"))
        third = await there.windows.update(second, view("whole"))

        assert first.view_id == second.view_id == third.view_id
        assert len({first.hash, second.hash, third.hash}) == 3
        assert there.shown() == ["whole"]


async def test_a_window_can_be_filled_whatever_state_it_is_in(stage: Stage) -> None:
    async with a_workspace(stage) as there:
        window = await there.opened()
        await there.windows.update(window, view("one"))
        await there.windows.update(ViewRef(window.view_id), view("two"))

        assert there.shown() == ["two"]
        assert "hash" not in there.slack.view_calls[-1].arguments


async def test_a_window_upon_another_leaves_that_one_as_it_is(stage: Stage) -> None:
    async with a_workspace(stage) as there:
        await there.opened("below")
        seen = there.slack.modal(PERSON)
        assert seen is not None
        there.slack.triggers.issue("in-window", PERSON, "T0ACME", seen.id)
        await there.windows.push("in-window", view("above"))

        assert there.shown() == ["below", "above"]


async def test_the_home_tab_is_published_for_one_person(stage: Stage) -> None:
    async with a_workspace(stage) as there:
        await there.windows.publish(PERSON, block_kit.home([block_kit.section("home")]))
        await there.windows.publish(PERSON, block_kit.home([block_kit.section("home again")]))
        home = there.slack.home_tab(PERSON)

        assert home is not None
        assert text_of(dict(home.payload)) == "home again"
        assert there.slack.home_tab("U0OTHER") is None


async def test_a_click_that_is_too_long_ago_is_late(stage: Stage) -> None:
    async with a_workspace(stage) as there:
        exchange = await there.press()
        there.now[0] += 3.5
        error = await error_of(there.windows.open(exchange.trigger_id, view()))

    assert (error.reason, error.trigger_expired, error.closed) == (
        "expired_trigger_id",
        True,
        False,
    )


async def test_a_trigger_is_good_for_one_window(stage: Stage) -> None:
    async with a_workspace(stage) as there:
        exchange = await there.press()
        await there.windows.open(exchange.trigger_id, view())
        error = await error_of(there.windows.open(exchange.trigger_id, view()))

    assert (error.reason, error.trigger_expired, error.closed) == (
        "exchanged_trigger_id",
        False,
        False,
    )


async def test_a_window_that_was_closed_is_gone(stage: Stage) -> None:
    async with a_workspace(stage) as there:
        window = await there.opened()
        seen = there.slack.modal(PERSON)
        assert seen is not None
        await there.slack.close(seen)
        error = await error_of(there.windows.update(window, view()))

        assert (error.reason, error.closed, error.trigger_expired) == ("not_found", True, False)
        assert there.methods() == ["views.open", "views.update"], "asking again helps nobody"


async def test_a_window_that_shows_something_newer_is_gone_too(stage: Stage) -> None:
    async with a_workspace(stage) as there:
        window = await there.opened()
        await there.windows.update(window, view("newer"))
        error = await error_of(there.windows.update(window, view("older")))

        assert (error.reason, error.closed) == ("hash_conflict", True)
        assert there.shown() == ["newer"]


async def test_a_view_that_slack_does_not_take_is_refused_for_good(stage: Stage) -> None:
    wrong = view()
    wrong["title"] = block_kit.plain("x" * 25, 25)
    async with a_workspace(stage) as there:
        window = await there.opened()
        error = await error_of(there.windows.update(window, wrong))

        assert (error.reason, error.closed, error.trigger_expired) == (
            "invalid_arguments",
            False,
            False,
        )
        assert there.methods() == ["views.open", "views.update"]


async def test_a_token_that_slack_does_not_take_is_refused_for_good(stage: Stage) -> None:
    async with a_workspace(stage, "xoxb-another") as there:
        error = await error_of(there.windows.publish(PERSON, block_kit.home([])))
    assert (error.reason, error.closed) == ("invalid_auth", False)


STUMBLES = [FailNext(429, "", {"Retry-After": "1"}), FailNext(500), FailNext(503, "<html>")]


@pytest.mark.parametrize("stumble", STUMBLES)
async def test_a_window_is_filled_in_up_to_three_tries(stage: Stage, stumble: FailNext) -> None:
    async with a_workspace(stage) as there:
        window = await there.opened()
        there.slack.fail_next_api = [stumble, stumble]
        await there.windows.update(window, view("there"))

        assert there.shown() == ["there"]
        assert there.methods() == ["views.open", *["views.update"] * 3]
        there.slack.fail_next_api = [stumble] * 3
        error = await error_of(there.windows.update(ViewRef(window.view_id), view("not")))
        assert error.reason == str(stumble.status)
        assert there.slack.fail_next_api == []


@pytest.mark.parametrize("stumble", STUMBLES)
async def test_a_home_tab_is_published_in_up_to_three_tries(
    stage: Stage, stumble: FailNext
) -> None:
    async with a_workspace(stage) as there:
        there.slack.fail_next_api = [stumble, stumble]
        await there.windows.publish(PERSON, block_kit.home([]))

        assert there.slack.home_tab(PERSON) is not None


@pytest.mark.parametrize("stumble", STUMBLES)
async def test_opening_is_never_tried_twice(stage: Stage, stumble: FailNext) -> None:
    async with a_workspace(stage) as there:
        there.slack.fail_next_api = [stumble]
        error = await error_of(there.opened())

        assert (error.reason, error.trigger_expired, error.closed) == (
            str(stumble.status),
            False,
            False,
        )
        assert there.methods() == ["views.open"]
        assert there.shown() == []


@asynccontextmanager
async def answered(stage: Stage, app: ASGIApp) -> AsyncIterator[Views]:
    """Windows with something on loopback that answers in Slack's place."""
    stage.app = app
    async with aiohttp.ClientSession() as session:
        yield Views(web_client(f"{stage.url}/api/", session), TOKEN, semaphore=nullcontext())


UNREADABLE = {
    "no JSON": (b"<html>", "application/json"),
    "a page": (b"<html>", "text/html"),
    "plain text": (b"ok", "text/plain"),
    "nothing": (b"", "application/json"),
    "a list": (b"[]", "application/json"),
    "a word": (b'"ok"', "application/json"),
    "null": (b"null", "application/json"),
    "not UTF-8": (b'{"ok": true, "view": {"id": "\xff"}}', "application/json"),
    "nested too deep": (b"[" * 100_000, "application/json"),
    "no view": (b'{"ok": true}', "application/json"),
    "a view without an id": (b'{"ok": true, "view": {}}', "application/json"),
    "a view that is a list": (b'{"ok": true, "view": []}', "application/json"),
    "an id that is a number": (b'{"ok": true, "view": {"id": 7}}', "application/json"),
}


@pytest.mark.parametrize("kind", UNREADABLE)
async def test_an_answer_that_cannot_be_read_is_a_refusal_too(stage: Stage, kind: str) -> None:
    body, media_type = UNREADABLE[kind]
    async with answered(stage, Response(body, media_type=media_type)) as windows:
        opening = await error_of(windows.open("1.2.3", view()))
        filling = await error_of(windows.update(ViewRef("V1"), view()))

    for error in (opening, filling):
        assert error.reason.startswith(("unreadable answer", "status 200"))
        assert (error.closed, error.trigger_expired) == (False, False)


@pytest.mark.parametrize(
    "said", ["xoxb-secret +12065550100", "<script>", "", None, 7, ["not_found"], {"a": "b"}]
)
async def test_what_slack_says_goes_into_a_log_only_if_it_is_a_word(
    stage: Stage, said: object
) -> None:
    app = Response(json.dumps({"ok": False, "error": said}), media_type="application/json")
    async with answered(stage, app) as windows:
        error = await error_of(windows.update(ViewRef("V1"), view()))

    assert (error.reason, error.closed) == ("status 200", False)


async def test_a_slack_that_cannot_be_reached_is_an_error_of_the_same_kind() -> None:
    with socket.socket() as reserved:  # bound, but nobody listens
        reserved.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{reserved.getsockname()[1]}/api/"
        async with aiohttp.ClientSession() as session:
            error = await error_of(
                Views(web_client(url, session), TOKEN, semaphore=nullcontext()).open(
                    "1.2.3", view()
                )
            )

    assert "Connect" in error.reason
    assert "127.0.0.1" not in error.reason
    assert (error.closed, error.trigger_expired) == (False, False)


async def test_a_connection_that_is_hung_up_on_is_not_opened_again_by_itself() -> None:
    """The first try may have spent the trigger, and opened the window."""
    requests = 0

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal requests
        await reader.readuntil(b"\r\n\r\n")
        requests += 1
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/api/"
    async with server, aiohttp.ClientSession() as session:
        await error_of(
            Views(web_client(url, session), TOKEN, semaphore=nullcontext()).open("1.2.3", view())
        )

    assert requests == 1


async def test_a_connection_that_breaks_in_the_middle_is_too(stage: Stage) -> None:
    async def broken(scope: Scope, _receive: Receive, send: Send) -> None:
        assert scope["type"] == "http"
        headers = [(b"content-type", b"application/json"), (b"content-length", b"100")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"ok":'})

    async with answered(stage, broken) as windows:
        error = await error_of(windows.open("1.2.3", view()))
    assert (error.closed, error.trigger_expired) == (False, False)
