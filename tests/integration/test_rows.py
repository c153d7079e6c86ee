"""Rows and errors: Card shows the whole of a row, Try again asks once more."""

import asyncio

import pytest
from inline_snapshot import snapshot

from bot.dev.emulator.slack.workspace import PostedMessage
from bot.ui import access_denied, actions
from bot.ui import errors as error_texts
from tests.integration.click_helpers import (
    COLLEAGUE,
    OTHER,
    LostAnswers,
    Outage,
    again,
    card,
    drawn,
    elements,
    labels,
    press,
    value_for,
    values,
)
from tests.integration.harness import (
    DOCUMENTED,
    OpenWorld,
    Space,
    World,
    answer_of,
    below_the_wait,
    only,
    reference_in,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

MISSING = "fa170404-0000-4000-8000-000000000000"
DOWN = "fa170503-0000-4000-8000-000000000000"
REFUSED = "fa170401-0000-4000-8000-000000000000"
RECOVERS = "fa170503-0000-4000-8000-000000000001"
"""SignalWire answers 503 once; the bot's own second try finds it."""
BOTH = f"{DOCUMENTED} {OTHER}"


def by_row(message: PostedMessage) -> list[tuple[str, str]]:
    """The label and the value of what can be pressed in each row that has something."""
    return list(zip(labels(message), values(message), strict=True))


async def test_each_row_has_what_it_needs(world: World) -> None:
    _, rows = await card(world, f"{DOCUMENTED} {MISSING} {DOWN} {REFUSED} {OTHER}")
    said = drawn(rows).replace(reference_in(rows), "ref0000")

    assert said == snapshot("""\
┃ 2 of 5 voice logs found
┃
┃ ✅ Completed · 9 s  [ Card ]
┃ +1 206-555-1212 → +1 206-555-3434
┃ $0.01 · 2024-05-06 12:20:00 UTC
┃ b7182dc2-00f3-40e4-a5ce-20f164b329df
┃
┃ 🔍 No such voice log  [ Try again ]
┃ fa170404-0000-4000-8000-000000000000
┃
┃ 📡 SignalWire isn't answering  [ Try again ]
┃ fa170503-0000-4000-8000-000000000000
┃
┃ 🔑 SignalWire rejected the bot's credentials
┃ fa170401-0000-4000-8000-000000000000
┃
┃ ⏹️ Ended · 42 s  [ Card ]
┃ +1 206-555-0100 → +1 206-555-0101
┃ $0.01 · 2026-11-01 15:30:00 UTC
┃ ca110000-0000-4000-8000-000000000002
┃
┃ Reference ref0000.\
""")
    assert by_row(rows) == [
        ("Card", DOCUMENTED),
        ("Try again", MISSING),
        ("Try again", DOWN),
        ("Card", OTHER),
    ]


async def test_card_is_a_new_message_beside_the_list_which_stays(world: World) -> None:
    origin, rows = await card(world, BOTH)
    clicked = await press(world, rows, actions.CARD, value=value_for(rows, OTHER))
    opened = only(clicked)

    assert opened.text.startswith("Ended · 42 s")
    assert opened.ts != rows.ts
    assert only(origin) == rows
    assert labels(opened) == ["Details", "Refresh", "Share", "Legs of the call"]


async def test_the_card_of_a_row_is_the_card_of_a_lookup(world: World) -> None:
    _, rows = await card(world, BOTH)
    opened = only(await press(world, rows, actions.CARD, value=value_for(rows, DOCUMENTED)))
    _, direct = await card(world)

    assert (opened.text, opened.blocks) == (direct.text, direct.blocks)


async def test_a_card_that_perhaps_arrived_comes_again_and_never_takes_the_lists_place(
    open_world: OpenWorld,
) -> None:
    losing = LostAnswers()
    world = await open_world(slack_front=losing)
    origin, rows = await card(world, BOTH)
    losing.left = 1
    clicked = await press(world, rows, actions.CARD, value=value_for(rows, OTHER))

    assert losing.left == 0
    first, second = clicked.messages
    assert (first.text, first.blocks) == (second.text, second.blocks)
    assert rows.ts not in {first.ts, second.ts}
    assert only(origin) == rows


async def test_every_row_can_be_opened_and_each_in_a_message_of_its_own(world: World) -> None:
    origin, rows = await card(world, BOTH)
    opened = [
        only(await press(world, rows, actions.CARD, value=value_for(rows, log_id)))
        for log_id in (DOCUMENTED, OTHER)
    ]

    assert len({message.ts for message in (*opened, rows)}) == 3
    assert only(origin) == rows


async def test_a_click_that_is_delivered_twice_opens_one_card(world: World) -> None:
    _, rows = await card(world, BOTH)
    clicked = await press(world, rows, actions.CARD, value=value_for(rows, OTHER))
    await again(world, clicked)

    assert len(clicked.posts) == 1


async def test_a_slow_card_comes_below_the_word_that_it_is_slow_and_the_list_stays(
    restless: World,
) -> None:
    origin = await restless.type(BOTH)
    rows = answer_of(origin)
    restless.hold_answers()
    clicked = await restless.slack.click(rows, actions.CARD, value=value_for(rows, OTHER))
    await clicked.wait_for_message()
    restless.release_answers()
    await restless.idle()

    assert below_the_wait(clicked).text.startswith("Ended · 42 s")
    assert rows in origin.messages


async def test_a_row_that_was_missing_is_looked_up_once_more_beside_the_list(
    open_world: OpenWorld,
) -> None:
    outage = Outage()
    world = await open_world(Space(front=outage))
    outage.begin(404, 1)
    origin, rows = await card(world, BOTH)
    ((_, missing),) = [(label, value) for label, value in by_row(rows) if label == "Try again"]
    opened = only(await press(world, rows, actions.CARD, value=missing))

    assert missing in opened.text
    assert labels(opened) == ["Details", "Refresh", "Share", "Legs of the call"]
    assert only(origin) == rows


async def test_a_row_that_is_missing_still_says_so_and_can_be_tried_again(world: World) -> None:
    origin, rows = await card(world, f"{DOCUMENTED} {MISSING}")
    clicked = await press(world, rows, actions.CARD, value=MISSING)
    told = only(clicked)

    assert told.text.startswith(error_texts.NOT_FOUND.title)
    assert labels(told) == ["Try again"]
    assert only(origin) == rows


@pytest.mark.parametrize(("status", "times"), [(404, 1), (500, 1), (503, 3), (429, 3)])
async def test_try_again_on_an_error_replaces_it_by_the_card(
    open_world: OpenWorld, status: int, times: int
) -> None:
    outage = Outage()
    world = await open_world(Space(front=outage))
    outage.begin(status, times)
    origin, failed = await card(world)
    clicked = await press(world, failed, actions.RETRY)

    assert labels(failed) == ["Try again"]
    assert only(clicked).ts == failed.ts
    assert only(origin).text.startswith("Completed · 9 s")


async def test_try_again_that_fails_again_can_be_tried_again(world: World) -> None:
    origin, failed = await card(world, DOWN)
    clicked = await press(world, failed, actions.RETRY)
    after = only(origin)

    assert after == only(clicked)
    assert after.ts == failed.ts
    assert reference_in(after) != reference_in(failed)
    assert labels(after) == ["Try again"]


async def test_a_slow_second_try_says_so_in_the_errors_place(restless: World) -> None:
    origin = await restless.type(DOWN)
    failed = answer_of(origin)
    restless.hold_answers()
    clicked = await restless.slack.click(failed, actions.RETRY)
    sign = await clicked.wait_for_message()
    restless.release_answers()
    await restless.idle()

    assert sign.ts == failed.ts
    assert sign.text == "SignalWire is responding slowly; the log will appear here."
    assert answer_of(origin).text.startswith(error_texts.UNAVAILABLE.title)
    assert answer_of(origin).ts == failed.ts


async def test_what_no_second_try_would_change_offers_none(world: World) -> None:
    _, refused = await card(world, REFUSED)

    assert list(elements(refused.blocks)) == []


@pytest.mark.parametrize("text", [DOCUMENTED, BOTH], ids=["one id", "two ids"])
async def test_an_interrupted_lookup_can_be_tried_again_by_the_next_process(
    open_world: OpenWorld, text: str
) -> None:
    old = await open_world(environment={"DRAIN_SECONDS": "0"})
    old.hold_answers()
    asked = await old.slack.command(text)
    await old.stop()
    interrupted = only(asked)
    new = await open_world()
    clicked = await press(new, interrupted, actions.RETRY)

    assert interrupted.text.startswith(error_texts.RESTARTING.title)
    assert labels(interrupted) == ["Try again"]
    assert values(interrupted) == [text]
    assert [post.posted.payload["replace_original"] for post in clicked.posts if post.posted] == [
        True
    ]
    assert DOCUMENTED in only(clicked).text


async def test_a_lookup_that_there_was_no_room_for_can_be_tried_again(
    open_world: OpenWorld,
) -> None:
    world = await open_world()
    room = asyncio.Event()

    async def wait() -> None:
        await room.wait()

    for _ in range(2000):
        world.bot.tasks.start(wait)
    by_command = await world.slack.command(BOTH)
    busy = only(by_command)
    room.set()
    await world.idle()
    clicked = await press(world, busy, actions.RETRY)

    assert busy.text.startswith(error_texts.BUSY.title)
    assert values(busy) == [BOTH]
    assert only(clicked).text.startswith("2 of 2 voice logs found")
    assert only(by_command).ts == busy.ts


async def test_a_row_there_was_no_room_for_is_told_beside_the_list(
    open_world: OpenWorld,
) -> None:
    world = await open_world()
    origin, rows = await card(world, BOTH)
    room = asyncio.Event()

    async def wait() -> None:
        await room.wait()

    for _ in range(2000):
        world.bot.tasks.start(wait)
    clicked = await world.slack.click(rows, actions.CARD, value=value_for(rows, OTHER))
    busy = await clicked.wait_for_message()
    room.set()
    await world.idle()

    assert busy.text.startswith(error_texts.BUSY.title)
    assert values(busy) == [OTHER]
    assert only(origin) == rows


async def test_a_try_that_is_interrupted_again_says_so_in_the_same_place(
    open_world: OpenWorld,
) -> None:
    world = await open_world(environment={"DRAIN_SECONDS": "0"})
    origin, failed = await card(world, DOWN)
    world.hold_answers()
    await world.slack.click(failed, actions.RETRY)
    await world.stop()

    assert only(origin).ts == failed.ts
    assert only(origin).text.startswith(error_texts.RESTARTING.title)
    assert values(only(origin)) == [DOWN]


async def test_a_retry_that_is_delivered_twice_asks_once(world: World) -> None:
    _, failed = await card(world, MISSING)
    asked = len(world.asked_for)
    clicked = await press(world, failed, actions.RETRY)
    await again(world, clicked)

    assert len(world.asked_for) == asked + 1
    assert len(clicked.posts) == 1


@pytest.mark.parametrize("action_id", [actions.CARD, actions.RETRY])
async def test_whoever_may_not_is_told_beside_what_was_pressed(
    open_world: OpenWorld, action_id: str
) -> None:
    world = await open_world(environment={"ALLOWED_USERS": "U0SUPPORT"})
    text = MISSING if action_id == actions.RETRY else BOTH
    origin, before = await card(world, text)
    asked = len(world.asked_for)
    told = only(await press(world, before, action_id, user_id=COLLEAGUE))

    assert told.text.startswith(access_denied.TITLE)
    assert only(origin) == before
    assert len(world.asked_for) == asked


async def test_numbers_are_masked_in_rows_and_their_cards_where_they_always_are(
    open_world: OpenWorld,
) -> None:
    world = await open_world(environment={"MASK_NUMBERS": "always"})
    asked, rows = await card(world, BOTH)
    clicked = await press(world, rows, actions.CARD, value=value_for(rows, DOCUMENTED))

    assert "+1 ••••••••12" in rows.text
    assert "1212" not in asked.posts[0].body
    assert "1212" not in clicked.posts[0].body


async def test_a_passing_failure_is_overcome_without_anybody_trying_again(world: World) -> None:
    _, message = await card(world, RECOVERS)

    assert "Details" in labels(message)
