"""**Legs of the call**, in a card's menu: a modal with a chart and a list of the legs."""

import json
import re

from bot.dev.emulator.slack.workspace import OpenView
from bot.ui import actions
from tests.integration.harness import World
from tests.support import texts
from tests.support.reading import is_loaded, only, rendered, row_ids
from tests.support.samples import CHANNEL, CHILD, CHILDREN, DOCUMENTED, PARENT


async def legs_of(world: World, log_id: str) -> OpenView:
    """Open the legs from a card."""
    view = await world.open_legs(await world.ask(log_id), log_id)
    assert is_loaded(view)
    return view


def list_of(shown: str) -> list[str]:
    """Return the letters and numbers in the list of legs; the chosen leg has a star."""
    rows = re.findall(r"^┃ ([A-Z]) (.* · .*)$", shown, re.MULTILINE)
    parents = [re.search(r"parent ([A-Z])\b", row) for _, row in rows]
    return [
        letter + (f"<{parent[1]}" if parent else "") + ("*" if "[ " not in row else "")
        for (letter, row), parent in zip(rows, parents, strict=True)
    ]


async def test_menu_opens_a_modal_with_the_legs(world: World) -> None:
    view = await legs_of(world, PARENT)
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
    assert world.view_methods == ["views.open", "views.update"]
    assert world.paths == [f"/{PARENT}", f"/{PARENT}", ""], "no events"
    assert json.loads(view.private_metadata) == {"channel": CHANNEL, "log": PARENT, "public": False}


async def test_call_with_one_leg_shows_the_time_searched(world: World) -> None:
    shown = rendered(await legs_of(world, DOCUMENTED))

    assert list_of(shown) == [], "the leg itself is shown above"
    assert "2024-05-06 12:15:00 UTC" in shown
    assert "2024-05-06 12:25:09 UTC" in shown


async def test_menu_of_a_card_in_a_thread_opens_the_same_modal(world: World) -> None:
    message = {"text": PARENT, "ts": "1793633000.000100", "thread_ts": "1793632000.000100"}
    await world.click(only(await world.use_shortcut({**message})), actions.OVERFLOW)

    assert world.modal().title == texts.LEGS
    metadata = {"channel": CHANNEL, "log": PARENT, "public": False}
    assert json.loads(world.modal().private_metadata) == metadata


async def test_legs_can_be_opened_one_from_the_other_without_limit(world: World) -> None:
    view = await world.open_details(CHILD)
    for _ in range(4):
        log_id = json.loads(view.private_metadata)["log"]
        view = await world.click_in_modal(view, actions.CARD)
        assert is_loaded(view)
        assert json.loads(view.private_metadata)["log"] != log_id

    assert len(world.slack.modals()) == 3
