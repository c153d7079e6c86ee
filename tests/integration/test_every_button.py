"""Every button that the bot can make has a listener, which asks afresh who it is that presses.

The elements are the bot's own, so that one it learns to make is missed here; what each does, and
what comes of one it never made, is elsewhere.
"""

import json
from collections.abc import AsyncIterator, Sequence
from typing import Final
from uuid import UUID

import pytest
import pytest_asyncio

from bot.dev.emulator.slack.workspace import OpenView, PostedMessage, RecordedInteraction
from bot.ui import actions, block_kit
from bot.ui.actions import CardOptions
from bot.ui.block_kit import Element
from bot.voicelogs.query import Query
from tests.integration.harness import DOCUMENTED, World, a_world, only
from tests.integration.search_helpers import sealed

pytestmark = pytest.mark.asyncio(loop_scope="module")

ID: Final = UUID(DOCUMENTED)
REFUSAL: Final = "You can't look up voice logs here"
FURTHER: Final = sealed(f"2026-11-02T15:00:00+00:00 - {Query(filters=('failed',)).serialize()}")
UNREADABLE: Final = "2026-11-02T15:00:00+00:00 - a-token 20 failed"

IN_MESSAGES: Final[Sequence[Element]] = (
    *actions.card_actions(ID, is_live=True, setting=CardOptions(thread_ts="1795366800.000100")),
    *actions.card_actions(ID, is_live=False, setting=CardOptions()),
    *actions.card_actions(ID, is_live=True, setting=CardOptions(public=True)),
    actions.share_in_channel(ID, masks_shared=True),
    actions.card(ID),
    actions.try_row_again(ID),
    actions.retry([ID]),
    actions.further(FURTHER),
    actions.further(UNREADABLE),
    *(actions.find_number("Find calls", "a-token", index) for index in range(3)),
    actions.find_form(),
    actions.search_again(FURTHER),
)
IN_WINDOWS: Final[Sequence[Element]] = (
    actions.card(ID),
    actions.further(FURTHER),
    actions.retry([ID]),
    actions.search_again(FURTHER),
    actions.raw_json(ID),
    *(
        actions.page_button(action_id, "Turn", 2)
        for action_id in (actions.PAGE, actions.PAGE_BACK, actions.RAW, actions.RAW_BACK)
    ),
)


def presses(elements: Sequence[Element]) -> list[tuple[Element, int]]:
    """Each element, and which of its lines, if it is a menu."""
    return [
        (element, index)
        for element in elements
        for index in range(len(element["options"]) if element["type"] == "overflow" else 1)
    ]


def stands_for(element: Element, index: int) -> set[str]:
    """The action id that is sent, and the one that a menu's line stands for."""
    if element["type"] == "overflow":
        return {element["action_id"], element["options"][index]["value"].partition(" ")[0]}
    return {element["action_id"]}


def called(press: object) -> str | None:
    return press["action_id"] if isinstance(press, dict) else None


EACH_IN_A_MESSAGE = pytest.mark.parametrize(("element", "line"), presses(IN_MESSAGES), ids=called)
EACH_IN_A_WINDOW = pytest.mark.parametrize(("element", "line"), presses(IN_WINDOWS), ids=called)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def closed_to_all() -> AsyncIterator[World]:
    """A world in which nobody whom a test plays may look anything up."""
    async with a_world(environment={"ALLOWED_USERS": "U0NOBODY"}) as world:
        yield world


async def click(world: World, element: Element, line: int) -> RecordedInteraction:
    """Press an element of a message that stands in the channel."""
    payload = {"blocks": json.loads(json.dumps(block_kit.actions([element])))}
    message = PostedMessage("1795366800.000200", "C0SUPPORT", "ephemeral", payload)
    exchange = await world.slack.click(message, element["action_id"], option=line)
    await world.idle()
    return exchange


async def window(world: World, elements: Sequence[Element]) -> OpenView:
    """A window of the bot's with elements in it, opened over none."""
    exchange = await world.slack.command("help")
    view = block_kit.modal("Voice log", block_kit.actions(elements), metadata=f'{{"log":"{ID}"}}')
    await world.bot.bolt.client.views_open(
        token=world.slack_token, trigger_id=exchange.trigger_id, view={**view}
    )
    return await world.slack.wait_for_modal()


async def test_each_name_there_is_for_a_button_is_pressed_here() -> None:
    names = {
        value
        for value in vars(actions).values()
        if isinstance(value, str) and value.startswith("voicelog_")
    }
    several = {f"{actions.FIND_NUMBER}_2", f"{actions.FIND_NUMBER}_3"}
    pressed: set[str] = set()
    for element, line in [*presses(IN_MESSAGES), *presses(IN_WINDOWS)]:
        pressed |= stands_for(element, line)
    assert pressed == (names | several) - {actions.FORM}


@EACH_IN_A_MESSAGE
async def test_a_press_in_a_message_by_someone_who_may_not_is_refused_beside_it(
    element: Element, line: int, closed_to_all: World
) -> None:
    windows = closed_to_all.slack.modals()
    exchange = await click(closed_to_all, element, line)
    answer = only(exchange)
    assert answer.text.startswith(REFUSAL)
    assert answer.payload["replace_original"] is False
    assert closed_to_all.slack.modals() == windows
    assert closed_to_all.asked_for == []


@EACH_IN_A_WINDOW
async def test_a_press_in_a_window_by_someone_who_may_not_is_refused_in_a_window(
    element: Element, line: int, closed_to_all: World
) -> None:
    opened = await window(closed_to_all, [element])
    exchange = await closed_to_all.slack.click_in_view(opened, element["action_id"], option=line)
    await closed_to_all.idle()
    assert exchange.failed is None
    shown = await closed_to_all.slack.wait_for_modal()
    assert REFUSAL in json.dumps(shown.blocks)
    assert exchange.messages == []
    assert closed_to_all.asked_for == []
    await closed_to_all.slack.close(shown)
