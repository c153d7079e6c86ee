"""Refresh: the card as it is now, in the place of the card as it was."""

from datetime import timedelta

import pytest
from inline_snapshot import snapshot

from bot.dev.emulator.signalwire.catalogue import LIVE
from bot.dev.emulator.slack.workspace import FailNext
from bot.ui import access_denied, actions
from bot.ui import errors as error_texts
from tests.integration.click_helpers import (
    COLLEAGUE,
    OTHER,
    Outage,
    again,
    card,
    drawn,
    labels,
    press,
    value_for,
)
from tests.integration.harness import DOCUMENTED, NOW, OpenWorld, Space, World, only

pytestmark = pytest.mark.asyncio(loop_scope="module")

IN_THE_MENU = f"{actions.REFRESH} {LIVE}"


async def test_a_refreshed_card_is_in_its_place_and_says_when(world: World) -> None:
    origin, before = await card(world)
    clicked = await press(world, before, actions.REFRESH)
    after = only(clicked)

    assert only(origin) == after
    assert after.ts == before.ts
    assert labels(after) == labels(before) == ["Details", "Refresh", "Share", "Legs of the call"]
    assert drawn(after) == snapshot("""\
┃ ✅ Completed · 9 s
┃
┃ From                                  To
┃ +1 206-555-1212                       +1 206-555-3434
┃ Charge (this leg)
┃ $0.01
┃
┃ Inbound · SIP call (RELAY) · Realtime API
┃
┃ Started                               Duration
┃ 2024-05-06 12:20:00 UTC               9 s (9638 ms)
┃ Billed time
┃ 1 min 00 s (60000 ms)
┃
┃ Voice log id b7182dc2-00f3-40e4-a5ce-20f164b329df
┃
┃ [ Details ]  [ Refresh ]  [ Share ]  [ ⋯ ]
┃
┃ Updated 2026-11-02 15:30:00 UTC\
""")
    assert after.text.splitlines()[-1] == "Updated 2026-11-02 15:30:00 UTC"


async def test_a_card_can_be_refreshed_again_and_says_the_later_time_only(
    open_world: OpenWorld,
) -> None:
    world = await open_world()
    origin, before = await card(world)
    await press(world, before, actions.REFRESH)
    world.time.moment += timedelta(minutes=7)
    await press(world, only(origin), actions.REFRESH)

    assert only(origin).text.count("Updated") == 1
    assert only(origin).text.splitlines()[-1] == "Updated 2026-11-02 15:37:00 UTC"


async def test_a_live_leg_is_refreshed_from_the_menu_and_shows_what_became_of_it(
    open_world: OpenWorld,
) -> None:
    world = await open_world()
    origin, before = await card(world, LIVE)
    assert labels(before) == ["Details", "Follow", "Share", "Legs of the call", "Refresh"]
    world.time.moment += timedelta(seconds=3)
    await press(world, before, actions.OVERFLOW, value=IN_THE_MENU)
    ringing = only(origin)
    world.time.moment += timedelta(seconds=62)
    await press(world, ringing, actions.OVERFLOW, value=IN_THE_MENU)
    over = only(origin)

    assert before.text.startswith("Queued · not started yet")
    assert ringing.text.startswith("Ringing · live")
    assert over.text.startswith("Completed · 1 min 00 s")
    assert labels(over) == ["Details", "Refresh", "Share", "Legs of the call"]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (404, f"{error_texts.NOT_FOUND.title}."),
        (401, f"{error_texts.CREDENTIALS_REJECTED.title}."),
        (500, f"{error_texts.UNAVAILABLE.title}."),
    ],
)
async def test_a_failed_refresh_leaves_the_card_and_tells(
    open_world: OpenWorld, status: int, said: str
) -> None:
    outage = Outage()
    world = await open_world(Space(front=outage))
    origin, before = await card(world)
    outage.begin(status, 1)
    told = only(await press(world, before, actions.REFRESH))

    assert told.text.startswith(said)
    assert told.ts != before.ts
    assert only(origin) == before


async def test_a_click_that_is_delivered_twice_refreshes_once(world: World) -> None:
    _, message = await card(world)
    asked = len(world.asked_for)
    clicked = await press(world, message, actions.REFRESH)
    await again(world, clicked)

    assert len(world.asked_for) == asked + 1
    assert len(clicked.posts) == 1


async def test_an_expired_response_url_is_an_error_line_and_nothing_else(
    open_world: OpenWorld,
) -> None:
    world = await open_world()
    origin, before = await card(world)
    world.hold_answers()
    clicked = await world.slack.click(before, actions.REFRESH)
    world.time.moment += timedelta(minutes=31)
    world.release_answers()
    await world.idle()

    assert [(post.status, post.answer) for post in clicked.posts] == [(404, "expired_url")]
    assert [
        (line["event"], line["reason"]) for line in world.log.lines() if line["level"] == "error"
    ] == [("reply.failed", "404 expired_url")]
    assert only(origin) == before
    assert (await world.answer(DOCUMENTED)).text.startswith("Completed · 9 s")


async def test_a_passing_trouble_of_slacks_is_overcome(world: World) -> None:
    origin, before = await card(world)
    world.slack.fail_next = [FailNext(503), FailNext(429)]
    await press(world, before, actions.REFRESH)

    assert "Updated" in only(origin).text


async def test_a_row_that_became_a_card_is_refreshed_without_touching_the_list(
    world: World,
) -> None:
    origin, rows = await card(world, f"{DOCUMENTED} {OTHER}")
    opened = await press(world, rows, actions.CARD, value=value_for(rows, OTHER))
    await press(world, only(opened), actions.REFRESH)

    assert "Updated" in only(opened).text
    assert only(origin) == rows


async def test_whoever_may_not_is_told_and_the_card_stays(open_world: OpenWorld) -> None:
    world = await open_world(environment={"ALLOWED_USERS": "U0SUPPORT"})
    origin, before = await card(world)
    told = only(await press(world, before, actions.REFRESH, user_id=COLLEAGUE))

    assert told.text.startswith(access_denied.TITLE)
    assert only(origin) == before
    assert world.log.lines("refresh.denied", user=COLLEAGUE, ids=[DOCUMENTED])


async def test_a_refresh_leaves_one_audit_line(world: World) -> None:
    _, message = await card(world, user_id="U0AUDITED")
    await press(world, message, actions.REFRESH, user_id="U0AUDITED")

    (line,) = world.log.lines("refresh.done", user="U0AUDITED")
    assert (line["id"], line["outcome"], line["channel"]) == (DOCUMENTED, "found", "C0SUPPORT")


async def test_numbers_stay_masked_where_they_always_are(open_world: OpenWorld) -> None:
    world = await open_world(environment={"MASK_NUMBERS": "always"})
    _, message = await card(world)
    clicked = await press(world, message, actions.REFRESH)

    assert "+1 ••••••••12" in only(clicked).text
    assert "1212" not in clicked.posts[0].body


async def test_a_stop_in_the_middle_leaves_the_card_and_says_so(open_world: OpenWorld) -> None:
    world = await open_world(environment={"DRAIN_SECONDS": "0"})
    origin, before = await card(world)
    world.hold_answers()
    clicked = await world.slack.click(before, actions.REFRESH)
    await world.stop()

    assert only(clicked).text.startswith(error_texts.RESTARTING.title)
    assert only(origin) == before
    assert world.log.lines("refresh.done", outcome="interrupted")
    assert not world.log.lines("shutdown.tasks_cancelled")
    assert world.time.now() == NOW
