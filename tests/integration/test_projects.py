"""Several SignalWire projects: an id doesn't say whose it is, so all are asked at once."""

import asyncio
import json

import pytest

from bot.ui import errors as error_texts
from tests.integration.harness import (
    DOCUMENTED,
    OpenWorld,
    Space,
    World,
    answering,
    only,
    project_id,
    reference_in,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

EMPTY_NORTH = Space("north", entries=())
SOUTH = Space("south")
OTHER = "ca110000-0000-4000-8000-000000000002"


def assert_card_from_south(world: World, text: str) -> None:
    assert text.startswith("Completed · 9 s")
    assert "Project: south" in text
    assert "north" not in text
    assert world.log.lines("lookup.done")[-1]["outcome"] == "found"


async def test_the_project_that_has_the_log_answers_and_is_named(open_world: OpenWorld) -> None:
    world = await open_world(EMPTY_NORTH, SOUTH, Space("west", entries=()))
    message = await world.answer(DOCUMENTED)

    assert_card_from_south(world, message.text)
    assert "*Project*\\n`south`" in json.dumps(message.blocks)


async def test_one_project_alone_is_not_named(open_world: OpenWorld) -> None:
    world = await open_world()
    message = await world.answer(DOCUMENTED)

    assert "Project" not in message.text


async def test_a_row_names_its_project(two_projects: World) -> None:
    message = await two_projects.answer(f"{DOCUMENTED} {OTHER}")

    assert message.text.splitlines()[0] == "2 of 2 voice logs found"
    assert message.text.count("south") == 2


@pytest.mark.parametrize(
    "north",
    [
        pytest.param(Space("north", token_is_wrong=True), id="401"),
        pytest.param(Space("north", front=answering(503, "<html>busy</html>")), id="503"),
    ],
)
async def test_a_failing_project_does_not_hide_another_ones_answer(
    open_world: OpenWorld, north: Space
) -> None:
    world = await open_world(north, SOUTH)
    message = await world.answer(DOCUMENTED)

    assert_card_from_south(world, message.text)


async def test_a_stalled_project_does_not_keep_anyone_waiting(two_projects: World) -> None:
    two_projects.spaces["north"].latency_seconds = 1
    two_projects.gates["north"].close()
    try:
        assert_card_from_south(two_projects, (await two_projects.answer(DOCUMENTED)).text)
    finally:
        two_projects.release_answers()


def bullets(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("•")]


async def test_if_none_has_the_log_each_is_said_not_to_have_it(open_world: OpenWorld) -> None:
    world = await open_world(EMPTY_NORTH, Space("south", entries=()))
    message = await world.answer(DOCUMENTED)

    assert message.text.startswith(error_texts.NOT_FOUND.title)
    assert bullets(message.text) == ["• No such voice log: north, south"]
    assert world.log.lines("lookup.done", request_id=reference_in(message), outcome="not_found")


async def test_if_none_has_the_log_the_person_learns_what_each_project_answered(
    open_world: OpenWorld,
) -> None:
    world = await open_world(
        EMPTY_NORTH,
        Space("south", token_is_wrong=True),
        Space("west", front=answering(503, "<html>busy</html>")),
    )
    message = await world.answer(DOCUMENTED)

    assert message.text.startswith(error_texts.SOME_NOT_CHECKED)
    assert "may be in a project that couldn't be checked" in message.text
    assert bullets(message.text) == [
        "• No such voice log: north",
        "• SignalWire rejected the bot's credentials: south",
        "• SignalWire isn't answering: west",
    ]
    (line,) = world.log.lines("lookup.done", request_id=reference_in(message))
    assert line["outcome"] == "credentials_refused+not_found+unavailable"


async def test_a_projects_own_id_pasted_along_is_not_looked_up(open_world: OpenWorld) -> None:
    world = await open_world(EMPTY_NORTH, SOUTH)
    ids = [project_id("north"), project_id("south")]
    message = await world.answer(f"{ids[0]} {DOCUMENTED} {ids[1].upper()}")

    assert_card_from_south(world, message.text)
    assert {*world.asked_for} == {DOCUMENTED}


async def test_a_projects_id_alone_is_told_to_be_no_log(two_projects: World) -> None:
    message = await two_projects.answer(project_id("south"))

    assert message.text.startswith(error_texts.NOT_FOUND.title)


async def test_people_who_ask_for_the_same_log_at_once_share_one_request(
    open_world: OpenWorld,
) -> None:
    world = await open_world()
    world.hold_answers()
    first = await world.slack.command(DOCUMENTED, user_id="U0FIRST")
    second = await world.slack.command(DOCUMENTED, user_id="U0SECOND")
    world.release_answers()
    await world.idle()

    assert only(first).text == only(second).text
    assert world.asked_for == [DOCUMENTED]
    assert {line["user"] for line in world.log.lines("lookup.done")} == {"U0FIRST", "U0SECOND"}


async def test_many_people_asking_at_once_each_get_their_own_answer(two_projects: World) -> None:
    asked = [DOCUMENTED, OTHER] * 10
    exchanges = await asyncio.gather(*(two_projects.slack.command(log_id) for log_id in asked))
    await two_projects.idle()

    assert [
        log_id for log_id, one in zip(asked, exchanges, strict=True) if log_id not in only(one).text
    ] == []
