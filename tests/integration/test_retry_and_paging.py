"""Retries after errors, and navigation between modals."""

import json
from typing import Final

from bot.dev.emulator.signalwire.fixtures import LogFixture, call
from bot.dev.emulator.slack.workspace import FailNext
from bot.signalwire.client import RetryPolicy
from bot.ui import actions, block_kit, search_results
from tests.integration.harness import OpenWorld, Project, World, only
from tests.integration.intercept import LIST_ONLY, Interceptor
from tests.integration.sample_logs import WANTED_AS_TYPED, log_ids, sample_logs
from tests.integration.user_actions import (
    click,
    click_in_modal,
    modal_of,
    open_details,
    open_form,
    submit,
)
from tests.support import texts
from tests.support.reading import buttons, is_loaded, rendered, row_ids, to_json
from tests.support.samples import CHILD, DOCUMENTED, NOW

ONCE: Final = RetryPolicy(attempts=1)


async def test_failed_search_is_retried_in_place(open_world: OpenWorld) -> None:
    logs = Interceptor(LIST_ONLY).fail(503)
    project = Project(entries=sample_logs(3, wanted=[1]), middleware=logs)
    world = await open_world(project, retry_policy=ONCE)
    failed = await world.ask(f"find {WANTED_AS_TYPED}")
    logs.recover()
    again = only(await click(world, failed, actions.SEARCH_RETRY))

    assert failed.text.startswith(f"{texts.server_error(503)}.")
    assert "555" not in json.dumps(failed.blocks)
    assert again.ts == failed.ts
    assert row_ids(again) == log_ids([1])


async def test_search_with_rejected_credentials_has_no_retry(open_world: OpenWorld) -> None:
    world = await open_world(Project(token_is_wrong=True))

    assert buttons(await world.ask("recent")) == []


async def test_failed_search_of_the_form_is_retried_in_its_modal(open_world: OpenWorld) -> None:
    logs = Interceptor(LIST_ONLY).fail(503)
    world = await open_world(Project(entries=sample_logs(3), middleware=logs), retry_policy=ONCE)
    failed = await submit(world, await open_form(world), {"directions": "inbound"})
    logs.recover()

    again = await click_in_modal(world, failed, actions.SEARCH_RETRY)
    assert row_ids(again) == log_ids(range(3))


async def test_results_covered_by_a_late_ack_are_shown_again(open_world: OpenWorld) -> None:
    world = await open_world(Project(entries=sample_logs(3)), forms_settled_after=0.6)
    await world.slack.submit(await open_form(world), {"directions": "inbound"})
    results = await world.slack.wait_for_modal(until=lambda view: bool(row_ids(view)))
    late = block_kit.message_modal(
        search_results.FORM_TITLE, search_results.searching(0, None), results.private_metadata
    )
    await world.bot.bolt.client.views_update(
        token=world.slack_token, view_id=results.id, view={**late}
    )
    assert row_ids(modal_of(world)) == []
    await world.idle()

    assert row_ids(modal_of(world)) == log_ids(range(3))


async def test_results_that_slack_rejects_the_second_time_stay(open_world: OpenWorld) -> None:
    """They may be covered by a late ack, so the rejection is logged."""
    world = await open_world(Project(entries=sample_logs(3)), forms_settled_after=0.6)
    await world.slack.submit(await open_form(world), {"directions": "inbound"})
    await world.slack.wait_for_modal(until=lambda view: bool(row_ids(view)))
    world.slack.fail_next_api = [FailNext(200, '{"ok": false, "error": "view_too_large"}')]
    await world.idle()

    assert row_ids(modal_of(world)) == log_ids(range(3))
    assert world.log.error_lines() == [("view.failed", "view_too_large")]


async def test_earlier_results_do_not_cover_the_next_page(open_world: OpenWorld) -> None:
    world = await open_world(Project(entries=sample_logs(30)), forms_settled_after=0.6)
    await world.slack.submit(await open_form(world), {"directions": "inbound"})
    first = await world.slack.wait_for_modal(until=lambda view: bool(row_ids(view)))
    second = await click_in_modal(world, first, actions.SEARCH_OLDER)

    assert not set(row_ids(second)) & set(row_ids(first))


async def test_legs_can_be_opened_one_from_the_other_without_limit(world: World) -> None:
    view = await open_details(world, CHILD, "U0DEEP")
    for _ in range(4):
        log_id = json.loads(view.private_metadata)["log"]
        view = await click_in_modal(world, view, actions.CARD)
        assert is_loaded(view)
        assert json.loads(view.private_metadata)["log"] != log_id

    assert len(world.slack.modals("U0DEEP")) == 3


async def test_json_full_of_quotation_marks_can_be_paged(open_world: OpenWorld) -> None:
    """Slack sends a modal back with each click, and the request's size is limited."""
    quotes = call(DOCUMENTED, NOW, note='"\\' * 30_000)
    world = await open_world(Project(entries=[LogFixture(quotes)]))
    raw = await click_in_modal(world, await open_details(world, DOCUMENTED), actions.RAW)
    second = await click_in_modal(world, raw, actions.RAW, value="2")

    assert to_json(second) != to_json(raw)


async def test_long_record_is_shown(open_world: OpenWorld) -> None:
    """It is rendered in a thread."""
    long = call(DOCUMENTED, NOW, note="x" * 100_000)
    world = await open_world(Project(entries=[LogFixture(long)]))

    assert "42310 ms" in rendered(await open_details(world, DOCUMENTED))
