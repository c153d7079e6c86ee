"""Users who are faster than the page: what they saw is sent, once, and nothing is lost."""

from typing import Final

import pytest
from playwright.async_api import expect
from pydantic import JsonValue

from tests.browser.page import Session
from tests.browser.seeded_apps import (
    ACTIONS,
    GONE,
    accepting_app,
    holding,
    new_button,
    open_modal,
    post,
    replace,
    sent_after,
    text_field,
    until_sent,
)
from tests.browser.user_actions import answer_dialog, button, messages_with, modal_named, press
from tests.dev.emulator_harness import actions, inner, modal, plain

BOX: Final = "Message or command"
CONFIRM: Final[JsonValue] = {
    "title": plain("Really?"),
    "text": plain("It can't be undone."),
    "confirm": plain("Do it"),
    "deny": plain("Leave it"),
}
HUMAN_CLICK_MS: Final = 150
"""How long the mouse button is down; longer than the app's response time."""
DOM_NAMES: Final = ("querySelectorAll", "id", "children", "outerHTML", "hasAttribute", "submit")


async def values_since(session: Session, count: int) -> list[JsonValue]:
    """Press one more button, and return the values that were sent before it."""
    post(session, actions(new_button("Last", "last")), text="the last")
    await press(messages_with(session, "Last"), "Last")
    return (await until_sent(session, "last", count))[:-1]


# --- Outdated messages ---------------------------------------------------------------------------


async def test_a_confirmed_click_works_although_the_message_was_replaced(session: Session) -> None:
    count = len(session.stack.slack.interactions)
    message = post(session, actions(new_button("Remove one", "one", confirm=CONFIRM)))
    await press(session.latest, "Remove one")
    await expect(session.page.get_by_role("dialog", name="Really?")).to_be_visible()
    replace(session, message, actions(new_button("Remove two", "two", confirm=CONFIRM)))
    await expect(session.page.locator("button", has_text="Remove two")).to_have_count(1)
    await answer_dialog(session, "Do it")

    assert await until_sent(session, "one", count) == ["one"]


async def test_a_click_on_a_changed_modal_is_not_sent(session: Session) -> None:
    count = len(session.stack.slack.interactions)
    async with holding(session, "**/live?*"):
        view = open_modal(session, modal(actions(new_button("Next", "first"))))
        await expect(button(session.dialog, "Next")).to_be_visible()
        session.stack.slack.views.update(view.id, modal(actions(new_button("Next", "second"))))
        await press(session.dialog, "Next")
        status = session.dialog.get_by_role("status")
        await expect(status).to_have_text(GONE)
        await expect(status).to_be_in_viewport()
        await expect(session.page.get_by_text(GONE)).to_have_count(1)

    assert sent_after(session, count) == []


async def test_a_confirmation_returns_the_focus_to_the_same_button(session: Session) -> None:
    first, second = new_button("Keep", "k"), new_button("Remove", "one", confirm=CONFIRM)
    message = post(session, actions(first), actions(second))
    await press(session.latest, "Remove")
    replaced = actions({**second, "value": "two"})
    replace(session, message, actions(first), replaced, text="replaced")
    await expect(session.page.locator(".message").last).to_have_attribute("data-edits", "1")
    await answer_dialog(session, "Leave it")

    await expect(button(session.latest, "Remove")).to_be_focused()


# --- Double clicks -------------------------------------------------------------------------------


async def test_a_button_pressed_again_before_the_response_sends_once(session: Session) -> None:
    count = len(session.stack.slack.interactions)
    post(session, actions(new_button("Go", "go")))
    go = button(session.latest, "Go")
    async with holding(session, ACTIONS):
        for _ in range(3):
            await go.click()
        await expect(go).to_have_attribute("aria-busy", "true")

    assert await until_sent(session, "go", count) == ["go"]
    await expect(go).not_to_have_attribute("aria-busy", "true")
    assert await values_since(session, count) == ["go"]


async def test_a_double_click_on_a_button_sends_once(session: Session) -> None:
    count = len(session.stack.slack.interactions)
    async with accepting_app(session):
        post(session, actions(new_button("Go", "go")))
        await button(session.latest, "Go").dblclick(delay=HUMAN_CLICK_MS)

        assert await values_since(session, count) == ["go"]


async def test_a_double_click_opens_one_confirmation_and_a_double_confirmation_sends_once(
    session: Session,
) -> None:
    count = len(session.stack.slack.interactions)
    async with accepting_app(session):
        post(session, actions(new_button("Remove", "one", confirm=CONFIRM)))
        await button(session.latest, "Remove").dblclick(delay=HUMAN_CLICK_MS)
        question = session.page.get_by_role("dialog", name="Really?")
        await expect(question).to_have_count(1)
        await button(question, "Do it").dblclick(delay=HUMAN_CLICK_MS)

        await expect(question).to_have_count(0)
        assert await values_since(session, count) == ["one"]


async def test_a_double_click_does_not_confirm(session: Session) -> None:
    count = len(session.stack.slack.interactions)
    async with accepting_app(session):
        post(session, actions(new_button("Remove", "one", confirm=CONFIRM)))
        await press(session.latest, "Remove")
        confirm_button = await button(
            session.page.get_by_role("dialog", name="Really?"), "Do it"
        ).bounding_box()
        await answer_dialog(session, "Leave it")
        assert confirm_button is not None
        # Move the button to where the dialog's confirm button will be.
        await session.page.evaluate(
            """([x, y]) => {
              const button = document.querySelector('[data-action-id="pressed"]');
              button.style = `position: fixed; left: ${x}px; top: ${y}px; z-index: 9`;
            }""",
            [confirm_button["x"], confirm_button["y"]],
        )
        await button(session.latest, "Remove").dblclick(delay=HUMAN_CLICK_MS)
        await answer_dialog(session, "Leave it")

        assert await values_since(session, count) == []


async def test_a_form_submitted_twice_is_sent_once(session: Session) -> None:
    view = modal(text_field("town", "Town"), submit=plain("Send it"), callback_id="x")
    count = len(session.stack.slack.interactions)
    open_modal(session, view)
    await session.dialog.get_by_label("Town").fill("Oslo")
    async with holding(session, ACTIONS):
        await button(session.dialog, "Send it").dblclick()
        await session.dialog.get_by_label("Town").press("Enter")

    await expect(session.dialog.get_by_role("status")).to_contain_text("404")
    assert [each.payload["type"] for each in sent_after(session, count)] == ["view_submission"]


# --- Unsent text ---------------------------------------------------------------------------------


async def test_unsent_text_stays_in_the_input(own_session: Session) -> None:
    box = own_session.page.get_by_label(BOX)
    await box.fill("a long text")
    await own_session.page.reload()
    await expect(box).to_have_value("a long text")
    await own_session.page.route(ACTIONS, lambda route: route.abort())
    await box.press("Enter")
    status = own_session.page.get_by_role("main").get_by_role("status")
    await expect(status).to_have_text("The playground didn't take that.")
    await expect(box).to_have_value("a long text")
    await own_session.page.reload()
    await expect(box).to_have_value("a long text")

    await own_session.page.unroute_all()
    await box.press("Enter")
    await expect(own_session.latest).to_contain_text("a long text")
    await expect(box).to_have_value("")
    await own_session.page.reload()
    await expect(messages_with(own_session, "a long text")).to_have_count(1)
    await expect(box).to_have_value("")
    assert own_session.console_errors
    assert all("net::ERR_FAILED" in each for each in own_session.console_errors)
    own_session.console_errors.clear()


# --- Forms --------------------------------------------------------------------------------------


@pytest.mark.parametrize("block_id", DOM_NAMES)
async def test_a_block_id_may_be_a_dom_property(session: Session, block_id: str) -> None:
    count = len(session.stack.slack.interactions)
    town = text_field(block_id, "Town")
    view = open_modal(session, modal(town, submit=plain("Go"), callback_id="x"))
    form = modal_named(session, "Call")
    await expect(button(form, "Go")).to_be_visible()
    session.stack.slack.views.update(view.id, modal(town, submit=plain("Send it"), callback_id="x"))
    await form.get_by_label("Town").fill("Oslo")
    await press(form, "Send it")

    await expect(form.get_by_role("status")).to_contain_text("404")
    [sent] = sent_after(session, count)
    state = inner(sent.payload, "view", "state", "values", block_id)
    assert inner(state, "written")["value"] == "Oslo"
