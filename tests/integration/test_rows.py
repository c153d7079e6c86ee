"""Rows and errors: **View** shows the card of a row, **Try again** retries the lookup."""

import pytest

from bot.limits import Limits
from bot.ui import actions
from tests.integration.harness import OpenWorld, World
from tests.support import texts
from tests.support.reading import (
    button_labels,
    button_values,
    buttons,
    only,
    rendered,
    request_id_in,
    value_with,
    values_of,
)
from tests.support.samples import DOCUMENTED, ENDED, NOT_FOUND, UNAUTHORIZED, UNAVAILABLE

BOTH = f"{DOCUMENTED} {ENDED}"


async def test_each_row_has_its_button(world: World) -> None:
    _, rows = await world.card(f"{DOCUMENTED} {NOT_FOUND} {UNAVAILABLE} {UNAUTHORIZED} {ENDED}")

    assert [(button.label, button.value) for button in buttons(rows)] == [
        (texts.CARD, DOCUMENTED),
        (texts.RETRY, UNAVAILABLE),
        (texts.CARD, ENDED),
    ]
    for title in (texts.server_error(503), texts.UNAUTHORIZED):
        assert title in rendered(rows)
    assert request_id_in(rows)


async def test_each_card_is_a_new_message_and_the_rows_stay(world: World) -> None:
    interaction, rows = await world.card(BOTH)
    opened = [
        only(await world.click(rows, actions.CARD, value=value_with(rows, log_id)))
        for log_id in (DOCUMENTED, ENDED)
    ]
    _, direct = await world.card()

    assert (opened[0].text, rendered(opened[0])) == (direct.text, rendered(direct))
    assert opened[1].text.startswith(texts.ENDED_HEADLINE)
    assert button_labels(opened[1]) == texts.CARD_LABELS
    assert len({message.ts for message in (*opened, rows)}) == 3
    assert only(interaction) == rows


@pytest.mark.parametrize("is_found_now", [True, False])
async def test_failed_row_is_retried_beside_the_rows(world: World, *, is_found_now: bool) -> None:
    world.lookups.fail(500, 1 if is_found_now else 3)
    interaction, rows = await world.card(BOTH)
    failed = next(button.value for button in buttons(rows) if button.label == texts.RETRY)
    opened = only(await world.click(rows, actions.CARD, value=failed))

    assert failed in opened.text
    assert button_labels(opened) == (texts.CARD_LABELS if is_found_now else [texts.RETRY])
    assert is_found_now or opened.text.startswith(f"{texts.server_error(500)}.")
    assert only(interaction) == rows


@pytest.mark.parametrize(("status", "times"), [(404, 1), (500, 1), (503, 3), (429, 3)])
async def test_retry_replaces_the_error_with_the_card(
    world: World, status: int, times: int
) -> None:
    world.lookups.fail(status, times)
    interaction, failed = await world.card()
    clicked = await world.click(failed, actions.RETRY)

    assert button_labels(failed) == [texts.RETRY]
    assert only(clicked).ts == failed.ts
    assert only(interaction).text.startswith(texts.COMPLETED)


async def test_failed_retry_can_be_retried(world: World) -> None:
    interaction, failed = await world.card(UNAVAILABLE)
    clicked = await world.click(failed, actions.RETRY)
    after = only(interaction)

    assert after == only(clicked)
    assert after.ts == failed.ts
    assert request_id_in(after) != request_id_in(failed)
    assert button_labels(after) == [texts.RETRY]


@pytest.mark.parametrize("text", [DOCUMENTED, BOTH], ids=["one ID", "two IDs"])
async def test_interrupted_lookup_can_be_retried_in_the_next_process(
    open_world: OpenWorld, text: str
) -> None:
    old = await open_world(environment={"DRAIN_SECONDS": "0"})
    old.hold_responses()
    asked = await old.slack.command(text)
    await old.stop()
    interrupted = only(asked)
    clicked = await (await open_world()).click(interrupted, actions.RETRY)

    assert interrupted.text.startswith(f"{texts.RESTARTING}.")
    assert values_of(interrupted, actions.RETRY) == button_values(interrupted) == [text]
    assert [one.payload["replace_original"] for one in clicked.accepted] == [True]
    assert DOCUMENTED in only(clicked).text


async def test_rejected_lookup_can_be_retried(open_world: OpenWorld) -> None:
    world = await open_world(limits=Limits(tasks=1))
    async with world.holding_responses():
        await world.slack.command(ENDED)
        rejected = await world.slack.command(BOTH)
    busy = only(rejected)
    clicked = await world.click(busy, actions.RETRY)

    assert busy.text.startswith(f"{texts.BUSY}.")
    assert button_values(busy) == [BOTH]
    assert only(clicked).text.startswith(texts.logs_found(2, 2))
    assert only(rejected).ts == busy.ts


async def test_rejected_row_is_reported_beside_the_rows(open_world: OpenWorld) -> None:
    world = await open_world(limits=Limits(tasks=1))
    interaction, rows = await world.card(BOTH)
    async with world.holding_responses():
        await world.slack.command(ENDED)
        clicked = await world.slack.click(rows, actions.CARD, value=value_with(rows, ENDED))

    assert only(clicked).text.startswith(f"{texts.BUSY}.")
    assert button_values(only(clicked)) == [ENDED]
    assert only(interaction) == rows


async def test_interrupted_retry_replaces_the_error(open_world: OpenWorld) -> None:
    world = await open_world(environment={"DRAIN_SECONDS": "0"})
    interaction, failed = await world.card(UNAVAILABLE)
    world.hold_responses()
    await world.slack.click(failed, actions.RETRY)
    await world.stop()

    assert only(interaction).ts == failed.ts
    assert only(interaction).text.startswith(f"{texts.RESTARTING}.")
    assert button_values(only(interaction)) == [UNAVAILABLE]
