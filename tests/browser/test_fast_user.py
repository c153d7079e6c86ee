"""A person who is quicker than the page: what was seen is sent, once, and nothing is lost."""

from typing import Final

import pytest
from playwright.async_api import Locator, expect
from pydantic import JsonValue

from tests.browser.page import Session
from tests.browser.seeded_apps import (
    ACTS,
    GONE,
    held,
    obeyed,
    open_modal,
    post,
    pressed,
    replace,
    since,
    text_field,
    until_sent,
)
from tests.browser.user_actions import answer_question, button, press, said, visible_dialog
from tests.dev.emulator_harness import actions, inner, modal, payload, plain

BOX: Final = "Message or command"
ASKS: Final[JsonValue] = {
    "title": plain("Really?"),
    "text": plain("It can't be undone."),
    "confirm": plain("Do it"),
    "deny": plain("Leave it"),
}
AS_SLOW_AS_A_HAND: Final = 150
"""Milliseconds that a mouse button is down: longer than an app takes to answer."""
SHADOWS: Final = ("querySelectorAll", "id", "children", "outerHTML", "hasAttribute", "submit")


def status(session: Session) -> Locator:
    """What the page says below the box."""
    return session.page.get_by_role("main").get_by_role("status")


async def settled(session: Session, count: int) -> list[JsonValue]:
    """What was sent since, once something that was pressed last has arrived."""
    post(session, actions(pressed("Last", "last")), text="the last")
    await press(said(session, "Last"), "Last")
    return (await until_sent(session, "last", count))[:-1]


# --- What was seen -------------------------------------------------------------------------------


async def test_a_click_on_a_replaced_message_uses_the_version_seen(session: Session) -> None:
    count = len(session.stack.slack.interactions)
    async with held(session, "**/live?*"):
        message = post(session, actions(pressed("Choose this", "first")))
        await expect(button(session.answer, "Choose this")).to_be_visible()
        replace(session, message, actions(pressed("Choose that", "second")))
        await press(session.answer, "Choose this")
        assert await until_sent(session, "first", count) == ["first"]

    await expect(button(session.answer, "Choose that")).to_be_visible()


async def test_a_confirmed_click_works_though_the_message_was_replaced(session: Session) -> None:
    count = len(session.stack.slack.interactions)
    message = post(session, actions(pressed("Remove one", "one", confirm=ASKS)))
    await press(session.answer, "Remove one")
    await expect(session.page.get_by_role("dialog", name="Really?")).to_be_visible()
    replace(session, message, actions(pressed("Remove two", "two", confirm=ASKS)))
    await expect(session.page.locator("button", has_text="Remove two")).to_have_count(1)
    await answer_question(session, "Do it")

    assert await until_sent(session, "one", count) == ["one"]


async def test_a_click_on_a_message_replaced_too_often_is_reported(session: Session) -> None:
    count = len(session.stack.slack.interactions)
    message = post(session, actions(pressed("Remove", "0", confirm=ASKS)))
    await press(session.answer, "Remove")
    for value in range(1, 9):
        replace(session, message, actions(pressed("Remove", str(value), confirm=ASKS)))
    await expect(session.page.locator(".message").last).to_have_attribute("data-edits", "8")
    await answer_question(session, "Do it")

    await expect(status(session)).to_have_text(GONE)
    assert since(session, count) == []


async def test_a_click_on_a_changed_modal_is_not_sent(session: Session) -> None:
    count = len(session.stack.slack.interactions)
    async with held(session, "**/live?*"):
        view = open_modal(session, modal(actions(pressed("Next", "first"))))
        await expect(button(session.dialog, "Next")).to_be_visible()
        session.stack.slack.views.update(view.id, modal(actions(pressed("Next", "second"))))
        await press(session.dialog, "Next")
        await expect(session.dialog.get_by_role("status")).to_have_text(GONE)

    assert since(session, count) == []


async def test_a_confirmation_returns_the_focus_to_the_same_button(
    session: Session,
) -> None:
    first, second = pressed("Keep", "k"), pressed("Remove", "one", confirm=ASKS)
    message = post(session, actions(first), actions(second))
    await press(session.answer, "Remove")
    replaced = actions({**second, "value": "two"})
    replace(session, message, actions(first), replaced, text="replaced")
    await expect(session.page.locator(".message").last).to_have_attribute("data-edits", "1")
    await answer_question(session, "Leave it")

    await expect(button(session.answer, "Remove")).to_be_focused()


# --- Twice ---------------------------------------------------------------------------------------


async def test_a_button_pressed_again_before_it_was_answered_sends_once(session: Session) -> None:
    count = len(session.stack.slack.interactions)
    post(session, actions(pressed("Go", "go")))
    go = button(session.answer, "Go")
    async with held(session, ACTS):
        for _ in range(3):
            await go.click()
        await expect(go).to_have_attribute("aria-busy", "true")

    assert await until_sent(session, "go", count) == ["go"]
    await expect(go).not_to_have_attribute("aria-busy", "true")
    assert await settled(session, count) == ["go"]


async def test_a_double_click_on_a_button_sends_once(session: Session) -> None:
    count = len(session.stack.slack.interactions)
    async with obeyed(session):
        post(session, actions(pressed("Go", "go")))
        await button(session.answer, "Go").dblclick(delay=AS_SLOW_AS_A_HAND)

        assert await settled(session, count) == ["go"]


async def test_a_double_click_asks_once_and_a_double_confirmation_sends_once(
    session: Session,
) -> None:
    count = len(session.stack.slack.interactions)
    async with obeyed(session):
        post(session, actions(pressed("Remove", "one", confirm=ASKS)))
        await button(session.answer, "Remove").dblclick(delay=AS_SLOW_AS_A_HAND)
        question = session.page.get_by_role("dialog", name="Really?")
        await expect(question).to_have_count(1)
        await button(question, "Do it").dblclick(delay=AS_SLOW_AS_A_HAND)

        await expect(question).to_have_count(0)
        assert await settled(session, count) == ["one"]


async def test_a_second_click_does_not_hit_the_replacement(
    session: Session,
) -> None:
    count = len(session.stack.slack.interactions)
    async with obeyed(session):
        post(session, actions(pressed("Remove", "one", confirm=ASKS)))
        await press(session.answer, "Remove")
        yes = await button(
            session.page.get_by_role("dialog", name="Really?"), "Do it"
        ).bounding_box()
        await answer_question(session, "Leave it")
        assert yes is not None
        # Where a button opens a question, another of the same size would say yes to it.
        await session.page.evaluate(
            """([x, y]) => {
              const button = document.querySelector('[data-action-id="pressed"]');
              button.style = `position: fixed; left: ${x}px; top: ${y}px; z-index: 9`;
            }""",
            [yes["x"], yes["y"]],
        )
        await button(session.answer, "Remove").dblclick(delay=AS_SLOW_AS_A_HAND)
        await answer_question(session, "Leave it")

        assert await settled(session, count) == []


async def test_a_form_sent_twice_at_once_is_sent_once(session: Session) -> None:
    view = modal(text_field("town", "Town"), submit=plain("Send it"), callback_id="x")
    count = len(session.stack.slack.interactions)
    open_modal(session, view)
    await session.dialog.get_by_label("Town").fill("Oslo")
    async with held(session, ACTS):
        await button(session.dialog, "Send it").dblclick()
        await session.dialog.get_by_label("Town").press("Enter")

    await expect(session.dialog.get_by_role("status")).to_contain_text("404")
    assert [payload(each)["type"] for each in since(session, count)] == ["view_submission"]


# --- What can't be sent --------------------------------------------------------------------------


async def test_unsent_text_stays_in_the_input(own_session: Session) -> None:
    box = own_session.page.get_by_label(BOX)
    await own_session.page.route(ACTS, lambda route: route.abort())
    await own_session.type("a long story")
    await expect(status(own_session)).to_have_text("The playground didn't take that.")
    await expect(box).to_have_value("a long story")
    await own_session.page.reload()
    await expect(box).to_have_value("a long story")

    await own_session.page.unroute_all()
    await box.press("Enter")
    await expect(own_session.answer).to_contain_text("a long story")
    await expect(box).to_have_value("")
    await own_session.page.reload()
    await expect(said(own_session, "a long story")).to_have_count(1)
    await expect(box).to_have_value("")
    assert own_session.complaints
    assert all("net::ERR_FAILED" in each for each in own_session.complaints)
    own_session.complaints.clear()


async def test_a_draft_survives_a_reload(session: Session) -> None:
    box = session.page.get_by_label(BOX)
    await box.press_sequentially("half a sen")
    await session.page.reload()

    await expect(box).to_have_value("half a sen")


async def test_the_home_tab_stays_selected_after_a_reload(
    session: Session,
) -> None:
    for number in range(30):
        post(session, text=f"number {number}")
    await expect(session.answer).to_contain_text("number 29")
    pages = session.page.get_by_label("Pages")
    await press(pages, "VoiceLog · Home")
    home = session.page.get_by_role("region", name="Home tab")
    await expect(home).to_contain_text("credentials accepted")
    await session.page.reload()

    await expect(home).to_be_visible()
    await expect(button(pages, "VoiceLog · Home")).to_have_attribute("aria-current", "page")
    await expect(session.page.get_by_label(BOX)).to_be_hidden()
    await press(pages, "# support")
    await expect(session.answer).to_be_in_viewport()


# --- Filling in ---------------------------------------------------------------------------------


@pytest.mark.parametrize("block_id", SHADOWS)
async def test_a_field_may_have_any_name(session: Session, block_id: str) -> None:
    count = len(session.stack.slack.interactions)
    town = text_field(block_id, "Town")
    view = open_modal(session, modal(town, submit=plain("Go"), callback_id="x"))
    form = visible_dialog(session, "Call")
    await expect(button(form, "Go")).to_be_visible()
    session.stack.slack.views.update(view.id, modal(town, submit=plain("Send it"), callback_id="x"))
    await form.get_by_label("Town").fill("Oslo")
    await press(form, "Send it")

    await expect(form.get_by_role("status")).to_contain_text("404")
    [sent] = since(session, count)
    state = inner(payload(sent), "view", "state", "values", block_id)
    assert inner(state, "written")["value"] == "Oslo"
