"""What Slack delivers several times counts once, and nobody is left without an answer by that.

Over a socket, Slack sends again what wasn't acknowledged; over HTTP, anybody between may.
"""

import json
from collections.abc import Awaitable, Callable

import pytest

from bot.app import Limits
from bot.dev.emulator.slack.workspace import RecordedInteraction
from bot.ui import actions, search_form
from bot.ui import errors as error_texts
from tests.integration.click_helpers import OTHER
from tests.integration.harness import DOCUMENTED, OpenWorld, Space, World, only
from tests.integration.search_helpers import many

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def command(world: World) -> RecordedInteraction:
    return await world.slack.command(DOCUMENTED)


async def search(world: World) -> RecordedInteraction:
    return await world.slack.command("recent 2")


async def status(world: World) -> RecordedInteraction:
    return await world.slack.command("status")


async def shortcut(world: World) -> RecordedInteraction:
    return await world.slack.message_shortcut({"text": DOCUMENTED, "ts": "1795000001.000100"})


async def shortcut_without_an_id(world: World) -> RecordedInteraction:
    return await world.slack.message_shortcut({"text": "hello", "ts": "1795000001.000100"})


async def click(world: World) -> RecordedInteraction:
    return await world.slack.click(await world.answer(DOCUMENTED), actions.REFRESH)


async def global_shortcut(world: World) -> RecordedInteraction:
    return await world.slack.global_shortcut()


async def home(world: World) -> RecordedInteraction:
    return await world.slack.open_home()


async def submission(world: World) -> RecordedInteraction:
    await world.slack.global_shortcut()
    empty = await world.slack.wait_for_modal()
    return await world.slack.submit(empty, {search_form.NUMBER_FIELD: "5550103"})


ONE_MESSAGE = [command, search, status, shortcut, shortcut_without_an_id, click]
ONE_VIEW = [(global_shortcut, "views.open"), (home, "views.publish"), (submission, "views.update")]
Doing = Callable[[World], Awaitable[RecordedInteraction]]


@pytest.mark.parametrize("do", ONE_MESSAGE)
@pytest.mark.parametrize("is_over", [True, False])
async def test_what_is_delivered_three_times_is_answered_once(
    open_world: OpenWorld, do: Doing, *, is_over: bool
) -> None:
    world = await open_world(Space(entries=[*many(3)]) if do is search else Space())
    exchange = await do(world)
    if is_over:
        await world.idle()
    for _ in range(2):
        again = await world.slack.redeliver(exchange)
        assert (again.ack_status, again.ack_body) == (200, "")
    await world.idle()

    assert len(exchange.posts) == 1


@pytest.mark.parametrize(("do", "method"), ONE_VIEW)
async def test_a_window_or_tab_that_is_asked_for_three_times_is_shown_once(
    open_world: OpenWorld, do: Doing, method: str
) -> None:
    world = await open_world()
    exchange = await do(world)
    await world.idle()
    before = [call.method for call in world.slack.view_calls].count(method)
    for _ in range(2):
        assert (await world.slack.redeliver(exchange)).ack_status == 200
    await world.idle()

    assert [call.method for call in world.slack.view_calls].count(method) == before
    assert world.log.lines(level="error") == []


async def test_the_same_words_typed_again_are_another_command(world: World) -> None:
    for _ in range(2):
        assert (await world.answer(DOCUMENTED)).text.startswith("Completed")


@pytest.mark.parametrize("text", ["help", "find x", "no id at all"])
async def test_what_an_acknowledgement_says_is_said_by_each_as_one_may_have_been_lost(
    world: World, text: str
) -> None:
    exchange = await world.slack.command(text)
    again = await world.slack.redeliver(exchange)

    said = [json.loads(each.ack_body)["blocks"][0] for each in (exchange, again)]
    assert said[0] == said[1]
    assert exchange.posts == []


async def test_what_there_was_no_room_for_is_begun_when_it_is_delivered_again(
    open_world: OpenWorld,
) -> None:
    world = await open_world(limits=Limits(tasks=1))
    world.hold_answers()
    await world.slack.command(OTHER, user_id="U0FIRST")
    late = await world.slack.command(DOCUMENTED)
    assert f"{error_texts.BUSY.title}." in late.ack_body
    world.release_answers()
    await world.idle()
    assert (await world.slack.redeliver(late)).ack_body == ""
    await world.idle()

    assert late.posts
    assert late.messages[-1].text.startswith("Completed")


async def test_a_click_that_there_was_no_room_for_is_told_so_once(open_world: OpenWorld) -> None:
    world = await open_world(limits=Limits(tasks=1))
    card = await world.answer(DOCUMENTED)
    world.hold_answers()
    await world.slack.command(OTHER, user_id="U0FIRST")
    late = await world.slack.click(card, actions.REFRESH)
    for _ in range(2):
        await world.slack.redeliver(late)
    world.release_answers()
    await world.idle()

    assert only(late).text.startswith(error_texts.BUSY.title)
    assert len(late.posts) == 1


async def test_a_form_that_there_was_no_room_for_says_so_however_often_it_is_delivered(
    open_world: OpenWorld,
) -> None:
    world = await open_world(limits=Limits(tasks=1))
    await world.slack.global_shortcut()
    empty = await world.slack.wait_for_modal()
    await world.idle()
    world.hold_answers()
    await world.slack.command(OTHER, user_id="U0FIRST")
    sent = await world.slack.submit(empty, {search_form.NUMBER_FIELD: "5550103"})
    again = await world.slack.redeliver(sent)
    world.release_answers()
    await world.idle()

    for each in (sent, again):
        assert error_texts.BUSY.title in each.ack_body
