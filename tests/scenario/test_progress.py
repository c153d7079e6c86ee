"""The sign of life when an answer takes its time."""

import pytest

from bot.sandbox.slack import FailNext

from .world import DOCUMENTED, OpenWorld, World, only

pytestmark = pytest.mark.asyncio(loop_scope="module")

OTHER = "ca110000-0000-4000-8000-000000000002"


async def test_a_slow_answer_is_announced_and_then_takes_the_announcements_place(
    restless: World,
) -> None:
    restless.hold_answers()
    exchange = await restless.slack.command(DOCUMENTED)
    sign = await exchange.wait_for_message()

    assert sign.text == "Looking up…"
    assert sign.response_type == "ephemeral"
    restless.release_answers()
    await restless.idle()
    assert only(exchange).text.startswith("Completed · 9 s")
    assert [post.posted.payload["replace_original"] for post in exchange.posts if post.posted] == [
        False,
        True,
    ]


async def test_the_audit_line_of_a_slow_answer_says_how_long_it_took(restless: World) -> None:
    restless.hold_answers()
    exchange = await restless.slack.command(DOCUMENTED, user_id="U0PATIENT")
    await exchange.wait_for_message()
    restless.release_answers()
    await restless.idle()

    (line,) = restless.log.lines("lookup.done", user="U0PATIENT")
    assert isinstance(line["ms"], int)
    assert line["ms"] >= 9


async def test_several_slow_answers_are_announced_with_their_number(restless: World) -> None:
    restless.hold_answers()
    exchange = await restless.slack.command(f"{DOCUMENTED} {OTHER}")

    assert (await exchange.wait_for_message()).text == "Looking up 2 voice logs…"
    restless.release_answers()
    await restless.idle()
    assert only(exchange).text.startswith("2 of 2 voice logs found")


async def test_the_card_arrives_even_where_slack_does_not_replace(open_world: OpenWorld) -> None:
    world = await open_world(progress_after=0.01, replaces_own_posts=False)
    world.hold_answers()
    exchange = await world.slack.command(DOCUMENTED)
    await exchange.wait_for_message()
    world.release_answers()
    await world.idle()

    first, last = exchange.messages
    assert first.text == "Looking up…"
    assert last.text.startswith("Completed · 9 s")


async def test_a_failure_takes_the_announcements_place_too(restless: World) -> None:
    restless.hold_answers()
    exchange = await restless.slack.command("fa170404-0000-4000-8000-000000000000")
    await exchange.wait_for_message()
    restless.release_answers()
    await restless.idle()

    assert only(exchange).text.startswith("No such voice log.")


async def test_a_fast_answer_is_one_post_that_replaces_nothing(open_world: OpenWorld) -> None:
    world = await open_world(progress_after=5)
    exchange = await world.type(DOCUMENTED)

    (post,) = exchange.posts
    assert post.posted is not None
    assert post.posted.payload["replace_original"] is False
    assert only(exchange).text.startswith("Completed · 9 s")


async def test_an_announcement_that_slack_refuses_does_not_cost_the_card(
    restless: World,
) -> None:
    restless.hold_answers()
    restless.slack.fail_next = [FailNext(500)]
    exchange = await restless.slack.command(DOCUMENTED)
    await restless.log.line("reply.failed", reason="500")
    restless.release_answers()
    await restless.idle()

    assert [post.status for post in exchange.posts] == [500, 200]
    message = only(exchange)
    assert message.text.startswith("Completed · 9 s")
    assert message.payload["replace_original"] is False
