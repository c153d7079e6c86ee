"""Keyboard users reach everything, and the focus isn't lost."""

from typing import Final

import pytest
from playwright.async_api import Locator, Page, expect

from bot.dev.emulator.signalwire.catalog import DOCUMENTED
from tests.browser.page import Session
from tests.browser.user_actions import (
    FIND,
    LOOK_UP,
    button,
    expect_new_message,
    field,
    messages_with,
    modal_named,
)
from tests.support import texts

MAX_TABS: Final = 60
"""The maximum number of presses of Tab."""
BOX: Final = "Message or command"
HAS_FOCUS: Final = "element => element === document.activeElement"


async def tab_to(page: Page, target: Locator, key: str = "Tab") -> None:
    """Press Tab until `target` has the focus."""
    await expect(target).to_be_visible()
    for _ in range(MAX_TABS):
        await page.keyboard.press(key)
        if await target.evaluate(HAS_FOCUS):
            return
    pytest.fail(f"{MAX_TABS} times {key} did not reach {target}")


async def tab_back_to(page: Page, target: Locator) -> None:
    """Press Shift+Tab until `target` has the focus."""
    await tab_to(page, target, "Shift+Tab")


async def use(session: Session, target: Locator, *, key: str = "Enter", back: bool = False) -> None:
    """Press Tab, or Shift+Tab to go back, until `target` has the focus; then press a key."""
    await tab_to(session.page, target, "Shift+Tab" if back else "Tab")
    await session.page.keyboard.press(key)


async def look_up_card(session: Session) -> Locator:
    """Look up a card with the keyboard; the focus stays on the input."""
    keyboard = session.page.keyboard
    await keyboard.press("Tab")
    await keyboard.press("Enter")
    await keyboard.type(f"/voicelog {DOCUMENTED}")
    await keyboard.press("Enter")
    card = messages_with(session, "Completed · 10 s")
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


async def test_arrow_up_shows_sent_texts_and_arrow_down_the_draft(session: Session) -> None:
    box = session.page.get_by_label(BOX)
    await box.press("ArrowUp")
    await expect(box).to_have_value("")
    for text in ("first", "second", "second"):
        async with expect_new_message(session):
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
    async with expect_new_message(session):
        await box.press("Enter")
    await session.page.reload()
    await box.press("ArrowUp")
    await expect(box).to_have_value("second")


async def test_every_button_of_a_card_can_be_focused_visibly(session: Session) -> None:
    card = await look_up_card(session)

    for name in ("Share", "Refresh", "Details"):
        await tab_back_to(session.page, button(card, name))
        outline = await button(card, name).evaluate("e => getComputedStyle(e).outlineStyle")
        assert outline == "solid", name


async def test_a_menu_returns_the_focus_at_escape_and_at_a_choice(session: Session) -> None:
    card = await look_up_card(session)
    menu, line = card.get_by_label("More actions"), button(card, "Legs of the call")

    await use(session, menu, back=True)
    await tab_to(session.page, line)
    await session.page.keyboard.press("Escape")
    await expect(line).to_be_hidden()
    await expect(menu).to_be_focused()

    await session.page.keyboard.press("Enter")
    await use(session, line)
    await expect(session.dialog).to_be_visible()
    await expect(line).to_be_hidden()
    await session.page.keyboard.press("Escape")

    await expect(session.dialog).to_have_count(0)
    await expect(menu).to_be_focused()


async def test_a_confirmation_focuses_the_deny_button_and_is_accepted(session: Session) -> None:
    card = await look_up_card(session)
    share = button(card, "Share")
    question = session.page.get_by_role("dialog", name="Share this voice log?")

    await use(session, share, back=True)
    await expect(button(question, "Cancel")).to_be_focused()
    await session.page.keyboard.press("Escape")

    await expect(question).to_have_count(0)
    await expect(share).to_be_focused()
    await session.idle()
    await expect(messages_with(session, "Completed · 10 s")).to_have_count(1)

    await session.page.keyboard.press("Enter")
    await use(session, button(question, "Share"))
    await expect(question).to_have_count(0)
    await expect(messages_with(session, "Shared by")).to_have_count(1)
    await expect(messages_with(session, texts.SHARED)).to_have_count(1)


async def test_a_modal_keeps_the_focus_until_it_is_closed(session: Session) -> None:
    card = await look_up_card(session)
    details = button(card, "Details")

    await use(session, details, back=True)
    await expect(session.dialog).to_contain_text("Timeline")
    await expect(session.dialog.get_by_role("region")).to_be_focused()
    for _ in range(10):
        await session.page.keyboard.press("Tab")
        # After a modal's last element comes the browser's own UI, while no element has the focus.
        assert await session.page.evaluate(
            "document.activeElement === document.body"
            " || document.activeElement.closest('dialog.modal') !== null"
        )
    await session.page.keyboard.press("Escape")
    await expect(session.dialog).to_have_count(0)
    await expect(details).to_be_focused()
    assert session.stack.slack.modal() is None

    await session.page.keyboard.press("Space")
    await use(session, button(session.dialog, "Raw JSON"), key="Space")
    await expect(session.dialog).to_contain_text('"id"')
    await use(session, button(session.dialog, "Close modal"), key="Space", back=True)
    await expect(session.dialog).to_have_count(0)
    await expect(details).to_be_focused()
    assert session.stack.slack.modal() is None


async def test_the_focus_stays_on_a_button_whose_message_is_replaced(session: Session) -> None:
    card = await look_up_card(session)
    refresh = button(card, "Refresh")

    await tab_back_to(session.page, refresh)
    for edits in range(1, 3):
        await session.page.keyboard.press("Enter")
        await expect(card).to_contain_text("(edited)")
        await expect(refresh).not_to_have_attribute("aria-busy", "true")
        await expect(refresh).to_be_focused()
        await session.idle()
        assert session.stack.slack.messages.messages[-1].edits == edits


async def test_a_form_is_corrected_and_submitted(session: Session) -> None:
    page, keyboard = session.page, session.page.keyboard
    await keyboard.press("Tab")
    await keyboard.press("Enter")

    await use(session, page.get_by_label("Shortcuts"), back=True)
    await use(session, button(page.locator("#compose"), FIND))
    form = modal_named(session, FIND)
    await expect(field(form, "Phone number")).to_be_focused()
    await keyboard.type("12")
    await use(session, form.get_by_label("Completed", exact=True), key="Space")
    await keyboard.press("Enter")
    wrong = field(form, "Phone number")
    await expect(wrong).to_have_attribute("aria-invalid", "true")
    await expect(wrong).to_be_focused()

    await keyboard.press("ControlOrMeta+a")
    await keyboard.type("5550100")
    await use(session, button(form, "Search"))

    await expect(field(form, "Phone number")).to_have_count(0)
    await expect(button(form, "View").first).to_be_visible()
    await expect(button(session.dialog, "Close")).to_be_focused()


async def test_the_home_tab_is_opened_used_and_left(session: Session) -> None:
    page = session.page
    home = page.get_by_role("button", name="VoiceLog · Home")

    await use(session, home)
    await expect(home).to_have_attribute("aria-current", "page")
    tab = page.get_by_role("region", name="Home tab")
    await expect(tab).to_contain_text("credentials accepted")  # it is published twice
    await use(session, button(tab, FIND))
    await expect(modal_named(session, FIND)).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(session.dialog).to_have_count(0)
    await expect(button(tab, FIND)).to_be_focused()
    await use(session, page.get_by_role("button", name="# support"), back=True)

    await expect(page.get_by_role("log")).to_be_visible()
    await expect(tab).to_be_hidden()


async def test_a_messages_menu_has_the_shortcut(session: Session) -> None:
    page, message = session.page, messages_with(session, "only one answered")

    await use(session, message.get_by_label("Message menu"))
    await tab_to(page, button(message, LOOK_UP))
    async with expect_new_message(session):
        await page.keyboard.press("Enter")

    await expect(session.latest).to_contain_text("Only visible to you")
    await expect(message.get_by_label("Message menu")).to_be_focused()


async def test_a_message_is_switched_to_plain_text_and_back(session: Session) -> None:
    page, card = session.page, await look_up_card(session)
    switch = button(card, "Plain text")

    await use(session, card.get_by_label("Message menu"), back=True)
    await use(session, switch, key="Space")
    await expect(card.get_by_role("button", name="Details")).to_be_hidden()
    await expect(card.get_by_text("Duration: 10 s")).to_be_visible()
    await expect(card.get_by_label("Message menu")).to_be_focused()
    await page.keyboard.press("Enter")
    await tab_to(page, switch)
    await expect(switch).to_have_attribute("aria-pressed", "true")
    await page.keyboard.press("Space")

    await expect(card.get_by_role("button", name="Details")).to_be_visible()
