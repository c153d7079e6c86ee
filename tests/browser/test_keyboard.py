"""A person who has a keyboard and nothing else: everything is reached, and the focus isn't lost."""

import re
from typing import Final

import pytest
from playwright.async_api import Locator, Page, expect

from bot.dev.emulator.signalwire.catalogue import DOCUMENTED
from tests.browser.page import Desk
from tests.browser.user_actions import (
    FIND,
    LOOK_UP,
    button,
    field,
    one_more_message,
    said,
    seen_window,
)

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

STEPS: Final = 60
"""Whoever has to press Tab more often than this has been left behind."""
BOX: Final = "Message or command"
HAS_FOCUS: Final = "element => element === document.activeElement"


async def walk(page: Page, goal: Locator, key: str = "Tab") -> None:
    """Press Tab until the goal has the focus."""
    await expect(goal).to_be_visible()
    for _ in range(STEPS):
        await page.keyboard.press(key)
        if await goal.evaluate(HAS_FOCUS):
            return
    pytest.fail(f"{STEPS} times {key} don't lead to {goal}")


async def back(page: Page, goal: Locator) -> None:
    """The same, in the other direction."""
    await walk(page, goal, "Shift+Tab")


async def a_card(desk: Desk) -> Locator:
    """A card, asked for with the keyboard; the focus is on the box."""
    keyboard = desk.page.keyboard
    await keyboard.press("Tab")
    await keyboard.press("Enter")
    await keyboard.type(f"/voicelog {DOCUMENTED}")
    await keyboard.press("Enter")
    card = said(desk, "Completed · 9 s")
    await expect(card).to_have_count(1)
    return card


async def test_the_first_thing_leads_past_all_else_to_the_box(desk: Desk) -> None:
    page = desk.page
    skip = page.get_by_role("link", name="Skip to the command box")

    await page.keyboard.press("Tab")
    await expect(skip).to_be_focused()
    await expect(skip).to_be_in_viewport()
    await page.keyboard.press("Enter")

    await expect(page.get_by_label(BOX)).to_be_focused()


async def test_a_command_is_typed_and_sent_and_the_box_keeps_the_focus(desk: Desk) -> None:
    await a_card(desk)

    await expect(desk.page.get_by_label(BOX)).to_be_focused()
    await expect(desk.page.get_by_label(BOX)).to_have_value("")


async def test_every_button_of_a_card_is_reached_and_the_focus_is_seen(desk: Desk) -> None:
    card = await a_card(desk)

    for name in ("Share", "Refresh", "Details"):
        await back(desk.page, button(card, name))
        outline = await button(card, name).evaluate("e => getComputedStyle(e).outlineStyle")
        assert outline == "solid", name


async def test_a_menu_is_opened_and_escape_closes_it_where_it_was_opened(desk: Desk) -> None:
    card = await a_card(desk)
    menu, line = card.get_by_label("More actions"), button(card, "Legs of the call")

    await back(desk.page, menu)
    await desk.page.keyboard.press("Enter")
    await walk(desk.page, line)
    await desk.page.keyboard.press("Escape")

    await expect(line).to_be_hidden()
    await expect(menu).to_be_focused()


async def test_a_line_of_a_menu_is_chosen_and_the_focus_comes_back_to_the_menu(desk: Desk) -> None:
    card = await a_card(desk)
    menu = card.get_by_label("More actions")

    await back(desk.page, menu)
    await desk.page.keyboard.press("Enter")
    await walk(desk.page, button(card, "Legs of the call"))
    await desk.page.keyboard.press("Enter")
    await expect(desk.window).to_be_visible()
    await expect(button(card, "Legs of the call")).to_be_hidden()
    await desk.page.keyboard.press("Escape")

    await expect(desk.window).to_have_count(0)
    await expect(menu).to_be_focused()


async def test_a_confirmation_begins_at_no_and_escape_means_no(desk: Desk) -> None:
    card = await a_card(desk)
    share = button(card, "Share")
    question = desk.page.get_by_role("dialog", name="Share this voice log?")

    await back(desk.page, share)
    await desk.page.keyboard.press("Enter")
    await expect(button(question, "Cancel")).to_be_focused()
    await desk.page.keyboard.press("Escape")

    await expect(question).to_have_count(0)
    await expect(share).to_be_focused()
    await desk.idle()
    await expect(said(desk, "Completed · 9 s")).to_have_count(1)


async def test_a_confirmation_is_answered_with_yes(desk: Desk) -> None:
    card = await a_card(desk)
    question = desk.page.get_by_role("dialog", name="Share this voice log?")

    await back(desk.page, button(card, "Share"))
    await desk.page.keyboard.press("Enter")
    await walk(desk.page, button(question, "Share"))
    await desk.page.keyboard.press("Enter")

    await expect(question).to_have_count(0)
    await expect(said(desk, "Completed · 9 s")).to_have_count(2)


async def test_a_window_holds_the_focus_until_it_is_closed(desk: Desk) -> None:
    card = await a_card(desk)
    details = button(card, "Details")

    await back(desk.page, details)
    await desk.page.keyboard.press("Enter")
    await expect(desk.window).to_contain_text("Timeline")
    await expect(desk.window.get_by_role("region")).to_be_focused()
    for _ in range(10):
        await desk.page.keyboard.press("Tab")
        # After a window's last element comes the browser's own bar: then no element has the focus.
        assert await desk.page.evaluate(
            "document.activeElement === document.body"
            " || document.activeElement.closest('dialog.modal') !== null"
        )
    await desk.page.keyboard.press("Escape")

    await expect(desk.window).to_have_count(0)
    await expect(details).to_be_focused()


async def test_a_window_closed_by_its_button_gives_the_focus_back_too(desk: Desk) -> None:
    card = await a_card(desk)
    details = button(card, "Details")

    await back(desk.page, details)
    await desk.page.keyboard.press("Space")
    await walk(desk.page, button(desk.window, "Raw JSON"))
    await desk.page.keyboard.press("Space")
    await expect(desk.window).to_contain_text('"id"')
    await walk(desk.page, button(desk.window, "Close"))
    await desk.page.keyboard.press("Space")

    await expect(desk.window).to_have_count(0)
    await expect(details).to_be_focused()


async def test_the_focus_stays_on_a_button_whose_message_is_replaced(desk: Desk) -> None:
    card = await a_card(desk)
    refresh = button(card, "Refresh")

    await back(desk.page, refresh)
    for edits in range(1, 3):
        await desk.page.keyboard.press("Enter")
        await expect(card).to_contain_text("(edited)")
        await expect(refresh).not_to_have_attribute("aria-busy", "true")
        await expect(refresh).to_be_focused()
        assert desk.stage.slack.messages.messages[-1].edits == edits


async def test_the_form_is_filled_in_wrongly_then_rightly(desk: Desk) -> None:
    page, keyboard = desk.page, desk.page.keyboard
    await keyboard.press("Tab")
    await keyboard.press("Enter")

    await back(page, page.get_by_label("Shortcuts"))
    await keyboard.press("Enter")
    await walk(page, button(page.locator("#compose"), FIND))
    await keyboard.press("Enter")
    form = seen_window(desk, FIND)
    await expect(field(form, "Phone number")).to_be_focused()
    await keyboard.type("12")
    await walk(page, form.get_by_label("Completed", exact=True))
    await keyboard.press("Space")
    await keyboard.press("Enter")
    wrong = field(form, "Phone number")
    await expect(wrong).to_have_attribute("aria-invalid", "true")
    await expect(wrong).to_have_accessible_description(re.compile("^12 is too short"))
    await expect(wrong).to_be_focused()
    await expect(wrong).to_have_value("12")
    await expect(form.get_by_label("Completed", exact=True)).to_be_checked()

    await keyboard.press("ControlOrMeta+a")
    await keyboard.type("5550100")
    await walk(page, button(form, "Search"))
    await keyboard.press("Enter")

    await expect(field(form, "Phone number")).to_have_count(0)
    await expect(button(form, "View").first).to_be_visible()
    await expect(button(desk.window, "Close")).to_be_focused()


async def test_the_home_tab_is_opened_used_and_left(desk: Desk) -> None:
    page = desk.page
    home = page.get_by_role("button", name="VoiceLog · Home")

    await walk(page, home)
    await page.keyboard.press("Enter")
    await expect(home).to_have_attribute("aria-current", "page")
    tab = page.get_by_role("region", name="Home tab")
    await expect(tab).to_contain_text("credentials accepted")  # it is published twice
    await walk(page, button(tab, FIND))
    await page.keyboard.press("Enter")
    await expect(seen_window(desk, FIND)).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(desk.window).to_have_count(0)
    await expect(button(tab, FIND)).to_be_focused()
    await back(page, page.get_by_role("button", name="# support"))
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("log")).to_be_visible()
    await expect(tab).to_be_hidden()


async def test_a_messages_menu_has_the_shortcut(desk: Desk) -> None:
    page, asked = desk.page, said(desk, "only one answered")

    await walk(page, asked.get_by_label("Message menu"))
    await page.keyboard.press("Enter")
    await walk(page, button(asked, LOOK_UP))
    async with one_more_message(desk):
        await page.keyboard.press("Enter")

    await expect(desk.answer).to_contain_text("Only visible to you")
    await expect(asked.get_by_label("Message menu")).to_be_focused()


async def test_a_message_is_switched_to_plain_text_and_back(desk: Desk) -> None:
    page, card = desk.page, await a_card(desk)
    switch = button(card, "Plain text")

    await back(page, card.get_by_label("Message menu"))
    await page.keyboard.press("Enter")
    await walk(page, switch)
    await page.keyboard.press("Space")
    await expect(card.get_by_role("button", name="Details")).to_be_hidden()
    await expect(card.get_by_text("Duration: 9 s (9638 ms)")).to_be_visible()
    await expect(card.get_by_label("Message menu")).to_be_focused()
    await page.keyboard.press("Enter")
    await walk(page, switch)
    await expect(switch).to_have_attribute("aria-pressed", "true")
    await page.keyboard.press("Space")

    await expect(card.get_by_role("button", name="Details")).to_be_visible()
