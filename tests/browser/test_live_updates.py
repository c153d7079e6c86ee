"""A person who reads or writes while the app changes what stands there: they aren't disturbed."""

import re
from typing import Final

import httpx
import pytest
from playwright.async_api import Locator, expect
from pydantic import JsonValue

from bot.dev.emulator.signalwire.catalogue import DOCUMENTED
from tests.browser.axe import faults_of
from tests.browser.page import Desk
from tests.browser.seeded_apps import NOT_TAKEN, open_window, post, pressed, replace, text_field
from tests.browser.user_actions import ask, button, open_menu, press, said, seen_window
from tests.dev.emulator_harness import Json, actions, modal, option, plain, section

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

BOX: Final = "Message or command"
TOWN: Final = text_field("town", "Town")
STREET: Final = text_field("street", "Street")
LONG: Final = [section(f"line {number}") for number in range(60)]
MORE: Final[JsonValue] = {
    "type": "overflow",
    "action_id": "more",
    "options": [option("one"), option("two")],
}
SCROLL: Final = """(element, top) => new Promise((done) => {
    element.addEventListener("scroll", () => requestAnimationFrame(done), { once: true });
    element.scrollTop = top;
})"""
REQUIRED: Final = re.compile("this field is required")
HINTED: Final = re.compile("With its number")
OVER: Final = "element => element.matches(':modal')"


def a_form(*blocks: JsonValue, **more: JsonValue) -> Json:
    """A form with these."""
    return modal(*blocks, **{"submit": plain("Send it"), "callback_id": "x", **more})


def channel(desk: Desk) -> Locator:
    """What is scrolled in the channel."""
    return desk.page.get_by_role("log")


async def a_full_channel(desk: Desk) -> None:
    """More messages than fit."""
    for number in range(30):
        post(desk, text=f"number {number}")
    await expect(said(desk, "number 29")).to_be_in_viewport()


# --- Reading -------------------------------------------------------------------------------------


async def test_an_updated_modal_keeps_its_scroll_position(desk: Desk) -> None:
    view = open_window(desk, modal(*LONG))
    body = desk.window.get_by_role("region")
    await expect(body).to_be_focused()
    await body.evaluate(SCROLL, 333)
    desk.stage.slack.views.update(view.id, modal(section("news"), *LONG[1:]))

    await expect(desk.window).to_contain_text("news")
    await expect(body).to_have_js_property("scrollTop", 333)
    await expect(body).to_be_focused()


async def test_an_expanded_interaction_keeps_its_scroll_position(desk: Desk) -> None:
    await ask(desk, DOCUMENTED)
    row = desk.page.locator("#interactions > li").first
    await row.locator("summary").click()
    request = row.get_by_role("group", name="Request", exact=True)
    await request.focus()
    await request.evaluate(SCROLL, 40)
    token = desk.stage.slack.interactions[-1].token
    async with desk.page.expect_response(f"**/interaction/{token}") as fetched:
        answers_at = desk.stage.slack.interactions[-1].response_url
        async with httpx.AsyncClient() as app:
            assert (await app.post(answers_at, json={"text": "more"})).text == "ok"
    await (await fetched.value).finished()

    await expect(row.get_by_role("heading", name="response_url after")).to_have_count(2)
    await expect(request).to_have_js_property("scrollTop", 40)
    await expect(request).to_be_focused()


async def test_an_open_menu_stays_open_when_its_message_is_replaced(desk: Desk) -> None:
    message = post(desk, section("before"), actions(MORE))
    await desk.answer.get_by_label("More actions").click()
    await button(desk.answer, "two").focus()
    replace(desk, message, section("after"), actions(MORE))

    await expect(desk.answer).to_contain_text("after")
    await expect(button(desk.answer, "two")).to_be_visible()
    await expect(button(desk.answer, "two")).to_be_focused()
    await expect(button(desk.answer, "Plain text")).to_be_hidden()


async def test_a_message_shown_as_plain_text_stays_so_when_it_is_replaced(desk: Desk) -> None:
    message = post(desk, actions(pressed("Go", "1")), text="in plain words")
    await expect(button(desk.answer, "Go")).to_be_visible()
    await open_menu(desk.answer)
    await press(desk.answer, "Plain text")
    await expect(desk.answer.locator(".as-plain")).to_be_visible()
    replace(desk, message, actions(pressed("Go", "2")), text="in other words")

    await expect(desk.answer.locator(".as-plain")).to_have_text("in other words")
    await expect(desk.answer.locator(".as-plain")).to_be_visible()
    await expect(button(desk.answer, "Go")).to_be_hidden()


async def test_the_channel_scrolls_to_new_messages(desk: Desk) -> None:
    await a_full_channel(desk)
    post(desk, text="the news")

    await expect(said(desk, "the news")).to_be_in_viewport()


async def test_the_channel_keeps_its_scroll_position_until_the_user_posts(desk: Desk) -> None:
    await a_full_channel(desk)
    await channel(desk).evaluate(SCROLL, 20)
    post(desk, text="the news")
    await expect(said(desk, "the news")).to_have_count(1)
    await expect(channel(desk)).to_have_js_property("scrollTop", 20)
    await desk.type("What is that?")

    await expect(said(desk, "What is that?").last).to_be_in_viewport()


async def test_the_channel_is_at_its_end_after_the_home_tab(desk: Desk) -> None:
    await a_full_channel(desk)
    pages = desk.page.get_by_label("Pages")
    await press(pages, "VoiceLog · Home")
    await expect(channel(desk)).to_be_hidden()
    post(desk, text="the news")
    await expect(said(desk, "the news")).to_have_count(1)
    await press(pages, "# support")

    await expect(said(desk, "the news")).to_be_in_viewport()


# --- Writing -------------------------------------------------------------------------------------


async def test_typing_continues_though_another_field_has_an_error(desk: Desk) -> None:
    open_window(desk, a_form(STREET, TOWN))
    [view] = desk.stage.slack.modals()
    town = desk.window.get_by_label("Town")
    await town.fill("Osl")
    await press(desk.window, "Send it")
    await expect(desk.window.get_by_label("Street")).to_be_focused()
    await town.focus()
    await desk.page.keyboard.press("Home")
    await desk.page.keyboard.press("ArrowRight")
    desk.stage.slack.views.update(view.id, a_form(STREET, TOWN, section("news")))
    await expect(desk.window).to_contain_text("news")
    await expect(town).to_be_focused()
    await desk.page.keyboard.type("x")

    await expect(town).to_have_value("Oxsl")


# --- Windows upon windows ------------------------------------------------------------------------


async def test_a_lower_modal_keeps_its_input(
    desk: Desk,
) -> None:
    view = open_window(desk, a_form(TOWN, title=plain("Below")))
    below, above = seen_window(desk, "Below"), seen_window(desk, "Above")
    await below.get_by_label("Town").fill("Oslo")
    desk.stage.slack.views.push(view.id, a_form(STREET, title=plain("Above")))
    await above.get_by_label("Street").fill("Main Street")
    await press(above, "Close")

    await expect(above).to_have_count(0)
    await expect(below.get_by_label("Town")).to_have_value("Oslo")
    await expect(below.get_by_label("Town")).to_be_focused()


async def test_input_survives_an_update_of_the_lower_modal(desk: Desk) -> None:
    view = open_window(desk, a_form(TOWN, title=plain("Below")))
    below, above = seen_window(desk, "Below"), seen_window(desk, "Above")
    await below.get_by_label("Town").fill("Oslo")
    desk.stage.slack.views.push(view.id, a_form(STREET, title=plain("Above")))
    await above.get_by_label("Street").fill("Main Street")
    desk.stage.slack.views.update(view.id, a_form(TOWN, section("news"), title=plain("Below")))
    await expect(desk.page.locator("dialog.modal").first).to_contain_text("news")
    await expect(above.get_by_label("Street")).to_be_focused()
    await press(above, "Close")

    await expect(below.get_by_label("Town")).to_have_value("Oslo")


async def test_only_the_topmost_modal_is_visible_and_reachable(desk: Desk) -> None:
    view = open_window(desk, a_form(TOWN, title=plain("Below")))
    desk.stage.slack.views.push(view.id, a_form(STREET, title=plain("Above")))
    above = seen_window(desk, "Above")
    await expect(above.get_by_label("Street")).to_be_focused()

    await expect(seen_window(desk, "Below")).to_have_count(0)
    await expect(desk.page.get_by_label("Town")).to_be_hidden()
    assert await faults_of(desk.page) == []
    for _ in range(10):
        await desk.page.keyboard.press("Tab")
        # After a window's last element comes the browser's own bar: then no element has the focus.
        assert await above.evaluate(
            "own => [...document.querySelectorAll(':focus')].every(each => own.contains(each))"
        )


# --- What the page says --------------------------------------------------------------------------


async def test_a_result_is_shown_in_the_open_modal(desk: Desk) -> None:
    open_window(desk, modal(actions(pressed("Go", "1"))))
    await press(desk.window, "Go")
    status = desk.window.get_by_role("status")

    await expect(status).to_have_text(NOT_TAKEN)
    await expect(status).to_be_in_viewport()
    assert await desk.window.evaluate(OVER)
    await expect(desk.page.get_by_text(NOT_TAKEN)).to_have_count(1)


async def test_a_result_is_shown_below_the_input_without_a_modal(desk: Desk) -> None:
    post(desk, actions(pressed("Go", "1")))
    await press(desk.answer, "Go")
    status = desk.page.get_by_role("main").get_by_role("status")

    await expect(status).to_have_text(NOT_TAKEN)
    await expect(status).to_be_in_viewport()
    here, box = await status.bounding_box(), await desk.page.get_by_label(BOX).bounding_box()
    assert here is not None
    assert box is not None
    assert here["y"] >= box["y"] + box["height"]
    await desk.type("go on")
    await expect(status).to_be_empty()


async def test_all_client_side_errors_are_shown_at_once(desk: Desk) -> None:
    hint = plain("With its number")
    open_window(desk, a_form(text_field("street", "Street", hint=hint), TOWN))
    street, town = desk.window.get_by_label("Street"), desk.window.get_by_label("Town")
    await town.focus()
    await press(desk.window, "Send it")
    for wrong in (street, town):
        await expect(wrong).to_have_attribute("aria-invalid", "true")
        await expect(wrong).to_have_accessible_description(REQUIRED)
    await expect(street).to_have_accessible_description(HINTED)
    await expect(street).to_be_focused()


async def test_a_corrected_field_has_no_error(desk: Desk) -> None:
    hint = plain("With its number")
    open_window(desk, a_form(text_field("street", "Street", hint=hint), TOWN))
    street, town = desk.window.get_by_label("Street"), desk.window.get_by_label("Town")
    await press(desk.window, "Send it")
    await expect(street).to_be_focused()
    await street.fill("Main Street 1")
    await press(desk.window, "Send it")

    await expect(town).to_be_focused()
    await expect(town).to_have_attribute("aria-invalid", "true")
    await expect(street).not_to_have_attribute("aria-invalid", "true")
    await expect(street).to_have_accessible_description("With its number")
    await expect(desk.window.get_by_text("this field is required")).to_have_count(1)
