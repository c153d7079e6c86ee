"""Failures between a click on **Details** and the loaded modal."""

import json
from dataclasses import replace

import pytest

from bot.dev.emulator.slack.workspace import FailNext, OpenView, RecordedInteraction
from bot.ui import actions, notices
from tests.integration.harness import OpenWorld, World
from tests.support import texts
from tests.support.reading import is_loaded, only, rendered, request_id_in, row_ids
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
    world = await open_world(partial_after=0.01)
    card = await world.ask(DOCUMENTED)
    world.lists.hold()
    if not half_filled:
        world.hold_responses()
    interaction = await world.slack.click(card, actions.DETAILS)
    view = await world.slack.wait_for_modal(
        until=lambda view: not half_filled or "$0.01" in rendered(view)
    )
    await world.slack.close(view)
    world.release_responses()
    world.lists.release()
    await world.idle()

    assert (world.slack.modals(), interaction.posts) == ([], [])
    assert world.log.problems("warning", "error") == []


async def test_expired_trigger_is_reported_once(world: World) -> None:
    card = await world.ask(DOCUMENTED)
    world.views.hold()
    interaction = await world.slack.click(card, actions.DETAILS)
    await world.views.reached.wait()
    world.clock.advance(4)
    world.views.release()
    await world.idle()
    await world.redeliver(interaction)

    assert [call.error for call in world.slack.view_requests] == ["expired_trigger_id"]
    assert world.slack.modals() == []
    request_id = request_id_in(only(interaction))
    assert new_message(interaction) == notices.modal_failed(request_id, late=True).text
    assert card in world.slack.messages.messages
    assert world.log.problems("error") == [("view.failed", "expired_trigger_id")]


@pytest.mark.parametrize("rejection", [DOWN, TOO_LARGE, RATE_LIMITED], ids=lambda it: it.status)
async def test_rejected_modal_is_reported_and_not_retried(
    world: World, rejection: FailNext
) -> None:
    card = await world.ask(DOCUMENTED)
    world.slack.fail_next_api = [rejection]
    world.hold_responses()
    interaction = await world.click(card)
    world.release_responses()

    assert world.view_methods == ["views.open"]
    assert world.slack.modals() == []
    request_id = request_id_in(only(interaction))
    assert new_message(interaction) == notices.modal_failed(request_id, late=False).text
    (line,) = world.log.lines("details.done")
    assert line["outcome"] == "interrupted"
    assert (await world.click(card)).posts == []
    assert is_loaded(world.modal())


async def test_update_whose_response_is_lost_is_followed_by_the_next(open_world: OpenWorld) -> None:
    world = await open_world(partial_after=0.01)
    card = await world.ask(DOCUMENTED)
    world.lists.hold()
    world.views.fail(500, 1, after=1, takes_effect=True)
    await world.slack.click(card, actions.DETAILS)
    await world.slack.wait_for_modal(until=lambda view: "$0.01" in rendered(view))
    world.lists.release()
    await world.idle()

    assert is_loaded(world.modal())


async def test_update_that_slack_rejects_shows_an_internal_error(world: World) -> None:
    card = await world.ask(DOCUMENTED)
    world.slack.fail_next_api = [NO_FAILURE, TOO_LARGE]
    interaction = await world.click(card)

    assert texts.INTERNAL_ERROR in rendered(world.modal())
    assert interaction.posts == []
    assert world.log.lines("view.failed", reason="view_too_large", level="error")


@pytest.mark.parametrize(
    ("status", "title", "outcome"),
    [(404, texts.NOT_FOUND, "not_found"), (503, texts.server_error(503), "unavailable")],
)
async def test_failed_lookup_is_reported_in_the_modal_and_can_be_retried(
    open_world: OpenWorld, status: int, title: str, outcome: str
) -> None:
    world = await open_world(environment={"ALLOWED_CHANNELS": "C0OPS"})
    card = await world.ask(DOCUMENTED, channel_id="C0OPS")
    world.lookups.fail(status)
    interaction = await world.click(card)
    failed = world.modal()

    assert title in rendered(failed)
    assert DOCUMENTED in rendered(failed)
    assert interaction.posts == []
    assert [line["outcome"] for line in world.log.lines("details.done")] == [outcome]
    world.lookups.recover()
    again = await world.click_in_modal(failed, actions.RETRY)
    assert (again.id, len(world.slack.modals())) == (failed.id, 1)
    assert "9638" in rendered(again)
    assert json.loads(again.private_metadata)["channel"] == "C0OPS"


async def test_page_of_a_log_that_is_gone(world: World) -> None:
    view = await world.open_details(LONG_TIMELINE)
    world.lookups.fail(404)

    assert texts.NOT_FOUND in rendered(await world.click_in_modal(view, actions.PAGE))


async def test_card_is_opened_only_in_allowed_channels(open_world: OpenWorld) -> None:
    world = await open_world(environment={"ALLOWED_CHANNELS": "C0OPS"})
    card = await world.ask(LONG_TIMELINE, channel_id="C0OPS")
    denied = only(await world.click(replace(card, channel_id="C0OTHER")))

    assert denied.text.startswith(f"{texts.DENIED}.")
    (line,) = world.log.lines("details.denied", request_id=request_id_in(denied))
    assert (line["outcome"], line["ids"], line["level"]) == ("channel", [LONG_TIMELINE], "info")
    assert world.slack.modals() == []
    assert (await world.click(card)).posts == []
    page = await world.click_in_modal(world.modal(), actions.PAGE)
    assert "41" in rendered(page)


async def results_in_a_modal(world: World) -> OpenView:
    view = await world.submit(await world.open_form(), {"number": "+1 206 555 0103"})
    assert row_ids(view) == [CHILD]
    return view


async def test_second_modal_that_does_not_open_leaves_the_first(world: World) -> None:
    results = await results_in_a_modal(world)
    world.slack.fail_next_api = [DOWN]
    message = await world.click_in_modal(results, actions.CARD)

    assert texts.MODAL_FAILED in rendered(message)
    assert world.log.problems("warning", "error") == [("view.failed", "500")]
    assert row_ids(world.slack.modals()[0]) == [CHILD]
    await world.slack.close(message)
    assert is_loaded(await world.click_in_modal(world.modal(), actions.CARD))


async def test_closing_a_second_modal_early_shows_the_first(world: World) -> None:
    results = await results_in_a_modal(world)
    async with world.holding_responses():
        await world.slack.click_in_view(results, actions.CARD)
        second = await world.slack.wait_for_modal(until=lambda view: view.id != results.id)
        await world.slack.close(second)

    assert rendered(world.modal()) == rendered(results)
    assert world.log.problems("warning", "error") == []
