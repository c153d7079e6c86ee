"""A walk along everything that the bot lets people press, in one sitting.

What comes of each is claimed at length elsewhere; here it is claimed that none is forgotten.
"""

from typing import Final

import pytest
from playwright.async_api import expect
from pydantic import BaseModel

from bot.dev.emulator.signalwire.catalogue import DOCUMENTED, LIVE
from bot.dev.emulator.slack.workspace import FailNext
from bot.dev.playground.web.inspector import entries
from bot.listeners import shortcuts
from bot.ui import actions as buttons
from tests.browser.page import Desk
from tests.browser.user_actions import (
    FIND,
    ask,
    button,
    choose,
    field,
    look_up,
    one_more_message,
    open_form,
    press,
    said,
    seen_window,
    share,
)

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CHATTY: Final = "0dd00000-0000-4000-8000-000000000004"


class _Option(BaseModel):
    value: str


class _Action(BaseModel):
    action_id: str
    selected_option: _Option | None = None


class _View(BaseModel):
    callback_id: str = ""


class _Sent(BaseModel):
    """What is looked at of a request of Slack's."""

    callback_id: str = ""
    actions: tuple[_Action, ...] = ()
    view: _View = _View()


def pressed(desk: Desk) -> set[str]:
    """The names by which the bot was told of what was pressed."""
    names = set()
    for entry in entries(desk.stage.slack):
        sent = _Sent.model_validate_json(entry.request)
        names |= {sent.callback_id, *(action.action_id for action in sent.actions)}
        # A menu's line says in its value what it stands for.
        menus = [action.selected_option for action in sent.actions if action.selected_option]
        names |= {option.value.partition(" ")[0] for option in menus}
        if not sent.actions:
            names.add(sent.view.callback_id)
    return names - {""}


def defined() -> set[str]:
    """The names there are: of buttons, of the form, and of the shortcuts."""
    names = {
        value
        for value in (*vars(buttons).values(), *vars(shortcuts).values())
        if isinstance(value, str) and value.startswith("voicelog_")
    }
    return names | {
        *(f"{buttons.FIND_NUMBER}_2", f"{buttons.FIND_NUMBER}_3", f"{buttons.SEARCH_WIDER}_2")
    }


async def on_cards(desk: Desk) -> None:
    await ask(desk, LIVE, "Follow")
    await choose(desk.answer, "Refresh")
    await expect(desk.answer).to_contain_text("Updated")
    await choose(desk.answer, "Legs of the call")
    await press(seen_window(desk, "Legs of the call"), "Close")
    await press(desk.answer, "Follow")
    await expect(desk.answer).to_contain_text("The call is over")
    await press(desk.answer, "Refresh")
    await expect(desk.answer).not_to_contain_text("The call is over")
    async with one_more_message(desk):
        await look_up(said(desk, "How much did this call cost"))
    desk.stage.slack.fail_next = [FailNext(404, "thread_not_found")]
    async with one_more_message(desk):
        await share(desk, desk.answer)
    async with one_more_message(desk):
        await share(desk, desk.answer, "Share in the channel")
    await expect(desk.answer).to_contain_text("Shared by @You")


async def in_windows(desk: Desk) -> None:
    await ask(desk, CHATTY, "Details")
    await press(desk.answer, "Details")
    window = desk.window
    await press(window, "Later ▶")
    await press(window, "◀ Earlier")
    await press(window, "Raw JSON")
    await press(window, "Next page ▶")
    await expect(window).to_contain_text("Page 2 of")
    await press(window, "◀ Previous page")
    await expect(window).to_contain_text("Page 1 of")
    await press(window, "Close")
    await expect(window).to_have_count(0)


async def in_lists(desk: Desk) -> None:
    await ask(desk, "recent 1", "Older calls")
    async with one_more_message(desk):
        await press(desk.answer, "View")
    async with one_more_message(desk):
        await press(said(desk, "The latest call"), "Older calls")
    await press(said(desk, "The latest call"), "Change search")
    await press(seen_window(desk, FIND), "Close")
    await ask(desk, "find 5550103 busy anonymous", "Change search")
    await press(desk.answer, "Without “anonymous”")
    await expect(button(desk.answer, "Without “anonymous”")).to_have_count(0)
    await ask(desk, "find 5559999 busy 1h", "Change search")
    await press(desk.answer, "Without “busy”")
    await expect(button(desk.answer, "Without “busy”")).to_have_count(0)
    async with one_more_message(desk):
        await desk.type("(206) 555-0102, 206.555.0103 or 206 555 3434?")
    async with one_more_message(desk):
        await look_up(desk.answer)
    offer = said(desk, "Phone numbers found").get_by_role("button", name="Find calls")
    await expect(offer).to_have_count(3)
    for index in range(3):
        async with one_more_message(desk):
            await offer.nth(index).click()


async def after_trouble(desk: Desk) -> None:
    for text in (DOCUMENTED, "recent 5"):
        desk.stage.signalwire.failure_share = 1
        await ask(desk, text, "Try again")
        desk.stage.signalwire.failure_share = 0
        await press(desk.answer, "Try again")
        await expect(button(desk.answer, "Try again")).to_have_count(0)


async def in_forms(desk: Desk) -> None:
    form = await open_form(desk)
    await press(form, "Close")
    await press(desk.page.get_by_label("Pages"), "VoiceLog · Home")
    home = desk.page.get_by_label("Home tab")
    await expect(home).to_contain_text("credentials accepted")  # it is published twice
    await press(home, "Find a call")
    await field(form, "Phone number").fill("5550103")
    await press(form, "Search")
    await expect(button(form, "View").first).to_be_visible()


async def test_everything_that_can_be_pressed_was_pressed_here(own_desk: Desk) -> None:
    await on_cards(own_desk)
    await in_windows(own_desk)
    await in_lists(own_desk)
    await after_trouble(own_desk)
    await in_forms(own_desk)
    await own_desk.idle()

    assert pressed(own_desk) == defined()
    assert [entry.what for entry in entries(own_desk.stage.slack) if entry.is_refused] == [
        "click on voicelog_share"  # which Slack was made to refuse
    ]
