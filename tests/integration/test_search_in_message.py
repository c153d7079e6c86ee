"""A text without an id but with a phone number: calls are offered to be found by it."""

from datetime import timedelta

import pytest
from inline_snapshot import snapshot
from pydantic import JsonValue

from bot.cli.terminal import render
from bot.dev.emulator.slack.workspace import PostedMessage, RecordedInteraction
from bot.ui import actions as buttons
from tests.integration.harness import DOCUMENTED, OpenWorld, Space, World, only, reference_in
from tests.integration.search_helpers import (
    WANTED,
    WRITTEN,
    Pages,
    assert_no_number_is_kept_by_slack,
    labels,
    listed,
    lists_asked,
    log_id,
    many,
    presses,
    with_value,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

ONE: dict[str, JsonValue] = {"text": "please look at the call to +1 206 555 3434", "ts": "1.2"}
SEVERAL: dict[str, JsonValue] = {
    "text": "from (206) 555-0102 to 206.555.3434, not to +44 20 7946 0958, nor to 206-555-0104"
}
OFFER = "Find calls with this number"


async def press(
    world: World, message: PostedMessage, action_id: str, user_id: str = "U0SUPPORT"
) -> RecordedInteraction:
    exchange = await world.slack.click(message, action_id, user_id=user_id)
    await world.idle()
    return exchange


async def test_a_message_with_a_number_is_offered_to_be_searched_for(world: World) -> None:
    message = only(await world.use_shortcut(ONE))

    assert render(message.blocks) == snapshot("""\
┃ 🔎 No voice log id, but a phone number
┃
┃ There is no voice log id here, but calls can be found by a number too.
┃
┃ [ Find calls with this number ]\
""")
    assert message.text == snapshot("""\
No voice log id, but a phone number.
There is no voice log id here, but calls can be found by a number too.\
""")
    assert labels(message.blocks) == [OFFER]
    assert_no_number_is_kept_by_slack(world)


async def test_a_click_searches_in_the_place_of_the_offer(world: World) -> None:
    asked = len(world.log.lines("search.done"))
    offer = only(await world.use_shortcut(ONE))
    assert len(world.log.lines("search.done")) == asked
    clicked = await press(world, offer, buttons.FIND_NUMBER)

    assert listed(only(clicked).blocks) == [DOCUMENTED]
    assert only(clicked).ts == offer.ts
    assert [post.posted.payload["replace_original"] for post in clicked.posts if post.posted] == [
        True
    ]
    assert_no_number_is_kept_by_slack(world)


async def test_several_numbers_have_a_button_each_three_at_most(world: World) -> None:
    offer = only(await world.use_shortcut(SEVERAL))
    actions = [one.action_id for one in presses(offer.blocks)]

    assert offer.text.startswith("No voice log id, but phone numbers.")
    assert labels(offer.blocks) == snapshot(
        [
            "Find calls with +1 206-555-0102",
            "Find calls with +1 206-555-3434",
            "Find calls with +44 20 7946 0958",
        ]
    )
    assert actions == ["voicelog_find_number", "voicelog_find_number_2", "voicelog_find_number_3"]
    assert listed(only(await press(world, offer, actions[1])).blocks) == [DOCUMENTED]
    nobodys = only(await press(world, offer, actions[2]))
    assert nobodys.text.startswith("No voice logs found.")
    assert_no_number_is_kept_by_slack(world)


async def test_where_numbers_are_always_masked_so_are_the_buttons(open_world: OpenWorld) -> None:
    world = await open_world(environment={"MASK_NUMBERS": "always"})
    offer = only(await world.use_shortcut(SEVERAL))

    assert labels(offer.blocks) == snapshot(
        [
            "Find calls with +1 ••••••••02",
            "Find calls with +1 ••••••••34",
            "Find calls with +44 ••••••••58",
        ]
    )
    assert "555" not in offer.text + str(offer.blocks)
    found = only(await press(world, offer, "voicelog_find_number_2"))
    assert listed(found.blocks) == [DOCUMENTED]
    assert "555" not in (found.text + str(found.blocks)).replace(DOCUMENTED, "")


def section(text: str) -> JsonValue:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


PLACES: dict[str, dict[str, JsonValue]] = {
    "text": {"text": "call +1 206-555-3434 back"},
    "a link that Slack made": {"text": "call <tel:+12065553434|+1 206-555-3434> back"},
    "section": {"blocks": [section("caller: *+12065553434*")]},
    "section fields": {
        "blocks": [
            {"type": "section", "fields": [{"type": "mrkdwn", "text": "*To*\n(206) 555-3434"}]}
        ]
    },
    "rich text": {
        "blocks": [
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [{"type": "text", "text": "call 1-206-555-3434"}],
                    }
                ],
            }
        ]
    },
    "attachment": {"attachments": [{"text": "Missed call from 206 555 3434"}]},
    "attachment field": {
        "attachments": [{"fields": [{"title": "Caller", "value": "+12065553434"}]}]
    },
    "forwarded message": {
        "attachments": [
            {
                "is_share": True,
                "message_blocks": [{"message": {"blocks": [section("(206) 555-3434")]}}],
            }
        ]
    },
}


@pytest.mark.parametrize("place", PLACES)
async def test_a_number_is_found_in_every_place_of_a_message(world: World, place: str) -> None:
    offer = only(await world.use_shortcut({"text": "", **PLACES[place]}))
    assert labels(offer.blocks) == [OFFER]

    assert listed(only(await press(world, offer, buttons.FIND_NUMBER)).blocks) == [DOCUMENTED]


async def test_a_number_that_stands_there_twice_is_offered_once(world: World) -> None:
    message: dict[str, JsonValue] = {
        "text": "+1 206 555 3434 or (206) 555-3434",
        "blocks": [section("2065553434")],
    }

    assert labels(only(await world.use_shortcut(message)).blocks) == [OFFER]


async def test_an_id_goes_before_a_number(world: World) -> None:
    exchange = await world.use_shortcut({"text": f"+1 206 555 3434 {DOCUMENTED}"})

    assert only(exchange).text.startswith("Completed · 9 s")


async def test_beside_a_cut_id_a_number_is_offered_and_the_cut_id_is_explained(
    world: World,
) -> None:
    offer = only(await world.use_shortcut({"text": "call b7182dc2… to +1 206 555 3434"}))

    assert labels(offer.blocks) == [OFFER]
    assert "b7182dc2…" in offer.text
    assert "copy the whole" in offer.text
    assert listed(only(await press(world, offer, buttons.FIND_NUMBER)).blocks) == [DOCUMENTED]


@pytest.mark.parametrize(
    "text",
    ["order 12345678", "since 2026-11-20 15:30:00", "invoice 4711-0815", "10.0.0.1:65535", "$1.50"],
)
async def test_what_is_no_number_is_not_offered(world: World, text: str) -> None:
    message = only(await world.use_shortcut({"text": text}))

    assert OFFER not in labels(message.blocks)
    assert not message.text.startswith("No voice log id, but")


@pytest.mark.parametrize("typed", ["+1 206 555 3434", "(206) 555-3434", "call +12065553434 please"])
async def test_a_number_typed_without_find_is_searched(world: World, typed: str) -> None:
    assert listed((await world.answer(typed)).blocks) == [DOCUMENTED]


@pytest.mark.parametrize("typed", ["ring +1 206 555 3434 back", "(206) 555-3434 hangs up"])
async def test_a_number_in_what_is_not_understood_is_offered_at_once(
    world: World, typed: str
) -> None:
    exchange = await world.type(typed)
    offer = only(exchange)

    assert exchange.posts == []
    assert labels(offer.blocks) == [OFFER]
    clicked = await press(world, offer, buttons.FIND_NUMBER)
    assert listed(only(clicked).blocks) == [DOCUMENTED]
    assert only(clicked).ts == offer.ts


async def test_an_id_and_a_number_typed_is_a_lookup(world: World) -> None:
    assert (await world.answer(f"+1 206 555 3434 {DOCUMENTED}")).text.startswith("Completed · 9 s")


async def test_the_results_can_be_followed_further_back(open_world: OpenWorld) -> None:
    world = await open_world(Space(entries=many(50, wanted=range(30))))
    offer = only(await world.use_shortcut({"text": WRITTEN}))
    found = only(await press(world, offer, buttons.FIND_NUMBER))
    more = only(await press(world, found, buttons.SEARCH_OLDER))

    assert listed(found.blocks) + listed(more.blocks) == [log_id(number) for number in range(30)]
    assert more.ts != found.ts
    assert_no_number_is_kept_by_slack(world)


async def test_a_long_search_shows_itself_in_the_place_of_the_offer(open_world: OpenWorld) -> None:
    pages = Pages(held_from=1)
    world = await open_world(Space(entries=many(5, wanted=[3]), front=pages), progress_after=0.01)
    offer = only(await world.use_shortcut({"text": WRITTEN}))
    clicked = await world.slack.click(offer, buttons.FIND_NUMBER)
    await clicked.wait_for_message()
    pages.let_go.set()
    await world.idle()

    assert [one.text.splitlines()[0] for one in clicked.accepted] == [
        "SignalWire is slow to answer; the calls will follow here.",
        "1 voice log found.",
    ]
    assert {one.ts for one in clicked.accepted} == {offer.ts}


async def test_a_click_that_is_delivered_twice_searches_once(open_world: OpenWorld) -> None:
    world = await open_world(Space(entries=many(5)))
    offer = only(await world.use_shortcut({"text": WRITTEN}))
    clicked = await world.slack.click(offer, buttons.FIND_NUMBER)
    await world.slack.redeliver(clicked)
    await world.idle()

    assert len(clicked.posts) == 1
    assert len(world.log.lines("search.done")) == 1


async def test_an_offer_that_is_over_a_day_old_stays_and_says_what_to_do(
    open_world: OpenWorld,
) -> None:
    world = await open_world()
    offer = only(await world.use_shortcut(ONE))
    world.time.moment += timedelta(days=1, seconds=1)
    clicked = await press(world, offer, buttons.FIND_NUMBER)

    assert only(clicked).text.startswith("This search has expired.")
    assert "Run the command again." in only(clicked).text
    assert only(clicked).ts != offer.ts
    assert world.log.lines("search.expired", ref=reference_in(only(clicked)), user="U0SUPPORT")
    assert lists_asked(world) == 0


async def test_an_offer_works_for_a_day(open_world: OpenWorld) -> None:
    world = await open_world(Space(entries=many(5, wanted=[3])))
    offer = only(await world.use_shortcut({"text": WRITTEN}))
    world.time.moment += timedelta(days=1)

    assert listed(only(await press(world, offer, buttons.FIND_NUMBER)).blocks) == [log_id(3)]


async def test_an_offer_that_was_tampered_with_is_told_to_have_expired(world: World) -> None:
    offer = only(await world.use_shortcut(ONE))
    (value,) = listed(offer.blocks, buttons.FIND_NUMBER)
    for other in (value.swapcase(), value[:-1], "+12065553434", "\u0660 others"):
        clicked = await press(world, with_value(offer, value, other), buttons.FIND_NUMBER)

        assert only(clicked).text.startswith("This search has expired.")
        assert world.log.lines("search.expired", ref=reference_in(only(clicked)))


async def test_a_number_cannot_be_pressed_as_a_search(open_world: OpenWorld) -> None:
    world = await open_world(Space(entries=many(50, wanted=range(40))))
    offer = only(await world.use_shortcut({"text": WRITTEN}))
    found = await world.answer(f"find {WRITTEN}")
    (number,) = listed(offer.blocks, buttons.FIND_NUMBER)
    (search,) = listed(found.blocks, buttons.SEARCH_OLDER)
    as_number = await press(world, with_value(offer, number, search), buttons.FIND_NUMBER)
    as_search = await press(world, with_value(found, search, number), buttons.SEARCH_OLDER)

    for clicked in (as_number, as_search):
        assert only(clicked).text.startswith("This search has expired.")


async def test_somebody_who_may_not_is_not_even_offered(open_world: OpenWorld) -> None:
    world = await open_world(environment={"ALLOWED_USERS": "U0ANNA"})
    by_shortcut = only(await world.use_shortcut(ONE, user_id="U0EVE"))
    by_command = await world.type(WANTED, user_id="U0EVE")

    for message in (by_shortcut, only(by_command)):
        assert message.text.startswith("You can't look up voice logs here.")
        assert presses(message.blocks) == []
    assert len(world.log.lines("search.refused", user="U0EVE")) == 2


async def test_an_offer_clicked_by_somebody_who_may_not_is_refused_and_stays(
    open_world: OpenWorld,
) -> None:
    world = await open_world(environment={"ALLOWED_USERS": "U0ANNA"})
    offer = only(await world.use_shortcut(ONE, user_id="U0ANNA"))
    clicked = await press(world, offer, buttons.FIND_NUMBER, user_id="U0EVE")

    assert only(clicked).text.startswith("You can't look up voice logs here.")
    assert only(clicked).ts != offer.ts
    assert lists_asked(world) == 0


async def test_hostile_text_around_a_number_does_not_reach_the_offer(world: World) -> None:
    message: dict[str, JsonValue] = {
        "text": "<!channel> *+1 206 555 3434* `x` <@U0EVE>, 2065550102"
    }
    offer = only(await world.use_shortcut(message))

    assert labels(offer.blocks) == [
        "Find calls with +1 206-555-3434",
        "Find calls with +1 206-555-0102",
    ]
    assert "channel" not in str(offer.blocks) + offer.text
