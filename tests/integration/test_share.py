# ruff: noqa: E501 - a golden question is as wide as the question
"""Share: one card for everyone, posted once, masked, and only where it was said to go."""

import asyncio
import json

import pytest
from inline_snapshot import snapshot
from pydantic import JsonValue

from bot.dev.emulator.signalwire.catalogue import LIVE
from bot.dev.emulator.slack.workspace import FailNext, PostedMessage, RecordedInteraction
from bot.ui import access_denied, actions, notices
from bot.ui import errors as error_texts
from tests.integration.click_helpers import (
    COLLEAGUE,
    NUMBER,
    OTHER,
    LostAnswers,
    Outage,
    again,
    card,
    confirmation,
    drawn,
    labels,
    press,
    private,
    public,
    shared_card,
    value_for,
)
from tests.integration.harness import DOCUMENTED, OpenWorld, Space, World, only, reference_in

pytestmark = pytest.mark.asyncio(loop_scope="module")

REPLY: dict[str, JsonValue] = {
    "text": f"look at {DOCUMENTED}",
    "ts": "1795000002.000200",
    "thread_ts": "1795000001.000100",
}
THREAD_REFUSALS = {
    "400": [FailNext(400, json.dumps({"ok": False, "error": "invalid_arguments"}))],
    "404": [FailNext(404, "thread_not_found")],
    "200, not ok": [FailNext(200, json.dumps({"ok": False, "error": "thread_not_found"}))],
    "500 for good": [FailNext(500)] * 3,
}


def visible_to_all(*exchanges: RecordedInteraction) -> list[PostedMessage]:
    """What everyone sees of these clicks."""
    return [
        message
        for exchange in exchanges
        for message in exchange.messages
        if message.response_type == "in_channel"
    ]


async def threaded_card(world: World, message: dict[str, JsonValue] = REPLY) -> PostedMessage:
    return only(await world.use_shortcut(message))


async def test_a_shared_card_is_for_everyone_masked_and_says_who_shared_it(world: World) -> None:
    assert drawn(await shared_card(world)) == snapshot("""\
┃ ✅ Completed · 9 s
┃
┃ From                                  To
┃ +1 ••••••••12                         +1 ••••••••34
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
┃ [ Details ]  [ Refresh ]  [ ⋯ ]
┃
┃ Shared by <@U0SUPPORT>\
""")


async def test_a_shared_cards_plain_text_is_masked_too(world: World) -> None:
    message = await shared_card(world)

    assert "1212" not in json.dumps(message.payload)
    assert "3434" not in json.dumps(message.payload)
    assert message.text == snapshot("""\
Completed · 9 s
From: +1 ••••••••12
To: +1 ••••••••34
Charge (this leg): $0.01
Inbound · SIP call (RELAY) · Realtime API
Started: 2024-05-06 12:20:00 UTC
Duration: 9 s (9638 ms)
Billed time: 1 min 00 s (60000 ms)
Voice log id: b7182dc2-00f3-40e4-a5ce-20f164b329df
Shared by <@U0SUPPORT>\
""")


async def test_the_card_that_was_shared_says_so_and_offers_it_no_more(world: World) -> None:
    origin, before = await card(world)
    await press(world, before, actions.SHARE)
    after = only(origin)

    assert "Share" in labels(before)
    assert after.ts == before.ts
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
┃ [ Details ]  [ Refresh ]  [ ⋯ ]
┃
┃ Shared with everyone here.\
""")


async def test_sharing_asks_first_and_says_who_will_see_what(world: World) -> None:
    _, message = await card(world)

    assert confirmation(message, actions.SHARE) == snapshot("""\
Share this voice log?
Everyone in this channel or conversation will see the card, including people from other companies. Phone numbers are masked, except for the country code and the last two digits.
Share
Cancel\
""")


async def test_sharing_into_a_thread_asks_about_the_thread(world: World) -> None:
    assert confirmation(await threaded_card(world), actions.SHARE) == snapshot("""\
Share this voice log?
Everyone in this thread will see the card, including people from other companies. Phone numbers are masked, except for the country code and the last two digits.
Share
Cancel\
""")


@pytest.mark.parametrize("shortcut", [True, False], ids=["thread", "channel"])
async def test_where_numbers_are_never_masked_the_question_says_so(
    open_world: OpenWorld,
    shortcut: bool,  # noqa: FBT001
) -> None:
    world = await open_world(environment={"MASK_NUMBERS": "never"})
    message = await threaded_card(world) if shortcut else (await card(world))[1]
    asked = confirmation(message, actions.SHARE)
    shared = public(await press(world, message, actions.SHARE))

    assert "Phone numbers are shown in full." in asked
    assert "masked" not in asked
    assert ("in this thread" in asked) is shortcut
    assert NUMBER in shared.text
    assert NUMBER in drawn(shared)


async def test_where_numbers_are_always_masked_the_shared_card_is_masked_as_well(
    open_world: OpenWorld,
) -> None:
    world = await open_world(environment={"MASK_NUMBERS": "always"})
    origin, message = await card(world)
    clicked = await press(world, message, actions.SHARE)

    assert "masked" in confirmation(message, actions.SHARE)
    for posted in (*clicked.accepted, only(origin)):
        assert "1212" not in json.dumps(posted.payload)


async def test_the_shared_card_is_a_new_message_and_never_takes_the_private_ones_place(
    world: World,
) -> None:
    origin, before = await card(world)
    clicked = await press(world, before, actions.SHARE)
    first, second = (post.posted for post in clicked.posts)

    assert first is not None
    assert second is not None
    assert (first.payload["response_type"], first.payload["replace_original"]) == (
        "in_channel",
        False,
    )
    assert first.ts != before.ts
    assert (second.payload["response_type"], second.payload["replace_original"]) == (
        "ephemeral",
        True,
    )
    assert only(origin).response_type == "ephemeral"
    assert NUMBER in only(origin).text


async def test_a_card_goes_into_the_thread_where_the_shortcut_was_used(world: World) -> None:
    clicked = await press(world, await threaded_card(world), actions.SHARE)
    shared = public(clicked)

    assert shared.thread_ts == "1795000001.000100"
    assert shared.text.endswith("Shared by <@U0SUPPORT>")
    assert private(clicked).text.endswith(notices.SHARED_IN_THREAD)
    assert world.log.lines("share.published", where="thread", masked=True)


async def test_a_top_level_message_begins_the_thread_of_its_card(world: World) -> None:
    message = {"text": DOCUMENTED, "ts": "1795000009.000900"}
    clicked = await press(world, await threaded_card(world, {**message}), actions.SHARE)

    assert public(clicked).thread_ts == "1795000009.000900"


async def test_a_card_that_was_asked_for_by_command_goes_to_the_channel(world: World) -> None:
    shared = await shared_card(world)

    assert shared.thread_ts is None
    assert shared.channel_id == "C0SUPPORT"


async def test_a_row_of_a_shortcuts_list_leads_to_the_thread_too(world: World) -> None:
    both = {**REPLY, "text": f"{DOCUMENTED} {OTHER}"}
    rows = await threaded_card(world, both)
    opened = only(await press(world, rows, actions.CARD, value=value_for(rows, DOCUMENTED)))

    assert public(await press(world, opened, actions.SHARE)).thread_ts == "1795000001.000100"


async def test_a_card_that_came_at_the_second_try_leads_to_the_thread_too(
    open_world: OpenWorld,
) -> None:
    outage = Outage()
    world = await open_world(Space(front=outage))
    outage.begin(500, 1)
    failed = await threaded_card(world)
    opened = only(await press(world, failed, actions.RETRY))

    assert public(await press(world, opened, actions.SHARE)).thread_ts == "1795000001.000100"


async def test_a_refreshed_card_still_leads_to_the_thread(world: World) -> None:
    clicked = await press(world, await threaded_card(world), actions.REFRESH)

    assert public(await press(world, only(clicked), actions.SHARE)).thread_ts == (
        "1795000001.000100"
    )


async def test_a_double_click_shares_once_and_says_nothing_of_the_second(world: World) -> None:
    _, message = await card(world)
    world.hold_answers()
    first = await world.slack.click(message, actions.SHARE)
    second = await world.slack.click(message, actions.SHARE)
    world.release_answers()
    await world.idle()

    assert len(visible_to_all(first, second)) == 1
    assert second.posts == []


async def test_a_later_click_on_the_same_card_shares_nothing_and_is_told_why(
    world: World,
) -> None:
    origin, message = await card(world)
    first = await press(world, message, actions.SHARE)
    second = await press(world, message, actions.SHARE)

    assert len(visible_to_all(first, second)) == 1
    assert only(second).text.startswith(f"{notices.ALREADY_SHARED}.")
    assert only(origin).text.endswith(notices.SHARED)


async def test_another_card_of_the_same_call_can_be_shared(world: World) -> None:
    clicks = [await press(world, (await card(world))[1], actions.SHARE) for _ in range(2)]

    assert len(visible_to_all(*clicks)) == 2


async def test_a_click_that_is_delivered_again_while_it_is_worked_on_shares_once(
    world: World,
) -> None:
    _, message = await card(world)
    world.hold_answers()
    first = await world.slack.click(message, actions.SHARE)
    await world.slack.redeliver(first)
    world.release_answers()
    await world.idle()

    assert len(visible_to_all(first)) == 1
    assert len(first.posts) == 2


async def test_a_click_that_is_delivered_again_afterwards_shares_once(world: World) -> None:
    _, message = await card(world)
    first = await press(world, message, actions.SHARE)
    await again(world, first)

    assert len(visible_to_all(first)) == 1
    assert len(first.posts) == 2


async def test_two_people_share_a_card_each(world: World) -> None:
    _, mine = await card(world)
    _, theirs = await card(world, user_id=COLLEAGUE)
    clicks = await asyncio.gather(
        press(world, mine, actions.SHARE),
        press(world, theirs, actions.SHARE, user_id=COLLEAGUE),
    )

    assert [public(click).text.splitlines()[-1] for click in clicks] == [
        "Shared by <@U0SUPPORT>",
        "Shared by <@U0COLLEAGUE>",
    ]


@pytest.mark.parametrize("refusals", THREAD_REFUSALS.values(), ids=THREAD_REFUSALS.keys())
async def test_a_refused_thread_is_told_and_the_channel_offered(
    world: World, refusals: list[FailNext]
) -> None:
    message = await threaded_card(world)
    world.slack.fail_next = [*refusals]
    clicked = await press(world, message, actions.SHARE)
    told = only(clicked)

    assert told.ts != message.ts
    assert told.text.startswith("The card wasn't shared.\nSlack rejected the message in this")
    assert "in this channel" in confirmation(told, actions.SHARE_IN_CHANNEL)
    assert world.log.lines("reply.failed", request_id=reference_in(told))
    assert not world.log.lines("share.published", request_id=reference_in(told))


async def test_what_is_told_of_a_refused_thread(world: World) -> None:
    message = await threaded_card(world)
    world.slack.fail_next = [*THREAD_REFUSALS["404"]]
    told = only(await press(world, message, actions.SHARE))
    said = drawn(told).replace(reference_in(told), "ref0000")

    assert said == snapshot("""\
┃ 📤 The card wasn't shared
┃
┃ Slack rejected the message in this thread.
┃ You can share it in the channel instead.
┃
┃ Reference ref0000.
┃
┃ [ Share in the channel ]\
""")


async def test_the_channel_that_was_offered_works(world: World) -> None:
    message = await threaded_card(world)
    world.slack.fail_next = [*THREAD_REFUSALS["404"]]
    told = only(await press(world, message, actions.SHARE))
    clicked = await press(world, told, actions.SHARE_IN_CHANNEL)

    assert public(clicked).thread_ts is None
    assert "1212" not in public(clicked).text
    after = private(clicked)
    assert after.ts == told.ts
    assert after.text.endswith(notices.SHARED)
    assert "Share" not in " ".join(labels(after))


async def test_the_offered_channel_is_shared_in_once_however_often_it_is_pressed(
    world: World,
) -> None:
    message = await threaded_card(world)
    world.slack.fail_next = [*THREAD_REFUSALS["404"]]
    told = only(await press(world, message, actions.SHARE))
    first = await press(world, told, actions.SHARE_IN_CHANNEL)
    second = await press(world, told, actions.SHARE_IN_CHANNEL)
    await again(world, first)

    assert len(visible_to_all(first, second)) == 1


async def test_a_channel_that_is_refused_too_is_told_and_can_be_tried_again(world: World) -> None:
    origin, message = await card(world)
    world.slack.fail_next = [FailNext(404, "channel_not_found")]
    clicked = await press(world, message, actions.SHARE)
    told = only(clicked)
    said = drawn(told).replace(reference_in(told), "ref0000")

    assert said == snapshot("""\
┃ 📤 The card wasn't shared
┃
┃ Slack rejected the message.
┃ Try again. If it keeps failing, copy what you need from your card.
┃
┃ Reference ref0000.\
""")
    assert only(origin) == message
    assert public(await press(world, message, actions.SHARE)).text


async def test_refused_blocks_are_shared_as_plain_text_that_is_masked(world: World) -> None:
    _, message = await card(world)
    world.slack.fail_next = [FailNext(400, json.dumps({"ok": False, "error": "invalid_blocks"}))]
    shared = public(await press(world, message, actions.SHARE))

    assert shared.blocks == []
    assert "+1 ••••••••12" in shared.text
    assert "1212" not in shared.text


@pytest.mark.parametrize("status", [404, 500])
async def test_a_log_that_is_gone_by_then_is_told_and_can_be_tried_again(
    open_world: OpenWorld, status: int
) -> None:
    outage = Outage()
    world = await open_world(Space(front=outage))
    origin, message = await card(world)
    outage.begin(status, 1)
    clicked = await press(world, message, actions.SHARE)
    told = only(clicked)

    assert told.ts != message.ts
    assert "Try again" in labels(told)
    assert only(origin) == message
    assert public(await press(world, message, actions.SHARE)).text
    assert [line["outcome"] for line in world.log.lines("share.done")][-1] == "found"


async def test_someone_who_may_not_is_told_and_nothing_is_shared(open_world: OpenWorld) -> None:
    world = await open_world(environment={"ALLOWED_USERS": "U0SUPPORT"})
    _, message = await card(world)
    asked = len(world.asked_for)
    clicked = await press(world, message, actions.SHARE, user_id="U0EVE")
    told = only(clicked)

    assert told.text.startswith(access_denied.TITLE)
    assert len(world.asked_for) == asked
    assert world.log.lines("share.denied", user="U0EVE", outcome="user", ids=[DOCUMENTED])
    assert not world.log.lines("share.published")


@pytest.mark.parametrize("lost", [1, 2])
async def test_a_slack_whose_answer_is_lost_never_shows_two_cards(
    open_world: OpenWorld, lost: int
) -> None:
    losing = LostAnswers()
    world = await open_world(slack_front=losing)
    origin, message = await card(world)
    losing.left = lost
    clicked = await press(world, message, actions.SHARE)
    pressed_again = await press(world, message, actions.SHARE)

    posts = [post.posted for post in clicked.posts if post.posted is not None]
    to_all = [posted for posted in posts if posted.payload["response_type"] == "in_channel"]

    assert losing.left == 0
    assert len(visible_to_all(clicked, pressed_again)) == 1
    assert [posted.payload["replace_original"] for posted in to_all] == [False]
    assert notices.SHARED in only(origin).text


async def test_a_passing_refusal_is_overcome_and_the_card_shared_once(world: World) -> None:
    _, message = await card(world)
    world.slack.fail_next = [FailNext(503), FailNext(429)]
    clicked = await press(world, message, actions.SHARE)

    assert len(visible_to_all(clicked)) == 1


async def test_a_shared_card_has_neither_share_nor_follow(world: World) -> None:
    assert labels(await shared_card(world)) == ["Details", "Refresh", "Legs of the call"]


async def test_a_shared_card_of_a_live_leg_has_neither_too(open_world: OpenWorld) -> None:
    world = await open_world()
    _, message = await card(world, LIVE)

    assert "Follow" in labels(message)
    assert labels(public(await press(world, message, actions.SHARE))) == [
        "Details",
        "Refresh",
        "Legs of the call",
    ]


async def test_whoever_presses_details_on_a_shared_card_gets_a_window_of_their_own(
    world: World,
) -> None:
    shared = await shared_card(world)
    clicked = await press(world, shared, actions.DETAILS, user_id=COLLEAGUE)
    window = world.slack.modal(COLLEAGUE)

    assert window is not None
    assert world.slack.modal() is None
    assert clicked.posts == []
    assert world.log.lines("details.done", user=COLLEAGUE, id=DOCUMENTED)


async def test_a_refreshed_shared_card_stays_where_it_is_public_and_masked(world: World) -> None:
    shared = await shared_card(world)
    clicked = await press(world, shared, actions.REFRESH, user_id=COLLEAGUE)
    refreshed = public(clicked)

    assert refreshed.ts == shared.ts
    assert clicked.messages == [refreshed]
    assert "1212" not in json.dumps(refreshed.payload)
    assert labels(refreshed) == ["Details", "Refresh", "Legs of the call"]
    assert refreshed.text.splitlines()[-2:] == [
        "Shared by <@U0SUPPORT>",
        "Updated 2026-11-02 15:30:00 UTC",
    ]


async def test_a_shared_card_in_a_thread_is_refreshed_in_its_thread(world: World) -> None:
    shared = public(await press(world, await threaded_card(world), actions.SHARE))
    refreshed = public(await press(world, shared, actions.REFRESH, user_id=COLLEAGUE))

    assert (refreshed.ts, refreshed.thread_ts) == (shared.ts, "1795000001.000100")


async def test_a_shared_card_that_cannot_be_refreshed_stays_and_one_person_is_told(
    open_world: OpenWorld,
) -> None:
    outage = Outage()
    world = await open_world(Space(front=outage))
    _, message = await card(world)
    sharing = await press(world, message, actions.SHARE)
    shared = public(sharing)
    outage.begin(500, 1)
    told = only(await press(world, shared, actions.REFRESH, user_id=COLLEAGUE))

    assert told.text.startswith(error_texts.UNAVAILABLE.title)
    assert public(sharing) == shared


@pytest.mark.parametrize(
    "action_id",
    [actions.DETAILS, actions.REFRESH, actions.OVERFLOW],
)
async def test_someone_who_may_not_is_refused_on_a_shared_card_and_the_card_stays(
    open_world: OpenWorld, action_id: str
) -> None:
    world = await open_world(environment={"ALLOWED_USERS": "U0SUPPORT"})
    _, message = await card(world)
    sharing = await press(world, message, actions.SHARE)
    shared, asked = public(sharing), len(world.asked_for)
    told = only(await press(world, shared, action_id, user_id="U0EVE"))

    assert told.text.startswith(access_denied.TITLE)
    assert public(sharing) == shared
    assert len(world.asked_for) == asked
    assert world.slack.modals("U0EVE") == []


@pytest.mark.parametrize("channel", ["D0SUPPORT", "G0GROUP"])
async def test_a_card_can_be_shared_where_the_bot_is_no_member(world: World, channel: str) -> None:
    _, message = await card(world, channel_id=channel)
    clicked = await press(world, message, actions.SHARE)

    assert "conversation" in confirmation(message, actions.SHARE)
    assert public(clicked).channel_id == channel
    assert not [method for method in world.slack.api_calls if method.startswith("chat.")]


async def test_each_sharing_leaves_audit_lines(world: World) -> None:
    _, message = await card(world, user_id="U0AUDITED", channel_id="C0AUDITED")
    await press(world, message, actions.SHARE, user_id="U0AUDITED")
    who = {"user": "U0AUDITED", "team": "T0ACME", "channel": "C0AUDITED"}
    done, published = (world.log.lines(event, **who) for event in ("share.done", "share.published"))

    assert [(line["id"], line["outcome"]) for line in done] == [(DOCUMENTED, "found")]
    (line,) = published
    assert (line["id"], line["where"], line["masked"]) == (DOCUMENTED, "channel", True)
    assert {*line} - {*who} == {
        *("id", "where", "masked", "request_id", "event", "level", "timestamp")
    }


@pytest.mark.parametrize("then", [actions.REFRESH, actions.FOLLOW])
async def test_a_share_button_that_comes_back_is_not_deaf(open_world: OpenWorld, then: str) -> None:
    world = await open_world()
    origin, message = await card(world, LIVE if then == actions.FOLLOW else DOCUMENTED)
    await press(world, message, actions.SHARE)
    await press(world, only(origin), then)
    after = only(origin)

    if "Share" in labels(after):
        assert (await press(world, after, actions.SHARE)).messages != []
