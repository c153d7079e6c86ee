"""Follow: the card of a live leg changes by itself, within what Slack allows, until it is over."""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from inline_snapshot import snapshot
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.dev.emulator.signalwire.catalogue import LIVE, LogFixture
from bot.dev.emulator.signalwire.fixtures import FixtureState, call
from bot.dev.emulator.slack.workspace import FailNext, PostedMessage, RecordedInteraction
from bot.ui import access_denied, actions, notices
from bot.ui import errors as error_texts
from tests.integration.click_helpers import (
    COLLEAGUE,
    SUPPORT,
    Outage,
    again,
    card,
    drawn,
    labels,
    press,
    public,
)
from tests.integration.harness import NOW, NUMBERS, OpenWorld, Space, World, only

pytestmark = pytest.mark.asyncio(loop_scope="module")

USES = 5
STATUSES = ("ringing", "in-progress")
PASSING = (404, 500, 503, 429)


def live(number: int, status_at: Callable[[float], str]) -> LogFixture:
    """A leg with a status for each number of seconds."""
    id_ = f"11fe0000-0000-4000-8000-0000000001{number:02}"

    def at(seconds: float) -> FixtureState:
        return FixtureState(call(id_, NOW, status=status_at(seconds), charge=0, billing_ms=None))

    return LogFixture(id_, "a leg that goes on", at(0).body, timeline=at)


def endless(number: int) -> LogFixture:
    return live(number, lambda _seconds: "in-progress")


RESTLESS = live(
    50, lambda seconds: "completed" if seconds >= 100 else STATUSES[int(seconds // 5) % 2]
)
ENDLESS = [endless(number) for number in range(5)]


def notes(exchange: RecordedInteraction) -> list[str]:
    """The small print with which each message said what becomes of the following."""
    return [message.text.splitlines()[-2] for message in exchange.accepted]


def headlines(exchange: RecordedInteraction) -> list[str]:
    return [message.text.splitlines()[0] for message in exchange.accepted]


async def follow(
    world: World, message: PostedMessage, user_id: str = SUPPORT
) -> RecordedInteraction:
    """Press Follow and wait until the card says that it is followed; it goes on from there."""
    clicked = await world.slack.click(message, actions.FOLLOW, user_id=user_id)
    assert clicked.failed is None
    await clicked.wait_for_message()
    return clicked


def outcome(world: World, **who: str) -> dict[str, object]:
    (line,) = world.log.lines("follow.ended", **who)
    return {name: line[name] for name in ("outcome", "polls", "seconds")}


async def test_a_live_call_is_followed_to_its_end(open_world: OpenWorld) -> None:
    world = await open_world()
    origin, before = await card(world, LIVE)
    clicked = await press(world, before, actions.FOLLOW)

    assert headlines(clicked) == snapshot(
        ["Queued · not started yet", "In progress · live", "Completed · 1 min 00 s"]
    )
    assert {message.ts for message in clicked.accepted} == {before.ts}
    assert clicked.uses <= USES
    assert only(origin) == only(clicked)
    assert outcome(world) == {"outcome": "over", "polls": 13, "seconds": 65}


async def test_the_card_while_it_is_followed(open_world: OpenWorld) -> None:
    world = await open_world()
    _, before = await card(world, LIVE)
    clicked = await press(world, before, actions.FOLLOW)

    assert drawn(clicked.accepted[0]) == snapshot("""\
┃ 🕓 Queued · not started yet
┃
┃ From                                  To
┃ +1 206-555-0100                       +1 206-555-0101
┃ Charge so far (this leg)
┃ $0.00
┃
┃ Outbound (API) · Phone call (RELAY) · Realtime API
┃
┃ Started
┃ 2026-11-02 15:30:00 UTC
┃
┃ This leg hasn't started. Its duration and charge may still change.
┃
┃ Voice log id 11fe0000-0000-4000-8000-000000000001
┃
┃ [ Details ]  [ Refresh ]  [ Share ]  [ ⋯ ]
┃
┃ Following: this card updates when the call's status changes, for up to half an hour.
┃
┃ Updated 2026-11-02 15:30:00 UTC\
""")


async def test_the_card_when_the_call_is_over(open_world: OpenWorld) -> None:
    world = await open_world()
    origin, before = await card(world, LIVE)
    await press(world, before, actions.FOLLOW)

    assert drawn(only(origin)) == snapshot("""\
┃ ✅ Completed · 1 min 00 s
┃
┃ From                                  To
┃ +1 206-555-0100                       +1 206-555-0101
┃ Charge (this leg)
┃ $0.0115
┃
┃ Outbound (API) · Phone call (RELAY) · Realtime API
┃
┃ Started                               Duration
┃ 2026-11-02 15:30:00 UTC               1 min 00 s (60000 ms)
┃ Billed time
┃ 1 min 00 s (60000 ms)
┃
┃ Voice log id 11fe0000-0000-4000-8000-000000000001
┃
┃ [ Details ]  [ Refresh ]  [ Share ]  [ ⋯ ]
┃
┃ The call has ended, so this card no longer updates.
┃
┃ Updated 2026-11-02 15:31:05 UTC\
""")


async def test_a_leg_that_changes_all_the_time_leaves_room_for_its_end(
    open_world: OpenWorld,
) -> None:
    world = await open_world(Space(entries=[RESTLESS]))
    origin, before = await card(world, RESTLESS.id)
    clicked = await press(world, before, actions.FOLLOW)

    assert clicked.uses <= USES
    assert all(post.status == 200 for post in clicked.posts)
    assert only(origin).text.startswith("Completed")
    assert notices.FOLLOWING_ENDED in only(origin).text
    assert outcome(world)["outcome"] == "over"


async def test_a_card_that_will_not_change_again_before_the_end_does_not_say_it_will(
    open_world: OpenWorld,
) -> None:
    world = await open_world(Space(entries=[RESTLESS]))
    _, before = await card(world, RESTLESS.id)
    clicked = await press(world, before, actions.FOLLOW)
    *_, last_before_the_end, _end = notes(clicked)

    assert notices.FOLLOWING not in last_before_the_end


async def test_after_twenty_eight_minutes_it_says_that_it_stopped_and_how_to_go_on(
    open_world: OpenWorld,
) -> None:
    world = await open_world(Space(entries=ENDLESS))
    origin, before = await card(world, ENDLESS[0].id)
    clicked = await press(world, before, actions.FOLLOW)
    stopped = only(origin)

    assert outcome(world) == {"outcome": "half_an_hour", "polls": 335, "seconds": 1680}
    assert notes(clicked)[-1] == snapshot(
        "Following stopped: Slack allows updates for half an hour only. Press Follow to resume."
    )
    assert "Follow" in labels(stopped)
    assert stopped.text.startswith("In progress · live")
    gone_on = await follow_and_give_up(world, stopped)
    assert notes(gone_on)[0].startswith("Following: ")


async def follow_and_give_up(world: World, message: PostedMessage) -> RecordedInteraction:
    """Follow, but only until Slack refuses the next message."""
    world.time.close()
    clicked = await follow(world, message)
    world.time.moment += timedelta(minutes=31)
    world.time.open()
    await world.idle()
    return clicked


async def test_an_expired_response_url_ends_it_with_an_error_line(open_world: OpenWorld) -> None:
    world = await open_world(Space(entries=ENDLESS))
    _, before = await card(world, ENDLESS[0].id)
    clicked = await follow_and_give_up(world, before)

    assert [post.answer for post in clicked.posts] == ["ok", "expired_url"]
    assert world.log.lines("reply.failed", reason="404 expired_url")
    assert len(world.bot.tasks) == 0


@pytest.mark.parametrize("status", PASSING)
async def test_a_short_outage_goes_unnoticed(open_world: OpenWorld, status: int) -> None:
    outage = Outage()
    world = await open_world(Space(front=outage))
    origin, before = await card(world, LIVE)
    world.time.close()
    clicked = await follow(world, before)
    outage.begin(status, 4 if status in {404, 500} else 4 * 3)
    world.time.open()
    await world.idle()

    assert outcome(world)["outcome"] == "over"
    assert notices.FOLLOWING_ENDED in only(origin).text
    assert not any("stopped" in note for note in notes(clicked))


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (404, error_texts.NOT_FOUND),
        (500, error_texts.UNAVAILABLE),
        (503, error_texts.UNAVAILABLE),
        (429, error_texts.RATE_LIMITED),
    ],
)
async def test_a_long_outage_is_said_and_ends_it(
    open_world: OpenWorld, status: int, why: error_texts.ErrorText
) -> None:
    outage = Outage()
    world = await open_world(Space(front=outage))
    origin, before = await card(world, LIVE)
    world.time.close()
    clicked = await follow(world, before)
    outage.begin(status, 1000)
    world.time.open()
    await world.idle()

    assert outcome(world) == {"outcome": "trouble", "polls": 5, "seconds": 25}
    assert notes(clicked)[-1] == notices.stopped_following(notices.stopped_for(why))
    assert only(origin).text.startswith("Queued")
    assert "Follow" in labels(only(origin))


@pytest.mark.parametrize("status", [401, 403, 422])
async def test_what_will_not_pass_ends_it_at_once(open_world: OpenWorld, status: int) -> None:
    outage = Outage()
    world = await open_world(Space(front=outage))
    origin, before = await card(world, LIVE)
    world.time.close()
    await follow(world, before)
    outage.begin(status, 1)
    world.time.open()
    await world.idle()

    assert outcome(world) == {"outcome": "trouble", "polls": 1, "seconds": 5}
    assert "Following stopped: SignalWire re" in only(origin).text


async def test_outages_that_are_apart_are_not_added_up(open_world: OpenWorld) -> None:
    class Flickering(Outage):
        """Down for four polls of five."""

        def __call__(self, app: ASGIApp) -> ASGIApp:
            inner, seen = super().__call__(app), 0

            async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
                nonlocal seen
                if scope.get("path", "").endswith(LIVE):
                    seen += 1
                    if seen > 2 and seen % 5:
                        self.begin(500, 1)
                await inner(scope, receive, send)

            return wrapped

    world = await open_world(Space(front=Flickering()))
    _, before = await card(world, LIVE)
    await press(world, before, actions.FOLLOW)

    assert outcome(world)["outcome"] == "over"


async def test_a_stop_is_said_on_the_card_and_takes_no_time(open_world: OpenWorld) -> None:
    world = await open_world(environment={"DRAIN_SECONDS": "30"})
    origin, before = await card(world, LIVE)
    world.time.close()
    clicked = await follow(world, before)
    async with asyncio.timeout(5):
        await world.stop()

    assert notes(clicked)[-1] == "Following stopped: the bot is restarting. Press Follow to resume."
    assert only(origin) == only(clicked)
    assert "Follow" in labels(only(origin))
    assert outcome(world)["outcome"] == "restart"
    assert not world.log.lines("stop.lost")


async def test_a_stop_while_signalwire_takes_its_time_is_said_on_the_card_too(
    open_world: OpenWorld,
) -> None:
    polled = asyncio.Event()

    def telling(app: ASGIApp) -> ASGIApp:
        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            if scope.get("path", "").endswith(LIVE):
                polled.set()
            await app(scope, receive, send)

        return wrapped

    world = await open_world(Space(front=telling), environment={"DRAIN_SECONDS": "0"})
    origin, before = await card(world, LIVE)
    world.time.close()
    await follow(world, before)
    polled.clear()
    world.hold_answers()
    world.time.open()
    await polled.wait()
    await world.stop()

    assert "Following stopped: the bot is restarting." in only(origin).text
    assert world.log.lines("follow.ended", outcome="restart")


async def test_a_clock_that_is_set_back_doesnt_keep_a_card_following(
    open_world: OpenWorld,
) -> None:
    world = await open_world(Space(entries=ENDLESS))
    origin, before = await card(world, ENDLESS[0].id)
    world.time.close()
    await follow(world, before)
    world.time.moment -= timedelta(days=30)
    world.time.open()
    await world.idle()

    assert outcome(world)["outcome"] == "half_an_hour"
    assert "Following stopped: " in only(origin).text
    assert "Follow" in labels(only(origin))


async def test_following_the_same_leg_twice_is_told(open_world: OpenWorld) -> None:
    world = await open_world()
    origin, before = await card(world, LIVE)
    world.time.close()
    await follow(world, before)
    followed = only(origin)
    # As a client would that hasn't heard of the followed card yet.
    second = await world.slack.click(before, actions.FOLLOW)
    told = await second.wait_for_message()

    assert only(origin) == followed
    assert told.text.startswith(f"{notices.ALREADY_FOLLOWING}.")
    world.time.open()
    await world.idle()
    assert notices.FOLLOWING_ENDED in only(origin).text
    assert second.uses == 1


async def test_another_person_may_follow_the_same_leg(open_world: OpenWorld) -> None:
    world = await open_world()
    mine, my_card = await card(world, LIVE)
    theirs, their_card = await card(world, LIVE, user_id=COLLEAGUE)
    world.time.close()
    await follow(world, my_card)
    await follow(world, their_card, user_id=COLLEAGUE)
    world.time.open()
    await world.idle()

    for origin in (mine, theirs):
        assert notices.FOLLOWING_ENDED in only(origin).text
    assert len(world.log.lines("follow.ended", outcome="over")) == 2


async def test_one_person_may_follow_three_legs(open_world: OpenWorld) -> None:
    world = await open_world(Space(entries=ENDLESS))
    cards = [(await card(world, entry.id))[1] for entry in ENDLESS[:4]]
    _, their_card = await card(world, ENDLESS[3].id, user_id=COLLEAGUE)
    world.time.close()
    for message in cards[:3]:
        await follow(world, message)
    fourth = await world.slack.click(cards[3], actions.FOLLOW)
    told = await fourth.wait_for_message()
    theirs = await follow(world, their_card, user_id=COLLEAGUE)

    assert told.text.startswith(notices.FOLLOW_LIMIT_REACHED.format(limit=3))
    assert notes(theirs)[0].startswith("Following: ")
    await world.stop()


async def test_who_has_stopped_following_may_follow_again(open_world: OpenWorld) -> None:
    world = await open_world(Space(entries=ENDLESS))
    for _ in range(4):
        _, message = await card(world, ENDLESS[0].id)
        clicked = await follow_and_give_up(world, message)
        assert notes(clicked)[0].startswith("Following: ")


@pytest.mark.parametrize("word", ["used_url", "expired_url"])
async def test_a_refused_message_ends_the_polling(open_world: OpenWorld, word: str) -> None:
    world = await open_world()
    _, before = await card(world, LIVE)
    world.time.close()
    await follow(world, before)
    world.slack.fail_next = [FailNext(404, word)]
    world.time.open()
    await world.idle()

    assert outcome(world) == {"outcome": "lost", "polls": 1, "seconds": 5}
    assert world.log.lines("reply.failed", reason=f"404 {word}")


async def test_a_passing_trouble_of_slacks_at_the_start_is_overcome_or_told(
    open_world: OpenWorld,
) -> None:
    world = await open_world()
    _, before = await card(world, LIVE)
    world.slack.fail_next = [FailNext(503)]
    clicked = await press(world, before, actions.FOLLOW)

    assert clicked.accepted != []


async def test_a_passing_trouble_of_slacks_on_the_way_does_not_end_it_in_silence(
    open_world: OpenWorld,
) -> None:
    world = await open_world()
    origin, before = await card(world, LIVE)
    world.time.close()
    await follow(world, before)
    world.slack.fail_next = [FailNext(503)]
    world.time.open()
    await world.idle()

    assert "Following: " not in only(origin).text


async def test_a_passing_trouble_of_slacks_at_the_end_is_overcome(open_world: OpenWorld) -> None:
    world = await open_world(Space(entries=[live(60, _soon_over)]))
    origin, before = await card(world, live(60, _soon_over).id)
    world.time.close()
    await follow(world, before)
    world.slack.fail_next = [FailNext(503)]
    world.time.open()
    await world.idle()

    assert notices.FOLLOWING_ENDED in only(origin).text


def _soon_over(seconds: float) -> str:
    return "completed" if seconds >= 5 else "in-progress"


async def test_a_leg_that_is_over_by_then_gets_its_final_card(open_world: OpenWorld) -> None:
    world = await open_world()
    origin, before = await card(world, LIVE)
    world.time.moment += timedelta(seconds=70)
    clicked = await press(world, before, actions.FOLLOW)

    assert len(clicked.posts) == 1
    assert only(origin).text.startswith("Completed · 1 min 00 s")
    assert notices.FOLLOWING_ENDED in only(origin).text
    assert labels(only(origin)) == ["Details", "Refresh", "Share", "Legs of the call"]
    assert outcome(world) == {"outcome": "over", "polls": 0, "seconds": 0}


async def test_a_log_that_is_gone_by_then_is_told_and_the_card_stays(
    open_world: OpenWorld,
) -> None:
    outage = Outage()
    world = await open_world(Space(front=outage))
    origin, before = await card(world, LIVE)
    outage.begin(404, 1)
    told = only(await press(world, before, actions.FOLLOW))

    assert told.text.startswith(error_texts.NOT_FOUND.title)
    assert only(origin) == before
    assert not world.log.lines("follow.ended")


async def test_a_click_that_is_delivered_twice_follows_once(open_world: OpenWorld) -> None:
    world = await open_world()
    origin, before = await card(world, LIVE)
    world.time.close()
    clicked = await follow(world, before)
    await world.slack.redeliver(clicked)
    world.time.open()
    await world.idle()
    await again(world, clicked)

    assert len(world.log.lines("follow.ended")) == 1
    assert only(clicked) == only(origin)


async def test_whoever_may_not_is_told_and_nothing_is_followed(open_world: OpenWorld) -> None:
    world = await open_world(environment={"ALLOWED_USERS": "U0SUPPORT"})
    origin, before = await card(world, LIVE)
    told = only(await press(world, before, actions.FOLLOW, user_id=COLLEAGUE))

    assert told.text.startswith(access_denied.TITLE)
    assert only(origin) == before
    assert world.log.lines("follow.refused", user=COLLEAGUE, ids=[LIVE])
    assert not world.log.lines("follow.ended")


async def test_following_leaves_two_audit_lines_however_often_it_polled(
    open_world: OpenWorld,
) -> None:
    world = await open_world()
    _, before = await card(world, LIVE, channel_id="C0DESK")
    await press(world, before, actions.FOLLOW)
    who = {"user": "U0SUPPORT", "team": "T0ACME", "channel": "C0DESK", "id": LIVE}
    (begun,) = world.log.lines("follow.done")
    (ended,) = world.log.lines("follow.ended")

    assert (begun | who, ended | who) == (begun, ended)
    assert {*ended} - {*who} == {
        *("outcome", "polls", "seconds", "ref", "event", "level", "timestamp")
    }
    assert len(world.log.lines("lookup.done")) == 1


async def test_a_followed_card_can_be_shared_on_the_way_and_stays_private(
    open_world: OpenWorld,
) -> None:
    world = await open_world()
    origin, before = await card(world, LIVE)
    world.time.close()
    await follow(world, before)
    sharing = await world.slack.click(only(origin), actions.SHARE)
    await sharing.wait_for_message(count=2)
    world.time.open()
    await world.idle()

    assert only(origin).response_type == "ephemeral"
    assert notices.FOLLOWING_ENDED in only(origin).text
    assert public(sharing).text.startswith("Queued")


async def test_numbers_are_masked_in_every_change_where_they_always_are(
    open_world: OpenWorld,
) -> None:
    world = await open_world(environment={"MASK_NUMBERS": "always"})
    _, before = await card(world, LIVE)
    clicked = await press(world, before, actions.FOLLOW)
    digits = json.dumps([post.body for post in clicked.posts])

    assert "•" in digits or "\\u2022" in digits
    assert not any(number.removeprefix("+1") in digits for number in NUMBERS)
    assert "206-555" not in digits
    assert "206 555" not in digits


async def test_the_thread_of_a_followed_card_is_kept(open_world: OpenWorld) -> None:
    world = await open_world()
    message = {"text": LIVE, "ts": "1795000002.000200", "thread_ts": "1795000001.000100"}
    asked = await world.use_shortcut({**message})
    await press(world, only(asked), actions.FOLLOW)

    sharing = await press(world, only(asked), actions.SHARE)
    assert public(sharing).thread_ts == "1795000001.000100"
