"""Searches that go far: further back, over many logs and projects, and past what goes wrong."""

import asyncio
import functools
import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from inline_snapshot import snapshot
from pydantic import JsonValue
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bot.dev.emulator.signalwire.catalogue import LogFixture
from bot.dev.emulator.signalwire.fixtures import call
from bot.dev.emulator.slack.workspace import FailNext
from bot.ui import actions
from tests.integration.harness import NOW, OpenWorld, Space, below_the_wait, only, reference_in
from tests.integration.search_helpers import (
    FURTHER,
    WRITTEN,
    Pages,
    assert_no_number_is_kept_by_slack,
    further,
    labels,
    listed,
    lists_asked,
    log_id,
    many,
    sealed,
    with_next,
    with_value,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

SOON = 0.01
WAIT = "SignalWire is slow to answer; the calls will follow here."


@functools.cache
def over_ten_thousand() -> tuple[LogFixture, ...]:
    """Two hundred more than one search may look at."""
    return (*many(10_200, wanted=[0, 3_333, 9_999, 10_150]),)


async def test_looking_further_back_goes_on_without_gap_or_duplicate_to_the_end(
    open_world: OpenWorld,
) -> None:
    # Seven in the same minute, so that most lists end between logs of the same time.
    entries = many(250, a_minute=7)
    world = await open_world(Space(entries=entries))
    message = await world.answer("find inbound")
    messages = [message]
    while FURTHER in labels(message.blocks):
        message = await further(world, message)
        messages.append(message)
    seen = [one for message in messages for one in listed(message.blocks)]

    newest_first = sorted(entries, key=lambda entry: (str(entry.body["created_at"]), entry.id))
    assert seen == [entry.id for entry in reversed(newest_first)]
    assert [len(listed(one.blocks)) for one in messages] == [20] * 12 + [10]
    # Each is a message of its own: the lists before it stay.
    on_screen = [one for each in world.slack.exchanges for one in each.messages]
    assert [one.ts for one in on_screen] == [one.ts for one in messages]
    assert "that is all there is" in message.text


async def test_recent_goes_on_with_as_many_as_it_began_with(open_world: OpenWorld) -> None:
    world = await open_world(Space(entries=many(50)))
    message = await further(world, await world.answer("recent 3"))

    assert listed(message.blocks) == [log_id(number) for number in (3, 4, 5)]


async def test_looking_further_back_looks_for_the_same(open_world: OpenWorld) -> None:
    world = await open_world(Space(entries=many(300, wanted=range(0, 300, 7))))
    message = await world.answer(f"find {WRITTEN} 4h inbound")
    assert listed(message.blocks) == [log_id(number) for number in range(0, 140, 7)]
    message = await further(world, message)

    # Four hours are 240 minutes, and as many logs.
    assert listed(message.blocks) == [log_id(number) for number in range(140, 240, 7)]
    assert "that is all since" in message.text
    assert_no_number_is_kept_by_slack(world)


async def test_a_click_on_look_further_back_counts_once(open_world: OpenWorld) -> None:
    world = await open_world(Space(entries=many(50)))
    message = await world.answer("find inbound")
    clicked = await world.slack.click(message, actions.SEARCH_OLDER)
    again = await world.slack.redeliver(clicked)
    await world.idle()

    assert (again.ack_status, again.failed) == (200, None)
    assert len(clicked.posts) == 1
    assert len(world.log.lines("search.done")) == 2


async def test_ten_thousand_logs_are_searched_in_bounded_requests(open_world: OpenWorld) -> None:
    world = await open_world(Space(entries=over_ten_thousand()), progress_after=SOON)
    exchange = await world.type(f"find {WRITTEN}")
    message = below_the_wait(exchange)

    assert lists_asked(world) == 50
    sizes = {request.query.get("page_size") for request in world.signalwire.requests}
    assert sizes == {"1", "200"}
    assert listed(message.blocks) == [log_id(number) for number in (0, 3_333)]
    assert "Looked at 10,000 logs, back to 2026-10-26 16:50:00 UTC." in message.text
    # The last log that was read: another of its minute might have come before it.
    message = await further(world, message)
    assert listed(message.blocks) == [log_id(number) for number in (9_999, 10_150)]
    assert "that is all there is." in message.text
    assert lists_asked(world) <= 52


async def test_a_long_search_says_once_that_the_calls_will_follow(open_world: OpenWorld) -> None:
    pages = Pages(held_from=3)
    world = await open_world(
        Space(entries=many(700, wanted=[600]), front=pages), progress_after=SOON
    )
    exchange = await world.slack.command(f"find {WRITTEN}")
    word = await exchange.wait_for_message()
    assert word.text == WAIT
    await pages.holding.wait()
    await asyncio.sleep(5 * SOON)
    pages.let_go.set()
    await world.idle()

    assert len(exchange.posts) == 2
    assert below_the_wait(exchange).text.startswith("1 voice log found.")


async def test_looking_further_back_that_is_slow_says_so_beside_the_list(
    open_world: OpenWorld,
) -> None:
    pages = Pages()
    world = await open_world(Space(entries=many(50), front=pages), progress_after=SOON)
    message = await world.answer("find inbound")
    pages.held_from = 1
    clicked = await world.slack.click(message, actions.SEARCH_OLDER)
    await clicked.wait_for_message()
    pages.let_go.set()
    await world.idle()

    assert [posted.text.splitlines()[0] for posted in clicked.accepted] == [
        WAIT,
        "20 voice logs found.",
    ]
    assert [posted.payload["replace_original"] for posted in clicked.accepted] == [False, False]
    assert message in world.slack.screen.of(world.slack.exchanges[-2].token)


async def test_the_five_uses_of_a_response_url_are_never_exceeded(open_world: OpenWorld) -> None:
    pages = Pages(held_from=1)
    world = await open_world(Space(entries=many(50), front=pages), progress_after=SOON)
    world.slack.fail_next = [FailNext(500)] * 3
    exchange = await world.slack.command("find inbound")
    await world.log.line("reply.failed")
    pages.let_go.set()
    await world.idle()

    assert [post.status for post in exchange.posts] == [500, 500, 500, 200]
    assert only(exchange).text.startswith("20 voice logs found.")


async def test_when_signalwire_fails_on_the_way_what_was_found_is_shown_and_why_no_more(
    open_world: OpenWorld,
) -> None:
    pages = Pages(fails_from=3)
    world = await open_world(Space(entries=many(700, wanted=[5, 250, 600]), front=pages))
    message = await world.answer(f"find {WRITTEN}")

    assert listed(message.blocks) == [log_id(5), log_id(250)]
    assert "\n".join(message.text.splitlines()[-3:]) == snapshot("""\
Looked at 400 logs, back to 2026-11-02 08:50:00 UTC.
📡 SignalWire 127.0.0.1: SignalWire isn't answering.
Reference ref0001.\
""")
    assert reference_in(message)
    assert world.log.lines("search.done", outcome="unavailable", found=2, ref=reference_in(message))
    pages.fails_from = None
    assert listed((await further(world, message)).blocks) == [log_id(600)]


@pytest.mark.parametrize("status", [401, 404, 422, 429, 500, 503])
async def test_when_signalwire_fails_at_once_the_person_is_told_what_to_do(
    open_world: OpenWorld, status: int
) -> None:
    world = await open_world(Space(entries=many(5), front=Pages(fails_from=1, status=status)))
    message = await world.answer(f"find {WRITTEN}")
    said = re.sub(r"Reference ref\d+\.", "Reference.", message.text)

    # There is no id in a search: nobody can check one.
    assert "id" not in re.findall(r"\w+", said.replace("project id", ""))
    assert "No such voice log" not in said
    assert said.startswith(
        {
            401: "SignalWire refused the bot's credentials.",
            429: "SignalWire asks to slow down.",
            500: "SignalWire isn't answering.",
            503: "SignalWire isn't answering.",
        }.get(status, "SignalWire")
    )


def leading_to(other: str, page: dict[str, JsonValue]) -> None:
    """Have the link to the next page name another host and path."""
    links = page["links"]
    assert isinstance(links, dict)
    if links.get("next"):
        links["next"] = f"{other}/elsewhere?{urlsplit(str(links['next'])).query}"


async def test_of_a_paging_link_to_another_host_only_the_query_is_followed(
    open_world: OpenWorld,
) -> None:
    visited = list[str]()

    async def elsewhere(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            visited.append(Request(scope).headers.get("authorization", ""))
            await Response('{"links": {}, "data": []}')(scope, receive, send)

    pages = Pages()
    world = await open_world(Space(entries=many(700, wanted=[5, 250]), front=pages))
    other = await world.sandbox.serve(elsewhere)
    pages.rewrite = functools.partial(leading_to, other)
    message = await world.answer(f"find {WRITTEN}")

    assert visited == []
    assert len(pages.asked) == 4
    assert listed(message.blocks) == [log_id(5), log_id(250)]
    assert other not in message.text + world.log.getvalue()


async def test_a_paging_link_to_itself_ends_the_search(open_world: OpenWorld) -> None:
    pages = Pages(rewrite=with_next(lambda links: str(links["self"])))
    world = await open_world(Space(entries=many(700, wanted=[5, 250]), front=pages))
    message = await world.answer(f"find {WRITTEN}")

    assert len(pages.asked) <= 2
    assert listed(message.blocks) == [log_id(5)]
    assert "couldn't be read" in message.text


async def test_several_projects_are_one_list_newest_first(open_world: OpenWorld) -> None:
    entries = many(60)
    world = await open_world(
        Space("north", entries=entries[::3]), Space("south", entries=entries[1::3])
    )
    message = await world.answer("find inbound")
    numbers = [number for number in range(60) if number % 3 != 2]

    assert listed(message.blocks) == [log_id(number) for number in numbers[:20]]
    assert message.text.count("north") == 10
    assert message.text.count("south") == 10
    message = await further(world, message)
    assert listed(message.blocks) == [log_id(number) for number in numbers[20:]]


async def test_a_failing_project_takes_nothing_from_the_others(open_world: OpenWorld) -> None:
    world = await open_world(
        Space("north", entries=many(5), token_is_wrong=True), Space("south", entries=many(3))
    )
    message = await world.answer("find inbound")

    assert listed(message.blocks) == [log_id(number) for number in range(3)]
    assert "SignalWire north: SignalWire refused the bot's credentials." in message.text


async def test_if_all_projects_fail_each_ones_answer_is_told(open_world: OpenWorld) -> None:
    world = await open_world(
        Space("north", token_is_wrong=True), Space("south", front=Pages(fails_from=1))
    )
    message = await world.answer("find inbound")

    assert "• SignalWire refused the bot's credentials: north" in message.text
    assert "• SignalWire isn't answering: south" in message.text
    assert reference_in(message)


async def test_a_stop_in_the_middle_is_told(open_world: OpenWorld) -> None:
    world = await open_world(environment={"DRAIN_SECONDS": "0"})
    world.hold_answers()
    exchange = await world.slack.command(f"find {WRITTEN}")
    await world.stop()

    message = only(exchange)
    assert message.text.startswith("The bot is restarting.")
    (line,) = world.log.lines("search.done", ref=reference_in(message))
    assert line["outcome"] == "interrupted"
    assert not world.log.lines("stop.lost")


async def test_a_search_that_comes_while_stopping_is_told_so(open_world: OpenWorld) -> None:
    world = await open_world()
    await world.bot.tasks.drain(0)
    message = only(await world.slack.command(f"find {WRITTEN}"))

    assert message.text.startswith("The bot is restarting.")
    assert lists_asked(world) == 0


@pytest.mark.parametrize("asked", [f"find {WRITTEN}", "find inbound", "recent 20"])
async def test_a_search_goes_no_further_after_a_day_and_says_so(
    open_world: OpenWorld, asked: str
) -> None:
    world = await open_world(Space(entries=many(50, wanted=range(40))))
    message = await world.answer(asked)
    world.time.moment += timedelta(days=1, seconds=1)
    clicked = await world.slack.click(message, actions.SEARCH_OLDER)
    await world.idle()

    assert re.sub(r"ref\d+", "ref", only(clicked).text) == snapshot("""\
This search has expired.
The buttons of a search work for a day.
Run the command again.
Reference ref.\
""")
    assert world.log.lines("search.expired", ref=reference_in(only(clicked)))
    assert message in world.slack.screen.of(world.slack.exchanges[-2].token)
    assert lists_asked(world) == 1


@pytest.mark.parametrize(
    "value",
    [
        *("x", "x - - 20", "2026-11-02T15:00:00 - - 20", "2026-11-02T15:00:00+00:00"),
        *("2026-11-02T15:00:00+00:00 - - 20 bob", "2026-11-02T15:00:00+00:00 - - 2065550134"),
        *("9999-12-31T23:59:59+00:00 - - 21", "   ", "- - - -", "\u0660-\u0661 - - 20"),
    ],
)
async def test_a_value_of_another_version_is_told_to_have_expired(
    open_world: OpenWorld, value: str
) -> None:
    world = await open_world(Space(entries=many(50)))
    message = await world.answer("find inbound")
    for held in (value, sealed(value)):
        old = with_value(message, listed(message.blocks, actions.SEARCH_OLDER)[0], held)
        clicked = await world.slack.click(old, actions.SEARCH_OLDER)
        await world.idle()

        assert only(clicked).text.startswith("This search has expired.")
    assert not world.log.lines(level="error")


async def test_people_who_search_at_once_each_get_their_own_answer(
    open_world: OpenWorld,
) -> None:
    entries = [
        LogFixture(
            log_id(n), "", call(log_id(n), NOW - timedelta(minutes=n + 1), to=f"+120655501{n:02}")
        )
        for n in range(20)
    ]
    world = await open_world(Space(entries=entries))
    exchanges = await asyncio.gather(
        *(world.slack.command(f"find 55501{n:02}", user_id=f"U0{n}") for n in range(1, 20))
    )
    await world.idle()

    assert [listed(only(one).blocks)[-1] for one in exchanges] == [log_id(n) for n in range(1, 20)]
