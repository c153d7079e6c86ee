"""Who may ask: allow-lists, people of other companies, and what is written down of it."""

import asyncio
import json
from urllib.parse import urlencode

import pytest
from pydantic import JsonValue
from slack_sdk.web.async_client import AsyncWebClient
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.access import Access, Actor, Denial, Installation
from bot.dev.emulator.slack.workspace import PostedMessage, RecordedInteraction
from bot.services.startup_checks import StartupChecks
from bot.ui import access_denied
from tests.integration.harness import DOCUMENTED, OpenWorld, World, closed_port, only, reference_in

pytestmark = pytest.mark.asyncio(loop_scope="module")

MESSAGE: dict[str, JsonValue] = {"text": f"call {DOCUMENTED}"}


def assert_refused(world: World, message: PostedMessage, reason: str, subject: str) -> None:
    assert message.text.startswith(access_denied.TITLE)
    assert subject in message.text
    (line,) = world.log.lines(request_id=reference_in(message))
    assert (line["event"], line["outcome"]) == ("lookup.denied", reason)
    assert line["ids"] == [DOCUMENTED]
    assert subject in {line["user"], line["team"], line["channel"]}
    assert world.asked_for == []


async def shared_channel_shortcut(world: World, *, home: str, theirs: str) -> RecordedInteraction:
    """Somebody of the workspace `theirs` uses the shortcut in a channel shared with `home`."""
    exchange = await world.slack.command("help")
    payload: JsonValue = {
        "type": "message_action",
        "callback_id": "voicelog_lookup",
        "team": {"id": home, "domain": "acme"},
        "user": {"id": "U0STRANGER", "name": "stranger", "team_id": theirs},
        "channel": {"id": "C0SHARED", "name": "shared"},
        "message": {**MESSAGE, "type": "message", "ts": "1.2"},
        "response_url": exchange.response_url,
        "trigger_id": "1.2.3",
    }
    answer = await world.knock(urlencode({"payload": json.dumps(payload)}).encode())
    assert (answer.status_code, answer.text) == (200, "")
    await world.idle()
    return exchange


@pytest.mark.parametrize(
    ("variable", "allowed", "field", "outsider"),
    [
        ("ALLOWED_CHANNELS", "C0OPS,C0DESK", "channel", "C0OTHER"),
        ("ALLOWED_USERS", " U0ANNA, U0BERT ,", "user", "U0EVE"),
        ("ALLOWED_TEAMS", "T0ACME,T0PARTNER", "team", "T0OTHER"),
    ],
)
async def test_the_listed_may_ask_and_others_are_refused_politely(
    open_world: OpenWorld, variable: str, allowed: str, field: str, outsider: str
) -> None:
    world = await open_world(environment={variable: allowed})
    by_command = await world.type(DOCUMENTED, **{f"{field}_id": outsider})
    by_shortcut = await world.use_shortcut(MESSAGE, **{f"{field}_id": outsider})

    assert by_command.posts == []
    assert_refused(world, only(by_command), field, outsider)
    assert_refused(world, only(by_shortcut), field, outsider)
    for listed in (one.strip() for one in allowed.split(",") if one.strip()):
        who = {f"{field}_id": listed}
        assert (await world.answer(DOCUMENTED, **who)).text.startswith("Completed")
        assert only(await world.use_shortcut(MESSAGE, **who)).text.startswith("Completed")


async def test_help_is_for_everyone(open_world: OpenWorld) -> None:
    world = await open_world(environment={"ALLOWED_USERS": "U0ANNA"})

    assert (await world.answer("help", user_id="U0EVE")).text.startswith("VoiceLog.")


async def test_a_stranger_in_a_shared_channel_is_refused(open_world: OpenWorld) -> None:
    world = await open_world()
    exchange = await shared_channel_shortcut(world, home="T0ACME", theirs="T0STRANGER")

    (post,) = exchange.posts
    assert post.posted is not None
    assert post.posted.response_type == "ephemeral"
    assert_refused(world, post.posted, "team", "T0STRANGER")


async def test_a_stranger_whose_own_workspace_sends_the_request_is_refused(
    open_world: OpenWorld,
) -> None:
    world = await open_world()
    exchange = await shared_channel_shortcut(world, home="T0STRANGER", theirs="T0STRANGER")

    (post,) = exchange.posts
    assert post.posted is not None
    assert_refused(world, post.posted, "team", "T0STRANGER")


async def test_a_stranger_of_a_listed_workspace_may_ask(open_world: OpenWorld) -> None:
    world = await open_world(environment={"ALLOWED_TEAMS": "T0ACME,T0PARTNER"})
    exchange = await shared_channel_shortcut(world, home="T0ACME", theirs="T0PARTNER")

    (post,) = exchange.posts
    assert post.posted is not None
    assert post.posted.text.startswith("Completed · 9 s")
    assert world.log.lines("lookup.done", user="U0STRANGER", team="T0PARTNER", channel="C0SHARED")


async def test_each_lookup_leaves_one_audit_line(open_world: OpenWorld) -> None:
    world = await open_world(environment={"LOG_LEVEL": "error"})
    unknown = "fa170404-0000-4000-8000-000000000000"
    await world.type(f"{DOCUMENTED} {unknown}", user_id="U0ANNA", channel_id="C0DESK")
    lines = world.log.lines("lookup.done")

    who = {"user": "U0ANNA", "team": "T0ACME", "channel": "C0DESK", "request_id": "ref0001"}
    assert sorted((str(line["id"]), str(line["outcome"])) for line in lines) == [
        (DOCUMENTED, "found"),
        (unknown, "not_found"),
    ]
    for line in lines:
        assert who.items() <= line.items()
        assert isinstance(line["duration_ms"], int)
        assert {*line} - {*who} == {"id", "outcome", "duration_ms", "event", "level", "timestamp"}


async def test_lookups_work_before_slack_has_said_where_the_bot_is_installed(
    open_world: OpenWorld,
) -> None:
    said = asyncio.Event()

    def silent(app: ASGIApp) -> ASGIApp:
        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http" and scope["path"].startswith("/api/"):
                await said.wait()
            await app(scope, receive, send)

        return wrapped

    world = await open_world(slack_front=silent, knows_home=False)
    stranger = await shared_channel_shortcut(world, home="T0ACME", theirs="T0STRANGER")

    assert world.slack.api_calls == []
    assert stranger.posts[0].posted is not None
    assert_refused(world, stranger.posts[0].posted, "team", "T0STRANGER")
    assert (await world.answer(DOCUMENTED)).text.startswith("Completed · 9 s")
    said.set()
    await world.log.line("startup_check.ok", check="Slack")
    assert (await world.answer(DOCUMENTED)).text.startswith("Completed · 9 s")


async def test_slack_out_of_reach_at_the_start_is_one_line_and_no_hindrance(
    open_world: OpenWorld,
) -> None:
    with closed_port() as port:
        world = await open_world(
            knows_home=False, environment={"SLACK_API_URL": f"http://127.0.0.1:{port}/api/"}
        )
        line = await world.log.line("startup_check.failed")
        ready = await world.http.get(f"{world.url}/readyz")
        message = await world.answer(DOCUMENTED)

    assert line["check"] == "Slack"
    assert "can't be reached" in str(line["message"])
    assert ready.status_code == 200
    assert message.text.startswith("Completed · 9 s")
    assert len(world.log.lines("startup_check.failed")) == 1


async def test_a_refused_bot_token_is_said_once_and_lookups_work(open_world: OpenWorld) -> None:
    world = await open_world(knows_home=False, environment={"SLACK_BOT_TOKEN": "xoxb-revoked"})
    line = await world.log.line("startup_check.failed", check="Slack")

    assert "SLACK_BOT_TOKEN" in str(line["message"])
    assert "invalid_auth" in str(line["message"])
    assert "xoxb-" not in world.log.getvalue()
    assert (await world.answer(DOCUMENTED)).text.startswith("Completed · 9 s")


async def test_once_slack_is_back_the_bot_learns_where_it_is_installed(world: World) -> None:
    access, pauses = Access(), list[float]()
    stranger = Actor("U0STRANGER", "T0STRANGER", "C0SHARED")

    with closed_port() as port:
        web = AsyncWebClient(base_url=f"http://127.0.0.1:{port}/api/", retry_handlers=[])

        async def pause(seconds: float) -> None:
            pauses.append(seconds)
            if len(pauses) == 3:
                web.base_url = f"{world.slack.own_url}/api/"

        await StartupChecks(
            access=access, web=web, bot_token=world.slack_token, clients=[], sleep=pause
        ).run()

    assert access.installation == Installation("T0ACME")
    assert access.denial(stranger) == Denial("team", "T0STRANGER")
    assert pauses == [2.0, 4.0, 8.0]
    assert len(world.log.lines("startup_check.failed", check="Slack")) == 1
