"""What everyone in a channel sees is masked, and so is all that is reached from it."""

import json
import re
from collections.abc import Iterator

import pytest

from bot.dev.emulator.slack.workspace import OpenView, PostedMessage
from bot.ui import actions
from bot.ui import errors as error_texts
from bot.voicelogs.masking import Masking
from tests.integration.click_helpers import (
    COLLEAGUE,
    Outage,
    labels,
    press,
    private,
    public,
    shared_card,
    value_for,
)
from tests.integration.harness import OpenWorld, Space, World, reference_in
from tests.integration.modal_helpers import drawn, shown, turned

pytestmark = pytest.mark.asyncio(loop_scope="module")

PARENT = "fa000000-0000-4000-8000-000000000001"
CHILD = "fa000000-0000-4000-8000-000000000003"
CHATTY = "0dd00000-0000-4000-8000-000000000004"
IN_FULL = re.compile(r"\+\d[\d ()-]{8,}\d")
"""A number as cards write it, and as SignalWire does."""


def forget_to_mask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Masking, "applies", lambda _setting, *, public: public and False)


def assert_masked(view: OpenView, log_id: str) -> None:
    """No number in full in a window, and how to see it."""
    assert IN_FULL.findall(drawn(view)) == []
    assert f"Run `/voicelog {log_id}` yourself to see the full numbers." in sent(view)


def sent(view: OpenView) -> str:
    return json.dumps(view.payload, ensure_ascii=False)


async def opened(world: World, card: PostedMessage, user_id: str) -> OpenView:
    exchange = await world.slack.click(card, actions.DETAILS, user_id=user_id)
    await world.idle()
    assert exchange.posts == []
    return shown(world, user_id)


def everything_for_everyone(world: World) -> Iterator[str]:
    """What was ever posted where everyone sees it, edits included, as Slack got it."""
    seen = {
        message.ts
        for message in world.slack.messages.messages
        if message.response_type != "ephemeral"
    }
    for exchange in world.slack.interactions:
        for post in exchange.posts:
            if post.posted is not None and post.posted.ts in seen:
                yield post.body


async def test_whoever_opens_a_shared_card_sees_masked_numbers_and_how_to_see_them_in_full(
    world: World,
) -> None:
    card = await shared_card(world, PARENT)
    view = await opened(world, card, "U0FIRST")

    assert "•" in drawn(view)
    assert_masked(view, PARENT)


async def test_the_legs_of_a_shared_card_are_masked_too(world: World) -> None:
    card = await shared_card(world, PARENT)
    await press(
        world, card, actions.OVERFLOW, value=value_for(card, actions.LEGS), user_id="U0LEGS"
    )

    assert_masked(shown(world, "U0LEGS"), PARENT)


async def test_every_page_that_is_reached_from_a_shared_card_is_masked(world: World) -> None:
    card = await shared_card(world, CHATTY)
    view = await opened(world, card, "U0PAGES")
    for action in (actions.PAGE, actions.PAGE_BACK, actions.RAW, actions.RAW, actions.RAW_BACK):
        view = await turned(world, view, action)
        assert_masked(view, CHATTY)


async def test_the_card_of_a_leg_in_such_a_window_is_masked_however_deep(world: World) -> None:
    view = await opened(world, await shared_card(world, PARENT), "U0DEEP")
    for log_id in (CHILD, PARENT, CHILD):
        view = await turned(world, view, actions.CARD, value=log_id)
        assert_masked(view, log_id)
    view = await turned(world, view, actions.RAW)
    assert_masked(view, CHILD)


async def test_try_again_in_such_a_window_stays_masked(open_world: OpenWorld) -> None:
    outage = Outage()
    world = await open_world(Space(front=outage))
    card = await shared_card(world, PARENT)
    outage.begin(503, 3)
    failed = await opened(world, card, COLLEAGUE)
    assert error_texts.UNAVAILABLE.title in drawn(failed)

    assert_masked(await turned(world, failed, actions.RETRY), PARENT)


async def test_what_one_person_is_told_beside_a_shared_card_leads_to_nothing(
    open_world: OpenWorld,
) -> None:
    outage = Outage()
    world = await open_world(Space(front=outage))
    card = await shared_card(world, PARENT)
    outage.begin(503, 3)
    clicked = await press(world, card, actions.REFRESH, user_id=COLLEAGUE)
    told = private(clicked)

    assert told.text.startswith(error_texts.UNAVAILABLE.title)
    assert labels(told) == []
    # The card is as it was, and its Refresh is still there.
    assert card in world.slack.messages.messages


async def test_a_window_of_ones_own_card_is_in_full(world: World) -> None:
    card = await world.answer(PARENT, user_id="U0OWN")
    view = await opened(world, card, "U0OWN")
    view = await turned(world, view, actions.CARD, value=CHILD)

    assert IN_FULL.search(drawn(view))
    assert "to see the full numbers" not in drawn(view)


async def test_a_window_that_does_not_say_where_it_was_opened_is_masked(world: World) -> None:
    card = await world.answer(CHATTY, user_id="U0OLD")
    view = await opened(world, card, "U0OLD")
    memory = json.dumps({"channel": "C0SUPPORT", "log": CHATTY})
    older = world.slack.views.open("U0OLD", "T0ACME", {**view.payload, "private_metadata": memory})

    assert_masked(await turned(world, older, actions.PAGE), CHATTY)


@pytest.mark.parametrize(
    ("setting", "in_full", "said"),
    [("shared", False, True), ("always", False, False), ("never", True, False)],
)
async def test_how_to_see_full_numbers_is_said_only_where_it_would_help(
    setting: str,
    in_full: bool,  # noqa: FBT001
    said: bool,  # noqa: FBT001
    open_world: OpenWorld,
) -> None:
    world = await open_world(environment={"MASK_NUMBERS": setting})
    view = await opened(world, await shared_card(world, PARENT), COLLEAGUE)

    assert bool(IN_FULL.search(drawn(view))) is in_full
    assert ("to see the full numbers" in drawn(view)) is said


async def test_whatever_stands_where_everyone_sees_it_is_masked(open_world: OpenWorld) -> None:
    world = await open_world()
    card = await shared_card(world, PARENT)
    for _ in range(2):
        await press(world, card, actions.REFRESH, user_id=COLLEAGUE)
        await opened(world, card, COLLEAGUE)
    posts = [*everything_for_everyone(world)]

    assert len(posts) == 3
    assert [IN_FULL.findall(post) for post in posts] == [[]] * 3


async def test_a_bot_that_forgot_to_mask_shares_nothing(
    open_world: OpenWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = await open_world()
    forget_to_mask(monkeypatch)
    exchange = await press(world, await world.answer(PARENT), actions.SHARE)

    told = private(exchange)
    assert told.text.startswith(error_texts.INTERNAL_ERROR.title)
    assert [*everything_for_everyone(world)] == []
    assert world.log.lines("interaction.failed", request_id=reference_in(told))
    assert not world.log.lines("share.published")


async def test_a_bot_that_forgot_to_mask_leaves_a_shared_card_as_it_is(
    open_world: OpenWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = await open_world()
    card = await shared_card(world, PARENT)
    forget_to_mask(monkeypatch)
    exchange = await press(world, card, actions.REFRESH, user_id=COLLEAGUE)

    told = private(exchange)
    assert told.text.startswith(error_texts.INTERNAL_ERROR.title)
    assert IN_FULL.findall(told.text) == []
    assert card in world.slack.messages.messages
    assert world.log.lines("interaction.failed", request_id=reference_in(told))


async def test_a_setting_that_masks_nothing_is_no_fault(open_world: OpenWorld) -> None:
    world = await open_world(environment={"MASK_NUMBERS": "never"})
    card = await shared_card(world, PARENT)
    exchange = await press(world, card, actions.REFRESH, user_id=COLLEAGUE)

    assert IN_FULL.search(public(exchange).text)
