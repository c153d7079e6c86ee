"""Messages that replace a result show a request ID that is in the log.

`assert_request_ids_are_logged` runs after every integration test; these show that it finds IDs.
"""

from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

import pytest

from bot.limits import Limits
from bot.ui import actions
from tests.integration.harness import (
    OpenWorld,
    Project,
    World,
    assert_request_ids_are_logged,
    everything_shown,
    request_ids_shown,
)
from tests.integration.intercept import always, unchanged
from tests.support import texts
from tests.support.samples import CHANNEL, DOCUMENTED, NOT_FOUND, SUPPORT, TEAM

Action = Callable[[World], Awaitable[object]]


def typed(text: str) -> Action:
    return lambda world: world.slack.command(text)


async def open_the_form(world: World) -> None:
    await world.slack.global_shortcut()


async def send_a_foreign_response_url(world: World) -> None:
    interaction = await world.slack.command("help")
    form = {"command": "/voicelog", "text": DOCUMENTED, "response_url": "https://example.com/"}
    ids = {"user_id": SUPPORT, "team_id": TEAM, "channel_id": CHANNEL}
    interaction.ack_body = (await world.post_signed(urlencode({**form, **ids}).encode())).text


@pytest.mark.parametrize(
    ("action", "title"),
    [
        (typed(NOT_FOUND), texts.NOT_FOUND),
        (typed(f"{NOT_FOUND} {NOT_FOUND[:-1]}1"), texts.NOT_FOUND),
        (typed("recent"), texts.server_error(503)),
        (send_a_foreign_response_url, texts.INTERNAL_ERROR),
    ],
)
async def test_error_message(open_world: OpenWorld, action: Action, title: str) -> None:
    front = always(503) if title == texts.server_error(503) else unchanged
    world = await open_world(Project(front=front))
    await action(world)
    await world.idle()

    assert title in "\n".join(everything_shown(world))
    assert len(request_ids_shown(world)) == 1


@pytest.mark.parametrize(
    "action",
    [typed(DOCUMENTED), typed("find 5550103"), typed("status"), open_the_form],
    ids=["lookup", "search", "status", "form"],
)
@pytest.mark.parametrize("case", ["busy", "begun before the shutdown", "begun after it"])
async def test_rejection_and_shutdown(open_world: OpenWorld, action: Action, case: str) -> None:
    limits = Limits(tasks=0) if case == "busy" else Limits()
    world = await open_world(limits=limits, environment={"DRAIN_SECONDS": "0"})
    world.hold_responses()
    if case != "begun after it":
        await action(world)
    await world.bot.tasks.drain(0)
    if case == "begun after it":
        await action(world)
    await world.idle()

    assert request_ids_shown(world) or action is open_the_form
    assert_request_ids_are_logged(world)


async def test_rejection_of_one_user(open_world: OpenWorld) -> None:
    world = await open_world(limits=Limits(tasks_per_user=1))
    card = await world.ask(DOCUMENTED)
    world.hold_responses()
    for _ in range(2):
        await world.slack.click(card, actions.REFRESH)
    await world.slack.command(DOCUMENTED)
    world.release_responses()
    await world.idle()

    assert len(request_ids_shown(world)) == 2
