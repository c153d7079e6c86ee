"""**Legs of the call**, in a card's menu: a modal with a chart and a list of the legs."""

import json
import re

from bot.ui import actions
from tests.integration.harness import World
from tests.integration.intercept import LIST
from tests.integration.user_actions import modal_of, open_legs
from tests.support import texts
from tests.support.reading import is_loaded, rendered, row_ids
from tests.support.samples import (
    CHANNEL,
    CHILDREN,
    DOCUMENTED,
    PARENT,
    SUPPORT,
)


async def legs_of(world: World, log_id: str, user_id: str = SUPPORT) -> str:
    """Open the legs from a card; return the modal, rendered."""
    card = await world.ask(log_id, user_id=user_id)
    interaction = await open_legs(world, card, log_id, user_id=user_id)
    assert interaction.messages == []
    view = modal_of(world, user_id)
    assert is_loaded(view)
    return rendered(view)


def list_of(shown: str) -> list[str]:
    """Return the letters and numbers in the list of legs; the chosen leg has a star."""
    rows = re.findall(r"^┃ ([A-Z]) (.* · .*)$", shown, re.MULTILINE)
    parents = [re.search(r"parent ([A-Z])\b", row) for _, row in rows]
    return [
        letter + (f"<{parent[1]}" if parent else "") + ("*" if "[ " not in row else "")
        for (letter, row), parent in zip(rows, parents, strict=True)
    ]


async def test_menu_opens_a_modal_with_the_legs(world: World) -> None:
    card = await world.ask(PARENT, user_id="U0PARENT")
    before, requests = len(world.slack.view_requests), len(world.signalwire.requests)
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


async def test_call_with_one_leg_shows_the_time_searched(world: World) -> None:
    shown = await legs_of(world, DOCUMENTED, "U0ALONE")

    assert list_of(shown) == [], "the leg itself is shown above"
    assert ("2024-05-06 12:15:00 UTC" in shown, "2024-05-06 12:25:09 UTC" in shown) == (
        True,
        True,
    )


async def test_menu_of_a_card_in_a_thread_opens_the_same_modal(world: World) -> None:
    message = {"text": PARENT, "ts": "1793633000.000100", "thread_ts": "1793632000.000100"}
    (card,) = (await world.use_shortcut({**message}, user_id="U0THREAD")).messages
    await world.until_idle(world.slack.click(card, actions.OVERFLOW, user_id="U0THREAD"))
    view = modal_of(world, "U0THREAD")

    assert view.title == texts.LEGS
    assert json.loads(view.private_metadata) == {"channel": CHANNEL, "log": PARENT, "public": False}
