"""Users type commands, use the shortcuts and the Home tab, and see the results."""

import re
from typing import Final

import pytest
from playwright.async_api import expect

from bot.dev.emulator.signalwire.catalog import DOCUMENTED, LIVE
from bot.ui import search_form
from bot.voicelogs.query import SINCE_DAY, QueryError
from tests.browser.page import Session
from tests.browser.user_actions import (
    LOOK_UP,
    button,
    field,
    look_up,
    messages_with,
    open_form,
    open_menu,
    press,
)
from tests.support import texts

ONLY_YOU: Final = "Only visible to you"
BOX: Final = "Message or command"
THE_NUMBER: Final = "I have only the number, no id"


async def test_the_reply_to_a_command_is_an_ephemeral_card(session: Session) -> None:
    await session.type(f"/voicelog {DOCUMENTED}")

    card = session.latest
    await expect(card.get_by_role("heading", name="Completed · 10 s")).to_be_visible()
    for fact in ("+1 206-555-1212", "+1 206-555-3434", "$0.01 (this leg)", "10 s", DOCUMENTED):
        await expect(card.get_by_text(fact, exact=True)).to_be_visible()
    await expect(card.get_by_text(ONLY_YOU)).to_be_visible()
    await expect(card.get_by_role("heading", name="VoiceLog APP")).to_be_visible()


async def test_times_are_in_the_readers_time_zone(own_session: Session) -> None:
    await own_session.type(f"/voicelog {DOCUMENTED}")

    # 12:20:00 and 15:30 in UTC; the browser is in New York.
    await expect(own_session.latest.get_by_text("May 6, 2024 at 08:20:00")).to_be_visible()
    await expect(own_session.latest.get_by_role("heading", name="VoiceLog")).to_contain_text(
        "10:30"
    )


async def test_the_input_is_empty_after_sending(session: Session) -> None:
    await session.type(f"/voicelog {DOCUMENTED}")

    await expect(session.page.get_by_label(BOX)).to_have_value("")
    await expect(session.page.get_by_label(BOX)).to_be_focused()
    await expect(button(session.latest, "Details")).to_be_in_viewport()


async def test_an_empty_input_sends_nothing(session: Session) -> None:
    before = await session.messages.count()
    await session.type("  ")
    await session.type("one message")

    await expect(session.latest).to_contain_text("one message")
    await expect(session.messages).to_have_count(before + 1)


async def test_a_typed_message_has_the_shortcut(session: Session) -> None:
    await session.type(f"What was {DOCUMENTED}?")
    await expect(session.latest).to_contain_text("What was")
    await look_up(session.latest)

    await expect(session.latest).to_contain_text("Completed · 10 s")


async def test_the_input_shows_the_commands_usage(session: Session) -> None:
    box = session.page.get_by_label(BOX)

    await expect(box).to_have_accessible_description(re.compile(r"<id> \[more ids\] \| find "))
    await expect(box).to_have_accessible_description(re.compile("Look up a SignalWire voice log"))
    await press(session.page.locator("#compose"), "/voicelog")
    await expect(box).to_have_value("/voicelog ")
    await expect(box).to_be_focused()


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("these calls never came through", "57a70500-0000-4000-8000-000000000006"),
        ("the recording is silent", "c0570000-0000-4000-8000-000000000001"),
        ("How much did this call cost", "May 6, 2024 at 08:20:00"),
        ("nobody answers", "Find calls with +1 206-555-0102"),
        ("Forwarding an email", "57a70500-0000-4000-8000-000000000007"),
        ("only one answered", "+1 206-555-0103"),
        ("Is that call still live", LIVE),
    ],
)
async def test_the_shortcut_looks_up_the_ids_and_numbers_of_a_message(
    session: Session, message: str, expected: str
) -> None:
    before = await session.messages.count()
    await look_up(messages_with(session, message))

    await expect(session.messages).to_have_count(before + 1)
    await expect(session.latest).to_contain_text(expected)
    await expect(session.latest.get_by_text(ONLY_YOU)).to_be_visible()


async def test_a_number_in_a_message_is_offered_and_then_found(session: Session) -> None:
    await look_up(messages_with(session, THE_NUMBER))
    await expect(session.latest).to_contain_text(texts.ONE_NUMBER)
    before = await session.messages.count()
    await press(session.latest, "Find calls with this number")

    found = session.latest.get_by_role("heading", name="with +1 206-555-0103")
    await expect(found).to_be_visible()
    await expect(session.messages).to_have_count(before)  # it replaces the offer
    await button(session.latest, "View").first.click()
    await expect(session.messages).to_have_count(before + 1)


async def test_only_public_messages_have_shortcuts(session: Session) -> None:
    await session.type(f"/voicelog {DOCUMENTED}")
    await expect(button(session.latest, "Details")).to_be_visible()
    await open_menu(session.latest)

    await expect(button(session.latest, "Plain text")).to_be_visible()
    await expect(button(session.latest, LOOK_UP)).to_have_count(0)
    await open_menu(messages_with(session, "Is that call still live"))
    await expect(button(messages_with(session, "Is that call still live"), LOOK_UP)).to_be_visible()
    await expect(button(session.latest, "Plain text")).to_be_hidden()  # one menu at a time


async def test_a_deleted_message_disappears(session: Session) -> None:
    before = await session.messages.count()
    await session.type(f"/voicelog {DOCUMENTED}")
    await expect(session.messages).to_have_count(before + 1)
    await session.idle()
    (card,) = session.stack.slack.messages.messages
    session.stack.slack.messages.remove(card.ts)

    await expect(session.messages).to_have_count(before)
    await expect(messages_with(session, "Completed · 10 s")).to_have_count(0)


async def test_an_invalid_form_shows_errors_and_keeps_its_input(
    session: Session,
) -> None:
    form = await open_form(session)
    number, day = field(form, "Phone number"), field(form, "Since this day")
    errors = search_form.field_errors(
        [QueryError("number", "too_short", "12"), QueryError("day", "future", "2090-01-01")]
    )
    wrong = {
        search_form.NUMBER_FIELD: (number, "12"),
        search_form.DAY_FIELD: (day, "2090-01-01"),
    }
    for place, entered in wrong.values():
        await place.fill(entered)
    await field(form, "How far back").select_option(SINCE_DAY)
    await form.get_by_label("Failed", exact=True).check()
    await press(form, "Search")

    for name, (place, entered) in wrong.items():
        said_of_it = re.compile(re.escape(errors[name]))
        await expect(place).to_have_accessible_description(said_of_it)
        await expect(place).to_have_attribute("aria-invalid", "true")
        await expect(place).to_have_value(entered)
    await expect(field(form, "How far back")).to_have_value(SINCE_DAY)
    await expect(form.get_by_label("Failed", exact=True)).to_be_checked()
    await expect(number).to_be_focused()


async def test_a_corrected_form_starts_the_search(session: Session) -> None:
    form = await open_form(session)
    await field(form, "How far back").select_option(SINCE_DAY)
    await press(form, "Search")
    (no_day,) = search_form.field_errors([QueryError("day", "missing")]).values()
    await expect(form.get_by_text(no_day)).to_be_visible()
    await field(form, "Phone number").fill("206 555 3434")
    await field(form, "How far back").select_option("As far back as possible")
    await press(form, "Search")

    await expect(form.get_by_role("heading", name="1 call with +1 206-555-3434")).to_be_visible()
    await expect(form).to_contain_text("+1 206-555-1212")
    await expect(field(form, "Phone number")).to_have_count(0)
    await expect(button(form, "Search")).to_have_count(0)


async def test_enter_in_a_field_sends_the_form(session: Session) -> None:
    form = await open_form(session)
    await field(form, "Phone number").fill("5550103")
    await field(form, "Phone number").press("Enter")

    await expect(form.get_by_role("heading", name="with 555-0103")).to_be_visible()


async def test_a_changed_search_replaces_its_results(session: Session) -> None:
    form = await open_form(session)
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
