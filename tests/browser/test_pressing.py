"""A person presses what stands on a card, in a list and in a window, and sees what comes of it."""

from typing import Final

import pytest
from playwright.async_api import expect

from bot.dev.emulator.signalwire.catalogue import DOCUMENTED, LIVE
from bot.dev.emulator.slack.workspace import FailNext
from bot.ui import actions, notices
from tests.browser.page import Desk
from tests.browser.user_actions import (
    answer_question,
    ask,
    button,
    choose,
    field,
    look_up,
    open_form,
    press,
    said,
    seen_window,
    share,
)
from tests.support.reading import buttons

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CHATTY: Final = "0dd00000-0000-4000-8000-000000000004"
PARENT: Final = "fa000000-0000-4000-8000-000000000001"
COSTS: Final = "How much did this call cost"
ONLY_YOU: Final = "Only visible to you"
EVENTS: Final = "Events 1–40 of 120"  # noqa: RUF001 - the dash of a span
LATER_EVENTS: Final = "Events 41–80 of 120"  # noqa: RUF001 - likewise
EDITED: Final = "(edited)"
MASKED: Final = "+1 ••••••••12"


async def test_a_share_that_is_not_meant_does_nothing(desk: Desk) -> None:
    await ask(desk, DOCUMENTED)
    sent = len(desk.stage.slack.interactions)
    messages = await desk.messages.count()
    await press(desk.answer, "Share")
    question = desk.page.get_by_role("dialog", name="Share this voice log?")
    await expect(question).to_contain_text("Everyone in this channel or conversation will see")
    await answer_question(desk, "Cancel")

    await expect(button(desk.answer, "Share")).to_be_focused()
    await desk.idle()
    assert len(desk.stage.slack.interactions) == sent
    await expect(desk.messages).to_have_count(messages)


async def test_a_share_that_is_meant_is_for_everyone_and_masked(desk: Desk) -> None:
    await ask(desk, DOCUMENTED)
    await share(desk, desk.answer)

    shared = said(desk, "Shared by")
    await expect(shared).to_contain_text(MASKED)
    await expect(shared).to_contain_text("Shared by @You")
    await expect(shared).not_to_contain_text("1212")
    await expect(shared.get_by_text(ONLY_YOU)).to_have_count(0)
    own = said(desk, notices.SHARED)
    await expect(own).to_contain_text("+1 206-555-1212")
    await expect(own.get_by_text(ONLY_YOU)).to_be_visible()
    await expect(button(own, "Share")).to_have_count(0)


async def test_what_was_looked_up_in_a_menu_is_shared_in_the_thread_of_that_message(
    desk: Desk,
) -> None:
    await look_up(said(desk, COSTS))
    await press(desk.answer, "Share")
    await expect(desk.page.get_by_role("dialog")).to_contain_text("Everyone in this thread")
    await answer_question(desk, "Share")

    reply = desk.page.locator(".message", has_text=COSTS).locator("+ .message")
    await expect(reply).to_contain_text("Shared by @You")
    await expect(reply.get_by_role("heading", name="VoiceLog APP replied")).to_be_visible()
    await expect(said(desk, notices.SHARED_IN_THREAD)).to_have_count(1)


async def test_where_the_thread_is_refused_the_channel_is_offered(desk: Desk) -> None:
    await look_up(said(desk, COSTS))
    await expect(button(desk.answer, "Share")).to_be_visible()
    desk.stage.slack.fail_next = [FailNext(404, "thread_not_found")]
    await share(desk, desk.answer)
    await expect(desk.answer).to_contain_text("Slack rejected the message in this thread.")
    await share(desk, desk.answer, "Share in the channel")

    await expect(desk.answer).to_contain_text("Shared by @You")
    await expect(desk.answer).not_to_contain_text("replied")


async def test_the_menu_of_a_card_shows_the_legs(desk: Desk) -> None:
    await ask(desk, PARENT)
    await choose(desk.answer, "Legs of the call")

    legs = seen_window(desk, "Legs of the call")
    await expect(legs).to_contain_text("+1 206-555-0102")
    await expect(legs).to_contain_text("+1 206-555-0103")
    await expect(legs).to_contain_text("No answer")
    await expect(button(desk.answer, "Legs of the call")).to_be_hidden()


async def test_a_menu_at_the_lower_end_of_the_channel_opens_in_sight(desk: Desk) -> None:
    await ask(desk, DOCUMENTED)
    await desk.answer.get_by_label("More actions").click()

    await expect(button(desk.answer, "Legs of the call")).to_be_in_viewport(ratio=1)


async def test_the_details_are_paged(desk: Desk) -> None:
    await ask(desk, CHATTY)
    await press(desk.answer, "Details")
    window = seen_window(desk, "Voice log")
    await expect(window.get_by_role("heading", name="All fields of the record")).to_be_visible()
    await expect(window).to_contain_text(EVENTS)
    await press(window, "Later ▶")

    await expect(window).to_contain_text(LATER_EVENTS)
    await press(window, "◀ Earlier")
    await expect(window).to_contain_text(EVENTS)


async def test_the_json_is_a_page_of_its_own_with_a_way_back(desk: Desk) -> None:
    await ask(desk, DOCUMENTED)
    await press(desk.answer, "Details")
    window = desk.window
    await press(window, "Raw JSON")

    await expect(window.locator("pre").first).to_contain_text('"type": "relay_sip_call"')
    await window.get_by_role("button", name="Back").click()
    await expect(window.get_by_role("heading", name="All fields of the record")).to_be_visible()


@pytest.mark.parametrize("way", ["button", "corner", "Escape"])
async def test_a_window_is_closed_in_three_ways(desk: Desk, way: str) -> None:
    await ask(desk, DOCUMENTED)
    await press(desk.answer, "Details")
    await expect(button(desk.window, "Raw JSON")).to_be_visible()
    match way:
        case "button":
            await press(desk.window, "Close")
        case "corner":
            await press(desk.window, "Close modal")
        case _:
            await desk.page.keyboard.press(way)

    await expect(desk.window).to_have_count(0)
    assert desk.stage.slack.modal() is None
    await press(desk.answer, "Details")  # and the page goes on
    await expect(button(desk.window, "Raw JSON")).to_be_visible()


async def test_a_card_of_a_list_in_a_window_opens_upon_it(desk: Desk) -> None:
    form = await open_form(desk)
    await field(form, "Phone number").fill("206 555 3434")
    await field(form, "How far back").select_option("As far back as possible")
    await press(form, "Search")
    await press(form, "View")

    card = seen_window(desk, "Voice log")
    await expect(card.get_by_role("heading", name="All fields of the record")).to_be_visible()
    await press(card, "Close")
    await expect(form.get_by_role("heading", name="1 call with +1 206-555-3434")).to_be_visible()
    await press(form, "Close")
    await expect(desk.window).to_have_count(0)


async def test_a_list_in_a_window_goes_on_there(desk: Desk) -> None:
    form = await open_form(desk)
    await field(form, "How far back").select_option("Last 7 days")
    await press(form, "Search")
    await expect(form.get_by_role("heading", name="20 calls")).to_be_visible()
    await press(form, "Older calls")

    await expect(form.get_by_role("heading", name="older calls")).to_be_visible()
    while await button(form, "Older calls").count():
        await press(form, "Older calls")
        await desk.stage.bot.tasks.join()
        await expect(form).not_to_contain_text("Searching…")
    await expect(form.get_by_role("heading", name="older calls")).to_be_visible()


async def test_refresh_changes_the_card_in_its_place(desk: Desk) -> None:
    await ask(desk, DOCUMENTED)
    messages = await desk.messages.count()
    await expect(desk.answer).not_to_contain_text(EDITED)
    await press(desk.answer, "Refresh")

    await expect(desk.answer).to_contain_text(EDITED)
    await expect(desk.answer).to_contain_text("Updated")
    await expect(desk.messages).to_have_count(messages)


async def test_an_error_that_may_pass_is_tried_again_in_its_place(desk: Desk) -> None:
    signalwire = desk.stage.signalwire
    signalwire.failure_share = 1
    try:
        await ask(desk, DOCUMENTED, "Try again")
    finally:
        signalwire.failure_share = 0
    messages = await desk.messages.count()
    await press(desk.answer, "Try again")

    await expect(desk.answer).to_contain_text("Completed · 9 s")
    await expect(desk.answer).to_contain_text(EDITED)
    await expect(desk.messages).to_have_count(messages)


async def shown_ids(desk: Desk) -> set[str]:
    """The ids that the rows of the last message lead to."""
    message = desk.stage.slack.messages.messages[-1]
    return {each.value for each in buttons(message) if each.action_id == actions.CARD}


async def test_a_search_goes_on_where_it_stopped(desk: Desk) -> None:
    await ask(desk, "recent 3", "View")
    await expect(desk.answer).to_contain_text("The 3 latest calls")
    newest = await shown_ids(desk)
    messages = await desk.messages.count()
    await press(desk.answer, "Older calls")

    await expect(desk.messages).not_to_have_count(messages)
    await expect(desk.answer).to_contain_text("3 older calls")
    assert len(newest) == 3
    assert not newest & await shown_ids(desk)


async def test_each_number_of_a_message_has_a_button(desk: Desk) -> None:
    await desk.type("From (206) 555-0102 to 206.555.0103, not 206 555 3434")
    await expect(desk.answer).to_contain_text("From (206)")
    await look_up(desk.answer)
    offer = said(desk, "Phone numbers found")
    await expect(offer.get_by_role("button", name="Find calls with")).to_have_count(3)
    await offer.get_by_role("button", name="0103").click()

    await expect(desk.answer).to_contain_text("Searched for: with this number")
    await expect(offer.get_by_role("button", name="Find calls with")).to_have_count(3)


async def test_a_live_call_is_followed_to_its_end(own_desk: Desk) -> None:
    await ask(own_desk, LIVE, "Follow")
    messages = await own_desk.messages.count()
    own_desk.time.gate.close()
    await press(own_desk.answer, "Follow")
    await expect(own_desk.answer).to_contain_text("Following: this card changes by itself")
    await expect(button(own_desk.answer, "Follow")).to_have_count(0)
    own_desk.time.gate.open()

    await expect(own_desk.answer).to_contain_text(notices.FOLLOWING_ENDED)
    await expect(own_desk.answer.get_by_role("heading", name="Completed")).to_be_visible()
    await expect(own_desk.answer).to_contain_text(EDITED)
    await expect(own_desk.messages).to_have_count(messages)
