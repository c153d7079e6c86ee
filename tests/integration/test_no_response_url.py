"""What carries no response_url is answered in a window, which is opened before anything else."""

from collections.abc import Iterator, Mapping

import pytest
from pydantic import JsonValue

from bot.cli.terminal import render
from bot.dev.emulator.slack.workspace import FailNext, OpenView
from bot.ui import access_denied, actions
from bot.ui import errors as error_texts
from bot.ui import help as help_
from tests.integration.click_helpers import OTHER, card, elements
from tests.integration.harness import DOCUMENTED, OpenWorld, Space, World
from tests.integration.search_helpers import WRITTEN, log_id, many

pytestmark = pytest.mark.asyncio(loop_scope="module")

USER = "U0WINDOW"


@pytest.fixture
def mute(world: World) -> Iterator[World]:
    """The plain world, in which no interaction has a response_url."""
    world.slack.fields = {"response_url": ""}
    yield world
    world.slack.fields = {}
    world.slack.views.clear(USER)


async def use(world: World, message: Mapping[str, JsonValue]) -> str:
    """Use the shortcut on a message; what the window says that comes of it."""
    exchange = await world.use_shortcut(message, user_id=USER)
    assert (exchange.failed, exchange.posts) == (None, [])
    return seen(world)


def window(world: World) -> OpenView:
    shown = world.slack.modal(USER)
    assert shown is not None
    return shown


def seen(world: World) -> str:
    return render(window(world).blocks)


async def press(world: World, action_id: str) -> str:
    assert (await world.slack.click_in_view(window(world), action_id)).failed is None
    await world.idle()
    return seen(world)


@pytest.mark.parametrize("odd", ["", None, 5, {}])
async def test_the_log_of_a_message_is_shown_in_a_window(mute: World, odd: JsonValue) -> None:
    mute.slack.fields = {"response_url": odd}
    said = await use(mute, {"text": DOCUMENTED})

    assert "Completed" in said
    assert len(mute.slack.modals(USER)) == 1
    assert mute.log.lines("lookup.done", user=USER, outcome="found")


async def test_the_field_may_be_missing(mute: World) -> None:
    mute.slack.fields, mute.slack.left_out = {}, frozenset({"response_url"})
    assert "Completed" in await use(mute, {"text": DOCUMENTED})
    mute.slack.left_out = frozenset()


async def test_what_can_be_pressed_on_it_works_in_the_window(mute: World) -> None:
    await use(mute, {"text": DOCUMENTED})
    offered = {str(element["action_id"]) for element in elements(window(mute).blocks)}

    assert offered == {actions.DETAILS, actions.REFRESH, actions.OVERFLOW}, (
        "nothing that needs a URL"
    )
    assert "Updated" in await press(mute, actions.REFRESH)
    assert "Raw JSON" in await press(mute, actions.DETAILS)
    assert len(mute.slack.modals(USER)) == 2


async def test_several_logs_are_rows_in_the_window(mute: World) -> None:
    said = await use(mute, {"text": f"{DOCUMENTED} {OTHER}"})

    assert "2 of 2 voice logs found" in said
    assert "Raw JSON" in await press(mute, actions.CARD)


async def test_calls_are_found_by_a_number_in_the_window(open_world: OpenWorld) -> None:
    world = await open_world(Space(entries=many(3, wanted=range(3))))
    world.slack.fields = {"response_url": ""}
    await use(world, {"text": f"call {WRITTEN}"})
    said = await press(world, actions.FIND_NUMBER)

    assert log_id(0) in said
    assert len(world.slack.modals(USER)) == 1


async def test_they_are_found_from_the_home_tab_where_no_window_opened(
    open_world: OpenWorld,
) -> None:
    world = await open_world(Space(entries=many(3, wanted=range(3))))
    world.slack.fields = {"response_url": ""}
    world.slack.fail_next_api = [FailNext(200, '{"ok": false, "error": "internal_error"}')]
    await world.use_shortcut({"text": f"call {WRITTEN}"}, user_id=USER)
    home = world.slack.home_tab(USER)
    assert home is not None
    await world.slack.click_in_view(home, actions.FIND_NUMBER)
    await world.idle()

    assert log_id(0) in seen(world)


async def test_a_search_goes_on_in_a_window_if_its_message_can_be_reached_no_more(
    open_world: OpenWorld,
) -> None:
    world = await open_world(Space(entries=many(50, wanted=range(40))))
    found = await world.answer(f"find {WRITTEN}", user_id=USER)
    world.slack.fields = {"response_url": None}
    await world.slack.click(found, actions.SEARCH_OLDER, user_id=USER)
    await world.idle()

    assert "20 voice logs found" in seen(world)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nothing", help_.NO_ID_IN_MESSAGE),
        ("b7182dc2…", help_.INCOMPLETE_ID),
        ("fa170404-0000-4000-8000-000000000000", error_texts.NOT_FOUND.title),
    ],
)
async def test_what_stands_in_the_way_is_said_there(mute: World, text: str, said: str) -> None:
    assert said in await use(mute, {"text": text})


async def test_who_may_not_is_told_there(open_world: OpenWorld) -> None:
    world = await open_world(environment={"ALLOWED_USERS": "U0ANNA"})
    world.slack.fields = {"response_url": ""}
    assert access_denied.TITLE in await use(world, {"text": DOCUMENTED})
    assert world.asked_for == []


async def test_the_channel_is_remembered_in_the_window(open_world: OpenWorld) -> None:
    world = await open_world(environment={"ALLOWED_CHANNELS": "C0SUPPORT"})
    world.slack.fields = {"response_url": ""}
    await use(world, {"text": DOCUMENTED})
    assert "Updated" in await press(world, actions.REFRESH)


async def test_the_window_is_there_before_signalwire_has_answered(mute: World) -> None:
    """A trigger is good for three seconds, and a lookup may take longer."""
    mute.slack.views.clear(USER)  # of whatever another test has left open
    mute.hold_answers()
    exchange = await mute.slack.message_shortcut({"text": DOCUMENTED}, user_id=USER)
    waiting = await mute.slack.wait_for_modal(USER)
    mute.release_answers()
    await mute.idle()

    assert (exchange.failed, "Loading" in render(waiting.blocks)) == (None, True)
    assert "Completed" in seen(mute)


async def test_a_stop_is_told_in_the_window(open_world: OpenWorld) -> None:
    world = await open_world(environment={"DRAIN_SECONDS": "0"})
    world.slack.fields = {"response_url": ""}
    world.hold_answers()
    await world.slack.message_shortcut({"text": DOCUMENTED}, user_id=USER)
    await world.slack.wait_for_modal(USER)
    await world.stop()

    assert error_texts.RESTARTING.title in seen(world)


async def test_a_click_on_a_message_is_answered_in_a_window_too(world: World) -> None:
    _, own = await card(world, user_id=USER)
    world.slack.fields = {"response_url": None}
    for action in (actions.REFRESH, actions.DETAILS):
        world.slack.views.clear(USER)
        assert (await world.slack.click(own, action, user_id=USER)).failed is None
        await world.idle()
        assert "Completed" in seen(world)
    world.slack.fields = {}


async def test_where_no_window_can_be_opened_either_nothing_is_asked_of_signalwire(
    world: World,
) -> None:
    asked = len(world.asked_for)
    world.slack.fields = {"response_url": "", "trigger_id": ""}
    exchange = await world.use_shortcut({"text": DOCUMENTED})
    world.slack.fields = {}

    assert exchange.ack_status == 200
    assert len(world.asked_for) == asked
    assert world.log.lines("view.failed")
