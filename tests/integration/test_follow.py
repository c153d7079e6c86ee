"""Follow: the card of a live leg is updated, within what Slack allows, until the call ends."""

import asyncio
from contextlib import suppress
from datetime import timedelta

import pytest
from starlette.requests import Request
from starlette.responses import Response

from bot.dev.emulator.slack.workspace import FailNext, PostedMessage, RecordedInteraction
from bot.services import follow as follow_service
from bot.ui import actions, notices
from tests.integration.harness import OpenWorld, Project, World
from tests.integration.intercept import Forward, intercept
from tests.integration.sample_logs import ENDLESS, live_log
from tests.support import texts
from tests.support.reading import button_labels, only, private, public, rendered
from tests.support.samples import CHANNEL, LIVE, SUPPORT, TEAM, THREAD

CHANGING = live_log(
    50,
    lambda seconds: (
        "completed" if seconds >= 100 else ("ringing", "in-progress")[int(seconds // 5) % 2]
    ),
)
RESTARTING = notices.stopped_following(texts.RESTARTING)


def notes(interaction: RecordedInteraction) -> list[str]:
    """Return the note about following in each update of the card."""
    updates = [each for each in interaction.accepted if each.ts == interaction.message_ts]
    return [message.text.splitlines()[-2] for message in updates]


def new_message(interaction: RecordedInteraction) -> PostedMessage:
    """Return the new message after a click on Follow."""
    (message,) = [each for each in interaction.accepted if each.ts != interaction.message_ts]
    return message


async def follow(world: World, message: PostedMessage) -> RecordedInteraction:
    """Click Follow, and stop the clock right after the first update."""
    world.clock.gate.close()
    interaction = await world.slack.click(message, actions.FOLLOW)
    assert interaction.failed is None
    await interaction.wait_for_message()
    return interaction


async def run(world: World) -> None:
    """Let the clock run until the bot is idle."""
    world.clock.gate.open()
    await world.idle()


def outcome(world: World) -> tuple[object, ...]:
    (line,) = world.log.lines("follow.ended")
    return line["outcome"], line["polls"], line["seconds"]


async def test_live_call_is_followed_to_its_end(world: World) -> None:
    interaction, before = await world.card(LIVE, channel_id="C0DESK")
    clicked = await world.click(before, actions.FOLLOW)

    assert notes(clicked) == [notices.FOLLOWING, notices.FOLLOWING, notices.FOLLOWING_ENDED]
    assert only(interaction).ts == before.ts
    assert notices.FOLLOWING in rendered(clicked.accepted[0])
    assert button_labels(clicked.accepted[0]) == [
        *(texts.DETAILS, texts.STOP_FOLLOWING, texts.SHARE, texts.LEGS, texts.COPY_AS_TEXT)
    ]
    assert "$0.0115" in rendered(only(interaction))
    assert button_labels(only(interaction)) == texts.CARD_LABELS
    assert only(interaction).text.endswith("2026-11-02 15:31:05 UTC")
    assert outcome(world) == ("over", 13, 65)
    who = {"user": SUPPORT, "team": TEAM, "channel": "C0DESK", "id": LIVE}
    (begun,), (ended,) = world.log.lines("follow.done"), world.log.lines("follow.ended")
    assert (begun | who, ended | who) == (begun, ended)
    assert {*ended} - {*who} == {
        *("outcome", "polls", "seconds", "request_id", "event", "level", "timestamp")
    }
    assert len(world.log.lines("lookup.done")) == 1


async def test_new_message_says_that_the_call_is_over_and_leads_to_the_card(world: World) -> None:
    """Slack doesn't notify users of edits."""
    _, before = await world.card(LIVE)
    clicked = await world.click(before, actions.FOLLOW)
    reply = new_message(clicked)

    assert clicked.accepted[-1] == reply
    assert reply.response_type == "ephemeral"
    assert reply.text.endswith(" is over: 1 min 05 s, $0.0115")
    assert before.text.splitlines()[1].removeprefix("From: ") in reply.text
    card_again = only(await world.click(reply, actions.REFRESH))
    assert (card_again.ts, button_labels(card_again)) == (reply.ts, texts.CARD_LABELS)


async def test_following_stops_after_28_minutes_and_can_be_resumed(open_world: OpenWorld) -> None:
    world = await open_world(Project(entries=ENDLESS))
    interaction, before = await world.card(ENDLESS[0].id)
    clicked = await world.click(before, actions.FOLLOW)

    assert outcome(world) == ("time_limit", 335, 1680)
    assert notes(clicked)[-1] == notices.stopped_following(notices.HALF_AN_HOUR)
    assert texts.FOLLOW in button_labels(only(interaction))
    resumed = await world.click(only(interaction), actions.FOLLOW)
    assert notes(resumed)[0] == notices.FOLLOWING


async def test_call_that_is_overdue_after_half_an_hour_cannot_be_resumed(
    open_world: OpenWorld,
) -> None:
    """Its card no longer has Follow."""
    world = await open_world(Project(entries=ENDLESS))
    interaction, before = await world.card(ENDLESS[0].id)
    world.clock.advance(timedelta(hours=3, minutes=50).total_seconds())
    clicked = await world.click(before, actions.FOLLOW)

    stopped = notices.stopped_following(notices.HALF_AN_HOUR, can_resume=False)
    assert notes(clicked)[-1] == stopped
    assert texts.FOLLOW not in button_labels(only(interaction))


@pytest.mark.parametrize("is_polling", [False, True])
async def test_shutdown_is_shown_on_the_card(open_world: OpenWorld, *, is_polling: bool) -> None:
    world = await open_world(environment={"DRAIN_SECONDS": "0" if is_polling else "30"})
    interaction, before = await world.card(LIVE)
    clicked = await follow(world, before)
    if is_polling:
        world.lookups.hold()
        world.clock.gate.open()
        await world.lookups.reached.wait()
    async with asyncio.timeout(5):
        stop = asyncio.create_task(world.stop())
        await world.log.line("follow.ended")
        world.lookups.release()
        await stop

    assert notes(clicked)[-1] == RESTARTING
    assert only(interaction) == only(clicked)
    assert texts.FOLLOW in button_labels(only(interaction))
    assert outcome(world)[0] == "restart"
    assert not world.log.lines("shutdown.tasks_cancelled")


async def test_second_follow_of_a_card_takes_over(world: World) -> None:
    """The client may not have the updated card yet."""
    interaction, before = await world.card(LIVE)
    first = await follow(world, before)
    second = await follow(world, before)
    await run(world)

    assert notes(first) == [notices.FOLLOWING]
    assert notes(second)[-1] == notices.FOLLOWING_ENDED
    assert only(interaction) in second.messages
    assert new_message(second).text
    ended = [str(line["outcome"]) for line in world.log.lines("follow.ended")]
    assert ended == ["moved", "over"]


async def test_stop_following_offers_follow_again(world: World) -> None:
    interaction, before = await world.card(LIVE)
    following = await follow(world, before)
    stopping = await world.slack.click(only(interaction), actions.STOP_FOLLOWING)
    stopped = await stopping.wait_for_message()

    assert notices.STOPPED_BY_USER in stopped.text
    assert (only(interaction), stopping.uses) == (stopped, 1)
    assert texts.FOLLOW in button_labels(stopped)
    again = await follow(world, stopped)
    await run(world)
    assert following.uses == 1
    assert notes(again)[-1] == notices.FOLLOWING_ENDED
    ended = [str(line["outcome"]) for line in world.log.lines("follow.ended")]
    assert ended == ["stopped", "over"]


async def test_stop_does_not_replace_the_card_of_a_later_follow(open_world: OpenWorld) -> None:
    is_slow, is_followed = False, asyncio.Event()

    async def handle(_request: Request, forward: Forward) -> Response:
        nonlocal is_slow
        if is_slow:
            is_slow = False
            with suppress(TimeoutError):
                await asyncio.wait_for(is_followed.wait(), 0.2)
            return await forward()
        response = await forward()
        is_followed.set()
        return response

    world = await open_world(
        Project(entries=ENDLESS), slack_middleware=intercept("^/response/", handle)
    )
    interaction, before = await world.card(ENDLESS[0].id)
    await follow(world, before)
    is_followed.clear()
    is_slow = True
    stopping = await world.slack.click(only(interaction), actions.STOP_FOLLOWING)
    again = await follow(world, before)
    await stopping.wait_for_message()

    assert again.uses == 1
    assert notices.FOLLOWING in only(interaction).text
    await world.stop()


async def test_stopped_following_does_not_count_toward_the_limit(open_world: OpenWorld) -> None:
    limit = follow_service.MAX_PER_USER
    world = await open_world(Project(entries=ENDLESS[: limit + 1]))
    cards = [await world.card(entry.id) for entry in ENDLESS[: limit + 1]]
    for _, before in cards[:limit]:
        await follow(world, before)
    stopping = await world.slack.click(only(cards[0][0]), actions.STOP_FOLLOWING)
    await stopping.wait_for_message()
    extra = await follow(world, cards[limit][1])

    assert notices.FOLLOWING in only(extra).text
    await world.stop()


async def test_following_moves_to_the_newer_card_of_a_leg(world: World) -> None:
    first, message = await world.card(LIVE)
    await follow(world, message)
    second = await world.slack.command(LIVE)
    await follow(world, await second.wait_for_message())
    await run(world)

    assert notices.FOLLOWED_ELSEWHERE in only(first).text
    assert notices.FOLLOWING_ENDED in only(second).text
    ended = {str(line["outcome"]) for line in world.log.lines("follow.ended")}
    assert ended == {"moved", "over"}


@pytest.mark.parametrize("answer", ["used_url", "expired_url"])
async def test_rejected_update_ends_the_polling(world: World, answer: str) -> None:
    _, before = await world.card(LIVE)
    await follow(world, before)
    world.slack.fail_next = [FailNext(404, answer)]
    await run(world)

    assert outcome(world) == ("undelivered", 1, 5)
    assert world.log.lines("reply.failed", reason=f"404 {answer}")


async def test_leg_that_has_ended_gets_its_final_card(world: World) -> None:
    interaction, before = await world.card(LIVE)
    world.clock.advance(70)
    clicked = await world.click(before, actions.FOLLOW)

    assert len(clicked.posts) == 1
    assert notices.FOLLOWING_ENDED in only(interaction).text
    assert "$0.0115" in only(interaction).text
    assert button_labels(only(interaction)) == texts.CARD_LABELS
    assert outcome(world) == ("over", 0, 0)


async def test_leg_without_an_end_for_hours_is_not_followed(open_world: OpenWorld) -> None:
    """Its card has no Follow; a click on that of an older card says why."""
    world = await open_world(Project(entries=ENDLESS))
    interaction, before = await world.card(ENDLESS[0].id)
    world.clock.advance(timedelta(hours=5).total_seconds())
    await world.click(before, actions.FOLLOW)

    assert texts.FOLLOW in button_labels(before)
    assert texts.FOLLOW not in button_labels(only(interaction))
    assert notices.NOT_FOLLOWED in only(interaction).text
    assert outcome(world) == ("overdue", 0, 0)


async def test_log_that_is_gone_leaves_the_card(world: World) -> None:
    interaction, before = await world.card(LIVE)
    world.lookups.fail(404, 1)
    reply = only(await world.click(before, actions.FOLLOW))

    assert reply.text.startswith(f"{texts.NOT_FOUND}.")
    assert only(interaction) == before
    assert not world.log.lines("follow.ended")


async def test_followed_card_can_be_shared_and_stays_private(world: World) -> None:
    interaction, before = await world.card(LIVE)
    await follow(world, before)
    sharing = await world.slack.click(only(interaction), actions.SHARE)
    await sharing.wait_for_message(count=2)
    reply = private(sharing)
    assert notices.FOLLOWING in only(interaction).text
    await run(world)

    assert only(interaction).response_type == "ephemeral"
    assert notices.FOLLOWING_ENDED in only(interaction).text
    assert public(sharing).channel_id == CHANNEL
    assert (reply.text, button_labels(reply)) == (texts.SHARED, texts.SHARED_LABELS)


async def test_each_state_of_a_followed_card_can_be_shared(open_world: OpenWorld) -> None:
    world = await open_world(Project(entries=[CHANGING]))
    _, before = await world.card(CHANGING.id)
    followed = await world.click(before, actions.FOLLOW)
    states = [each for each in followed.accepted if each.ts == before.ts]
    shares = [await world.click(state, actions.SHARE) for state in states]

    assert len(states) == 4
    assert [len([*each.messages]) for each in shares[:3]] == [2] * 3
    assert {public(each).channel_id for each in shares} == {CHANNEL}


async def test_followed_card_keeps_its_thread(world: World) -> None:
    message = {"text": LIVE, "ts": "1795000002.000200", "thread_ts": THREAD}
    interaction = await world.use_shortcut({**message})
    following = await world.click(only(interaction), actions.FOLLOW)
    view = await world.click(new_message(following), actions.REFRESH)

    assert public(await world.click(only(view), actions.SHARE)).thread_ts == THREAD
    sharing = await world.click(only(interaction), actions.SHARE)
    assert public(sharing).thread_ts == THREAD
