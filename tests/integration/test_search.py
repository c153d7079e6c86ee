"""`/voicelog find` and `recent`, for users who don't have the log's ID; also further back."""

import json
import re
from typing import get_args

import pytest

from bot.dev.emulator.slack.workspace import FailNext
from bot.ui import actions
from bot.voicelogs.query import InvalidReason
from tests.integration.harness import OpenWorld, Project, World, sealed
from tests.integration.intercept import always, no_middleware
from tests.integration.sample_logs import WANTED_AS_TYPED, log_id, log_ids, sample_logs
from tests.support import texts
from tests.support.reading import (
    button_labels,
    headings,
    only,
    rendered,
    request_id_in,
    row_ids,
    to_json,
    values_of,
    with_value,
)
from tests.support.samples import CHANNEL, CHILDREN, TEAM


async def test_results_are_rows(world: World) -> None:
    message = await world.ask("find 5550100 4h failed no-answer")
    title, criteria, first, second, scanned = message.text.splitlines()

    assert row_ids(message) == ["c0570000-0000-4000-8000-000000000002", CHILDREN[0]]
    assert headings(message)[0].endswith(title.removesuffix("."))
    assert title == "2 calls with 555-0100."
    assert criteria == "last 4 hours · failed or no-answer"
    assert "2026-11-02 11:30:00 UTC" in scanned
    for line in (first, second):
        assert line.startswith("No answer · ")
        assert "+1 206-555-0100 → +1 206-555-010" in line
    assert "leg of fa000000-…-0001" in second
    assert "📵 *No answer* · 18 s · $0" in to_json(message)
    assert CHILDREN[0] not in rendered(message), "it is only in the button"
    assert message.payload["replace_original"] is False


async def test_reply_without_results_says_how_many_logs_were_scanned(world: World) -> None:
    message = await world.ask("find +44 20 7946 0000")

    assert message.text.startswith(texts.NONE_FOUND)
    assert re.search(r"\d+ logs", message.text)
    assert button_labels(message) == [texts.CHANGE_SEARCH]


@pytest.mark.parametrize(
    ("text", "title", "criteria"),
    [
        ("+1 206 555 0103", " with +1 206-555-0103", ""),
        ("5550100 5550103 2d", " between 555-0100 and 555-0103", "last 2 days"),
        ("from +1 206 555 0100 today", " from +1 206-555-0100", "last 24 hours"),
        ("to 5550103 yesterday missed", " to 555-0103", "last 48 hours · missed"),
        ("5550100 to 5550103", " from 555-0100 to 555-0103", ""),
        ("reception@acme inbound last hour", " with reception@acme", "last hour · inbound"),
        ("failed busy outbound 90m", "", "last 90 minutes · outbound · busy or failed"),
        ("since 2026-11-01", "", "since 2026-11-01 (UTC)"),
        ("since 2026-11-01 17:24 sip", "", "since 2026-11-01 17:24:00 UTC · sip"),
        ("on 2026-11-01", "", "on 2026-11-01 (UTC)"),
        ("since 2026-10-30 until 2026-11-01", "", "2026-10-30 to 2026-11-01 (UTC)"),
        ("until 2026-11-01 10:00", "", "until 2026-11-01 10:00:00 UTC"),
    ],
)
async def test_reply_says_what_was_searched(
    world: World, text: str, title: str, criteria: str
) -> None:
    message = await world.ask(f"find {text}")
    found, shown_criteria, *_ = message.text.splitlines()

    assert re.fullmatch(rf"(?:No|\d+) calls?{re.escape(title)}\.", found)
    assert headings(message) == [f"🔎 {found.removesuffix('.')}"]
    assert not criteria or shown_criteria == criteria
    assert "Searched " in message.text.splitlines()[-1]


async def test_many_rows_have_a_summary_of_their_statuses(world: World) -> None:
    message = await world.ask("recent 20")
    summary = message.text.splitlines()[1]

    counts = [part.partition(" ") for part in summary.split(" · ")]
    assert sum(int(count) for count, _, _ in counts) == len(row_ids(message)) == 20
    assert counts[0][2] == "live"
    assert message.text.startswith("The 20 latest calls.")


async def test_search_without_results_offers_to_remove_a_filter(open_world: OpenWorld) -> None:
    world = await open_world(Project(entries=sample_logs(200, wanted=[150])))
    message = await world.ask(f"find {WANTED_AS_TYPED} 2h missed inbound")

    assert button_labels(message) == [
        *("Without “missed”", "Without “inbound”", "Search further back", texts.CHANGE_SEARCH)
    ]
    clicked = await world.click(message, actions.SEARCH_WIDER)
    assert only(clicked).text.startswith("No calls with ")
    assert "last 2 hours · inbound" in only(clicked).text
    assert button_labels(only(clicked))[0] == "Without “inbound”"
    clicked = await world.click(only(clicked), f"{actions.SEARCH_WIDER}_2")
    assert row_ids(only(clicked)) == [log_id(150)]
    assert world.slack.messages.messages == [only(clicked)], "each replaces the one before"


INVALID: dict[InvalidReason, list[str]] = {
    "ambiguous": ["find 5550103 2"],
    "too_short": ["find 12", "find sip:a"],
    "too_long": ["find 12345678901234567", f"find {'a' * 300}@acme"],
    "unknown": ["find bob", "recent bob"],
    "unsupported": ["find longer than 5 min", "find 5550134 or 5550135"],
    "mention": ["find <@U012ABCDEF>"],
    "hidden": ["find +1206XXX0134"],
    "several": ["find 5550134 2h 5550135 5550136", "find 2h 3d", "recent 3 4"],
    "missing": ["find since"],
    "not_a_date": ["find since then", "find since 2026-02-30"],
    "future": ["find since 2027-01-01"],
    "too_far": ["find 1990-01-01"],
    "out_of_range": ["recent 0", "recent 99"],
}


async def test_each_reason_for_an_invalid_query_has_an_example() -> None:
    only_in_the_form = {"unused"}
    assert {*INVALID} | only_in_the_form == {*get_args(InvalidReason)}


@pytest.mark.parametrize("text", [text for group in INVALID.values() for text in group])
async def test_invalid_query_is_explained_in_the_ack(world: World, text: str) -> None:
    interaction = await world.type(text)
    what = only(interaction).text
    _, *arguments = text.replace("<", "").replace(">", "").split()

    assert interaction.posts == []
    assert any(argument[:20] in what for argument in arguments) or arguments == []
    assert world.list_requests == 0


async def test_invalid_text_is_shown_as_typed(world: World) -> None:
    message = await world.ask("find a<!b&*bob*_`")

    assert "`a&lt;!b&amp;*bob*_`" in str(message.blocks)


@pytest.mark.parametrize(("text", "count"), [("recent", 10), ("recent 3", 3), ("RECENT 20", 20)])
async def test_recent_lists_the_latest_calls(open_world: OpenWorld, text: str, count: int) -> None:
    world = await open_world(Project(entries=sample_logs(50)))
    message = await world.ask(text)

    assert row_ids(message) == log_ids(range(count))
    assert headings(message) == [f"🔎 The {count} latest calls"]
    assert button_labels(message)[-2:] == [texts.SEARCH_OLDER, texts.CHANGE_SEARCH]
    assert world.list_requests == 1


async def test_each_search_has_one_audit_line_without_the_number(open_world: OpenWorld) -> None:
    world = await open_world(Project(entries=sample_logs(50, wanted=[7])))
    message = await world.ask(f"find {WANTED_AS_TYPED} 2h inbound", user_id="U0ANNA")
    (line,) = world.log.lines("search.done")

    assert row_ids(message) == [log_id(7)]
    assert isinstance(line.pop("duration_ms"), int)
    assert {line.pop("timestamp"), line.pop("level")}
    assert line == {
        "filters": "since 2026-11-02T13:30:00Z inbound",
        "by_number": True,
        "channel": CHANNEL,
        "event": "search.done",
        "found": 1,
        "scanned": 50,
        "outcome": "done",
        "request_id": "ref0001",
        "team": TEAM,
        "user": "U0ANNA",
    }


# ── Older calls, and errors ───────────────────────────────────────────────────────────────────


async def test_search_is_continued_without_gap_or_duplicate(open_world: OpenWorld) -> None:
    # Seven logs a minute: most pages end between logs with the same time.
    entries = sample_logs(250, per_minute=7)
    world = await open_world(Project(entries=entries))
    messages = [await world.ask("find inbound")]
    while texts.SEARCH_OLDER in button_labels(messages[-1]):
        messages.append(await world.search_older(messages[-1]))

    oldest_first = sorted(entries, key=lambda entry: (str(entry.body["created_at"]), entry.id))
    seen = [one for message in messages for one in row_ids(message)]
    assert seen == [entry.id for entry in reversed(oldest_first)]
    assert [len(row_ids(one)) for one in messages] == [20] * 12 + [10]
    on_screen = [one for each in world.slack.interactions for one in each.messages]
    assert [one.ts for one in on_screen] == [one.ts for one in messages], "earlier results stay"


async def test_recent_is_continued_with_the_same_count(open_world: OpenWorld) -> None:
    world = await open_world(Project(entries=sample_logs(50)))
    message = await world.search_older(await world.ask("recent 3"))

    assert row_ids(message) == log_ids([3, 4, 5])


async def test_search_is_continued_with_the_same_query(open_world: OpenWorld) -> None:
    world = await open_world(Project(entries=sample_logs(300, wanted=range(0, 300, 7))))
    message = await world.ask(f"find {WANTED_AS_TYPED} 4h inbound")
    older = await world.search_older(message)

    assert row_ids(message) == log_ids(range(0, 140, 7))
    assert row_ids(older) == log_ids(range(140, 240, 7)), "four hours are 240 logs"


async def test_response_url_is_used_at_most_five_times(open_world: OpenWorld) -> None:
    world = await open_world(Project(entries=sample_logs(50)), progress_after=0.01)
    world.lists.hold()
    world.slack.fail_next = [FailNext(500)] * 3
    interaction = await world.slack.command("find inbound")
    await world.log.line("reply.failed")
    world.lists.release()
    await world.idle()

    assert [post.status for post in interaction.posts] == [500, 500, 500, 200]
    assert row_ids(only(interaction)) == log_ids(range(20))


async def test_results_before_an_error_are_shown(open_world: OpenWorld) -> None:
    world = await open_world(Project(entries=sample_logs(700, wanted=[5, 250, 600])))
    world.lists.fail(503, after=2)
    message = await world.ask(f"find {WANTED_AS_TYPED}")
    scanned, error, _request_id = message.text.splitlines()[-3:]

    assert row_ids(message) == log_ids([5, 250])
    assert re.search(r"400 logs.* 2026-11-02 08:50:00 UTC", scanned)
    assert texts.server_error(503) in error
    ref = request_id_in(message)
    assert world.log.lines("search.done", outcome="unavailable", found=2, request_id=ref)
    world.lists.recover()
    assert row_ids(await world.search_older(message)) == [log_id(600)]


@pytest.mark.parametrize(
    ("status", "title"),
    [(401, texts.UNAUTHORIZED), (404, texts.NO_LIST), (503, texts.server_error(503))],
)
async def test_error_on_the_first_page(world: World, status: int, title: str) -> None:
    world.lists.fail(status)
    message = await world.ask(f"find {WANTED_AS_TYPED}")

    assert message.text.startswith(f"{title}.")
    assert button_labels(message) == ([] if status == 401 else [texts.RETRY])
    # The hint must not be about an ID: a search has none.
    assert "ID" not in re.findall(r"\w+", message.text.replace("project ID", ""))


async def test_failed_search_is_retried_in_place(open_world: OpenWorld) -> None:
    world = await open_world(Project(entries=sample_logs(3, wanted=[1])))
    world.lists.fail(503)
    failed = await world.ask(f"find {WANTED_AS_TYPED}")
    world.lists.recover()
    again = only(await world.click(failed, actions.SEARCH_RETRY))

    assert failed.text.startswith(f"{texts.server_error(503)}.")
    assert "555" not in json.dumps(failed.blocks)
    assert again.ts == failed.ts
    assert row_ids(again) == log_ids([1])


@pytest.mark.parametrize("all_fail", [False, True])
async def test_failing_projects(open_world: OpenWorld, *, all_fail: bool) -> None:
    world = await open_world(
        Project("north", entries=sample_logs(5), token_is_wrong=True),
        Project(
            "south", entries=sample_logs(3), middleware=always(503) if all_fail else no_middleware
        ),
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
