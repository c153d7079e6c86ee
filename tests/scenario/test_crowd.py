"""Many people at once: no more is begun than the bot has room for, and everyone gets a turn."""

import asyncio
import json

import pytest

from bot.app import Limits

from .world import OpenWorld, World, only

pytestmark = pytest.mark.asyncio(loop_scope="module")

BUSY = "The bot is busy."
ALICE, BOB = "U0ALICE", "U0BOB"


def an_id(number: int) -> str:
    return f"c0de0000-0000-4000-8000-{number:012}"


def ids(first: int, count: int) -> str:
    return " ".join(an_id(number) for number in range(first, first + count))


async def asked_for(world: World, count: int) -> list[str]:
    """What SignalWire was asked for, as soon as it is so much; and a while later, no more."""
    async with asyncio.timeout(10):
        while len(world.asked_for) < count:  # noqa: ASYNC110 - the sandbox has no event for it
            await asyncio.sleep(0.005)
    await asyncio.sleep(0.05)
    return world.asked_for


async def test_no_more_lookups_are_under_way_than_there_is_room_for(open_world: OpenWorld) -> None:
    world = await open_world(limits=Limits(lookups=4))
    world.hold_answers()
    for number in range(20):
        await world.slack.command(an_id(number), user_id=f"U{number}")
    assert len(await asked_for(world, 4)) == 4
    world.release_answers()
    await world.idle()
    assert len(set(world.asked_for)) == 20


async def test_fifty_ids_of_one_person_dont_keep_another_waiting(open_world: OpenWorld) -> None:
    world = await open_world(limits=Limits(lookups=4))
    world.hold_answers()
    for command in range(5):
        await world.slack.command(ids(10 * command, 10), user_id=ALICE)
    assert len(await asked_for(world, 2)) == 2
    bobs = await world.slack.command(an_id(99), user_id=BOB)
    assert an_id(99) in await asked_for(world, 3)
    world.release_answers()
    await world.idle()
    assert only(bobs).text.startswith("No such voice log.")


async def test_with_every_place_taken_the_next_goes_to_whoever_had_none(
    open_world: OpenWorld,
) -> None:
    world = await open_world(limits=Limits(lookups=1))
    world.hold_answers()
    for command in range(5):
        await world.slack.command(ids(10 * command, 10), user_id=ALICE)
    await world.slack.command(an_id(99), user_id=BOB)
    world.release_answers()
    await world.idle()
    assert world.asked_for.index(an_id(99)) <= 2
    assert len(world.asked_for) == 51


async def test_who_cannot_be_served_in_time_is_told_at_once(open_world: OpenWorld) -> None:
    world = await open_world(limits=Limits(lookups=1, lookups_waiting=2))
    world.hold_answers()
    served = [await world.slack.command(an_id(n), user_id=f"U{n}") for n in range(3)]
    late = await world.slack.command(an_id(3), user_id="U3")
    told = await late.wait_for_message()
    assert told.text.startswith(BUSY)
    assert "Try again" in json.dumps(told.blocks)
    assert an_id(3) not in world.asked_for
    assert not any(exchange.posts for exchange in served)
    world.release_answers()
    await world.idle()
    assert {only(exchange).text.splitlines()[0] for exchange in served} == {"No such voice log."}


async def test_who_comes_when_too_many_are_served_is_told_in_the_acknowledgement(
    open_world: OpenWorld,
) -> None:
    world = await open_world(limits=Limits(jobs=2))
    world.hold_answers()
    for number in range(2):
        await world.slack.command(an_id(number), user_id=f"U{number}")
    late = await world.slack.command(an_id(2), user_id="U2")
    assert json.loads(late.ack_body)["text"].startswith(BUSY)
    world.release_answers()
    await world.idle()
    assert only(await world.type(an_id(2), user_id="U2")).text.startswith("No such voice log.")


async def test_an_id_that_waits_in_anothers_flood_is_looked_up_in_its_own_turn(
    open_world: OpenWorld,
) -> None:
    world = await open_world(limits=Limits(lookups=4))
    world.hold_answers()
    for command in range(5):
        await world.slack.command(ids(10 * command, 10), user_id=ALICE)
    assert an_id(49) not in await asked_for(world, 2)
    await world.slack.command(an_id(49), user_id=BOB)
    assert an_id(49) in await asked_for(world, 3)
    world.release_answers()
    await world.idle()
