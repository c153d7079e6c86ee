"""What everyone in a channel sees is masked, and so is everything opened from it."""

import json
import re

import pytest

from bot.dev.emulator.slack.workspace import OpenView, PostedMessage
from bot.ui import actions, notices
from bot.voicelogs.masking import Masking
from tests.integration.harness import OpenWorld, World
from tests.support import texts
from tests.support.reading import (
    MASKED,
    private,
    rendered,
    request_id_in,
    section_of,
    to_json,
    value_with,
)
from tests.support.samples import CHANNEL, CHILD, COLLEAGUE, LONG_TIMELINE, PARENT, SUPPORT, TEAM

FULL_NUMBER = re.compile(r"\+\d[\d ()-]{8,}\d")
"""As cards show a number, and as SignalWire sends it."""
HINT = notices.full_numbers(texts.ID).rpartition("` ")[2]


def disable_masking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Masking, "applies", lambda _setting, *, public: public and False)


def assert_masked(view: OpenView, log_id: str) -> None:
    """Assert that a modal has no full number, and says how to see them."""
    assert FULL_NUMBER.findall(rendered(view)) == []
    assert f"/voicelog {log_id}` {HINT}" in to_json(view)


async def open_card(world: World, card: PostedMessage, user_id: str = COLLEAGUE) -> OpenView:
    interaction = await world.click(card, user_id=user_id)
    assert interaction.posts == []
    return world.modal(user_id)


async def test_details_of_a_shared_card_are_masked_on_every_page(world: World) -> None:
    view = await open_card(world, await world.shared_card(LONG_TIMELINE))

    assert world.slack.modal(SUPPORT) is None
    assert world.log.lines("details.done", user=COLLEAGUE, id=LONG_TIMELINE)
    assert MASKED in rendered(view)
    assert_masked(view, LONG_TIMELINE)
    for action in (actions.PAGE, actions.PAGE_BACK, actions.RAW, actions.RAW, actions.RAW_BACK):
        view = await world.click_in_modal(view, action)
        assert_masked(view, LONG_TIMELINE)


async def test_errors_of_a_shared_card_are_masked_on_every_page(world: World) -> None:
    view = await open_card(world, await world.shared_card(LONG_TIMELINE))
    for page, count in (("1", 40), ("2", 32)):
        view = await world.click_in_modal(view, actions.ERRORS, value=page)
        assert_masked(view, LONG_TIMELINE)
        assert MASKED in section_of(view, "Timeline")
        assert section_of(view, "Timeline").count(": Call step ") == count


async def test_legs_of_a_shared_card_are_masked(world: World) -> None:
    card = await world.shared_card(PARENT)
    legs = value_with(card, actions.LEGS)
    await world.click(card, actions.OVERFLOW, value=legs, user_id=COLLEAGUE)

    assert_masked(world.modal(COLLEAGUE), PARENT)


async def test_modals_opened_from_a_masked_modal_are_masked(world: World) -> None:
    view = await open_card(world, await world.shared_card(PARENT))
    for log_id in (CHILD, PARENT, CHILD):
        view = await world.click_in_modal(view, actions.CARD, value=log_id)
        assert_masked(view, log_id)
    assert_masked(await world.click_in_modal(view, actions.RAW), CHILD)


async def test_retry_in_a_masked_modal_stays_masked(world: World) -> None:
    card = await world.shared_card(PARENT)
    world.lookups.fail(503, 3)
    failed = await open_card(world, card)

    assert texts.server_error(503) in rendered(failed)
    assert_masked(await world.click_in_modal(failed, actions.RETRY), PARENT)


async def test_modals_opened_from_ones_own_card_show_full_numbers(world: World) -> None:
    view = await world.open_details(PARENT)
    view = await world.click_in_modal(view, actions.CARD, value=CHILD)

    assert FULL_NUMBER.search(rendered(view))
    assert HINT not in rendered(view)


async def test_modal_of_unknown_origin_is_masked(world: World) -> None:
    view = await world.open_details(LONG_TIMELINE)
    metadata = json.dumps({"channel": CHANNEL, "log": LONG_TIMELINE})
    payload = {**view.payload, "private_metadata": metadata}
    older = world.slack.views.open(SUPPORT, TEAM, payload)

    assert_masked(await world.click_in_modal(older, actions.PAGE), LONG_TIMELINE)


@pytest.mark.parametrize(
    ("mask", "in_full", "has_hint"),
    [("shared", False, True), ("always", False, False), ("never", True, False)],
)
async def test_hint_is_shown_only_if_the_user_may_see_full_numbers(
    open_world: OpenWorld, mask: str, *, in_full: bool, has_hint: bool
) -> None:
    world = await open_world(environment={"MASK_NUMBERS": mask})
    view = await open_card(world, await world.shared_card(PARENT))

    assert bool(FULL_NUMBER.search(rendered(view))) is in_full
    assert (HINT in rendered(view)) is has_hint


async def test_nothing_is_shared_when_masking_fails(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    disable_masking(monkeypatch)
    error = private(await world.click(await world.ask(PARENT), actions.SHARE))

    assert error.text.startswith(f"{texts.INTERNAL_ERROR}.")
    assert all(one.is_ephemeral for each in world.slack.interactions for one in each.accepted)
    assert world.log.lines("interaction.failed", request_id=request_id_in(error))
    assert not world.log.lines("share.published")


async def test_shared_card_stays_when_masking_fails(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = await world.shared_card(PARENT)
    disable_masking(monkeypatch)
    error = private(await world.click(card, actions.REFRESH, user_id=COLLEAGUE))

    assert error.text.startswith(f"{texts.INTERNAL_ERROR}.")
    assert FULL_NUMBER.findall(error.text) == []
    assert card in world.slack.messages.messages
    assert world.log.lines("interaction.failed", request_id=request_id_in(error))
