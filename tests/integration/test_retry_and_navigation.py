"""Going on from what failed, or from what was there before."""

import json
import re
from typing import Final

import pytest

from bot.dev.emulator.signalwire.catalogue import LIVE
from bot.dev.emulator.signalwire.fixtures import LogFixture, call
from bot.dev.emulator.slack.workspace import OpenView, PostedMessage, RecordedInteraction
from bot.signalwire.client import RetryPolicy
from bot.ui import actions, notices, search_results
from bot.ui import errors as error_texts
from tests.integration.click_helpers import (
    COLLEAGUE,
    Outage,
    card,
    drawn,
    labels,
    press,
    shared_card,
)
from tests.integration.harness import DOCUMENTED, NOW, OpenWorld, Space, World, only
from tests.integration.modal_helpers import Doorway, beneath, details_of, pressed, shown, turned
from tests.integration.modal_helpers import drawn as drawn_in
from tests.integration.search_helpers import WRITTEN, Pages, listed, many, texts

pytestmark = pytest.mark.asyncio(loop_scope="module")

PARENT: Final = "fa000000-0000-4000-8000-000000000001"
CHILD: Final = "fa000000-0000-4000-8000-000000000003"
ONCE: Final = RetryPolicy(attempts=1)
SEVERAL: Final = {"text": "+1 206 555 3434 or +1 206 555 0102", "ts": "1795366800.000100"}


async def test_details_that_failed_can_be_tried_again_in_their_window(
    open_world: OpenWorld,
) -> None:
    outage = Outage()
    world = await open_world(Space(front=outage), retry_policy=ONCE)
    _, message = await card(world)
    outage.begin(503, 1)
    await pressed(world, message)
    failed = shown(world, "U0SUPPORT")
    filled = await turned(world, failed, actions.RETRY)

    assert error_texts.UNAVAILABLE.title in drawn_in(failed)
    assert "Call initiated" in drawn_in(filled)
    assert json.loads(filled.private_metadata)["channel"] == "C0SUPPORT"


async def test_a_search_that_failed_can_be_tried_again_in_its_place(open_world: OpenWorld) -> None:
    pages = Pages(fails_from=1)
    world = await open_world(Space(entries=many(3, wanted=[1]), front=pages), retry_policy=ONCE)
    failed = await world.answer(f"find {WRITTEN}")
    pages.fails_from = None
    again = only(await press(world, failed, actions.SEARCH_RETRY))

    assert error_texts.UNAVAILABLE.title in failed.text
    assert "555" not in json.dumps(failed.blocks)
    assert again.ts == failed.ts
    assert len(listed(again.blocks)) == 1


async def test_credentials_that_are_refused_are_not_tried_again(open_world: OpenWorld) -> None:
    world = await open_world(Space(token_is_wrong=True))
    failed = await world.answer("recent")

    assert labels(failed) == []


async def test_the_search_of_a_form_can_be_tried_again_in_its_window(open_world: OpenWorld) -> None:
    pages = Pages(fails_from=1)
    world = await open_world(Space(entries=many(3), front=pages), retry_policy=ONCE)
    await world.slack.global_shortcut()
    await world.idle()
    await world.slack.submit(_window(world), {"words": "inbound"})
    await world.idle()
    pages.fails_from = None
    await world.slack.click_in_view(_window(world), actions.SEARCH_RETRY)
    await world.idle()

    assert len(listed(_window(world).blocks)) == 3


async def test_results_that_a_late_acknowledgement_covers_are_shown_again(
    open_world: OpenWorld,
) -> None:
    world = await open_world(Space(entries=many(3)), searches_settled_after=0.6)
    await _searched(world)
    await _covered(world)
    await world.idle()

    assert len(listed(_window(world).blocks)) == 3


async def test_what_somebody_went_on_to_in_a_window_is_not_covered_by_earlier_results(
    open_world: OpenWorld,
) -> None:
    world = await open_world(Space(entries=many(30)), searches_settled_after=0.6)
    await _searched(world)
    before = _window(world)
    await world.slack.click_in_view(before, actions.SEARCH_OLDER)
    await world.idle()

    assert not set(listed(_window(world).blocks)) & set(listed(before.blocks))


async def test_a_refreshed_card_still_says_who_shared_it(world: World) -> None:
    message = await shared_card(world)
    await press(world, message, actions.REFRESH, user_id=COLLEAGUE)
    (refreshed,) = [each for each in world.slack.exchanges[-1].messages if each.ts == message.ts]

    assert "Shared by <@U0SUPPORT>" in refreshed.text
    assert "Updated " in refreshed.text
    assert refreshed.response_type == "in_channel"
    assert "555" not in refreshed.text


async def test_following_goes_on_in_the_newer_card_of_the_same_leg(open_world: OpenWorld) -> None:
    world = await open_world()
    first, message = await card(world, LIVE)
    world.time.close()
    clicked = await world.slack.click(message, actions.FOLLOW)
    await clicked.wait_for_message()
    second, newer = await another_card(world)
    followed = await world.slack.click(newer, actions.FOLLOW)
    await followed.wait_for_message()
    world.time.open()
    await world.idle()

    assert notices.FOLLOWED_ELSEWHERE in only(first).text
    assert notices.FOLLOWING_ENDED in only(second).text
    assert sorted(str(line["outcome"]) for line in world.log.lines("follow.ended")) == [
        "moved",
        "over",
    ]


async def another_card(world: World) -> tuple[RecordedInteraction, PostedMessage]:
    """The same leg's card once more, without waiting for the one that is followed."""
    exchange = await world.slack.command(LIVE)
    return exchange, await exchange.wait_for_message()


async def test_one_of_several_numbers_leaves_the_offer_of_the_others(world: World) -> None:
    offer = only(await world.use_shortcut(SEVERAL))
    clicked = await press(world, offer, actions.FIND_NUMBER)

    assert listed(only(clicked).blocks) == [DOCUMENTED]
    assert only(clicked).ts != offer.ts
    assert labels(offer) == labels(world.slack.exchanges[-2].messages[0])


async def test_a_leg_leads_to_the_details_of_the_others_however_deep(world: World) -> None:
    await details_of(world, CHILD, "U0DEEP")
    for _ in range(4):
        view = world.slack.modal("U0DEEP")
        assert view is not None
        await world.slack.click_in_view(view, actions.CARD)
        await world.idle()
        now = shown(world, "U0DEEP")
        assert "Loading" not in drawn_in(now)
        assert re.findall(r"id (\S{36})", drawn_in(now)) != re.findall(
            r"id (\S{36})", drawn_in(view)
        )

    assert len(world.slack.modals("U0DEEP")) == 3


async def test_a_window_whose_text_is_all_quotation_marks_can_still_be_turned(
    open_world: OpenWorld,
) -> None:
    """Slack sends a window back with each click, and the guard measures it."""
    wordy = call(DOCUMENTED, NOW, note='"\\' * 30_000)
    world = await open_world(Space(entries=[LogFixture(DOCUMENTED, "wordy", wordy)]))
    view = await details_of(world, DOCUMENTED, "U0SUPPORT")
    raw = await turned(world, view, actions.RAW)
    further = await turned(world, raw, actions.RAW, value="2")

    assert "Page 2 of " in drawn_in(further)


async def test_a_long_record_is_drawn_beside_the_event_loop_and_all_the_same(
    open_world: OpenWorld,
) -> None:
    long = call(DOCUMENTED, NOW, note="x" * 100_000)
    world = await open_world(Space(entries=[LogFixture(DOCUMENTED, "long", long)]))
    view = await details_of(world, DOCUMENTED, "U0SUPPORT")

    assert "duration_ms" in beneath(view, "All fields of the record")


async def test_a_window_that_slack_does_not_fill_at_first_is_filled_all_the_same(
    open_world: OpenWorld,
) -> None:
    """The update is done, and only its answer lost: its second try finds the window changed."""
    door = Doorway("views.update", status=500, times=1)
    door.deaf = True
    world = await open_world(slack_front=door, partial_after=0.01)
    view = await details_of(world, CHILD, "U0SUPPORT")

    assert "Loading" not in drawn_in(view)
    assert drawn(only(world.slack.exchanges[0])).startswith("┃ ✅ Completed")


def _window(world: World) -> OpenView:
    view = world.slack.modal()
    assert view is not None
    return view


async def _searched(world: World) -> None:
    """Send the form and wait for the results, not for what comes after them."""
    await world.slack.global_shortcut()
    await world.slack.wait_for_modal()
    await world.slack.submit(_window(world), {"words": "inbound"})
    await world.slack.wait_for_modal(until=lambda view: "found" in texts(view.blocks))


async def _covered(world: World) -> None:
    """What a late acknowledgement does: it shows "Searching…" where the results are."""
    view = _window(world)
    late = search_results.results_modal(search_results.searching(0, None), view.private_metadata)
    await world.bot.bolt.client.views_update(
        token=world.slack_token, view_id=view.id, view={**late}
    )
    assert listed(_window(world).blocks) == []
