"""`/voicelog status`: the version, the projects, and whether the user has access."""

import re
import tomllib
from pathlib import Path

import pytest

from bot.services.health_probe import CACHE_SECONDS
from bot.signalwire.client import RetryPolicy
from tests.integration.harness import OpenWorld, Project, World, project_id
from tests.integration.intercept import always
from tests.support import texts
from tests.support.reading import button_labels, rendered, to_json
from tests.support.samples import CANARY, STRANGER_TEAM, SUPPORT, TEAM

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"


def status_requests(world: World) -> int:
    """Return how many requests with credentials the project got."""
    return sum(request.path.startswith("/api/") for request in world.signalwire.requests)


async def test_status_has_the_version_the_projects_and_the_permission(world: World) -> None:
    message = await world.ask("status")
    version, project, permission = message.text.splitlines()

    assert version == f"VoiceLog {tomllib.loads(PYPROJECT.read_text())['project']['version']}."
    assert project.startswith(texts.reachable("127.0.0.1"))
    assert permission == texts.ALLOWED
    assert texts.reachable("127.0.0.1") in rendered(message)
    assert world.requested_ids == [], "it reads no log"


async def test_each_project_has_a_line(open_world: OpenWorld) -> None:
    world = await open_world(
        Project("north"),
        Project("south", token_is_wrong=True),
        Project("west", middleware=always(503, CANARY)),
    )
    message = await world.ask("status")
    _, north, south, west, permission = message.text.splitlines()

    assert north.startswith(texts.reachable("north"))
    assert f"): {texts.UNAUTHORIZED}." in south
    assert f"): {texts.server_error(503)}." in west
    assert permission == texts.ALLOWED
    assert len(re.findall(r"\(\d+ ms\)", message.text)) == 3
    hidden = [*world.secrets, project_id("south"), CANARY]
    assert [word for word in hidden if word in to_json(message)] == []


async def test_stalled_project_times_out(open_world: OpenWorld) -> None:
    one_attempt = RetryPolicy(attempts=1, total_seconds=0.05)
    world = await open_world(Project("north"), Project("south"), retry_policy=one_attempt)
    world.projects["north"].latency_seconds = 1
    world.gate.close()
    text = (await world.ask("status")).text

    assert f"): {texts.UNAVAILABLE}" in text
    assert texts.reachable("south") in text


async def test_result_of_a_check_is_cached_for_all_users(world: World) -> None:
    await world.log.line("startup_check.ok", times=2)
    before = status_requests(world)
    async with world.holding_responses():
        for number in range(20):
            await world.slack.command("status", user_id=f"U{number}")
        await world.slack.open_home()
    assert texts.reachable("127.0.0.1") in (await world.ask("status")).text

    assert status_requests(world) - before == 1
    world.clock.advance(CACHE_SECONDS)
    await world.ask("status")
    assert status_requests(world) - before == 2


@pytest.mark.parametrize(
    ("environment", "who", "reason", "subject"),
    [
        ({"ALLOWED_USERS": "U0ANNA"}, {}, "user", SUPPORT),
        ({"ALLOWED_CHANNELS": "C0OPS"}, {"channel_id": "C0OTHER"}, "channel", "C0OTHER"),
        ({"ALLOWED_TEAMS": "T0OTHER"}, {}, "team", TEAM),
        ({}, {"team_id": STRANGER_TEAM}, "team", STRANGER_TEAM),
    ],
)
async def test_denied_user_sees_the_reason_and_no_projects(
    open_world: OpenWorld,
    environment: dict[str, str],
    who: dict[str, str],
    reason: str,
    subject: str,
) -> None:
    world = await open_world(Project("north"), environment=environment)
    await world.log.line("startup_check.ok", times=2)
    before = status_requests(world)
    _, error = (await world.ask("status", **who)).text.splitlines()
    await world.slack.open_home(**{key: who[key] for key in who if key == "team_id"})
    await world.idle()
    home = world.home_tab()

    assert button_labels(home) == []
    # The Home tab has no channel.
    for text, what in (
        (error, subject),
        (rendered(home), "/voicelog" if reason == "channel" else subject),
    ):
        assert texts.DENIED in text
        assert what in text
        assert re.findall("north|SignalWire is|ms\\b", text) == []
    assert status_requests(world) == before
    for event in ("status.denied", "home.denied"):
        (line,) = world.log.lines(event)
        assert (line["outcome"], line["user"]) == (reason, SUPPORT)
