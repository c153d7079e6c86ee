"""The sign of life when an answer takes its time."""

import pytest

from bot.dev.emulator.slack.workspace import FailNext
from bot.ui import errors as error_texts
from tests.integration.harness import DOCUMENTED, OpenWorld, World, below_the_wait, only

pytestmark = pytest.mark.asyncio(loop_scope="module")

OTHER = "ca110000-0000-4000-8000-000000000002"


async def test_a_slow_answer_stands_below_the_one_word_that_it_is_slow(restless: World) -> None:
    restless.hold_answers()
    exchange = await restless.slack.command(DOCUMENTED)
    word = await exchange.wait_for_message()

    assert word.text == "SignalWire is responding slowly; the log will appear here."
    restless.release_answers()
    await restless.idle()
    assert below_the_wait(exchange).text.startswith("Completed · 9 s")
    assert exchange.messages[0] == word


@pytest.mark.parametrize("way", ["command", "shortcut", "find", "recent"])
async def test_nothing_relies_on_replacing_what_no_click_was_on(way: str, restless: World) -> None:
    restless.hold_answers()
    exchange = await {
        "command": lambda: restless.slack.command(DOCUMENTED),
        "shortcut": lambda: restless.slack.message_shortcut({"text": DOCUMENTED}),
        "find": lambda: restless.slack.command("find inbound"),
        "recent": lambda: restless.slack.command("recent 3"),
    }[way]()
    await exchange.wait_for_message()
    restless.release_answers()
    await restless.idle()

    below_the_wait(exchange)
    replaces = [posted.payload["replace_original"] for posted in exchange.accepted]
    assert replaces == [False, False]


async def test_the_audit_line_of_a_slow_answer_says_how_long_it_took(restless: World) -> None:
    restless.hold_answers()
    exchange = await restless.slack.command(DOCUMENTED, user_id="U0PATIENT")
    await exchange.wait_for_message()
    restless.release_answers()
    await restless.idle()

    (line,) = restless.log.lines("lookup.done", user="U0PATIENT")
    assert isinstance(line["duration_ms"], int)
    assert line["duration_ms"] >= 9


async def test_of_several_slow_answers_it_is_said_that_they_will_follow(restless: World) -> None:
    restless.hold_answers()
    exchange = await restless.slack.command(f"{DOCUMENTED} {OTHER}")
    word = await exchange.wait_for_message()

    assert word.text == "SignalWire is responding slowly; the logs will appear here."
    restless.release_answers()
    await restless.idle()
    assert below_the_wait(exchange).text.startswith("2 of 2 voice logs found")


async def test_a_failure_stands_below_the_word_too(restless: World) -> None:
    restless.hold_answers()
    exchange = await restless.slack.command("fa170404-0000-4000-8000-000000000000")
    await exchange.wait_for_message()
    restless.release_answers()
    await restless.idle()

    assert below_the_wait(exchange).text.startswith(error_texts.NOT_FOUND.title)


async def test_a_fast_answer_is_one_post_that_replaces_nothing(open_world: OpenWorld) -> None:
    world = await open_world(progress_after=5)
    exchange = await world.type(DOCUMENTED)

    (post,) = exchange.posts
    assert post.posted is not None
    assert post.posted.payload["replace_original"] is False
    assert only(exchange).text.startswith("Completed · 9 s")


async def test_a_word_that_slack_refuses_does_not_cost_the_card(
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
