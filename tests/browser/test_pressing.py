"""Users press buttons on cards, in lists and in modals, and see the result."""

from typing import Final

import pytest
from playwright.async_api import expect

from bot.dev.emulator.signalwire.catalog import DOCUMENTED
from bot.ui import actions
from tests.browser.page import Session
from tests.browser.user_actions import (
    FIND,
    answer_dialog,
    ask,
    button,
    choose,
    field,
    messages_with,
    modal_named,
    press,
)

PARENT: Final = "fa000000-0000-4000-8000-000000000001"
ONLY_YOU: Final = "Only visible to you"
MASKED: Final = "+1 ••••••••12"


async def test_a_call_found_from_the_home_tab_is_shared_in_another_channel(
    session: Session,
) -> None:
    pages = session.page.get_by_label("Pages")
    await press(pages, "VoiceLog · Home")
    home = session.page.get_by_label("Home tab")
    await expect(home).to_contain_text("credentials accepted")
    await press(home, "Find a call")
    search = modal_named(session, FIND)
    await field(search, "Phone number").fill("206 555 3434")
    await field(search, "How far back").select_option("As far back as possible")
    await press(search, "Search")
    await press(search, "View")
    await press(modal_named(session, "Voice log"), "Share…")
    form = modal_named(session, "Share voice log")
    await expect(form).to_contain_text("Everyone with access to the conversation you choose")
    await press(form, "Share")
    await expect(form).to_contain_text("this field is required")
    await field(form, "Conversation").select_option("#engineering")
    await press(form, "Share")

    await expect(form).to_contain_text("Shared in #engineering.")
    for name in ("Share voice log", "Voice log", FIND):
        await press(modal_named(session, name), "Close")
    await press(pages, "# support")
    shared = messages_with(session, "Shared by @You")
    await expect(shared).to_contain_text("in #engineering")
    await expect(shared).to_contain_text(MASKED)
    await expect(shared.get_by_text(ONLY_YOU)).to_have_count(0)


async def test_a_canceled_share_does_nothing(session: Session) -> None:
    await ask(session, DOCUMENTED)
    sent = len(session.stack.slack.interactions)
    messages = await session.messages.count()
    await press(session.latest, "Share")
    question = session.page.get_by_role("dialog", name="Share this voice log?")
    await expect(question).to_contain_text("Everyone with access to this channel")
    await answer_dialog(session, "Cancel")

    await expect(button(session.latest, "Share")).to_be_focused()
    await session.idle()
    assert len(session.stack.slack.interactions) == sent
    await expect(session.messages).to_have_count(messages)


async def test_the_chart_of_the_legs_fits_a_phone(own_session: Session) -> None:
    await own_session.page.set_viewport_size({"width": 320, "height": 800})
    await ask(own_session, PARENT)
    await choose(own_session.latest, "Legs of the call")
    chart = modal_named(own_session, "Legs of the call").locator("pre")

    await expect(chart).to_contain_text("not answered")
    assert await chart.evaluate("each => each.scrollWidth <= each.clientWidth")


async def test_a_menu_at_the_bottom_opens_in_view(session: Session) -> None:
    await ask(session, DOCUMENTED)
    await session.latest.get_by_label("More actions").click()

    await expect(button(session.latest, "Legs of the call")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("way", ["button", "corner", "Escape"])
async def test_a_modal_is_closed_in_three_ways(session: Session, way: str) -> None:
    await ask(session, DOCUMENTED)
    await press(session.latest, "Details")
    await expect(button(session.dialog, "Raw JSON")).to_be_visible()
    match way:
        case "button":
            await press(session.dialog, "Close")
        case "corner":
            await press(session.dialog, "Close modal")
        case _:
            await session.page.keyboard.press(way)

    await expect(session.dialog).to_have_count(0)
    assert session.stack.slack.modal() is None
    await press(session.latest, "Details")  # and the page still works
    await expect(button(session.dialog, "Raw JSON")).to_be_visible()


async def test_a_link_is_opened_in_another_tab(own_session: Session) -> None:
    dashboard = "https://127.0.0.1:9/logs/"
    await own_session.stack.restart_with({"DASHBOARD_URL": f"{dashboard}{{id}}"})
    await ask(own_session, DOCUMENTED)
    await own_session.latest.get_by_label("More actions").click()
    async with own_session.page.expect_popup() as opened:
        await own_session.latest.get_by_role("link", name=actions.OPEN_IN_SIGNALWIRE).click()
    await (await opened.value).close()
    await own_session.idle()

    assert f"{dashboard}{DOCUMENTED}" in own_session.requested_urls
    assert len(own_session.stack.slack.interactions) == 2
