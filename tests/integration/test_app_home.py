"""The Home tab: what the bot does, a search button, and the status."""

import pytest

from bot.dev.emulator.slack.workspace import FailNext
from bot.ui import actions
from tests.integration.harness import OpenWorld, Project, World
from tests.integration.intercept import always
from tests.integration.sample_logs import log_ids, sample_logs
from tests.support import texts
from tests.support.reading import button_labels, rendered, row_ids
from tests.support.samples import DOCUMENTED

REACHABLE = texts.reachable("127.0.0.1")


async def test_tab_has_examples_a_button_and_the_status(world: World) -> None:
    home = await world.open_home()
    shown = rendered(home)

    assert "/voicelog <id>" in shown
    assert DOCUMENTED not in shown, "another company's call"
    assert REACHABLE in shown
    assert texts.ALLOWED in shown
    assert texts.STATUS in shown
    assert button_labels(home) == [texts.FIND_FORM]


async def test_tab_is_published_at_once_and_again_with_the_status(world: World) -> None:
    async with world.holding_responses():
        await world.slack.open_home()
        first = await world.slack.wait_for_home()

        assert REACHABLE not in rendered(first)
        assert button_labels(first) == [texts.FIND_FORM]
    assert REACHABLE in rendered(world.home_tab())
    assert world.view_methods == ["views.publish"] * 2


async def test_tab_is_updated_whenever_it_is_opened(open_world: OpenWorld) -> None:
    world = await open_world(Project(middleware=always(503)))
    before = await world.open_home()
    after = await world.open_home()

    assert after.id == before.id
    assert after.hash != before.hash


async def test_other_tabs_are_ignored(world: World) -> None:
    await world.succeeds(world.slack.open_home(tab="messages"))

    assert world.slack.home_tab() is None
    assert world.slack.view_requests == []


@pytest.mark.parametrize("fails", [False, True])
async def test_button_opens_the_form_and_leaves_the_tab(
    open_world: OpenWorld, *, fails: bool
) -> None:
    world = await open_world(Project(entries=sample_logs(3)))
    before = await world.open_home()
    clicked = await world.slack.click_in_view(before, actions.FIND_FORM)
    await world.redeliver(clicked)
    if fails:
        world.lists.fail(503)
    results = await world.submit(world.modal(), {"directions": "inbound"})

    assert row_ids(results) == ([] if fails else log_ids(range(3)))
    assert world.home_tab() == before
    assert world.view_methods.count("views.open") == 1
    assert not world.log.lines(level="error")


async def test_old_button_of_a_denied_user_opens_a_modal_with_the_reason(
    open_world: OpenWorld,
) -> None:
    world = await open_world(environment={"ALLOWED_USERS": "U0ANNA"})
    allowed = await world.open_home("U0ANNA")
    assert button_labels(allowed) == [texts.FIND_FORM]
    old = world.slack.views.publish("U0EVE", "T0ACME", dict(allowed.payload))

    assert texts.DENIED in rendered(await world.click_in_modal(old, actions.FIND_FORM))


@pytest.mark.parametrize(
    "response",
    [
        '{"ok": false, "error": "not_enabled"}',
        '{"ok": false, "error": "invalid_arguments"}',
        "<html>busy</html>",
    ],
)
async def test_rejected_tab_is_one_error_line(world: World, response: str) -> None:
    world.slack.fail_next_api = [FailNext(200, response)]
    await world.succeeds(world.slack.open_home())

    assert world.slack.home_tab() is None
    assert len(world.slack.view_requests) == 1
    assert [event for event, _ in world.log.problems("error")] == ["app_home.publish_failed"]


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
