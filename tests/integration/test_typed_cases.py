"""Replies to texts after `/voicelog`, from tests/cases, and their buttons."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
import pytest_asyncio

from bot.dev.emulator.signalwire.catalog import DOCUMENTED, catalog
from bot.dev.emulator.signalwire.fixtures import call_log
from bot.dev.emulator.slack.workspace import PostedMessage, RecordedInteraction
from bot.ui import search_results
from tests.cases import TYPED, TypedCase
from tests.integration.harness import OpenWorld, Project, World, request_ids_shown
from tests.support import texts
from tests.support.reading import (
    button_labels,
    button_values,
    buttons,
    only,
    rendered,
    request_id_in,
    row_ids,
    to_json,
)
from tests.support.samples import NOW

SATURDAY: Final = datetime(2026, 11, 28, 18, tzinfo=UTC)
ROWS: Final = {
    "laml": "10900000-0000-4000-8000-000000000001",
    "ended": "10900000-0000-4000-8000-000000000002",
    "no-answer": "10900000-0000-4000-8000-000000000003",
}


def ago(hours: float) -> datetime:
    return SATURDAY - timedelta(hours=hours)


LOGS: Final = (
    call_log(
        *(ROWS["laml"], "LaML", ago(1.5)),
        type="laml_call",
        direction="outbound-api",
        from_="+16025550126",
        to="+16025550104",
    ),
    call_log(ROWS["ended"], "RELAY, billed", ago(30), status="ended", to="+12065550103"),
    call_log(
        *(ROWS["no-answer"], "nobody answered", ago(8 * 24)),
        status="no-answer",
        to="+12065550102",
        billing_ms=None,
        charge=0,
    ),
    *(entry for entry in catalog(NOW) if entry.id == DOCUMENTED),
)


@pytest_asyncio.fixture(loop_scope="module")
async def saturday(open_world: OpenWorld) -> World:
    world = await open_world(Project(entries=LOGS))
    world.clock.time = SATURDAY
    return world


@pytest.mark.parametrize("case", TYPED, ids=lambda case: case.text[:60])
async def test_each_text_gets_its_reply(saturday: World, case: TypedCase) -> None:
    interaction = await saturday.type(case.text)

    if case.opens:
        assert (interaction.ack_body, interaction.messages) == ("", [])
        assert saturday.modal().title == search_results.FORM_TITLE
        return
    message = only(interaction)
    if case.lists is not None:
        listed = [log_id for log_id in row_ids(message) if log_id != DOCUMENTED]
        assert listed == [ROWS[name] for name in case.lists]
    plain = message.text.replace("&lt;", "<").replace("&gt;", ">")
    assert [part for part in case.shows if part not in plain] == []
    if case.buttons:
        assert button_labels(message) == case.buttons
        assert interaction.posts == [], "it is in the ack"
        assert request_ids_shown(saturday) == set(), "a typo needs no reference"


async def typed_and_clicked(
    world: World, text: str, label: str
) -> tuple[RecordedInteraction, PostedMessage]:
    """Type a command, and click a button of the reply; return the click, and the reply."""
    message = await world.ask(text)
    (action_id,) = [each.action_id for each in buttons(message) if each.label == label]
    return await world.click(message, action_id), message


@pytest.mark.parametrize(
    ("text", "label", "listed"),
    [
        ("fnd 5550103", "Find calls with 555-0103", ["ended"]),
        ("find 5550103 2", "Last 2 hours", []),
        ("find 5550103 2", "Last 2 days", ["ended"]),
        ("find 5550102 on 12/11", "Nov 12", []),
        ("find inbuond 5550100", "Find calls with 555-0100 · inbound", ["ended", "no-answer"]),
        ("recnet 1", "Show the latest call", ["laml"]),
        ("recent 50", "Show the latest 20 calls", ["laml", "ended", "no-answer"]),
    ],
)
async def test_results_of_the_chosen_search_replace_the_question(
    saturday: World, text: str, label: str, listed: list[str]
) -> None:
    clicked, question = await typed_and_clicked(saturday, text, label)

    found = only(clicked)
    assert found.ts == question.ts
    assert [log_id for log_id in row_ids(found) if log_id != DOCUMENTED] == [
        ROWS[name] for name in listed
    ]


@pytest.mark.parametrize("text", ["find 5550126 5550103 5550104", "find 5550126 or 5550103"])
async def test_search_for_one_of_several_numbers_keeps_the_buttons_of_the_others(
    saturday: World, text: str
) -> None:
    label = "Find calls with 555-0103"
    clicked, question = await typed_and_clicked(saturday, text, label)

    assert only(clicked).ts != question.ts
    assert row_ids(only(clicked)) == [ROWS["ended"]]


async def test_form_opens_with_what_was_understood(saturday: World) -> None:
    text = "find from 5550103 to sip:alice 2h failed reception"
    clicked, _ = await typed_and_clicked(saturday, text, "Open the form")

    assert clicked.messages == []
    form = rendered(saturday.modal())
    for part in ("555-0103, sip:alice", "From this number", "Last 2 hours", "Failed"):
        assert part in form


async def test_buttons_show_help_and_status(saturday: World) -> None:
    help_, _ = await typed_and_clicked(saturday, "hello there", "Help")
    status, _ = await typed_and_clicked(saturday, "statsu", "Status")

    assert only(help_).text.startswith(f"{texts.HELP}.")
    assert only(status).text.startswith(f"{texts.STATUS}.")


@pytest.mark.parametrize(
    "text",
    [
        *("hello there", "fnd 5550103", "find 5550103 2", f"CA{'0' * 32}", DOCUMENTED[:-1]),
        *("find 5550103", "find", "recent", "recent 99", "+12065550103"),
        f"{DOCUMENTED} transcript",
    ],
)
async def test_denied_user_gets_only_the_denial(open_world: OpenWorld, text: str) -> None:
    world = await open_world(environment={"ALLOWED_USERS": "U0ANNA"})
    interaction = await world.type(text, user_id="U0EVE")
    reply = only(interaction)

    assert interaction.posts == [], "it is in the ack"
    assert reply.text.startswith(f"{texts.DENIED}.")
    assert buttons(reply) == []
    (line,) = world.log.lines(request_id=request_id_in(reply), outcome="user")
    assert str(line["event"]).endswith(".denied")
    assert (world.list_requests, world.requested_ids, world.view_methods) == (0, [], [])


async def test_numbers_in_questions_are_masked(open_world: OpenWorld) -> None:
    world = await open_world(environment={"MASK_NUMBERS": "always"})
    for text in ("find +12065550103 x", "find 206-555-0103 206-555-0104 206-555-0105"):
        question = await world.ask(text)

        # Sealed values are random, and may contain any three digits.
        assert not re.search("555-?010[345]", to_json(question))
        assert button_values(question)
    card = await world.ask(f"{DOCUMENTED} 2065550103")
    assert "2065550103" not in card.text
