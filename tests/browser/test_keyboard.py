"""A person who has a keyboard and nothing else: everything is reached, and the focus isn't lost."""

import re
from typing import Final

import pytest
from playwright.async_api import Locator, Page, expect

from bot.dev.emulator.signalwire.catalog import DOCUMENTED
from tests.browser.page import Session
from tests.browser.user_actions import (
    FIND,
    LOOK_UP,
    button,
    field,
    one_more_message,
    said,
    visible_dialog,
)
from tests.support import texts

STEPS: Final = 60
"""The most presses of Tab that may be needed."""
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


async def a_card(session: Session) -> Locator:
    """A card, asked for with the keyboard; the focus is on the box."""
    keyboard = session.page.keyboard
    await keyboard.press("Tab")
    await keyboard.press("Enter")
    await keyboard.type(f"/voicelog {DOCUMENTED}")
    await keyboard.press("Enter")
    card = said(session, "Completed · 10 s")
    await expect(card).to_have_count(1)
    return card


async def test_a_skip_link_leads_to_the_input(session: Session) -> None:
    page = session.page
    skip = page.get_by_role("link", name="Skip to the command box")

    await page.keyboard.press("Tab")
    await expect(skip).to_be_focused()
    await expect(skip).to_be_in_viewport()
    await page.keyboard.press("Enter")

    await expect(page.get_by_label(BOX)).to_be_focused()


async def test_arrow_up_brings_back_what_was_sent_and_arrow_down_the_draft(
    session: Session,
) -> None:
    box = session.page.get_by_label(BOX)
    await box.press("ArrowUp")
    await expect(box).to_have_value("")
    for text in ("first", "second", "second"):
        async with one_more_message(session):
            await session.type(text)
    await box.fill("a draft")
    for key, text in (
        *(("ArrowUp", "second"), ("ArrowUp", "first"), ("ArrowUp", "first")),
        *(("Shift+ArrowDown", "first"), ("ArrowDown", "second"), ("ArrowDown", "a draft")),
        *(("ArrowDown", "a draft"), ("ArrowUp", "second")),
    ):
        await box.press(key)
        await expect(box).to_have_value(text)
    await box.press("ArrowUp")
    await box.press_sequentially(", edited")
    for key, text in (
        *(("ArrowDown", "first, edited"), ("ArrowUp", "second"), ("ArrowDown", "first, edited")),
        ("ArrowUp", "second"),
    ):
        await box.press(key)
        await expect(box).to_have_value(text)
    caret = await box.evaluate("box => [box.selectionStart, box.selectionEnd]")
    assert caret == [len("second")] * 2
    async with one_more_message(session):
        await box.press("Enter")
    await session.page.reload()
    await box.press("ArrowUp")
    await expect(box).to_have_value("second")


async def test_every_button_of_a_card_can_be_focused_visibly(session: Session) -> None:
    card = await a_card(session)

    for name in ("Share", "Refresh", "Details"):
        await back(session.page, button(card, name))
        outline = await button(card, name).evaluate("e => getComputedStyle(e).outlineStyle")
        assert outline == "solid", name


async def test_escape_closes_a_menu_and_returns_the_focus(session: Session) -> None:
    card = await a_card(session)
    menu, line = card.get_by_label("More actions"), button(card, "Legs of the call")

    await back(session.page, menu)
    await session.page.keyboard.press("Enter")
    await walk(session.page, line)
    await session.page.keyboard.press("Escape")

    await expect(line).to_be_hidden()
    await expect(menu).to_be_focused()


async def test_choosing_a_menu_option_returns_the_focus(session: Session) -> None:
    card = await a_card(session)
    menu = card.get_by_label("More actions")

    await back(session.page, menu)
    await session.page.keyboard.press("Enter")
    await walk(session.page, button(card, "Legs of the call"))
    await session.page.keyboard.press("Enter")
    await expect(session.dialog).to_be_visible()
    await expect(button(card, "Legs of the call")).to_be_hidden()
    await session.page.keyboard.press("Escape")

    await expect(session.dialog).to_have_count(0)
    await expect(menu).to_be_focused()


async def test_a_confirmation_starts_at_no_and_escape_means_no(session: Session) -> None:
    card = await a_card(session)
    share = button(card, "Share")
    question = session.page.get_by_role("dialog", name="Share this voice log?")

    await back(session.page, share)
    await session.page.keyboard.press("Enter")
    await expect(button(question, "Cancel")).to_be_focused()
    await session.page.keyboard.press("Escape")

    await expect(question).to_have_count(0)
    await expect(share).to_be_focused()
    await session.idle()
    await expect(said(session, "Completed · 10 s")).to_have_count(1)


async def test_a_confirmation_can_be_accepted(session: Session) -> None:
    card = await a_card(session)
    question = session.page.get_by_role("dialog", name="Share this voice log?")

    await back(session.page, button(card, "Share"))
    await session.page.keyboard.press("Enter")
    await walk(session.page, button(question, "Share"))
    await session.page.keyboard.press("Enter")

    await expect(question).to_have_count(0)
    await expect(said(session, "Shared by")).to_have_count(1)
    await expect(said(session, texts.SHARED)).to_have_count(1)


async def test_a_modal_keeps_the_focus_until_it_is_closed(session: Session) -> None:
    card = await a_card(session)
    details = button(card, "Details")

    await back(session.page, details)
    await session.page.keyboard.press("Enter")
    await expect(session.dialog).to_contain_text("Timeline")
    await expect(session.dialog.get_by_role("region")).to_be_focused()
    for _ in range(10):
        await session.page.keyboard.press("Tab")
        # After a modal's last element comes the browser's own bar: then no element has the focus.
        assert await session.page.evaluate(
            "document.activeElement === document.body"
            " || document.activeElement.closest('dialog.modal') !== null"
        )
    await session.page.keyboard.press("Escape")

    await expect(session.dialog).to_have_count(0)
    await expect(details).to_be_focused()


async def test_a_modal_closed_by_its_button_returns_the_focus(session: Session) -> None:
    card = await a_card(session)
    details = button(card, "Details")

    await back(session.page, details)
    await session.page.keyboard.press("Space")
    await walk(session.page, button(session.dialog, "Raw JSON"))
    await session.page.keyboard.press("Space")
    await expect(session.dialog).to_contain_text('"id"')
    await walk(session.page, button(session.dialog, "Close"))
    await session.page.keyboard.press("Space")

    await expect(session.dialog).to_have_count(0)
    await expect(details).to_be_focused()


async def test_the_focus_stays_on_a_button_whose_message_is_replaced(session: Session) -> None:
    card = await a_card(session)
    refresh = button(card, "Refresh")

    await back(session.page, refresh)
    for edits in range(1, 3):
        await session.page.keyboard.press("Enter")
        await expect(card).to_contain_text("(edited)")
        await expect(refresh).not_to_have_attribute("aria-busy", "true")
        await expect(refresh).to_be_focused()
        assert session.stack.slack.messages.messages[-1].edits == edits


async def test_a_form_is_corrected_and_submitted(session: Session) -> None:
    page, keyboard = session.page, session.page.keyboard
    await keyboard.press("Tab")
    await keyboard.press("Enter")

    await back(page, page.get_by_label("Shortcuts"))
    await keyboard.press("Enter")
    await walk(page, button(page.locator("#compose"), FIND))
    await keyboard.press("Enter")
    form = visible_dialog(session, FIND)
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
    await expect(button(session.dialog, "Close")).to_be_focused()


async def test_the_home_tab_is_opened_used_and_left(session: Session) -> None:
    page = session.page
    home = page.get_by_role("button", name="VoiceLog · Home")

    await walk(page, home)
    await page.keyboard.press("Enter")
    await expect(home).to_have_attribute("aria-current", "page")
    tab = page.get_by_role("region", name="Home tab")
    await expect(tab).to_contain_text("credentials accepted")  # it is published twice
    await walk(page, button(tab, FIND))
    await page.keyboard.press("Enter")
    await expect(visible_dialog(session, FIND)).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(session.dialog).to_have_count(0)
    await expect(button(tab, FIND)).to_be_focused()
    await back(page, page.get_by_role("button", name="# support"))
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("log")).to_be_visible()
    await expect(tab).to_be_hidden()


async def test_a_messages_menu_has_the_shortcut(session: Session) -> None:
    page, asked = session.page, said(session, "only one answered")

    await walk(page, asked.get_by_label("Message menu"))
    await page.keyboard.press("Enter")
    await walk(page, button(asked, LOOK_UP))
    async with one_more_message(session):
        await page.keyboard.press("Enter")

    await expect(session.answer).to_contain_text("Only visible to you")
    await expect(asked.get_by_label("Message menu")).to_be_focused()


async def test_a_message_is_switched_to_plain_text_and_back(session: Session) -> None:
    page, card = session.page, await a_card(session)
    switch = button(card, "Plain text")

    await back(page, card.get_by_label("Message menu"))
    await page.keyboard.press("Enter")
    await walk(page, switch)
    await page.keyboard.press("Space")
    await expect(card.get_by_role("button", name="Details")).to_be_hidden()
    await expect(card.get_by_text("Duration: 10 s")).to_be_visible()
    await expect(card.get_by_label("Message menu")).to_be_focused()
    await page.keyboard.press("Enter")
    await walk(page, switch)
    await expect(switch).to_have_attribute("aria-pressed", "true")
    await page.keyboard.press("Space")

    await expect(card.get_by_role("button", name="Details")).to_be_visible()
