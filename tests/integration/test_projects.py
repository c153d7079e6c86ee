"""Several SignalWire projects: an ID doesn't tell which has the log, so all are queried at once."""

import asyncio

import pytest

from tests.integration.harness import OpenWorld, Project, World
from tests.integration.intercept import always
from tests.support import texts
from tests.support.reading import only, rendered
from tests.support.samples import DOCUMENTED, ENDED

NORTH, SOUTH = Project("north", entries=()), Project("south")
WRONG_TOKEN = Project("north", token_is_wrong=True)
DOWN = Project("west", middleware=always(503, "<html>busy</html>"))


@pytest.mark.parametrize(
    "others",
    [[NORTH, Project("west", entries=())], [WRONG_TOKEN], [DOWN]],
    ids=["without the log", "401", "503"],
)
async def test_project_that_has_the_log_is_named(
    open_world: OpenWorld, others: list[Project]
) -> None:
    world = await open_world(*others, SOUTH)

    message = await world.ask(DOCUMENTED)

    assert message.text.startswith(texts.COMPLETED)
    assert "project south" in message.text
    assert "south" in rendered(message)
    assert "north" not in message.text
    (line,) = world.log.lines("lookup.done")
    assert line["outcome"] == "found"


async def test_only_project_is_not_named(world: World) -> None:
    assert "Project" not in (await world.ask(DOCUMENTED)).text


async def test_row_names_its_project(open_world: OpenWorld) -> None:
    message = await (await open_world(NORTH, SOUTH)).ask(f"{DOCUMENTED} {ENDED}")

    assert message.text.startswith(texts.logs_found(2, 2))
    assert message.text.count("south") == 2


async def test_concurrent_users_get_their_own_results(open_world: OpenWorld) -> None:
    world = await open_world(NORTH, SOUTH)
    log_ids = [DOCUMENTED, ENDED] * 10
    interactions = await asyncio.gather(*(world.slack.command(log_id) for log_id in log_ids))
    await world.idle()

    pairs = zip(log_ids, interactions, strict=True)
    assert [log_id for log_id, one in pairs if log_id not in only(one).text] == []
