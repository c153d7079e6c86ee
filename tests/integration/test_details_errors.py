"""Failures between a click on **Details** and the loaded modal."""

import json
from dataclasses import replace

import pytest
from starlette.responses import Response

from bot.dev.emulator.slack.workspace import FailNext, OpenView, RecordedInteraction
from bot.ui import actions, notices, search_form
from tests.integration.harness import OpenWorld, Project, World, only, request_id_in
from tests.integration.intercept import LIST_ONLY, Interceptor
from tests.integration.user_actions import (
    click,
    click_in_modal,
    modal_of,
    open_details,
    open_form,
    submit,
)
from tests.support import texts
from tests.support.reading import is_loaded, rendered, row_ids
from tests.support.samples import CHILD, DOCUMENTED, LONG_TIMELINE

TOO_LARGE = FailNext(200, json.dumps({"ok": False, "error": "view_too_large"}))
DOWN = FailNext(500)
RATE_LIMITED = FailNext(429, "", {"Retry-After": "1"})
NO_FAILURE = FailNext(0)


def new_message(interaction: RecordedInteraction) -> str:
    """Return the text of the one message, which must not replace the clicked card."""
    message = only(interaction)
    assert message.ts != interaction.message_ts
    assert not any(
        post.posted and post.posted.payload["replace_original"] for post in interaction.posts
    )
    return message.text


@pytest.mark.parametrize("half_filled", [False, True])
async def test_closing_the_modal_early_is_no_error(
    open_world: OpenWorld, *, half_filled: bool
) -> None:
    legs = Interceptor(LIST_ONLY)
    world = await open_world(Project(middleware=legs), partial_after=0.01)
    card = await world.ask(DOCUMENTED)
    legs.hold()
    if not half_filled:
        world.hold_responses()
    interaction = await world.slack.click(card, actions.DETAILS)
    view = await world.slack.wait_for_modal(
        until=lambda view: not half_filled or "$0.01" in rendered(view)
    )
    await world.slack.close(view)
    world.release_responses()
    legs.release()
    await world.idle()

    assert (world.slack.modals(), interaction.posts) == ([], [])
    assert world.log.warning_lines() == []


async def test_expired_trigger_is_reported_once(open_world: OpenWorld) -> None:
    opening = Interceptor("/views.open$")
    world = await open_world(slack_middleware=opening)
    card = await world.ask(DOCUMENTED)
    opening.hold()
    interaction = await world.slack.click(card, actions.DETAILS)
    await opening.reached.wait()
    world.clock.advance(4)
    opening.release()
    await world.idle()
    await world.until_idle(world.slack.redeliver(interaction))

    assert [call.error for call in world.slack.view_requests] == ["expired_trigger_id"]
    assert world.slack.modals() == []
    request_id = request_id_in(only(interaction))
    assert new_message(interaction) == notices.modal_failed(request_id, late=True).text
    assert card in world.slack.messages.of(world.slack.interactions[0].token)
    assert world.log.error_lines() == [("view.failed", "expired_trigger_id")]


@pytest.mark.parametrize("rejection", [DOWN, TOO_LARGE, RATE_LIMITED], ids=lambda it: it.status)
async def test_rejected_modal_is_reported_and_not_retried(
    world: World, rejection: FailNext
) -> None:
    user_id = f"U0REFUSED{rejection.status}"
    card = await world.ask(DOCUMENTED, user_id=user_id)
    before = len(world.slack.view_requests)
    world.slack.fail_next_api = [rejection]
    world.hold_responses()
    interaction = await click(world, card, user_id=user_id)
    world.release_responses()

    assert world.view_methods[before:] == ["views.open"]
    assert world.slack.modals(user_id) == []
    request_id = request_id_in(only(interaction))
    assert new_message(interaction) == notices.modal_failed(request_id, late=False).text
    (line,) = world.log.lines("details.done", user=user_id)
    assert line["outcome"] == "interrupted"
    assert (await click(world, card, user_id=user_id)).posts == []
    assert is_loaded(modal_of(world, user_id))


async def test_update_whose_response_is_lost_is_followed_by_the_next(
    open_world: OpenWorld,
) -> None:
    legs, updates = Interceptor(LIST_ONLY), Interceptor("/views.update$")
    updates.lose_responses(1, lambda: Response(status_code=500))
    world = await open_world(Project(middleware=legs), slack_middleware=updates, partial_after=0.01)
    card = await world.ask(DOCUMENTED)
    legs.hold()
    await world.slack.click(card, actions.DETAILS)
    await world.slack.wait_for_modal(until=lambda view: "$0.01" in rendered(view))
    legs.release()
    await world.idle()

    assert is_loaded(modal_of(world))


async def test_update_that_slack_rejects_shows_an_internal_error(world: World) -> None:
    card = await world.ask(DOCUMENTED, user_id="U0LARGE")
    world.slack.fail_next_api = [NO_FAILURE, TOO_LARGE]
    interaction = await click(world, card, user_id="U0LARGE")

    assert texts.INTERNAL_ERROR in rendered(modal_of(world, "U0LARGE"))
    assert interaction.posts == []
    assert world.log.lines("view.failed", reason="view_too_large", level="error")


@pytest.mark.parametrize(
    ("status", "title", "outcome"),
    [(404, texts.NOT_FOUND, "not_found"), (503, texts.server_error(503), "unavailable")],
)
async def test_failed_lookup_is_reported_in_the_modal_and_can_be_retried(
    open_world: OpenWorld, status: int, title: str, outcome: str
) -> None:
    log = Interceptor()
    world = await open_world(Project(middleware=log), environment={"ALLOWED_CHANNELS": "C0OPS"})
    card = await world.ask(DOCUMENTED, channel_id="C0OPS")
    log.fail(status)
    interaction = await click(world, card)
    failed = modal_of(world)

    assert title in rendered(failed)
    assert DOCUMENTED in rendered(failed)
    assert interaction.posts == []
    assert [line["outcome"] for line in world.log.lines("details.done")] == [outcome]
    log.recover()
    again = await click_in_modal(world, failed, actions.RETRY)
    assert (again.id, len(world.slack.modals())) == (failed.id, 1)
    assert "9638" in rendered(again)
    assert json.loads(again.private_metadata)["channel"] == "C0OPS"


async def test_page_of_a_log_that_is_gone(open_world: OpenWorld) -> None:
    log = Interceptor()
    world = await open_world(Project(middleware=log))
    view = await open_details(world, LONG_TIMELINE)
    log.fail(404)

    assert texts.NOT_FOUND in rendered(await click_in_modal(world, view, actions.PAGE))


async def test_card_is_opened_only_in_allowed_channels(open_world: OpenWorld) -> None:
    world = await open_world(environment={"ALLOWED_CHANNELS": "C0OPS"})
    card = await world.ask(LONG_TIMELINE, channel_id="C0OPS")
    denied = only(await click(world, replace(card, channel_id="C0OTHER")))

    assert denied.text.startswith(f"{texts.DENIED}.")
    (line,) = world.log.lines("details.denied", request_id=request_id_in(denied))
    assert (line["outcome"], line["ids"], line["level"]) == ("channel", [LONG_TIMELINE], "info")
    assert world.slack.modals() == []
    assert (await click(world, card)).posts == []
    page = await click_in_modal(world, modal_of(world), actions.PAGE)
    assert "41" in rendered(page)


async def results_in_a_modal(world: World, user_id: str) -> OpenView:
    form = await open_form(world, user_id)
    view = await submit(world, form, {search_form.NUMBER_FIELD: "+1 206 555 0103"}, user_id)
    assert row_ids(view) == [CHILD]
    return view


async def test_second_modal_that_does_not_open_leaves_the_first(world: World) -> None:
    results = await results_in_a_modal(world, "U0STACK")
    world.slack.fail_next_api = [DOWN]
    await world.until_idle(world.slack.click_in_view(results, actions.CARD))

    assert row_ids(world.slack.modals("U0STACK")[0]) == [CHILD]


async def test_closing_a_second_modal_early_shows_the_first(world: World) -> None:
    results = await results_in_a_modal(world, "U0BACK")
    since = len(world.log.lines())
    world.hold_responses()
    await world.slack.click_in_view(results, actions.CARD)
    second = await world.slack.wait_for_modal("U0BACK", until=lambda view: view.id != results.id)
    await world.slack.close(second)
    world.release_responses()
    await world.idle()

    assert rendered(modal_of(world, "U0BACK")) == rendered(results)
    assert world.log.warning_lines(since) == []
