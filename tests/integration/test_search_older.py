"""Long searches: continued further back, over many logs and projects, and despite errors."""

import re

import pytest

from bot.dev.emulator.slack.workspace import FailNext
from bot.ui import actions
from tests.integration.harness import (
    OpenWorld,
    Project,
    last_message,
    only,
    request_id_in,
)
from tests.integration.intercept import LIST_ONLY, Interceptor
from tests.integration.sample_logs import WANTED_AS_TYPED, log_id, log_ids, sample_logs
from tests.integration.user_actions import (
    assert_slack_stores_no_number,
    sealed,
    search_older,
)
from tests.support import texts
from tests.support.reading import button_labels, row_ids, values_of, with_value

SOON = 0.01


async def test_search_is_continued_without_gap_or_duplicate(open_world: OpenWorld) -> None:
    # Seven logs a minute: most pages end between logs with the same time.
    entries = sample_logs(250, per_minute=7)
    world = await open_world(Project(entries=entries))
    messages = [await world.ask("find inbound")]
    while texts.SEARCH_OLDER in button_labels(messages[-1]):
        messages.append(await search_older(world, messages[-1]))

    oldest_first = sorted(entries, key=lambda entry: (str(entry.body["created_at"]), entry.id))
    seen = [one for message in messages for one in row_ids(message)]
    assert seen == [entry.id for entry in reversed(oldest_first)]
    assert [len(row_ids(one)) for one in messages] == [20] * 12 + [10]
    on_screen = [one for each in world.slack.interactions for one in each.messages]
    assert [one.ts for one in on_screen] == [one.ts for one in messages], "earlier results stay"


async def test_recent_is_continued_with_the_same_count(open_world: OpenWorld) -> None:
    world = await open_world(Project(entries=sample_logs(50)))
    message = await search_older(world, await world.ask("recent 3"))

    assert row_ids(message) == log_ids([3, 4, 5])


async def test_search_is_continued_with_the_same_query(open_world: OpenWorld) -> None:
    world = await open_world(Project(entries=sample_logs(300, wanted=range(0, 300, 7))))
    message = await world.ask(f"find {WANTED_AS_TYPED} 4h inbound")
    older = await search_older(world, message)

    assert row_ids(message) == log_ids(range(0, 140, 7))
    assert row_ids(older) == log_ids(range(140, 240, 7)), "four hours are 240 logs"
    assert_slack_stores_no_number(world)


async def test_slow_continuation_posts_the_notice_beside_the_results(
    open_world: OpenWorld,
) -> None:
    pages = Interceptor(LIST_ONLY)
    world = await open_world(
        Project(entries=sample_logs(50), middleware=pages), progress_after=SOON
    )
    message = last_message(await world.type("find inbound"))
    pages.hold()
    clicked = await world.slack.click(message, actions.SEARCH_OLDER)
    await clicked.wait_for_message()
    pages.release()
    await world.idle()

    notice, older = clicked.accepted
    assert notice.text == texts.SLOW_CALLS
    assert row_ids(older) == log_ids(range(20, 40))
    assert [one.payload["replace_original"] for one in clicked.accepted] == [False, False]
    assert message in world.slack.messages.of(world.slack.interactions[-2].token)


async def test_response_url_is_used_at_most_five_times(open_world: OpenWorld) -> None:
    pages = Interceptor(LIST_ONLY).hold()
    world = await open_world(
        Project(entries=sample_logs(50), middleware=pages), progress_after=SOON
    )
    world.slack.fail_next = [FailNext(500)] * 3
    interaction = await world.slack.command("find inbound")
    await world.log.line("reply.failed")
    pages.release()
    await world.idle()

    assert [post.status for post in interaction.posts] == [500, 500, 500, 200]
    assert row_ids(only(interaction)) == log_ids(range(20))


async def test_results_before_an_error_are_shown(open_world: OpenWorld) -> None:
    pages = Interceptor(LIST_ONLY).fail(503, after=2)
    world = await open_world(
        Project(entries=sample_logs(700, wanted=[5, 250, 600]), middleware=pages)
    )
    message = await world.ask(f"find {WANTED_AS_TYPED}")
    scanned, error, _request_id = message.text.splitlines()[-3:]

    assert row_ids(message) == log_ids([5, 250])
    assert re.search(r"400 logs.* 2026-11-02 08:50:00 UTC", scanned)
    assert texts.server_error(503) in error
    ref = request_id_in(message)
    assert world.log.lines("search.done", outcome="unavailable", found=2, request_id=ref)
    pages.recover()
    assert row_ids(await search_older(world, message)) == [log_id(600)]


@pytest.mark.parametrize(
    ("status", "title"),
    [
        (404, texts.NO_LIST),
        (503, texts.server_error(503)),
    ],
)
async def test_error_on_the_first_page(open_world: OpenWorld, status: int, title: str) -> None:
    pages = Interceptor(LIST_ONLY).fail(status)
    world = await open_world(Project(entries=sample_logs(5), middleware=pages))
    message = await world.ask(f"find {WANTED_AS_TYPED}")

    assert message.text.startswith(f"{title}.")
    # The hint must not be about an ID: a search has none.
    assert "ID" not in re.findall(r"\w+", message.text.replace("project ID", ""))


@pytest.mark.parametrize("all_fail", [False, True])
async def test_failing_projects(open_world: OpenWorld, *, all_fail: bool) -> None:
    south = Interceptor(LIST_ONLY)
    if all_fail:
        south.fail(503)
    world = await open_world(
        Project("north", entries=sample_logs(5), token_is_wrong=True),
        Project("south", entries=sample_logs(3), middleware=south),
    )
    message = await world.ask("find inbound")

    assert row_ids(message) == log_ids(range(0 if all_fail else 3))
    if all_fail:
        assert f"• {texts.UNAUTHORIZED}: north" in message.text
        assert f"• {texts.server_error(503)}: south" in message.text
    else:
        assert f"SignalWire north: {texts.UNAUTHORIZED}." in message.text
    assert request_id_in(message)


@pytest.mark.parametrize(
    "value",
    [
        *("x", "x - - 20", "2026-11-02T15:00:00 - - 20", "2026-11-02T15:00:00+00:00"),
        *("2026-11-02T15:00:00+00:00 - - 20 bob", "2026-11-02T15:00:00+00:00 - - 2065550134"),
        *("9999-12-31T23:59:59+00:00 - - 21", "   ", "- - - -", "\u0660-\u0661 - - 20"),
    ],
)
async def test_value_of_another_version_has_expired(open_world: OpenWorld, value: str) -> None:
    world = await open_world(Project(entries=sample_logs(50)))
    message = await world.ask("find inbound")
    (held,) = values_of(message, actions.SEARCH_OLDER)
    for other in (value, sealed(value)):
        clicked = await world.slack.click(with_value(message, held, other), actions.SEARCH_OLDER)
        await world.idle()

        assert only(clicked).text.startswith(f"{texts.SEARCH_EXPIRED}.")
    assert not world.log.lines(level="error")
