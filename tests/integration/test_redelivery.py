"""A redelivered request has no effect, and every user gets a response.

In Socket Mode, Slack redelivers what wasn't acknowledged; over HTTP, a proxy may.
"""

import json

import pytest

from bot.limits import Limits
from bot.ui import actions, search_form
from tests.integration.harness import OpenWorld, World
from tests.integration.interactions import (
    Interact,
    click_on_message,
    global_shortcut,
    home,
    submission,
)
from tests.support import texts
from tests.support.reading import only
from tests.support.samples import DOCUMENTED, ENDED, THREAD


def command(text: str) -> Interact:
    return lambda world: world.slack.command(text)


def shortcut(text: str) -> Interact:
    return lambda world: world.slack.message_shortcut({"text": text, "ts": THREAD})


ONE_MESSAGE = {
    "lookup": command(DOCUMENTED),
    "recent": command("recent 2"),
    "status": command("status"),
    "shortcut": shortcut(DOCUMENTED),
    "shortcut without an ID": shortcut("hello"),
    "click": click_on_message,
}
ONE_VIEW = [(global_shortcut, "views.open"), (home, "views.publish"), (submission, "views.update")]


@pytest.mark.parametrize("start", ONE_MESSAGE.values(), ids=ONE_MESSAGE)
@pytest.mark.parametrize("is_over", [True, False])
async def test_one_message_for_three_deliveries(
    world: World, start: Interact, *, is_over: bool
) -> None:
    interaction = await start(world)
    if is_over:
        await world.idle()
    for _ in range(2):
        again = await world.slack.redeliver(interaction)
        assert (again.ack_status, again.ack_body) == (200, "")
    await world.idle()

    assert len(interaction.posts) == 1


@pytest.mark.parametrize(("start", "method"), ONE_VIEW)
async def test_one_view_for_three_deliveries(world: World, start: Interact, method: str) -> None:
    interaction = await start(world)
    await world.idle()
    methods = world.view_methods
    for _ in range(2):
        await world.redeliver(interaction)

    assert world.view_methods == methods
    assert method in methods
    assert world.log.lines(level="error") == []


async def test_same_text_typed_again_is_another_command(world: World) -> None:
    for _ in range(2):
        assert (await world.ask(DOCUMENTED)).text.startswith(texts.COMPLETED)


@pytest.mark.parametrize("text", ["help", "find x", "no id at all"])
async def test_every_delivery_has_the_message_in_its_ack(world: World, text: str) -> None:
    """The ack of an earlier delivery may have been lost."""
    interaction = await world.slack.command(text)
    again = await world.slack.redeliver(interaction)

    first, second = [json.loads(each.ack_body)["blocks"][0] for each in (interaction, again)]
    assert first == second
    assert interaction.posts == []


async def test_rejected_command_starts_when_delivered_again(open_world: OpenWorld) -> None:
    world = await open_world(limits=Limits(tasks=1))
    async with world.holding_responses():
        await world.slack.command(ENDED, user_id="U0FIRST")
        late = await world.slack.command(DOCUMENTED)
        assert texts.BUSY in late.ack_body
    assert (await world.slack.redeliver(late)).ack_body == ""
    await world.idle()

    assert late.posts
    assert late.messages[-1].text.startswith(texts.COMPLETED)


async def test_rejected_click_is_reported_once(open_world: OpenWorld) -> None:
    world = await open_world(limits=Limits(tasks=1))
    card = await world.ask(DOCUMENTED)
    async with world.holding_responses():
        await world.slack.command(ENDED, user_id="U0FIRST")
        late = await world.slack.click(card, actions.REFRESH)
        for _ in range(2):
            await world.slack.redeliver(late)

    assert only(late).text.startswith(f"{texts.BUSY}.")
    assert len(late.posts) == 1


async def test_rejected_form_is_reported_in_every_ack(open_world: OpenWorld) -> None:
    world = await open_world(limits=Limits(tasks=1))
    form = await world.open_form()
    async with world.holding_responses():
        await world.slack.command(ENDED, user_id="U0FIRST")
        submitted = await world.slack.submit(form, {search_form.NUMBER_FIELD: "5550103"})
        again = await world.slack.redeliver(submitted)

    assert all(texts.BUSY in each.ack_body for each in (submitted, again))
