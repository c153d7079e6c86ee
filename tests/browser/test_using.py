"""A person types, uses the shortcuts and the Home tab, and sees what they would see in Slack."""

import re
from typing import Final

import pytest
from playwright.async_api import expect

from bot.dev.emulator.signalwire.catalogue import DOCUMENTED, LIVE
from bot.ui import status as status_ui
from tests.browser.page import Desk
from tests.browser.user_actions import (
    LOOK_UP,
    button,
    field,
    look_up,
    open_form,
    open_menu,
    press,
    said,
    seen_window,
)

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

OTHER: Final = "ca110000-0000-4000-8000-000000000002"
ONLY_YOU: Final = "Only visible to you"
BOX: Final = "Message or command"
THE_NUMBER: Final = "I have only the number, no id"


async def test_a_command_is_answered_with_a_card_that_its_asker_alone_sees(desk: Desk) -> None:
    await desk.type(f"/voicelog {DOCUMENTED}")

    card = desk.answer
    await expect(card.get_by_role("heading", name="Completed · 9 s")).to_be_visible()
    for fact in ("+1 206-555-1212", "+1 206-555-3434", "$0.01", "9 s (9638 ms)", DOCUMENTED):
        await expect(card.get_by_text(fact, exact=True)).to_be_visible()
    await expect(card.get_by_text(ONLY_YOU)).to_be_visible()
    await expect(card.get_by_role("heading", name="VoiceLog APP")).to_be_visible()


async def test_times_are_those_of_the_readers_zone(own_desk: Desk) -> None:
    await own_desk.type(f"/voicelog {DOCUMENTED}")

    # 12:20:00 and 15:30 in UTC; the browser is in New York.
    await expect(own_desk.answer.get_by_text("May 6, 2024 at 08:20:00")).to_be_visible()
    await expect(own_desk.answer.get_by_role("heading", name="VoiceLog")).to_contain_text("10:30")


async def test_what_was_sent_leaves_the_box_empty_for_the_next(desk: Desk) -> None:
    await desk.type(f"/voicelog {DOCUMENTED}")

    await expect(desk.page.get_by_label(BOX)).to_have_value("")
    await expect(desk.page.get_by_label(BOX)).to_be_focused()
    await expect(button(desk.answer, "Details")).to_be_in_viewport()


async def test_several_ids_are_answered_with_a_row_each(desk: Desk) -> None:
    await desk.type(f"/voicelog {DOCUMENTED} {OTHER}")

    await expect(button(desk.answer, "View")).to_have_count(2)
    for log_id in (DOCUMENTED, OTHER):
        await expect(desk.answer.get_by_text(log_id, exact=True)).to_be_visible()


async def test_a_command_that_no_app_has_is_slacks_to_refuse(desk: Desk) -> None:
    sent = len(desk.stage.slack.interactions)
    await desk.type("/weather Seattle")

    await expect(desk.answer).to_contain_text("No app here has the command /weather.")
    await expect(desk.answer.get_by_text(ONLY_YOU)).to_be_visible()
    await expect(desk.answer.get_by_role("heading", name="Slackbot")).to_be_visible()
    assert len(desk.stage.slack.interactions) == sent


async def test_what_is_no_command_is_a_message_for_everyone(desk: Desk) -> None:
    sent = len(desk.stage.slack.interactions)
    await desk.type("Has anybody seen this?")

    await expect(desk.answer.get_by_role("heading", name="You")).to_be_visible()
    await expect(desk.answer.locator(".blocks")).to_have_text("Has anybody seen this?")
    await expect(desk.answer.get_by_text(ONLY_YOU)).to_have_count(0)
    assert len(desk.stage.slack.interactions) == sent


async def test_an_empty_box_sends_nothing(desk: Desk) -> None:
    before = await desk.messages.count()
    await desk.type("  ")
    await desk.type("one message")

    await expect(desk.answer).to_contain_text("one message")
    await expect(desk.messages).to_have_count(before + 1)


async def test_a_message_that_was_typed_can_be_looked_up_in_its_menu(desk: Desk) -> None:
    await desk.type(f"What was {DOCUMENTED}?")
    await expect(desk.answer).to_contain_text("What was")
    await look_up(desk.answer)

    await expect(desk.answer).to_contain_text("Completed · 9 s")


async def test_the_box_tells_how_the_command_is_used(desk: Desk) -> None:
    box = desk.page.get_by_label(BOX)

    await expect(box).to_have_accessible_description(re.compile(r"<id> \[more ids\] \| find "))
    await expect(box).to_have_accessible_description(re.compile("Look up a SignalWire voice log"))
    await press(desk.page.locator("#compose"), "/voicelog")
    await expect(box).to_have_value("/voicelog ")
    await expect(box).to_be_focused()


async def test_an_example_is_put_into_the_box_and_not_yet_sent(desk: Desk) -> None:
    sent = len(desk.stage.slack.interactions)
    examples = desk.page.get_by_label("For developers")
    await examples.get_by_text("What there is to look up").click()
    await press(examples, f"/voicelog {OTHER}")

    await expect(desk.page.get_by_label(BOX)).to_have_value(f"/voicelog {OTHER}")
    await expect(desk.page.get_by_label(BOX)).to_be_focused()
    assert len(desk.stage.slack.interactions) == sent
    await desk.page.keyboard.press("Enter")
    await expect(desk.answer).to_contain_text(OTHER)
    await expect(button(desk.answer, "Details")).to_be_visible()


@pytest.mark.parametrize(
    ("message", "answer"),
    [
        ("these calls never came through", "57a70500-0000-4000-8000-000000000006"),
        ("How much did this call cost", "May 6, 2024 at 08:20:00"),
        ("only one answered", "+1 206-555-0103"),
        ("still in progress", LIVE),
    ],
)
async def test_the_shortcut_looks_up_what_a_message_holds(
    desk: Desk, message: str, answer: str
) -> None:
    before = await desk.messages.count()
    await look_up(said(desk, message))

    await expect(desk.messages).to_have_count(before + 1)
    await expect(desk.answer).to_contain_text(answer)
    await expect(desk.answer.get_by_text(ONLY_YOU)).to_be_visible()


async def test_of_several_ids_in_a_message_those_without_a_log_are_said_to_have_none(
    desk: Desk,
) -> None:
    await look_up(said(desk, "these calls never came through"))

    await expect(button(desk.answer, "View")).to_have_count(2)
    await expect(button(desk.answer, "Try again")).to_have_count(1)
    await expect(desk.answer).to_contain_text("00000000-0000-4000-8000-000000000000")


async def test_a_number_in_a_message_is_offered_and_then_found(desk: Desk) -> None:
    await look_up(said(desk, THE_NUMBER))
    await expect(desk.answer).to_contain_text("Phone number found")
    before = await desk.messages.count()
    await press(desk.answer, "Find calls with this number")

    await expect(desk.answer).to_contain_text("with +1 206-555-0103")
    await expect(desk.answer).to_contain_text("+1 206-555-0103")
    await expect(desk.messages).to_have_count(before)  # in the place of the offer
    await button(desk.answer, "View").first.click()
    await expect(desk.messages).to_have_count(before + 1)


async def test_only_what_everyone_sees_has_shortcuts_in_its_menu(desk: Desk) -> None:
    await desk.type(f"/voicelog {DOCUMENTED}")
    await expect(button(desk.answer, "Details")).to_be_visible()
    await open_menu(desk.answer)

    await expect(button(desk.answer, "Plain text")).to_be_visible()
    await expect(button(desk.answer, LOOK_UP)).to_have_count(0)
    await open_menu(said(desk, "still in progress"))
    await expect(button(said(desk, "still in progress"), LOOK_UP)).to_be_visible()
    await expect(button(desk.answer, "Plain text")).to_be_hidden()  # one menu at a time


async def test_what_people_wrote_is_for_everyone(desk: Desk) -> None:
    message = said(desk, "still in progress")
    await expect(message.get_by_role("heading", name="Front desk")).to_be_visible()
    await expect(message.get_by_text(ONLY_YOU)).to_have_count(0)


async def test_a_message_that_was_deleted_goes_away(desk: Desk) -> None:
    before = await desk.messages.count()
    await desk.type(f"/voicelog {DOCUMENTED}")
    await expect(desk.messages).to_have_count(before + 1)
    await desk.idle()
    (card,) = desk.stage.slack.messages.messages
    desk.stage.slack.messages.remove(card.ts)

    await expect(desk.messages).to_have_count(before)
    await expect(said(desk, "Completed · 9 s")).to_have_count(0)


async def test_a_form_sent_wrongly_says_so_at_its_fields_and_keeps_what_was_typed(
    desk: Desk,
) -> None:
    form = await open_form(desk)
    number, day = field(form, "Phone number"), field(form, "Since this day")
    await number.fill("12")
    await field(form, "How far back").select_option("Last hour")
    await day.fill("2026-11-20")
    for outcome in ("Missed", "Failed"):
        await form.get_by_label(outcome, exact=True).check()
    await press(form, "Search")

    await expect(number).to_have_accessible_description(re.compile("12 is too short"))
    await expect(day).to_have_accessible_description(re.compile("Another time span is chosen"))
    for wrong in (number, day):
        await expect(wrong).to_have_attribute("aria-invalid", "true")
    await expect(number).to_have_value("12")
    await expect(day).to_have_value("2026-11-20")
    await expect(field(form, "How far back")).to_have_value("last hour")
    for outcome in ("Missed", "Failed"):
        await expect(form.get_by_label(outcome, exact=True)).to_be_checked()
    await expect(form.get_by_label("Busy", exact=True)).not_to_be_checked()
    await expect(number).to_be_focused()


async def test_a_form_that_was_wrong_is_put_right_and_finds(desk: Desk) -> None:
    form = await open_form(desk)
    await field(form, "How far back").select_option("Since a day…")
    await press(form, "Search")
    await expect(form.get_by_text("No day is chosen.")).to_be_visible()
    await field(form, "Phone number").fill("206 555 3434")
    await field(form, "How far back").select_option("As far back as possible")
    await press(form, "Search")

    await expect(form.get_by_role("heading", name="1 call with +1 206-555-3434")).to_be_visible()
    await expect(form).to_contain_text("+1 206-555-1212")
    await expect(field(form, "Phone number")).to_have_count(0)
    await expect(button(form, "Search")).to_have_count(0)


async def test_enter_in_a_field_sends_the_form(desk: Desk) -> None:
    form = await open_form(desk)
    await field(form, "Phone number").fill("5550103")
    await field(form, "Phone number").press("Enter")

    await expect(form.get_by_role("heading", name="1 call with 555-0103")).to_be_visible()


async def test_a_search_is_changed_where_it_was_answered(desk: Desk) -> None:
    form = await open_form(desk)
    await field(form, "Phone number").fill("5550100")
    await field(form, "From or to").select_option("From this number")
    for outcome in ("Missed", "Busy"):
        await form.get_by_label(outcome, exact=True).check()
    await press(form, "Search")
    await expect(form).to_contain_text("last 24 hours · busy or missed")
    await press(form, "Change search")

    await expect(field(form, "Phone number")).to_have_value("555-0100")
    await expect(field(form, "From or to")).to_have_value("from")
    await expect(form.locator(":checked[type=checkbox]")).to_have_count(2)
    await form.get_by_label("Missed", exact=True).uncheck()
    await press(form, "Search")
    await expect(form).to_contain_text("last 24 hours · busy")


async def test_the_home_tab_says_where_one_stands_and_opens_the_form(desk: Desk) -> None:
    pages = desk.page.get_by_label("Pages")
    await press(pages, "VoiceLog · Home")
    home = desk.page.get_by_label("Home tab")

    await expect(home).to_contain_text(status_ui.ALLOWED)
    await expect(home).to_contain_text("reachable, credentials accepted")
    await expect(desk.page.get_by_label(BOX)).to_be_hidden()
    await press(home, "Find a call")
    form = seen_window(desk, "Find a call")
    await expect(field(form, "Phone number")).to_be_visible()
    await press(form, "Close")
    await press(pages, "# support")
    await expect(desk.page.get_by_label(BOX)).to_be_visible()
    await expect(home).to_be_hidden()
