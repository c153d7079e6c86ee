"""Every change in the emulated workspace wakes up its waiters."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tests.dev.emulator_harness import World, home, modal, section

CHANGES: dict[str, Callable[[World], Awaitable[object]]] = {
    "command acknowledged": lambda world: world.slack.command("x"),
    "message posted": lambda world: world.post(world.slack.interactions[-1], text="hello"),
    "message rejected": lambda world: world.post(world.slack.interactions[-1], blocks=[{}]),
    "modal opened": lambda world: world.opened(modal(section())),
    "Home tab published": lambda world: world.call(
        "views.publish", user_id="U0SUPPORT", view=home(section())
    ),
    "view rejected": lambda world: world.call("views.publish", user_id="U0SUPPORT", view={}),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_every_kind_of_change_is_counted(
    world: World, change: Callable[[World], Awaitable[object]]
) -> None:
    await world.slack.command("begin")
    before = world.slack.changes.count
    await change(world)
    async with asyncio.timeout(1):
        assert await world.slack.changes.wait_past(before) > before
