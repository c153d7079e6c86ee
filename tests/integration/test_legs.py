"""Legs of the call: from the menu of a card, a modal with a chart and a list of the legs."""

import json
import re
from datetime import timedelta

import pytest
from pydantic import JsonValue

from bot.dev.emulator.signalwire.fixtures import LogFixture, call
from bot.ui import actions
from tests.integration.harness import OpenWorld, Project, World
from tests.integration.intercept import LIST, LIST_ONLY, Interceptor
from tests.integration.user_actions import modal_of, open_legs
from tests.support import texts
from tests.support.reading import is_filled, rendered, row_ids
from tests.support.samples import (
    CHANNEL,
    CHILD,
    CHILDREN,
    DOCUMENTED,
    NOW,
    PARENT,
    SUPPORT,
)

BEGAN = NOW - timedelta(hours=2)


def leg_id(number: int) -> str:
    return f"1e900000-0000-4000-8000-{number:012d}"


def leg(
    number: int, parent: int | str | None = None, after: float = 0, **fields: JsonValue
) -> LogFixture:
    """Make a leg that began so many seconds after the call did."""
    log_id = leg_id(number)
    parent_id = leg_id(parent) if isinstance(parent, int) else parent
    body = call(log_id, BEGAN + timedelta(seconds=after), parent_id=parent_id, **fields)
    return LogFixture(body)


async def legs_of(world: World, log_id: str, user_id: str = SUPPORT) -> str:
    """Open the legs from a card; return the modal as a terminal shows it."""
    card = await world.ask(log_id, user_id=user_id)
    interaction = await open_legs(world, card, log_id, user_id=user_id)
    assert interaction.messages == []
    view = modal_of(world, user_id)
    assert is_filled(view)
    return rendered(view)


def list_of(shown: str) -> list[str]:
    """Return the list of legs: letter, and whose leg it is; the chosen one has a star."""
    rows = re.findall(r"^┃ ([A-Z]) (.* · .*)$", shown, re.MULTILINE)
    parents = [re.search(r"parent ([A-Z])\b", row) for _, row in rows]
    return [
        letter + (f"<{parent[1]}" if parent else "") + ("*" if "[ " not in row else "")
        for (letter, row), parent in zip(rows, parents, strict=True)
    ]


async def test_menu_opens_a_modal_with_the_legs(world: World) -> None:
    card = await world.ask(PARENT, user_id="U0PARENT")
    before, requests = len(world.slack.view_calls), len(world.signalwire.requests)
    await open_legs(world, card, PARENT, user_id="U0PARENT")
    view = modal_of(world, "U0PARENT")
    shown = rendered(view)

    assert view.title == texts.LEGS
    assert re.findall(r"^┃ (.) ([A-C]) .*█|^┃ (.) ([A-C]) .*░", shown, re.MULTILINE) == [
        (">", "A", "", ""),
        ("", "", " ", "B"),
        (" ", "C", "", ""),
    ]
    assert list_of(shown) == ["A*", "B<A", "C<A"]
    assert row_ids(view) == [*CHILDREN]
    assert "+1 206-555-0100 → +1 206-555-0102" in shown
    assert world.view_methods[before:] == ["views.open", "views.update"]
    paths = [one.path.removeprefix(LIST) for one in world.signalwire.requests[requests:]]
    assert paths == [f"/{PARENT}", ""], "no events"
    assert json.loads(view.private_metadata) == {"channel": CHANNEL, "log": PARENT, "public": False}


async def test_modal_opens_before_signalwire_responds(world: World) -> None:
    card = await world.ask(PARENT, user_id="U0EARLY")
    world.hold_responses()
    legs = f"{actions.LEGS} {PARENT}"
    await world.slack.click(card, actions.OVERFLOW, value=legs, user_id="U0EARLY")
    opened = await world.slack.wait_for_modal("U0EARLY")

    assert not is_filled(opened)
    world.release_responses()
    await world.idle()
    assert is_filled(modal_of(world, "U0EARLY"))


@pytest.mark.parametrize(
    ("child", "expected"),
    [(CHILDREN[0], ["A", "B<A*", "C<A"]), (CHILD, ["A", "B<A", "C<A*"])],
)
async def test_child_has_the_same_legs(world: World, child: str, expected: list[str]) -> None:
    assert list_of(await legs_of(world, child)) == expected


@pytest.mark.parametrize(
    ("entries", "chosen", "expected"),
    [
        pytest.param(
            [
                *(leg(1), leg(2, 1, after=2), leg(3, 2, after=5), leg(4, 1, after=9)),
                leg(9, "57a70500-0000-4000-8000-000000000001", after=4),
            ],
            3,
            ["A", "B<A", "C<B*", "D<A"],
            id="grandchildren and siblings, but no strangers",
        ),
        pytest.param([leg(1, 2), leg(2, 1, after=3)], 1, ["A<B*", "B<A"], id="a loop"),
        pytest.param([leg(1, 1)], 1, ["A<A*"], id="its own parent"),
        pytest.param([leg(2, 1), leg(3, 1, after=4)], 2, ["A*", "B"], id="unknown parent"),
    ],
)
async def test_which_legs_belong_to_a_call(
    open_world: OpenWorld, entries: list[LogFixture], chosen: int, expected: list[str]
) -> None:
    world = await open_world(Project(entries=entries))

    assert list_of(await legs_of(world, leg_id(chosen))) == expected
    assert {event for event, _ in world.log.warning_lines()} <= {"lookup.done"}


async def test_call_with_one_leg_shows_the_time_searched(world: World) -> None:
    shown = await legs_of(world, DOCUMENTED, "U0ALONE")

    assert list_of(shown) == [], "the leg itself is shown above"
    assert ("2024-05-06 12:15:00 UTC" in shown, "2024-05-06 12:25:09 UTC" in shown) == (
        True,
        True,
    )


async def test_live_leg_has_no_end_in_the_chart(open_world: OpenWorld) -> None:
    ringing = leg(2, 1, after=7190, status="ringing", duration_ms=None)
    entries = [leg(1, status="in-progress", duration_ms=7_190_000), ringing]
    world = await open_world(Project(entries=entries))
    shown = await legs_of(world, leg_id(1))

    assert re.findall(r"([AB]) .*▶", shown) == ["A", "B"]


async def test_legs_add_up_and_tell_which_ended_first(open_world: OpenWorld) -> None:
    seconds: dict[str, JsonValue] = {"duration": 60, "duration_ms": 60_000}
    entries = [leg(1, None, 0.2, charge=0.0032, **seconds), leg(2, 1, 4.1, **seconds)]
    world = await open_world(Project(entries=entries))
    shown = await legs_of(world, leg_id(2))

    assert "One call, 2 legs · $0.0132\n" in shown
    assert "A ended first, 3.9 s before B. " in shown
    assert re.findall(r"^┃ [AB] .* · (\$[\d.]+)", shown, re.MULTILINE) == ["$0.0032", "$0.01"]


async def test_a_total_says_so_if_legs_may_be_missing(open_world: OpenWorld) -> None:
    world = await open_world(Project(front=Interceptor(LIST_ONLY).fail(500)))
    assert "One call · $0.01 for the 2 legs found" in await legs_of(world, CHILDREN[0])


async def test_live_legs_count_to_now_and_are_dated(open_world: OpenWorld) -> None:
    """Their own durations are out of date."""
    began = NOW - timedelta(minutes=14)
    stale: dict[str, JsonValue] = {"duration": 14, "duration_ms": None, "billing_ms": None}
    entries = [
        LogFixture(call(log_id, began, parent_id=parent, status=status, charge=0, **stale))
        for log_id, parent, status in (
            (leg_id(1), None, "in-progress"),
            (leg_id(2), leg_id(1), "ringing"),
        )
    ]
    world = await open_world(Project(entries=entries))
    shown = await legs_of(world, leg_id(1))

    assert "One call, 2 legs · $0.00 so far" in shown
    assert shown.count(f"14 min so far (at {NOW:%H:%M:%S} UTC)") == 2
    assert re.findall(r"▶ (.*)$", shown, re.MULTILINE) == ["14:00", "14:00"]


async def test_parent_in_another_project_is_not_found(open_world: OpenWorld) -> None:
    world = await open_world(
        Project("north", entries=[leg(1)]), Project("south", entries=[leg(2, 1, after=1)])
    )
    card = await world.ask(leg_id(2))
    before = len(world.projects["north"].requests)
    await open_legs(world, card, leg_id(2))

    assert list_of(rendered(modal_of(world))) == ["A*"]
    requests = world.projects["north"].requests[before:]
    assert [one.path for one in requests] == [f"{LIST}/{leg_id(2)}"], "only the log itself"


async def test_twenty_of_many_legs_are_shown(open_world: OpenWorld) -> None:
    entries = [leg(1), *(leg(number, 1, after=number) for number in range(2, 40))]
    world = await open_world(Project(entries=entries))
    shown = await legs_of(world, leg_id(39))

    assert len(row_ids(modal_of(world))) == 19
    assert "19 more legs" in shown
    assert "*" in "".join(list_of(shown)), "the chosen one is among them"


async def test_without_the_list_the_leg_and_its_parents_are_shown(open_world: OpenWorld) -> None:
    world = await open_world(Project(front=Interceptor(LIST_ONLY).fail(500)))
    shown = await legs_of(world, CHILDREN[0])

    assert texts.server_error(500) in shown
    assert list_of(shown) == ["A", "B<A*"]


async def test_menu_of_a_card_in_a_thread_opens_the_same_modal(world: World) -> None:
    message = {"text": PARENT, "ts": "1793633000.000100", "thread_ts": "1793632000.000100"}
    (card,) = (await world.use_shortcut({**message}, user_id="U0THREAD")).messages
    await world.slack.click(card, actions.OVERFLOW, user_id="U0THREAD")
    await world.idle()
    view = modal_of(world, "U0THREAD")

    assert view.title == texts.LEGS
    assert json.loads(view.private_metadata) == {"channel": CHANNEL, "log": PARENT, "public": False}
