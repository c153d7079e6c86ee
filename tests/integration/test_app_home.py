"""The Home tab: what the bot does, a search button, and the status."""

import pytest

from bot.dev.emulator.slack.workspace import FailNext, RecordedInteraction
from bot.ui import actions
from tests.integration.harness import OpenWorld, Project, World
from tests.integration.intercept import LIST_ONLY, Interceptor, always
from tests.integration.sample_logs import log_ids, sample_logs
from tests.integration.user_actions import home_of, modal_of, submit
from tests.support import texts
from tests.support.reading import button_labels, rendered, row_ids
from tests.support.samples import DOCUMENTED, SUPPORT

REACHABLE = texts.reachable("127.0.0.1")


async def open_home(world: World, user_id: str = SUPPORT, **where: str) -> RecordedInteraction:
    interaction = await world.slack.open_home(user_id, **where)
    assert (interaction.ack_status, interaction.failed) == (200, None)
    await world.idle()
    return interaction


async def test_tab_has_examples_a_button_and_the_status(world: World) -> None:
    await open_home(world)
    shown = rendered(home_of(world))

    assert "/voicelog <id>" in shown
    assert DOCUMENTED not in shown, "another company's call"
    assert REACHABLE in shown
    assert texts.ALLOWED in shown
    assert texts.STATUS in shown
    assert button_labels(home_of(world)) == [texts.FIND_FORM]


async def test_tab_is_published_at_once_and_again_with_the_status(open_world: OpenWorld) -> None:
    world = await open_world()
    async with world.holding_responses():
        await world.slack.open_home()
        first = await world.slack.wait_for_home()

        assert REACHABLE not in rendered(first)
        assert button_labels(first) == [texts.FIND_FORM]
    assert REACHABLE in rendered(home_of(world))
    assert world.view_methods == ["views.publish"] * 2


async def test_tab_is_updated_whenever_it_is_opened(open_world: OpenWorld) -> None:
    world = await open_world(Project(middleware=always(503)))
    await open_home(world)
    before = home_of(world)
    await open_home(world)

    assert home_of(world).id == before.id
    assert home_of(world).hash != before.hash


async def test_other_tabs_are_ignored(open_world: OpenWorld) -> None:
    world = await open_world()
    await open_home(world, tab="messages")

    assert world.slack.home_tab() is None
    assert world.slack.view_requests == []


@pytest.mark.parametrize("fails", [False, True])
async def test_button_opens_the_form_and_leaves_the_tab(
    open_world: OpenWorld, *, fails: bool
) -> None:
    logs = Interceptor(LIST_ONLY)
    world = await open_world(Project(entries=sample_logs(3), middleware=logs))
    await open_home(world)
    before = home_of(world)
    clicked = await world.slack.click_in_view(before, actions.FIND_FORM)
    await world.until_idle(world.slack.redeliver(clicked))
    if fails:
        logs.fail(503)
    results = await submit(world, modal_of(world), {"directions": "inbound"})

    assert row_ids(results) == ([] if fails else log_ids(range(3)))
    assert home_of(world) == before
    assert world.view_methods.count("views.open") == 1
    assert not world.log.lines(level="error")


async def test_old_button_of_a_denied_user_opens_a_modal_with_the_reason(
    open_world: OpenWorld,
) -> None:
    world = await open_world(environment={"ALLOWED_USERS": "U0ANNA"})
    await open_home(world, "U0ANNA")
    payload = dict(home_of(world, "U0ANNA").payload)
    assert button_labels(home_of(world, "U0ANNA")) == [texts.FIND_FORM]
    old = world.slack.views.publish("U0EVE", "T0ACME", payload)
    await world.until_idle(world.slack.click_in_view(old, actions.FIND_FORM))

    assert texts.DENIED in rendered(modal_of(world, "U0EVE"))


@pytest.mark.parametrize(
    "failure",
    [
        FailNext(200, '{"ok": false, "error": "not_enabled"}'),
        FailNext(200, '{"ok": false, "error": "invalid_arguments"}'),
        FailNext(200, "<html>busy</html>"),
    ],
)
async def test_rejected_tab_is_one_error_line(open_world: OpenWorld, failure: FailNext) -> None:
    world = await open_world()
    world.slack.fail_next_api = [failure]
    await open_home(world)

    assert world.slack.home_tab() is None
    assert len(world.slack.view_requests) == 1
    assert [event for event, _ in world.log.error_lines()] == ["app_home.publish_failed"]


async def test_interrupted_tab_makes_no_further_request_and_no_error_line(
    open_world: OpenWorld,
) -> None:
    world = await open_world(environment={"DRAIN_SECONDS": "0"})
    world.hold_responses()
    await world.slack.open_home()
    await world.slack.wait_for_home()
    await world.stop()

    # There is no channel to post to, and no click to open a modal with.
    assert world.view_methods == ["views.publish"]
    assert not world.log.lines(level="error")
