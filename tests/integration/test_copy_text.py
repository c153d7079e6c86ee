"""**Copy as text** on a card, in Details and on a shared card; masked at first."""

import json

import pytest

from bot.dev.emulator.slack.workspace import OpenView, PostedMessage
from bot.ui import actions
from tests.integration.clickable import button_click, click_in, modal_with
from tests.integration.harness import OpenWorld, World
from tests.support.reading import action_ids, rendered, texts_in, to_json, value_with
from tests.support.samples import CHANNEL, CHILD, COLLEAGUE, PARENT, SUPPORT

MASKED_TO = "To: +1 ••••••••03"
TO = "To: +1 206-555-0103"


async def copy_from(world: World, card: PostedMessage, user_id: str = SUPPORT) -> OpenView:
    """Choose **Copy as text** from the menu of a card; return the modal."""
    await world.click(card, actions.OVERFLOW, value=value_with(card, actions.COPY), user_id=user_id)
    return world.modal(user_id)


async def test_card_has_text_to_copy_and_one_request_suffices(world: World) -> None:
    card = await world.ask(CHILD)
    world.signalwire.requests.clear()
    view = await copy_from(world, card)

    assert len(world.signalwire.requests) == 1
    assert view.title == "Copy as text"
    block = view.blocks[0]
    assert "rich_text_preformatted" in json.dumps(block)
    text = texts_in(block)
    assert [part for part in ("+1 ••••••••00", "73310 ms", PARENT, CHILD) if part not in text] == []


async def test_full_numbers_are_shown_in_the_same_modal_on_request(world: World) -> None:
    masked = await copy_from(world, await world.ask(CHILD))
    full = await world.click_in_modal(masked, actions.COPY_IN_FULL)

    assert MASKED_TO in rendered(masked)
    assert "555" not in to_json(masked)
    assert full.id == masked.id
    assert TO in rendered(full)
    assert action_ids(masked) == [actions.COPY_IN_FULL, actions.PAGE]
    assert action_ids(full) == [actions.PAGE]
    lines = world.log.lines("details.done")
    assert [(line["outcome"], line["id"]) for line in lines] == [("found", CHILD)] * 2


async def test_details_lead_to_the_text_and_back(world: World) -> None:
    details = await world.open_details(CHILD)
    text = await world.click_in_modal(details, actions.COPY)
    back = await world.click_in_modal(text, actions.PAGE)

    assert text.id == details.id
    assert MASKED_TO in rendered(text)
    assert rendered(back) == rendered(details)


async def test_text_from_a_shared_card_stays_masked(world: World) -> None:
    view = await copy_from(world, await world.shared_card(CHILD), COLLEAGUE)

    assert MASKED_TO in rendered(view)
    assert action_ids(view) == [actions.PAGE]
    assert f"/voicelog {CHILD}" in rendered(view)


@pytest.mark.parametrize(("public", "shown"), [(True, MASKED_TO), (False, TO)])
async def test_full_numbers_are_shown_only_to_users_who_may_see_them(
    world: World, *, public: bool, shown: str
) -> None:
    clicked = button_click(actions.COPY_IN_FULL, CHILD)
    metadata = json.dumps({"channel": CHANNEL, "log": CHILD, "public": public})
    await click_in(world, modal_with(world, clicked, metadata=metadata), clicked)

    assert shown in rendered(world.modal())


@pytest.mark.parametrize(("mask", "in_full"), [("always", False), ("never", True)])
async def test_mask_numbers_applies_to_everyone(
    open_world: OpenWorld, mask: str, *, in_full: bool
) -> None:
    world = await open_world(environment={"MASK_NUMBERS": mask})
    view = await copy_from(world, await world.ask(CHILD))

    assert (TO in rendered(view)) is in_full
    assert action_ids(view) == [actions.PAGE]
