# ruff: noqa: E501 - a golden window is as wide as the window
"""Legs of the call: from the menu of a card, a picture of who rang when and which leg outlived."""

import json
from collections.abc import Sequence
from datetime import timedelta

import pytest
from inline_snapshot import snapshot
from pydantic import JsonValue

from bot.dev.emulator.signalwire.catalogue import LIVE, LogFixture
from bot.dev.emulator.signalwire.fixtures import call
from bot.ui import actions
from tests.integration.harness import DOCUMENTED, NOW, OpenWorld, Space, World
from tests.integration.modal_helpers import (
    LIST,
    LOADING,
    Doorway,
    beneath,
    drawn,
    is_filled,
    legs_pressed,
    shown,
    troubles,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

PARENT = "fa000000-0000-4000-8000-000000000001"
CHILDREN = ("fa000000-0000-4000-8000-000000000002", "fa000000-0000-4000-8000-000000000003")
HOSTILE = "0dd00000-0000-4000-8000-000000000003"
BEGAN = NOW - timedelta(hours=2)


def leg_id(number: int) -> str:
    return f"1e900000-0000-4000-8000-{number:012d}"


def leg(
    number: int, parent: int | str | None = None, after: float = 0, **fields: JsonValue
) -> LogFixture:
    """A leg that began so many seconds after the call did."""
    log_id = leg_id(number)
    parent_id = leg_id(parent) if isinstance(parent, int) else parent
    body = call(log_id, BEGAN + timedelta(seconds=after), parent_id=parent_id, **fields)
    return LogFixture(log_id, "a leg", body)


async def legs_of(world: World, log_id: str, user_id: str = "U0SUPPORT") -> str:
    """What the window shows of a log's legs, after the menu of its card was used."""
    card = await world.answer(log_id, user_id=user_id)
    exchange = await legs_pressed(world, card, log_id, user_id=user_id)
    assert exchange.messages == []
    view = shown(world, user_id)
    assert is_filled(view)
    return beneath(view, "Legs of the call")


async def test_the_menu_of_a_card_opens_a_window_with_the_legs_as_a_picture(world: World) -> None:
    card = await world.answer(PARENT, user_id="U0PARENT")
    calls = len(world.slack.view_calls)
    await legs_pressed(world, card, PARENT, user_id="U0PARENT")
    view = shown(world, "U0PARENT")

    assert drawn(view) == snapshot("""\
[Legs of the call]
┃ ✅ Completed · 1 min 35 s
┃
┃ Legs of the call
┃
┃     0:00                        1:35
┃ > A ████████████████████████████████ 1:35
┃   B  ░░░░░░                          0:18
┃   C        █████████████████████████ 1:13
┃
┃ A +1 206-555-0100 → +1 206-555-0101 · ✅ Completed · 1 min 35 s · this leg
┃
┃ B +1 206-555-0100 → +1 206-555-0102 · 📵 No answer · 18 s · started 0:02 after A · parent A  [ Card ]
┃
┃ C +1 206-555-0100 → +1 206-555-0103 · ✅ Completed · 1 min 13 s · started 0:21 after A · parent A  [ Card ]
┃
┃ Searched 2026-11-02 12:25:00 UTC to 2026-11-02 12:36:35 UTC.\
""")
    methods = [call.method for call in world.slack.view_calls[calls:]]
    assert methods == ["views.open", "views.update"]
    assert json.loads(view.private_metadata) == {
        "channel": "C0SUPPORT",
        "log": PARENT,
        "public": False,
    }


async def test_the_window_is_there_before_signalwire_has_answered(world: World) -> None:
    card = await world.answer(PARENT, user_id="U0EARLY")
    world.hold_answers()
    await world.slack.click(
        card, actions.OVERFLOW, value=f"{actions.LEGS} {PARENT}", user_id="U0EARLY"
    )
    opened = await world.slack.wait_for_modal("U0EARLY")

    assert LOADING in drawn(opened)
    world.release_answers()
    await world.idle()
    assert is_filled(shown(world, "U0EARLY"))


@pytest.mark.parametrize("child", CHILDREN)
async def test_a_child_has_the_same_legs_but_is_marked_itself(world: World, child: str) -> None:
    of_parent = await legs_of(world, PARENT, "U0FAMILY")
    of_child = await legs_of(world, child, "U0FAMILY")

    parents, childs = (
        text.replace(">", " ").replace(" · this leg", "").replace("  [ Card ]", "")
        for text in (of_parent, of_child)
    )
    assert parents == childs
    letter = "BC"[CHILDREN.index(child)]
    assert f"┃ > {letter} " in of_child
    assert next(line for line in of_child.splitlines() if "this leg" in line).startswith(
        f"┃ {letter} "
    )


async def test_legs_ask_for_no_events(world: World) -> None:
    card = await world.answer(PARENT, user_id="U0NOEVENTS")
    asked = len(world.signalwire.requests)
    await legs_pressed(world, card, PARENT, user_id="U0NOEVENTS")

    paths = [request.path.removeprefix(LIST) for request in world.signalwire.requests[asked:]]
    assert paths == [f"/{PARENT}", ""]


async def test_a_call_of_one_leg_says_where_others_were_looked_for(world: World) -> None:
    assert await legs_of(world, DOCUMENTED, "U0ALONE") == snapshot("""\
┃ A +1 206-555-1212 → +1 206-555-3434 · ✅ Completed · 9 s · this leg
┃
┃ No other legs between 2024-05-06 12:15:00 UTC and 2024-05-06 12:25:09 UTC.\
""")


async def test_a_live_leg_is_drawn_as_going_on(open_world: OpenWorld) -> None:
    ringing = leg(2, 1, after=7190, status="ringing", duration=None, duration_ms=None)
    entries = [leg(1, status="in-progress", duration=7190, duration_ms=7_190_000), ringing]
    world = await open_world(Space(entries=entries))

    assert await legs_of(world, leg_id(1)) == snapshot("""\
┃     0:00                     1:59:50
┃ > A ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▶ live
┃   B                                ▶ live
┃
┃ A +1 206-555-0100 → +1 206-555-0101 · 🟢 In progress · live, 1 h 59 min so far · this leg
┃
┃ B +1 206-555-0100 → +1 206-555-0101 · 🔔 Ringing · live · started 1:59:50 after A · parent A  [ Card ]
┃
┃ Searched 2026-11-02 13:25:00 UTC to 2026-11-02 15:31:00 UTC.\
""")


async def test_the_live_call_of_the_catalogue_has_a_window_of_legs(open_world: OpenWorld) -> None:
    world = await open_world()

    assert "this leg" in await legs_of(world, LIVE)


async def test_grandchildren_and_siblings_belong_to_the_call_too(open_world: OpenWorld) -> None:
    stranger = leg(9, "57a70500-0000-4000-8000-000000000001", after=4)
    entries = [leg(1), leg(2, 1, after=2), leg(3, 2, after=5), leg(4, 1, after=9), stranger]
    world = await open_world(Space(entries=entries))
    text = await legs_of(world, leg_id(3))

    assert text == snapshot("""\
┃     0:00                        0:51
┃   A ██████████████████████████       0:42
┃   B  ███████████████████████████     0:42
┃ > C    ███████████████████████████   0:42
┃   D       ██████████████████████████ 0:42
┃
┃ A +1 206-555-0100 → +1 206-555-0101 · ✅ Completed · 42 s  [ Card ]
┃
┃ B +1 206-555-0100 → +1 206-555-0101 · ✅ Completed · 42 s · started 0:02 after A · parent A  [ Card ]
┃
┃ C +1 206-555-0100 → +1 206-555-0101 · ✅ Completed · 42 s · started 0:05 after A · parent B · this leg
┃
┃ D +1 206-555-0100 → +1 206-555-0101 · ✅ Completed · 42 s · started 0:09 after A · parent A  [ Card ]
┃
┃ Searched 2026-11-02 13:25:00 UTC to 2026-11-02 13:35:47 UTC.\
""")
    assert len([line for line in text.splitlines() if "started 0:" in line]) == 3


CYCLE: Sequence[LogFixture] = (leg(1, 2), leg(2, 1, after=3))


async def test_parents_that_name_each_other_in_a_circle_are_said_to(open_world: OpenWorld) -> None:
    world = await open_world(Space(entries=CYCLE))

    assert await legs_of(world, leg_id(1)) == snapshot("""\
┃     0:00                        0:45
┃ > A ██████████████████████████████   0:42
┃   B   ██████████████████████████████ 0:42
┃
┃ A +1 206-555-0100 → +1 206-555-0101 · ✅ Completed · 42 s · parent B · this leg
┃
┃ B +1 206-555-0100 → +1 206-555-0101 · ✅ Completed · 42 s · started 0:03 after A · parent A  [ Card ]
┃
┃ Searched 2026-11-02 13:25:00 UTC to 2026-11-02 13:35:45 UTC.
┃
┃ The parent links form a loop, so no first leg can be determined.\
""")


async def test_a_leg_that_is_its_own_parent_is_a_circle_too(open_world: OpenWorld) -> None:
    world = await open_world(Space(entries=[leg(1, 1)]))

    assert "form a loop" in await legs_of(world, leg_id(1))


async def test_a_parent_that_no_project_has_is_said_and_the_rest_is_there(
    open_world: OpenWorld,
) -> None:
    siblings = [leg(2, 1), leg(3, 1, after=4)]
    world = await open_world(Space(entries=siblings))
    since = len(world.log.lines())

    assert await legs_of(world, leg_id(2)) == snapshot("""\
┃     0:00                        0:46
┃ > A █████████████████████████████    0:42
┃   B    █████████████████████████████ 0:42
┃
┃ A +1 206-555-0100 → +1 206-555-0101 · ✅ Completed · 42 s · parent 1e900000-0000-4000-8000-000000000001 · this leg
┃
┃ B +1 206-555-0100 → +1 206-555-0101 · ✅ Completed · 42 s · started 0:04 after A · parent 1e900000-0000-4000-8000-000000000001  [ Card ]
┃
┃ Searched 2026-11-02 13:25:00 UTC to 2026-11-02 13:35:42 UTC.
┃
┃ The parent leg couldn't be looked up: SignalWire doesn't have it. Open the details again in a moment.\
""")
    assert not [event for event, _ in troubles(world, since) if event != "lookup.done"]


async def test_a_parent_in_another_project_counts_as_not_there(open_world: OpenWorld) -> None:
    world = await open_world(
        Space("north", entries=[leg(1)]), Space("south", entries=[leg(2, 1, after=1)])
    )
    card = await world.answer(leg_id(2))
    north = len(world.spaces["north"].requests)
    await legs_pressed(world, card, leg_id(2))
    view = shown(world, "U0SUPPORT")

    assert "The parent leg couldn't be looked up" in drawn(view)
    assert "Project south" in drawn(view)
    asked = [request.path for request in world.spaces["north"].requests[north:]]
    assert asked == [f"{LIST}/{leg_id(2)}"], "of the other project nothing but the log is asked"


async def test_a_parent_that_is_no_id_goes_into_no_request(open_world: OpenWorld) -> None:
    world = await open_world()
    text = await legs_of(world, HOSTILE)

    assert "isn't a voice log id" in text
    assert not [one for one in world.signalwire.requests if "passwd" in one.path]


async def test_a_long_line_of_parents_is_followed_five_up(open_world: OpenWorld) -> None:
    entries = [leg(number, number + 1, after=-number) for number in range(1, 9)]
    world = await open_world(Space(entries=entries))
    text = await legs_of(world, leg_id(1))

    assert "more parent legs than" in text
    assert [one for one in world.asked_for if one == leg_id(7)] == []


async def test_of_many_legs_twenty_are_shown_and_the_rest_is_counted(open_world: OpenWorld) -> None:
    entries = [leg(1), *(leg(number, 1, after=number) for number in range(2, 40))]
    world = await open_world(Space(entries=entries))
    text = await legs_of(world, leg_id(39))

    assert len([line for line in text.splitlines() if "1e900000" in line or "·" in line]) == 20
    assert "19 more legs" in text
    assert "this leg" in text


async def test_a_list_that_cannot_be_read_leaves_the_leg_and_its_parents(
    open_world: OpenWorld,
) -> None:
    world = await open_world(Space(front=Doorway(LIST, status=500)))
    text = await legs_of(world, CHILDREN[0])

    assert "SignalWire's list couldn't be read" in text
    assert "parent A · this leg" in text


async def test_the_menu_of_a_card_in_a_thread_opens_the_same_window(world: World) -> None:
    exchange = await world.use_shortcut(
        {"text": PARENT, "ts": "1793633000.000100", "thread_ts": "1793632000.000100"},
        user_id="U0THREAD",
    )
    (card,) = exchange.messages
    await world.slack.click(card, actions.OVERFLOW, user_id="U0THREAD")
    await world.idle()
    view = shown(world, "U0THREAD")

    assert view.title == "Legs of the call"
    assert json.loads(view.private_metadata) == {
        "channel": "C0SUPPORT",
        "log": PARENT,
        "public": False,
    }
