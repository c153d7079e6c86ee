"""Updates by the app don't disturb a user who is reading or typing."""

import re
from typing import Final

import httpx
from playwright.async_api import Locator, expect
from pydantic import JsonValue

from bot.dev.emulator.signalwire.catalog import DOCUMENTED
from tests.browser.axe import axe_violations
from tests.browser.page import Session
from tests.browser.seeded_apps import (
    NOT_ACCEPTED,
    new_button,
    open_modal,
    post,
    replace,
    text_field,
)
from tests.browser.user_actions import ask, button, messages_with, modal_named, open_menu, press
from tests.dev.emulator_harness import Json, actions, modal, option, plain, section

BOX: Final = "Message or command"
TOWN: Final = text_field("town", "Town")
STREET: Final = text_field("street", "Street")
LONG: Final = [section(f"line {number}") for number in range(60)]
MENU: Final[JsonValue] = {
    "type": "overflow",
    "action_id": "more",
    "options": [option("one"), option("two")],
}
SCROLL: Final = """(element, top) => new Promise((done) => {
    element.addEventListener("scroll", () => requestAnimationFrame(done), { once: true });
    element.scrollTop = top;
})"""
REQUIRED: Final = re.compile("this field is required")
HINT: Final = re.compile("With its number")


def new_form(*blocks: JsonValue, **more: JsonValue) -> Json:
    """Return a form with these blocks."""
    return modal(*blocks, **{"submit": plain("Send it"), "callback_id": "x", **more})


def channel(session: Session) -> Locator:
    """Locate the scrollable list of messages."""
    return session.page.get_by_role("log")


async def fill_channel(session: Session) -> None:
    """Post more messages than fit."""
    for number in range(30):
        post(session, text=f"number {number}")
    await expect(messages_with(session, "number 29")).to_be_in_viewport()


# --- Reading -------------------------------------------------------------------------------------


async def test_an_updated_modal_keeps_its_scroll_position(session: Session) -> None:
    view = open_modal(session, modal(*LONG))
    body = session.dialog.get_by_role("region")
    await expect(body).to_be_focused()
    await body.evaluate(SCROLL, 333)
    session.stack.slack.views.update(view.id, modal(section("news"), *LONG[1:]))

    await expect(session.dialog).to_contain_text("news")
    await expect(body).to_have_js_property("scrollTop", 333)
    await expect(body).to_be_focused()


async def test_an_expanded_interaction_keeps_its_scroll_position(session: Session) -> None:
    await ask(session, DOCUMENTED)
    row = session.page.locator("#interactions > li").first
    await row.locator("summary").click()
    request = row.get_by_role("group", name="Request", exact=True)
    await request.focus()
    await request.evaluate(SCROLL, 40)
    token = session.stack.slack.interactions[-1].token
    async with session.page.expect_response(f"**/interaction/{token}") as fetched:
        response_url = session.stack.slack.interactions[-1].response_url
        async with httpx.AsyncClient() as app:
            assert (await app.post(response_url, json={"text": "more"})).text == "ok"
    await (await fetched.value).finished()

    await expect(row.get_by_role("heading", name="response_url after")).to_have_count(2)
    await expect(request).to_have_js_property("scrollTop", 40)
    await expect(request).to_be_focused()


async def test_an_open_menu_stays_open_when_its_message_is_replaced(session: Session) -> None:
    message = post(session, section("before"), actions(MENU))
    await session.latest.get_by_label("More actions").click()
    await button(session.latest, "two").focus()
    replace(session, message, section("after"), actions(MENU))

    await expect(session.latest).to_contain_text("after")
    await expect(button(session.latest, "two")).to_be_visible()
    await expect(button(session.latest, "two")).to_be_focused()
    await expect(button(session.latest, "Plain text")).to_be_hidden()


async def test_a_message_shown_as_plain_text_stays_so_when_it_is_replaced(session: Session) -> None:
    message = post(session, actions(new_button("Go", "1")), text="in plain words")
    await expect(button(session.latest, "Go")).to_be_visible()
    await open_menu(session.latest)
    await press(session.latest, "Plain text")
    await expect(session.latest.locator(".as-plain")).to_be_visible()
    replace(session, message, actions(new_button("Go", "2")), text="in other words")

    await expect(session.latest.locator(".as-plain")).to_have_text("in other words")
    await expect(session.latest.locator(".as-plain")).to_be_visible()
    await expect(button(session.latest, "Go")).to_be_hidden()


async def test_the_channel_keeps_its_scroll_position_until_the_user_posts(session: Session) -> None:
    await fill_channel(session)
    await channel(session).evaluate(SCROLL, 20)
    post(session, text="a new message")
    await expect(messages_with(session, "a new message")).to_have_count(1)
    await expect(channel(session)).to_have_js_property("scrollTop", 20)
    await session.type("What is that?")

    await expect(messages_with(session, "What is that?").last).to_be_in_viewport()


async def test_the_home_tab_stays_after_a_reload_and_the_channel_is_at_its_end_after_it(
    session: Session,
) -> None:
    await fill_channel(session)
    pages = session.page.get_by_label("Pages")
    await press(pages, "VoiceLog · Home")
    home = session.page.get_by_role("region", name="Home tab")
    await expect(home).to_contain_text("credentials accepted")
    await session.page.reload()
    await expect(home).to_be_visible()
    await expect(button(pages, "VoiceLog · Home")).to_have_attribute("aria-current", "page")
    await expect(channel(session)).to_be_hidden()
    await expect(session.page.get_by_label(BOX)).to_be_hidden()
    post(session, text="a new message")
    await expect(messages_with(session, "a new message")).to_have_count(1)
    await press(pages, "# support")

    await expect(messages_with(session, "a new message")).to_be_in_viewport()


# --- Writing -------------------------------------------------------------------------------------


async def test_typing_continues_although_another_field_has_an_error(session: Session) -> None:
    open_modal(session, new_form(STREET, TOWN))
    [view] = session.stack.slack.modals()
    town = session.dialog.get_by_label("Town")
    await town.fill("Osl")
    await press(session.dialog, "Send it")
    await expect(session.dialog.get_by_label("Street")).to_be_focused()
    await town.focus()
    await session.page.keyboard.press("Home")
    await session.page.keyboard.press("ArrowRight")
    session.stack.slack.views.update(view.id, new_form(STREET, TOWN, section("news")))
    await expect(session.dialog).to_contain_text("news")
    await expect(town).to_be_focused()
    await session.page.keyboard.type("x")

    await expect(town).to_have_value("Oxsl")


# --- Stacked modals -----------------------------------------------------------------------------


async def test_a_lower_modal_keeps_its_input_even_if_it_is_updated(session: Session) -> None:
    views, upper = session.stack.slack.views, new_form(STREET, title=plain("Above"))
    view = open_modal(session, new_form(TOWN, title=plain("Below")))
    below, above = modal_named(session, "Below"), modal_named(session, "Above")
    await below.get_by_label("Town").fill("Oslo")
    views.push(view.id, upper)
    await press(above, "Close")
    await expect(below.get_by_label("Town")).to_have_value("Oslo")
    await expect(below.get_by_label("Town")).to_be_focused()

    views.push(view.id, upper)
    await above.get_by_label("Street").fill("Main Street")
    views.update(view.id, new_form(TOWN, section("news"), title=plain("Below")))
    await expect(session.page.locator("dialog.modal").first).to_contain_text("news")
    await expect(above.get_by_label("Street")).to_be_focused()
    await press(above, "Close")
    await expect(below.get_by_label("Town")).to_have_value("Oslo")


async def test_only_the_topmost_modal_is_visible_and_reachable(session: Session) -> None:
    view = open_modal(session, new_form(TOWN, title=plain("Below")))
    session.stack.slack.views.push(view.id, new_form(STREET, title=plain("Above")))
    above = modal_named(session, "Above")
    await expect(above.get_by_label("Street")).to_be_focused()

    await expect(modal_named(session, "Below")).to_have_count(0)
    await expect(session.page.get_by_label("Town")).to_be_hidden()
    assert await axe_violations(session.page) == []
    for _ in range(10):
        await session.page.keyboard.press("Tab")
        # After a modal's last element comes the browser's own UI, while no element has the focus.
        assert await above.evaluate(
            "own => [...document.querySelectorAll(':focus')].every(each => own.contains(each))"
        )


# --- Results and errors --------------------------------------------------------------------------


async def test_a_result_is_shown_below_the_input_without_a_modal(session: Session) -> None:
    post(session, actions(new_button("Go", "1")))
    await press(session.latest, "Go")
    status = session.page.get_by_role("main").get_by_role("status")

    await expect(status).to_have_text(NOT_ACCEPTED)
    await expect(status).to_be_in_viewport()
    here, box = await status.bounding_box(), await session.page.get_by_label(BOX).bounding_box()
    assert here is not None
    assert box is not None
    assert here["y"] >= box["y"] + box["height"]
    await session.type("go on")
    await expect(status).to_be_empty()


async def test_all_client_side_errors_are_shown_at_once_until_they_are_corrected(
    session: Session,
) -> None:
    hint = plain("With its number")
    open_modal(session, new_form(text_field("street", "Street", hint=hint), TOWN))
    street, town = session.dialog.get_by_label("Street"), session.dialog.get_by_label("Town")
    await town.focus()
    await press(session.dialog, "Send it")
    for wrong in (street, town):
        await expect(wrong).to_have_attribute("aria-invalid", "true")
        await expect(wrong).to_have_accessible_description(REQUIRED)
    await expect(street).to_have_accessible_description(HINT)
    await expect(street).to_be_focused()
    await street.fill("Main Street 1")
    await press(session.dialog, "Send it")

    await expect(town).to_be_focused()
    await expect(town).to_have_attribute("aria-invalid", "true")
    await expect(street).not_to_have_attribute("aria-invalid", "true")
    await expect(street).to_have_accessible_description("With its number")
    await expect(session.dialog.get_by_text("this field is required")).to_have_count(1)
