"""**Share** posts a masked card for everyone, once, in the thread or the channel."""

import asyncio
import json
from dataclasses import replace

import pytest
from pydantic import JsonValue

from bot.dev.emulator.slack.workspace import FailNext, PostedMessage
from bot.ui import actions, card_buttons, notices
from bot.ui.card_buttons import CardOptions, Place
from bot.ui.mrkdwn import mrkdwn_to_text
from tests.integration.harness import OpenWorld, World
from tests.support import texts
from tests.support.reading import (
    button_labels,
    buttons,
    confirmation,
    only,
    private,
    public,
    rendered,
    request_id_in,
    to_json,
    value_with,
    values_of,
)
from tests.support.samples import (
    CALLER_NUMBER,
    CHANNEL,
    COLLEAGUE,
    DOCUMENTED,
    ENDED,
    LIVE,
    MASKED_CALLER,
    NOW,
    SUPPORT,
    THREAD,
)

REPLY: dict[str, JsonValue] = {
    "text": f"look at {DOCUMENTED}",
    "ts": "1795000002.000200",
    "thread_ts": THREAD,
}
REJECTED_THREAD = [FailNext(404, "thread_not_found")]
THREAD_REJECTIONS = {
    "400": [FailNext(400, json.dumps({"ok": False, "error": "invalid_arguments"}))],
    "404": REJECTED_THREAD,
    "200, not ok": [FailNext(200, json.dumps({"ok": False, "error": "thread_not_found"}))],
    "three times 500": [FailNext(500)] * 3,
}


IN_CHANNEL, IN_THREAD = CardOptions(), CardOptions(thread_ts=THREAD)


def confirm_text(options: CardOptions) -> str:
    """Return the text of the confirmation dialog of Share."""
    share = card_buttons.share(texts.ID, options)
    return buttons(json.loads(json.dumps(share)))[0].confirm


def share_failed(error: PostedMessage, options: CardOptions) -> str:
    return notices.share_failed(texts.ID, request_id_in(error), options).text


async def card_in_thread(world: World, message: dict[str, JsonValue] = REPLY) -> PostedMessage:
    return only(await world.use_shortcut(message))


async def share_to_rejected_thread(
    world: World, rejections: list[FailNext] = REJECTED_THREAD
) -> PostedMessage:
    """Share a card to a thread that Slack rejects; return the error message."""
    message = await card_in_thread(world)
    world.slack.fail_next = [*rejections]
    error = only(await world.click(message, actions.SHARE))
    assert error.ts != message.ts
    return error


async def test_shared_card_is_masked_and_names_the_user(world: World) -> None:
    message = await world.shared_card()

    for shown in (message.text, rendered(message)):
        assert MASKED_CALLER in shown
        assert shown.endswith(notices.shared_by(SUPPORT))
        assert "1 min" in shown
    assert "1212" not in to_json(message)
    assert "3434" not in to_json(message)
    assert button_labels(message) == texts.PUBLIC_CARD_LABELS
    assert (message.channel_id, message.thread_ts) == (CHANNEL, None)


async def test_own_card_is_replaced_with_one_line(world: World) -> None:
    interaction, before = await world.card()
    clicked = await world.click(before, actions.SHARE)
    after = only(interaction)
    first, second = clicked.accepted

    assert after.text == texts.SHARED
    assert button_labels(after) == texts.SHARED_LABELS
    assert (first.response_type, first.payload["replace_original"]) == ("in_channel", False)
    assert (second.response_type, second.payload["replace_original"]) == ("ephemeral", True)
    assert first.ts != before.ts == after.ts


async def test_view_replaces_the_line_with_the_card(world: World) -> None:
    interaction, before = await world.card()
    await world.click(before, actions.SHARE)
    await world.click(only(interaction), actions.REFRESH)
    card_again = only(interaction)

    assert CALLER_NUMBER in card_again.text
    assert button_labels(card_again) == [
        *(texts.DETAILS, texts.REFRESH, texts.SHARE_AGAIN, texts.LEGS, texts.COPY_AS_TEXT)
    ]
    await world.click(card_again, actions.REFRESH)
    assert texts.SHARE_AGAIN in button_labels(only(interaction))
    assert public(await world.click(only(interaction), actions.SHARE)).text


@pytest.mark.parametrize("in_thread", [True, False], ids=["thread", "channel"])
@pytest.mark.parametrize("mask", ["shared", "never", "always"])
async def test_confirmation_says_where_and_whether_numbers_are_masked(
    open_world: OpenWorld, mask: str, *, in_thread: bool
) -> None:
    world = await open_world(environment={"MASK_NUMBERS": mask})
    interaction, own = await world.card()
    message = await card_in_thread(world) if in_thread else own
    clicked = await world.click(message, actions.SHARE)

    options = replace(IN_THREAD if in_thread else IN_CHANNEL, masks_shared=mask != "never")
    assert confirmation(message, actions.SHARE) == confirm_text(options)
    assert (CALLER_NUMBER in public(clicked).text) == (mask == "never")
    assert (CALLER_NUMBER in rendered(public(clicked))) == (mask == "never")
    if mask == "always":
        for posted in (*clicked.accepted, only(interaction)):
            assert "1212" not in to_json(posted)


@pytest.mark.parametrize(
    ("message", "thread"),
    [(REPLY, THREAD), ({"text": DOCUMENTED, "ts": "1795000009.000900"}, "1795000009.000900")],
    ids=["reply", "top-level message"],
)
async def test_card_is_shared_to_the_thread_of_the_shortcut(
    world: World, message: dict[str, JsonValue], thread: str
) -> None:
    clicked = await world.click(await card_in_thread(world, message), actions.SHARE)

    assert public(clicked).thread_ts == thread
    assert private(clicked).text == texts.SHARED_IN_THREAD
    assert world.log.lines("share.published", where="thread", masked=True)


@pytest.mark.parametrize("way", ["row", "retry", "refresh"])
async def test_thread_is_kept(world: World, way: str) -> None:
    if way == "retry":
        world.lookups.fail(500, 1)
    both: dict[str, JsonValue] = {**REPLY, "text": f"{DOCUMENTED} {ENDED}"}
    message = await card_in_thread(world, both if way == "row" else REPLY)
    action = {"row": actions.CARD, "retry": actions.RETRY, "refresh": actions.REFRESH}[way]
    value = value_with(message, DOCUMENTED) if way == "row" else None
    opened = only(await world.click(message, action, value=value))

    assert public(await world.click(opened, actions.SHARE)).thread_ts == THREAD


async def test_double_click_shares_once(world: World) -> None:
    _, message = await world.card()
    async with world.holding_responses():
        first = await world.slack.click(message, actions.SHARE)
        await world.slack.redeliver(first)
        second = await world.slack.click(message, actions.SHARE)
    await world.redeliver(first)

    assert len(world.public_messages()) == 1
    assert len(first.posts) == 2
    assert second.posts == []


async def test_later_click_on_the_same_card_offers_share_again(world: World) -> None:
    """The client may not have the replacement yet."""
    interaction, message = await world.card()
    await world.click(message, actions.SHARE)
    second = await world.click(message, actions.SHARE)

    assert len(world.public_messages()) == 1
    assert only(second).text == texts.ALREADY_SHARED
    assert button_labels(only(second)) == texts.SHARED_LABELS
    assert only(interaction).text == texts.SHARED
    assert public(await world.click(only(second), actions.SHARE)).text


@pytest.mark.parametrize("times", [1, 3])
async def test_share_again_shares_once_each_time(world: World, times: int) -> None:
    interaction, message = await world.card()
    await world.click(message, actions.SHARE)
    for _ in range(times):
        await world.redeliver(await world.click(only(interaction), actions.SHARE))

    assert len(world.public_messages()) == 1 + times
    assert only(interaction).text == texts.SHARED


async def test_double_click_on_share_again_shares_once(world: World) -> None:
    interaction, message = await world.card()
    await world.click(message, actions.SHARE)
    line = only(interaction)
    async with world.holding_responses():
        _, second = [await world.slack.click(line, actions.SHARE) for _ in range(2)]

    assert len(world.public_messages()) == 2
    assert second.posts == []


async def test_two_users_share_at_once(world: World) -> None:
    _, mine = await world.card()
    _, theirs = await world.card(user_id=COLLEAGUE)
    clicks = await asyncio.gather(
        world.click(mine, actions.SHARE), world.click(theirs, actions.SHARE, user_id=COLLEAGUE)
    )

    assert [public(one).text.splitlines()[-1] for one in clicks] == [
        notices.shared_by(SUPPORT),
        notices.shared_by(COLLEAGUE),
    ]


@pytest.mark.parametrize("rejections", THREAD_REJECTIONS.values(), ids=THREAD_REJECTIONS.keys())
async def test_rejected_thread_offers_the_channel(world: World, rejections: list[FailNext]) -> None:
    error = await share_to_rejected_thread(world, rejections)

    assert error.text == share_failed(error, IN_THREAD)
    assert confirmation(error, actions.SHARE_IN_CHANNEL) == confirm_text(IN_CHANNEL)
    assert world.log.lines("reply.failed", request_id=request_id_in(error))
    assert not world.log.lines("share.published", request_id=request_id_in(error))


async def test_card_is_shared_once_in_the_offered_channel(world: World) -> None:
    error = await share_to_rejected_thread(world)
    first = await world.click(error, actions.SHARE_IN_CHANNEL)
    await world.click(error, actions.SHARE_IN_CHANNEL)
    await world.redeliver(first)
    after = private(first)

    assert len(world.public_messages()) == 1
    assert public(first).thread_ts is None
    assert "1212" not in public(first).text
    assert after.ts == error.ts
    assert after.text == texts.SHARED
    assert button_labels(after) == texts.SHARED_LABELS


async def test_share_to_a_rejected_channel_can_be_tried_again(world: World) -> None:
    interaction, message = await world.card()
    world.slack.fail_next = [FailNext(404, "channel_not_found")]
    error = only(await world.click(message, actions.SHARE))

    assert error.text == share_failed(error, IN_CHANNEL)
    assert buttons(error) == []
    assert only(interaction) == message
    assert public(await world.click(message, actions.SHARE)).text


@pytest.mark.parametrize("status", [404, 500])
async def test_failed_lookup_can_be_tried_again(world: World, status: int) -> None:
    interaction, message = await world.card()
    world.lookups.fail(status, 1)
    error = only(await world.click(message, actions.SHARE))

    assert error.ts != message.ts
    assert values_of(error, actions.RETRY) == [DOCUMENTED]
    assert only(interaction) == message
    assert public(await world.click(message, actions.SHARE)).text
    assert [line["outcome"] for line in world.log.lines("share.done")][-1] == "found"


async def test_shared_card_of_a_live_leg_is_dated_and_has_no_follow(world: World) -> None:
    _, message = await world.card(LIVE)

    assert texts.FOLLOW in button_labels(message)
    shared = public(await world.click(message, actions.SHARE))
    assert button_labels(shared) == texts.PUBLIC_CARD_LABELS
    assert shared.text.splitlines()[-1] == mrkdwn_to_text(notices.state_at(NOW))


@pytest.mark.parametrize("in_thread", [True, False], ids=["thread", "channel"])
async def test_refreshed_shared_card_stays_public_and_masked(
    world: World, *, in_thread: bool
) -> None:
    message = await card_in_thread(world) if in_thread else await world.ask(DOCUMENTED)
    shared = public(await world.click(message, actions.SHARE))
    clicked = await world.click(shared, actions.REFRESH, user_id=COLLEAGUE)
    refreshed = public(clicked)

    assert (refreshed.ts, refreshed.thread_ts) == (shared.ts, THREAD if in_thread else None)
    assert clicked.messages == [refreshed]
    assert "1212" not in to_json(refreshed)
    assert button_labels(refreshed) == texts.PUBLIC_CARD_LABELS
    assert refreshed.text == f"{shared.text}\n{texts.UPDATED} 2026-11-02 15:30:00 UTC"


async def test_failed_refresh_leaves_the_shared_card(world: World) -> None:
    _, message = await world.card()
    sharing = await world.click(message, actions.SHARE)
    shared = public(sharing)
    world.lookups.fail(500, 1)
    error = only(await world.click(shared, actions.REFRESH, user_id=COLLEAGUE))

    assert error.text.startswith(f"{texts.server_error(500)}.")
    assert buttons(error) == []
    assert public(sharing) == shared


@pytest.mark.parametrize("channel", ["D0SUPPORT", "G0GROUP"])
async def test_card_can_be_shared_where_the_bot_is_not_a_member(world: World, channel: str) -> None:
    _, message = await world.card(channel_id=channel)
    clicked = await world.click(message, actions.SHARE)

    place = Place.DIRECT if channel.startswith("D") else Place.PRIVATE
    assert confirmation(message, actions.SHARE) == confirm_text(CardOptions(place=place))
    assert private(clicked).text == notices.shared(texts.ID, CardOptions(place=place)).text
    assert public(clicked).channel_id == channel
    assert not [method for method in world.slack.requested_methods if method.startswith("chat.")]


async def test_sharing_has_two_audit_lines(world: World) -> None:
    _, message = await world.card(user_id="U0AUDITED", channel_id="C0AUDITED")
    await world.click(message, actions.SHARE, user_id="U0AUDITED")
    who = {"user": "U0AUDITED", "team": "T0ACME", "channel": "C0AUDITED"}
    (done,), (published,) = (
        world.log.lines(event, **who) for event in ("share.done", "share.published")
    )

    assert (done["id"], done["outcome"]) == (DOCUMENTED, "found")
    assert (published["id"], published["where"], published["masked"]) == (
        *(DOCUMENTED, "channel", True),
    )
    assert {*published} - {*who} == {
        *("id", "where", "masked", "request_id", "event", "level", "timestamp")
    }


async def test_share_after_refresh_and_follow_works(world: World) -> None:
    interaction, message = await world.card(LIVE)
    for action in (actions.SHARE, actions.REFRESH, actions.SHARE, actions.REFRESH, actions.FOLLOW):
        await world.click(only(interaction), action)
    end = interaction.messages[0]

    assert texts.SHARE_AGAIN in button_labels(end)
    await world.click(end, actions.SHARE)
    assert len(world.public_messages()) == 3
    assert message.ts == end.ts
