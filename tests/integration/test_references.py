"""Every reference that somebody is shown stands in the log.

That is looked at whenever a world of a scenario's own ends (see `world.OpenWorld`). Here is what is
said instead of what was asked for, and what a stop leaves unfinished.
"""

from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

import pytest

from bot.app import Limits
from bot.dev.emulator.signalwire.catalogue import LIVE
from bot.dev.emulator.slack.workspace import FailNext, PostedMessage
from bot.services import follow
from bot.ui import actions
from tests.integration.harness import (
    DOCUMENTED,
    Front,
    OpenWorld,
    Space,
    World,
    answering,
    as_it_is,
    assert_references_are_logged,
    references_shown,
)
from tests.integration.search_helpers import presses, with_value
from tests.integration.test_follow import ENDLESS

pytestmark = pytest.mark.asyncio(loop_scope="module")

Doing = Callable[[World], Awaitable[None]]
MISSING = "00000000-0000-4000-8000-00000000dead"


def typed(text: str) -> Doing:
    async def do(world: World) -> None:
        await world.slack.command(text)

    return do


async def the_card(world: World, log_id: str = DOCUMENTED) -> PostedMessage:
    return await (await world.slack.command(log_id)).wait_for_message()


async def press_a_number_that_is_forgotten(world: World) -> None:
    message = {"text": "call +1 206 555 0103", "ts": "1795000001.000100"}
    (offer,) = (await world.use_shortcut(message)).messages
    (button,) = presses(offer.blocks)
    await world.slack.click(with_value(offer, button.value, "nothing"), button.action_id)


async def share_twice(world: World) -> None:
    card = await the_card(world)
    for _ in range(2):
        await world.slack.click(card, actions.SHARE)
        await world.idle()


async def share_what_slack_refuses(world: World) -> None:
    card = await the_card(world)
    world.slack.fail_next = [FailNext(404, "no_service")]
    await world.slack.click(card, actions.SHARE)


async def follow_twice(world: World) -> None:
    card = await the_card(world, LIVE)
    world.time.close()
    for _ in range(2):
        await (await world.slack.click(card, actions.FOLLOW)).wait_for_message()
    world.time.open()


async def follow_four(world: World) -> None:
    world.time.close()
    for entry in ENDLESS[:4]:
        card = await the_card(world, entry.id)
        await (await world.slack.click(card, actions.FOLLOW)).wait_for_message()
    await world.stop()


async def look_at_the_details_of_what_is_gone(world: World) -> None:
    card = await the_card(world)
    await world.slack.click(with_value(card, DOCUMENTED, MISSING), actions.DETAILS)


async def open_no_window(world: World) -> None:
    card = await the_card(world)
    world.slack.fail_next_api = [FailNext(500)]
    await world.slack.click(card, actions.DETAILS)


async def open_a_form(world: World) -> None:
    await world.slack.global_shortcut()


async def name_another_host(world: World) -> None:
    exchange = await world.slack.command("help")
    form = {"command": "/voicelog", "text": DOCUMENTED, "response_url": "https://example.com/"}
    ids = {"user_id": "U0SUPPORT", "team_id": "T0ACME", "channel_id": "C0SUPPORT"}
    exchange.ack_body = (await world.knock(urlencode({**form, **ids}).encode())).text


@pytest.mark.parametrize(
    ("do", "says", "front"),
    [
        (typed("find x"), "The search isn't clear", as_it_is),
        (typed("recent 99"), "The search isn't clear", as_it_is),
        (typed(MISSING), "No such voice log", as_it_is),
        (typed(f"{MISSING} {DOCUMENTED}"), "1 of 2 voice logs found", as_it_is),
        (typed("recent"), "SignalWire isn't answering", answering(503)),
        (press_a_number_that_is_forgotten, "", as_it_is),
        (share_twice, "This card was shared already", as_it_is),
        (share_what_slack_refuses, "The card wasn't shared", as_it_is),
        (follow_twice, "You're following this leg already", as_it_is),
        (look_at_the_details_of_what_is_gone, "No such voice log", as_it_is),
        (open_no_window, "The window didn't open", as_it_is),
        (name_another_host, "something broke in this bot", as_it_is),
    ],
)
async def test_what_is_said_instead_is_in_the_log(
    open_world: OpenWorld, do: Doing, says: str, front: Front
) -> None:
    world = await open_world(Space(front=front))
    await do(world)
    await world.idle()

    assert says in everything_said(world)
    assert references_shown(world)
    assert_references_are_logged(world)


@pytest.mark.parametrize(
    ("per_process", "says"),
    [
        (follow.MAX_PER_PROCESS, "You're following 3 legs"),
        (1, "Too many legs are being followed"),
    ],
)
async def test_a_leg_that_is_one_too_many_is_in_the_log(
    open_world: OpenWorld, monkeypatch: pytest.MonkeyPatch, per_process: int, says: str
) -> None:
    monkeypatch.setattr(follow, "MAX_PER_PROCESS", per_process)
    world = await open_world(Space(entries=ENDLESS))
    await follow_four(world)

    assert says in everything_said(world)
    assert_references_are_logged(world)


EVERY_WAY = [typed(DOCUMENTED), typed("find 5550103"), typed("status"), open_a_form]


@pytest.mark.parametrize("do", EVERY_WAY)
async def test_that_there_is_no_room_is_in_the_log(open_world: OpenWorld, do: Doing) -> None:
    world = await open_world(limits=Limits(tasks=0))
    await do(world)
    await world.idle()

    assert references_shown(world)
    assert_references_are_logged(world)


async def test_that_there_is_no_room_for_one_person_is_in_the_log(open_world: OpenWorld) -> None:
    world = await open_world(limits=Limits(tasks_per_user=1))
    card = await the_card(world)
    await world.idle()
    world.hold_answers()
    for _ in range(2):
        await world.slack.click(card, actions.REFRESH)
    await typed(DOCUMENTED)(world)
    world.release_answers()
    await world.idle()

    assert len(references_shown(world)) == 2
    assert_references_are_logged(world)


@pytest.mark.parametrize("do", EVERY_WAY)
@pytest.mark.parametrize("is_begun", [True, False])
async def test_that_the_process_stops_is_in_the_log(
    open_world: OpenWorld, do: Doing, *, is_begun: bool
) -> None:
    world = await open_world(environment={"DRAIN_SECONDS": "0"})
    world.hold_answers()
    if is_begun:
        await do(world)
    await world.bot.tasks.drain(0)
    if not is_begun:
        await do(world)
    await world.idle()

    assert_references_are_logged(world)


@pytest.mark.parametrize("do", [typed(DOCUMENTED), typed("find 1234"), open_a_form])
async def test_a_refusal_is_in_the_log(open_world: OpenWorld, do: Doing) -> None:
    world = await open_world(environment={"ALLOWED_USERS": "U0ANNA"})
    await do(world)
    await world.idle()

    assert "You can't look up voice logs here" in everything_said(world)
    assert references_shown(world)
    assert_references_are_logged(world)


def everything_said(world: World) -> str:
    said = [exchange.ack_body for exchange in world.slack.exchanges]
    said += [post.body for exchange in world.slack.exchanges for post in exchange.posts]
    return "\n".join([*said, *(str(dict(call.view)) for call in world.slack.view_calls)])
