# ruff: noqa: E501 - a golden card is as wide as the card
"""`/voicelog status`: the version, the projects, and whether the asker may look calls up here."""

import re
import tomllib
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from bot import __version__
from bot.cli.terminal import render
from bot.dev.emulator.slack.workspace import FailNext
from bot.services.health_probe import CACHE_SECONDS
from bot.signalwire.client import RetryPolicy
from bot.ui import errors as error_texts
from tests.integration.harness import (
    CANARY,
    OpenWorld,
    Space,
    World,
    answering,
    closed_port,
    only,
    project_id,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROOT = Path(__file__).parents[2]


def without_figures(text: str) -> str:
    """Without what changes from day to day: milliseconds, and the version."""
    return re.sub(r"\(\d+ ms\)", "(N ms)", text).replace(__version__, "V")


def asked(world: World) -> int:
    """How many requests with credentials the project took."""
    return sum(request.path.startswith("/api/") for request in world.signalwire.requests)


async def status(world: World, **who: str) -> str:
    return only(await world.type("status", **who)).text


async def test_status_says_how_the_bot_stands(world: World) -> None:
    message = await world.answer("status")

    assert without_figures(render(message.blocks)) == snapshot("""\
┃ 📟 VoiceLog V
┃
┃ ✅ SignalWire 127.0.0.1: reachable, credentials accepted (N ms)
┃
┃ ✅ You can look up voice logs here.\
""")
    assert without_figures(message.text) == snapshot("""\
VoiceLog V.
✅ SignalWire 127.0.0.1: reachable, credentials accepted (N ms)
✅ You can look up voice logs here.\
""")


async def test_the_version_is_that_of_the_release(world: World) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert (await status(world)).startswith(f"VoiceLog {project['version']}.")


async def test_each_project_is_named_with_its_milliseconds(open_world: OpenWorld) -> None:
    world = await open_world(
        Space("north"), Space("south", token_is_wrong=True), Space("west", front=answering(503))
    )
    lines = (await status(world)).splitlines()

    assert len(re.findall(r"\(\d+ ms\)", "\n".join(lines))) == 3
    assert [without_figures(line) for line in lines[1:]] == snapshot(
        [
            "✅ SignalWire north: reachable, credentials accepted (N ms)",
            "❌ SignalWire south: SignalWire rejected the bot's credentials (N ms). Ask the bot's administrator to check the project id and the API token, and that the token has the Voice scope.",
            "❌ SignalWire west: SignalWire isn't answering (N ms). Try again in a minute. If it keeps failing, check SignalWire's status page.",
            "✅ You can look up voice logs here.",
        ]
    )


async def test_a_project_that_does_not_answer_is_given_up_in_time(open_world: OpenWorld) -> None:
    impatient = RetryPolicy(attempts=1, total_seconds=0.05)
    world = await open_world(Space("north"), Space("south"), retry_policy=impatient)
    world.spaces["north"].latency_seconds = 1
    world.gates["north"].close()
    text = await status(world)

    assert "SignalWire north: SignalWire isn't answering" in text
    assert "SignalWire south: reachable, credentials accepted" in text


async def test_a_space_that_cannot_be_reached_is_said(open_world: OpenWorld) -> None:
    with closed_port() as port:
        world = await open_world(
            environment={"SIGNALWIRE_SPACE": f"http://127.0.0.1:{port}"},
        )
        assert error_texts.UNAVAILABLE.title in await status(world)


async def test_status_is_for_everyone_and_says_what_they_may(open_world: OpenWorld) -> None:
    world = await open_world(environment={"ALLOWED_USERS": "U0ANNA"})

    assert (await status(world, user_id="U0ANNA")).endswith("✅ You can look up voice logs here.")
    refused = await status(world, user_id="U0EVE")
    assert refused.splitlines()[-1] == snapshot(
        "🔒 You can't look up voice logs here. Only certain people can look up voice logs. Ask the bot's administrator (the app's About tab in Slack shows who installed it) to allow you: U0EVE."
    )
    assert len(refused.splitlines()) == 2


async def test_however_often_it_is_asked_a_project_is_asked_once_in_a_while(
    open_world: OpenWorld,
) -> None:
    world = await open_world()
    await world.log.line("startup_check.ok", times=2)
    before = asked(world)
    world.hold_answers()
    for number in range(20):
        await world.slack.command("status", user_id=f"U{number}")
    await world.slack.open_home()
    world.release_answers()
    await world.idle()
    assert "reachable, credentials accepted" in await status(world)

    assert asked(world) - before == 1
    world.time.pass_by(CACHE_SECONDS)
    await status(world)
    assert asked(world) - before == 2


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({"ALLOWED_USERS": "U0ANNA"}, "user"),
        ({"ALLOWED_CHANNELS": "C0OPS"}, "channel"),
        ({"ALLOWED_TEAMS": "T0OTHER"}, "team"),
    ],
)
async def test_for_somebody_who_may_not_nothing_is_asked_and_an_audit_line_is_left(
    open_world: OpenWorld, environment: dict[str, str], reason: str
) -> None:
    world = await open_world(environment=environment)
    await world.log.line("startup_check.ok", times=2)
    before = asked(world)
    told = await status(world)
    await world.slack.open_home()
    await world.idle()

    assert "SignalWire" not in told
    assert asked(world) == before
    for event in ("status.denied", "home.denied"):
        (line,) = world.log.lines(event)
        assert (line["outcome"], line["user"]) == (reason, "U0SUPPORT")


async def test_in_another_channel_status_names_the_channel_to_allow(open_world: OpenWorld) -> None:
    world = await open_world(environment={"ALLOWED_CHANNELS": "C0OPS"})

    assert "this channel: C0OTHER" in await status(world, channel_id="C0OTHER")
    assert "You can look" in await status(world, channel_id="C0OPS")


async def test_somebody_of_another_company_learns_nothing_of_the_projects(
    open_world: OpenWorld,
) -> None:
    world = await open_world(Space("north"), Space("south", token_is_wrong=True))
    asked = len(world.spaces["north"].requests)
    text = await status(world, team_id="T0STRANGER")

    assert re.findall("north|south|SignalWire|ms", text) == []
    assert "certain workspaces" in text
    assert len(world.spaces["north"].requests) == asked


async def test_nothing_secret_is_in_the_status(open_world: OpenWorld) -> None:
    world = await open_world(
        Space("north", front=answering(500, CANARY)), Space("south", token_is_wrong=True)
    )
    message = await world.answer("status")
    everything = message.text + str(message.blocks)

    assert [secret for secret in world.secrets if secret in everything] == []
    assert project_id("south") not in everything
    assert CANARY not in everything


async def test_status_reads_no_call(world: World) -> None:
    asked = len(world.asked_for)
    await status(world)

    assert len(world.asked_for) == asked


async def test_slack_that_refuses_the_status_at_first_is_asked_again(
    open_world: OpenWorld,
) -> None:
    world = await open_world()
    world.slack.fail_next = [FailNext(500)]

    assert (await status(world)).startswith("VoiceLog ")


async def test_a_stop_in_the_middle_is_told(open_world: OpenWorld) -> None:
    world = await open_world(environment={"DRAIN_SECONDS": "0"})
    world.hold_answers()
    exchange = await world.slack.command("status")
    await world.stop()

    assert only(exchange).text.startswith(error_texts.RESTARTING.title)


async def test_status_while_stopping_is_told_so(open_world: OpenWorld) -> None:
    world = await open_world()
    await world.bot.tasks.drain(0)

    assert (await status(world)).startswith(error_texts.RESTARTING.title)
