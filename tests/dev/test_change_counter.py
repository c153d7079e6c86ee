"""Every change in the emulated workspace wakes those who wait for one."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from pydantic import JsonValue

from bot.dev.emulator.changes import ChangeCounter
from tests.dev.emulator_harness import World, home, modal, section

BUTTON: JsonValue = [
    {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "action_id": "refresh",
                "text": {"type": "plain_text", "text": "Refresh"},
            }
        ],
    }
]
Doing = Callable[[World], Awaitable[object]]


async def _post(world: World) -> None:
    await world.shown(world.slack.interactions[-1], text="hello")


async def _refused_post(world: World) -> None:
    assert (
        await world.post(world.slack.interactions[-1], blocks=[{"type": "x"}])
    ).status_code == 400


async def _open_window(world: World) -> None:
    await world.opened(modal(section()))


async def _publish(world: World) -> None:
    await world.call("views.publish", user_id="U0SUPPORT", view=home(section()))


async def _refused_call(world: World) -> None:
    assert (await world.call("views.publish", user_id="U0SUPPORT", view={}))["ok"] is False


@pytest.mark.parametrize(
    "doing",
    [
        pytest.param(lambda world: world.slack.command("x"), id="a command is acknowledged"),
        pytest.param(_post, id="a message is posted"),
        pytest.param(_refused_post, id="a message is refused"),
        pytest.param(_open_window, id="a window is opened"),
        pytest.param(_publish, id="a Home tab is published"),
        pytest.param(_refused_call, id="a view is refused"),
    ],
)
async def test_every_kind_of_change_is_told(world: World, doing: Doing) -> None:
    await world.slack.command("begin")
    before = world.slack.changes.count
    await doing(world)
    async with asyncio.timeout(1):
        assert await world.slack.changes.wait_past(before) > before


async def test_who_waits_is_woken_by_the_next_change_and_not_before() -> None:
    changes = ChangeCounter()
    changes.bump()
    waiting = asyncio.create_task(changes.wait_past(1))
    await asyncio.sleep(0)
    assert not waiting.done()
    changes.bump()
    assert await waiting == 2


async def test_a_message_says_how_often_it_was_replaced(world: World) -> None:
    exchange = await world.slack.command("x")
    message = await world.shown(exchange, text="one", blocks=BUTTON)
    click = await world.slack.click(message, "refresh")
    await world.shown(click, text="two", replace_original=True)
    await world.shown(click, text="three", replace_original=True)
    (shown,) = world.slack.messages.messages
    assert (shown.text, shown.edits) == ("three", 2)
