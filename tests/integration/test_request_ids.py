"""Every request ID that a user is shown is in the log.

`OpenWorld` asserts that at the end of each world. Here are the messages that replace a result.
"""

from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

import pytest

from bot.app import Limits
from bot.dev.emulator.slack.workspace import FailNext, PostedMessage
from bot.services import follow
from bot.ui import actions
from tests.integration.harness import (
    OpenWorld,
    Project,
    World,
    assert_request_ids_are_logged,
    everything_shown,
    request_ids_shown,
)
from tests.integration.intercept import always
from tests.integration.sample_logs import ENDLESS
from tests.support import texts
from tests.support.reading import buttons, with_value
from tests.support.samples import CHANNEL, DOCUMENTED, LIVE, SUPPORT, TEAM, THREAD

pytestmark = pytest.mark.asyncio(loop_scope="module")

Action = Callable[[World], Awaitable[object]]
MISSING = "00000000-0000-4000-8000-00000000dead"


def typed(text: str) -> Action:
    return lambda world: world.slack.command(text)


async def card_of(world: World, log_id: str = DOCUMENTED) -> PostedMessage:
    return await (await world.slack.command(log_id)).wait_for_message()


async def click_an_expired_search(world: World) -> None:
    message = {"text": "call +1 206 555 0103", "ts": THREAD}
    (offer,) = (await world.use_shortcut(message)).messages
    (button,) = buttons(offer)
    await world.slack.click(with_value(offer, button.value, "nothing"), button.action_id)


async def share_twice(world: World) -> None:
    card = await card_of(world)
    for _ in range(2):
        await world.slack.click(card, actions.SHARE)
        await world.idle()


async def share_what_slack_rejects(world: World) -> None:
    card = await card_of(world)
    world.slack.fail_next = [FailNext(404, "no_service")]
    await world.slack.click(card, actions.SHARE)


async def follow_twice(world: World) -> None:
    card = await card_of(world, LIVE)
    world.clock.gate.close()
    for _ in range(2):
        await (await world.slack.click(card, actions.FOLLOW)).wait_for_message()
    world.clock.gate.open()


async def follow_four(world: World) -> None:
    world.clock.gate.close()
    for entry in ENDLESS[:4]:
        card = await card_of(world, entry.id)
        await (await world.slack.click(card, actions.FOLLOW)).wait_for_message()
    await world.stop()


async def open_details_of_a_missing_log(world: World) -> None:
    card = await card_of(world)
    await world.slack.click(with_value(card, DOCUMENTED, MISSING), actions.DETAILS)


async def open_no_modal(world: World) -> None:
    card = await card_of(world)
    world.slack.fail_next_api = [FailNext(500)]
    await world.slack.click(card, actions.DETAILS)


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
        (typed("find x"), ""),
        (typed("recent 99"), ""),
        (typed(MISSING), texts.NOT_FOUND),
        (typed(f"{MISSING} {DOCUMENTED}"), texts.logs_found(1, 2)),
        (click_an_expired_search, texts.SEARCH_EXPIRED),
        (share_twice, texts.ALREADY_SHARED),
        (share_what_slack_rejects, texts.SHARE_FAILED),
        (follow_twice, texts.ALREADY_FOLLOWING),
        (open_details_of_a_missing_log, texts.NOT_FOUND),
        (open_no_modal, texts.MODAL_FAILED),
        (send_a_foreign_response_url, texts.INTERNAL_ERROR),
    ],
)
async def test_error_message(open_world: OpenWorld, action: Action, title: str) -> None:
    world = await open_world()
    await action(world)
    await world.idle()

    assert title in "\n".join(everything_shown(world))
    assert request_ids_shown(world)
    assert_request_ids_are_logged(world)


async def test_failed_search(open_world: OpenWorld) -> None:
    world = await open_world(Project(front=always(503)))

    assert texts.UNAVAILABLE in (await world.ask("recent")).text
    assert request_ids_shown(world)
    assert_request_ids_are_logged(world)


@pytest.mark.parametrize(
    ("per_process", "title"),
    [(follow.MAX_PER_PROCESS, texts.FOLLOW_LIMIT), (1, texts.FOLLOW_CAPACITY)],
)
async def test_follow_limits(
    open_world: OpenWorld, monkeypatch: pytest.MonkeyPatch, per_process: int, title: str
) -> None:
    monkeypatch.setattr(follow, "MAX_PER_PROCESS", per_process)
    world = await open_world(Project(entries=ENDLESS))
    await follow_four(world)

    assert title in "\n".join(everything_shown(world))
    assert_request_ids_are_logged(world)


ACTIONS = {
    "lookup": typed(DOCUMENTED),
    "search": typed("find 5550103"),
    "status": typed("status"),
    "form": open_the_form,
}


@pytest.mark.parametrize("action", ACTIONS.values(), ids=ACTIONS)
async def test_rejection(open_world: OpenWorld, action: Action) -> None:
    world = await open_world(limits=Limits(tasks=0))
    await action(world)
    await world.idle()

    assert request_ids_shown(world)
    assert_request_ids_are_logged(world)


async def test_rejection_of_one_user(open_world: OpenWorld) -> None:
    world = await open_world(limits=Limits(jobs_each=1))
    card = await card_of(world)
    await world.idle()
    world.hold_responses()
    for _ in range(2):
        await world.slack.click(card, actions.REFRESH)
    await world.slack.command(DOCUMENTED)
    world.release_responses()
    await world.idle()

    assert len(request_ids_shown(world)) == 2
    assert_request_ids_are_logged(world)


@pytest.mark.parametrize("action", ACTIONS.values(), ids=ACTIONS)
@pytest.mark.parametrize("is_begun", [True, False])
async def test_shutdown(open_world: OpenWorld, action: Action, *, is_begun: bool) -> None:
    world = await open_world(environment={"DRAIN_SECONDS": "0"})
    world.hold_responses()
    if is_begun:
        await action(world)
    await world.bot.tasks.drain(0)
    if not is_begun:
        await action(world)
    await world.idle()

    assert_request_ids_are_logged(world)


@pytest.mark.parametrize("name", ["lookup", "search", "form"])
async def test_denied_access(open_world: OpenWorld, name: str) -> None:
    world = await open_world(environment={"ALLOWED_USERS": "U0ANNA"})
    await ACTIONS[name](world)
    await world.idle()

    assert texts.DENIED in "\n".join(everything_shown(world))
    assert request_ids_shown(world)
    assert_request_ids_are_logged(world)
