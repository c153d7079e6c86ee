"""Who may look up voice logs: allow-lists, users of other companies, and the audit log."""

import pytest
from pydantic import JsonValue

from bot.dev.emulator.slack.workspace import PostedMessage
from tests.integration.harness import OpenWorld, World
from tests.integration.intercept import Interceptor
from tests.support import texts
from tests.support.reading import only, request_id_in
from tests.support.samples import DOCUMENTED, NOT_FOUND, STRANGER_TEAM, TEAM

MESSAGE: dict[str, JsonValue] = {"text": f"call {DOCUMENTED}"}


def assert_denied(world: World, message: PostedMessage, reason: str, subject: str) -> None:
    assert message.text.startswith(f"{texts.DENIED}.")
    assert subject in message.text
    (line,) = world.log.lines(request_id=request_id_in(message))
    assert (line["event"], line["outcome"]) == ("lookup.denied", reason)
    assert line["ids"] == [DOCUMENTED]
    assert subject in {line["user"], line["team"], line["channel"]}
    assert world.requested_ids == []


@pytest.mark.parametrize(
    ("variable", "allowed", "field", "denied_id"),
    [
        ("ALLOWED_CHANNELS", "C0OPS,C0DESK", "channel", "C0OTHER"),
        ("ALLOWED_USERS", " U0ANNA, U0BERT ,", "user", "U0EVE"),
        ("ALLOWED_TEAMS", "T0ACME,T0PARTNER", "team", "T0OTHER"),
    ],
)
async def test_allow_lists(
    open_world: OpenWorld, variable: str, allowed: str, field: str, denied_id: str
) -> None:
    world = await open_world(environment={variable: allowed})
    command = await world.type(DOCUMENTED, **{f"{field}_id": denied_id})
    shortcut = await world.use_shortcut(MESSAGE, **{f"{field}_id": denied_id})

    assert command.posts == []
    assert_denied(world, only(command), field, denied_id)
    assert_denied(world, only(shortcut), field, denied_id)
    help_ = await world.ask("help", **{f"{field}_id": denied_id})
    assert help_.text.startswith(f"{texts.HELP}."), "it is for everyone"
    for listed in (one.strip() for one in allowed.split(",") if one.strip()):
        who = {f"{field}_id": listed}
        assert (await world.ask(DOCUMENTED, **who)).text.startswith(texts.COMPLETED)
        assert only(await world.use_shortcut(MESSAGE, **who)).text.startswith(texts.COMPLETED)


async def test_each_lookup_has_one_audit_line(open_world: OpenWorld) -> None:
    world = await open_world(environment={"LOG_LEVEL": "error"})
    await world.type(f"{DOCUMENTED} {NOT_FOUND}", user_id="U0ANNA", channel_id="C0DESK")
    lines = world.log.lines("lookup.done")

    who = {"user": "U0ANNA", "team": TEAM, "channel": "C0DESK", "request_id": "ref0001"}
    assert sorted((str(line["id"]), str(line["outcome"])) for line in lines) == [
        (DOCUMENTED, "found"),
        (NOT_FOUND, "not_found"),
    ]
    for line in lines:
        assert who.items() <= line.items()
        assert isinstance(line["duration_ms"], int)
        assert {*line} - {*who} == {"id", "outcome", "duration_ms", "event", "level", "timestamp"}


async def test_lookups_work_before_the_installation_is_known(open_world: OpenWorld) -> None:
    web_api = Interceptor("^/api/")
    web_api.hold()
    world = await open_world(slack_middleware=web_api, waits_for_startup=False)
    stranger = only(await world.use_shortcut(MESSAGE, team_id=STRANGER_TEAM))

    assert world.slack.requested_methods == []
    assert (await world.http.get(f"{world.url}/readyz")).status_code == 200
    assert_denied(world, stranger, "team", STRANGER_TEAM)
    assert (await world.ask(DOCUMENTED)).text.startswith(texts.COMPLETED)
    web_api.release()
    await world.log.line("startup_check.ok", check="Slack")
    assert (await world.ask(DOCUMENTED)).text.startswith(texts.COMPLETED)
