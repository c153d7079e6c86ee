"""The reply to an interaction without a response URL is in a modal, which is opened first."""

from collections.abc import Mapping

import pytest
from pydantic import JsonValue

from bot.dev.emulator.slack.workspace import FailNext
from bot.ui import actions
from bot.ui.details import view as details_view
from tests.integration.harness import OpenWorld, Project, World
from tests.integration.sample_logs import WANTED_AS_TYPED, log_id, sample_logs
from tests.support import texts
from tests.support.reading import buttons, is_loaded, rendered, row_ids, values_of
from tests.support.samples import DOCUMENTED, ENDED, NOT_FOUND

NO_URL: Mapping[str, JsonValue] = {"response_url": ""}


@pytest.fixture
def no_url_world(world: World) -> World:
    """A world in which no interaction has a response URL."""
    world.alter_payloads(NO_URL)
    return world


async def use_shortcut(world: World, text: str = DOCUMENTED) -> str:
    """Use the shortcut on a message; return the modal, rendered."""
    interaction = await world.use_shortcut({"text": text})
    assert (interaction.failed, interaction.posts) == (None, [])
    return rendered(world.modal())


async def click_in(world: World, action_id: str) -> str:
    return rendered(await world.click_in_modal(world.modal(), action_id))


@pytest.mark.parametrize("odd", ["", None, 5, {}, "missing"])
async def test_log_is_shown_in_a_modal(world: World, odd: JsonValue) -> None:
    world.alter_payloads({"response_url": odd})

    assert texts.COMPLETED in await use_shortcut(world)
    assert len(world.slack.modals()) == 1
    assert world.log.lines("lookup.done", outcome="found")


async def test_buttons_of_a_log_work_in_the_modal(no_url_world: World) -> None:
    await use_shortcut(no_url_world)
    offered = {button.action_id for button in buttons(no_url_world.modal())}

    assert offered == {actions.DETAILS, actions.REFRESH, actions.OVERFLOW}, "none needs a URL"
    assert texts.UPDATED in await click_in(no_url_world, actions.REFRESH)
    assert texts.RAW_JSON in await click_in(no_url_world, actions.DETAILS)
    assert len(no_url_world.slack.modals()) == 2


async def test_menu_of_a_card_in_a_modal_opens_modals(no_url_world: World) -> None:
    await use_shortcut(no_url_world)
    card_view = no_url_world.modal()
    for value, title in zip(
        values_of(card_view, actions.OVERFLOW),
        (details_view.LEGS_TITLE, details_view.TEXT_TITLE),
        strict=True,
    ):
        opened = await no_url_world.click_in_modal(card_view, actions.OVERFLOW, value=value)
        assert (opened.title, opened.id != card_view.id) == (title, True)
        await no_url_world.slack.close(opened)


async def test_several_logs_are_rows_in_the_modal(no_url_world: World) -> None:
    shown = await use_shortcut(no_url_world, f"{DOCUMENTED} {ENDED}")

    assert texts.logs_found(2, 2) in shown
    assert texts.RAW_JSON in await click_in(no_url_world, actions.CARD)


@pytest.mark.parametrize("opens", [True, False])
async def test_number_is_searched_for_in_the_modal_or_from_the_home_tab(
    open_world: OpenWorld, *, opens: bool
) -> None:
    world = await open_world(Project(entries=sample_logs(3, wanted=range(3))))
    world.alter_payloads(NO_URL)
    if opens:
        await use_shortcut(world, f"call {WANTED_AS_TYPED}")
        await click_in(world, actions.FIND_NUMBER)
    else:
        world.slack.fail_next_api = [FailNext(200, '{"ok": false, "error": "invalid_arguments"}')]
        await world.use_shortcut({"text": f"call {WANTED_AS_TYPED}"})
        await world.click_in_modal(world.home_tab(), actions.FIND_NUMBER)

    assert row_ids(world.modal()) == [log_id(number) for number in range(3)]
    assert len(world.slack.modals()) == 1


async def test_search_continues_in_a_modal_when_its_message_has_no_url(
    open_world: OpenWorld,
) -> None:
    world = await open_world(Project(entries=sample_logs(50, wanted=range(40))))
    found = await world.ask(f"find {WANTED_AS_TYPED}")
    world.alter_payloads({"response_url": None})
    await world.click(found, actions.SEARCH_OLDER)

    assert len(row_ids(world.modal())) == 20


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("nothing", texts.NO_ID_IN_MESSAGE),
        ("b7182dc2…", texts.TRUNCATED_ID),
        (NOT_FOUND, texts.NOT_FOUND),
    ],
)
async def test_error_is_shown_in_the_modal(no_url_world: World, text: str, title: str) -> None:
    assert title in await use_shortcut(no_url_world, text)


async def test_denied_user_gets_an_error_in_the_modal(open_world: OpenWorld) -> None:
    world = await open_world(environment={"ALLOWED_USERS": "U0ANNA"})
    world.alter_payloads(NO_URL)
    assert texts.DENIED in await use_shortcut(world)
    assert world.requested_ids == []


async def test_modal_remembers_its_channel(open_world: OpenWorld) -> None:
    world = await open_world(environment={"ALLOWED_CHANNELS": "C0SUPPORT"})
    world.alter_payloads(NO_URL)
    await use_shortcut(world)
    assert texts.UPDATED in await click_in(world, actions.REFRESH)


async def test_modal_opens_before_signalwire_responds(no_url_world: World) -> None:
    """A trigger is valid for three seconds, and a lookup may take longer."""
    async with no_url_world.holding_responses():
        interaction = await no_url_world.slack.message_shortcut({"text": DOCUMENTED})
        opened = await no_url_world.slack.wait_for_modal()

    assert (interaction.failed, is_loaded(opened)) == (None, False)
    assert texts.COMPLETED_STATUS in rendered(no_url_world.modal())


@pytest.mark.parametrize("action_id", [actions.REFRESH, actions.DETAILS])
async def test_reply_to_a_click_on_a_message_is_in_a_modal(world: World, action_id: str) -> None:
    card = await world.ask(DOCUMENTED)
    world.alter_payloads({"response_url": None})
    await world.click(card, action_id)

    assert texts.COMPLETED_STATUS in rendered(world.modal())


async def test_without_a_trigger_nothing_is_requested(world: World) -> None:
    world.alter_payloads({"response_url": "", "trigger_id": ""})
    interaction = await world.use_shortcut({"text": DOCUMENTED})

    assert interaction.ack_status == 200
    assert world.requested_ids == []
    assert world.log.lines("view.failed")
