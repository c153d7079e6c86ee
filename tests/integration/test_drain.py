"""The process stops while users wait: each gets a result, or is told to try again."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.dev.emulator.slack.workspace import FailNext, RecordedInteraction
from bot.ui import actions, search_form, share_form
from tests.integration.harness import OpenWorld, World
from tests.integration.log_capture import TIMEOUT_SECONDS
from tests.support import texts
from tests.support.reading import is_loaded, message_below_notice, only, rendered, request_id_in
from tests.support.samples import BROWSER_CALL, DOCUMENTED, ENDED, LONG_TIMELINE

NO_TIME = {"DRAIN_SECONDS": "0"}
StartAction = Callable[[World], Awaitable[RecordedInteraction]]


def typed(text: str) -> StartAction:
    async def start(world: World) -> RecordedInteraction:
        world.hold_responses()
        return await world.slack.command(text)

    return start


async def shortcut(world: World) -> RecordedInteraction:
    world.hold_responses()
    return await world.slack.message_shortcut({"text": DOCUMENTED})


async def shortcut_without_response_url(world: World) -> RecordedInteraction:
    world.alter_payloads({"response_url": ""})
    interaction = await shortcut(world)
    await world.slack.wait_for_modal()
    return interaction


async def refresh(world: World) -> RecordedInteraction:
    card = await world.ask(DOCUMENTED)
    world.hold_responses()
    return await world.slack.click(card, actions.REFRESH)


async def details(world: World) -> RecordedInteraction:
    card = await world.ask(DOCUMENTED)
    world.hold_responses()
    interaction = await world.slack.click(card, actions.DETAILS)
    await world.slack.wait_for_modal()
    return interaction


async def page(world: World) -> RecordedInteraction:
    view = await world.open_details(LONG_TIMELINE)
    world.hold_responses()
    return await world.slack.click_in_view(view, actions.PAGE)


async def form(world: World) -> RecordedInteraction:
    view = await world.open_form()
    world.hold_responses()
    return await world.slack.submit(view, {search_form.NUMBER_FIELD: "5550199"})


async def sharing(world: World) -> RecordedInteraction:
    details = await world.open_details(DOCUMENTED)
    view = await world.click_in_modal(details, actions.SHARE_FORM)
    world.hold_responses()
    return await world.slack.submit(view, {share_form.FIELD: "C0ENGINEERING"})


@pytest.mark.parametrize(
    ("start", "event"),
    [
        (typed(DOCUMENTED), "lookup.done"),
        (typed("find 5550199"), "search.done"),
        (typed("status"), None),
        (shortcut, "lookup.done"),
        (shortcut_without_response_url, "lookup.done"),
        (refresh, "refresh.done"),
        (details, "details.done"),
        (page, "details.done"),
        (form, "search.done"),
        (sharing, "share.done"),
    ],
)
async def test_interrupted_user_is_told_to_try_again(
    open_world: OpenWorld, start: StartAction, event: str | None
) -> None:
    world = await open_world(environment=NO_TIME)
    interaction = await start(world)
    earlier = [one.messages for one in world.slack.interactions[:-1]]
    await world.stop()

    assert texts.RESTARTING in world.shown_to_user(interaction)
    assert [one.messages for one in world.slack.interactions[:-1]] == earlier
    assert all(is_loaded(view) for view in world.slack.modals())
    assert world.slack.messages.messages == [
        one for each in world.slack.interactions for one in each.messages if one.is_ephemeral
    ], "nothing is shared"
    assert event is None or world.log.lines(event)[-1]["outcome"] == "interrupted"
    assert not world.log.lines("shutdown.tasks_cancelled")


async def test_result_in_time_is_shown_before_the_process_stops(world: World) -> None:
    card = await world.ask(ENDED)
    world.hold_responses()
    waiting = await world.slack.command(DOCUMENTED)
    clicked = await world.slack.click(card, actions.DETAILS)
    await world.slack.wait_for_modal()
    stop = asyncio.create_task(world.stop())
    while not world.bot.is_draining:  # noqa: ASYNC110 - there is no event for it
        await asyncio.sleep(0.001)

    assert waiting.posts == []
    world.release_responses()
    await stop
    assert only(waiting).text.startswith(texts.COMPLETED)
    assert is_loaded(world.modal())
    assert clicked.posts == []
    assert world.log.lines("shutdown.finished")
    assert not world.log.lines("shutdown.tasks_cancelled")


async def test_interruption_is_posted_below_the_notice(open_world: OpenWorld) -> None:
    world = await open_world(progress_after=0.01, environment=NO_TIME)
    world.hold_responses()
    interaction = await world.slack.command(DOCUMENTED)
    await interaction.wait_for_message()
    await world.stop()

    assert message_below_notice(interaction).text.startswith(f"{texts.RESTARTING}.")
    assert len(interaction.posts) == 2


async def test_interruption_does_not_wait_for_the_notice(open_world: OpenWorld) -> None:
    world = await open_world(progress_after=0.01)
    world.hold_responses()
    world.slack.fail_next = [FailNext(0, delay=30)]
    interaction = await world.slack.command(DOCUMENTED)
    async with asyncio.timeout(TIMEOUT_SECONDS):
        while world.slack.fail_next:  # noqa: ASYNC110 - it is removed when the post arrives
            await asyncio.sleep(0.01)

    assert await world.bot.tasks.drain(seconds=0) == 0
    assert only(interaction).text.startswith(f"{texts.RESTARTING}.")
    assert len(interaction.posts) == 1


async def test_new_work_during_the_drain_is_rejected(world: World) -> None:
    card, form_ = await world.ask(ENDED), await world.open_form()
    world.hold_responses()
    running = await world.slack.command(DOCUMENTED)
    drain = asyncio.create_task(world.bot.tasks.drain(seconds=5))
    await asyncio.sleep(0)
    commands = [
        await world.slack.command(text) for text in (BROWSER_CALL, "find 5550199", "status")
    ]
    others = [
        await world.slack.message_shortcut({"text": BROWSER_CALL}),
        await world.slack.click(card, actions.DETAILS),
    ]
    help_ = await world.slack.command("help")
    await world.slack.submit(form_, {search_form.NUMBER_FIELD: "5550199"})
    world.release_responses()
    await drain

    assert BROWSER_CALL not in world.requested_ids
    assert world.list_requests == 0
    assert [command.posts for command in commands] == [[], [], []], "it is in the ack"
    for interaction in (*commands, *others):
        message = only(interaction)
        assert message.text.startswith(f"{texts.RESTARTING}.")
        assert world.log.lines(
            "interaction.rejected", reason="stopping", request_id=request_id_in(message)
        )
    assert only(others[1]).ts != card.ts
    assert [view.id for view in world.slack.modals()] == [form_.id]
    assert texts.RESTARTING in rendered(world.modal())
    assert only(help_).text.startswith(f"{texts.HELP}.")
    assert only(running).text.startswith(texts.COMPLETED)


async def test_draining_process_is_healthy_but_not_ready(world: World) -> None:
    world.bot.begin_drain()
    ready = await world.http.get(f"{world.url}/readyz")
    health = await world.http.get(f"{world.url}/healthz")

    assert (ready.status_code, ready.json()) == (503, {"status": "draining"})
    assert (health.status_code, health.json()) == (200, {"status": "alive"})
    # Requests are served until the port closes.
    assert (await world.ask(DOCUMENTED)).text.startswith(texts.COMPLETED)
