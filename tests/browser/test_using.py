"""Users type commands, use the shortcuts and the Home tab, and see the results."""

import re
from typing import Final

from playwright.async_api import expect

from bot.dev.emulator.signalwire.catalog import DOCUMENTED
from bot.ui import search_form
from bot.voicelogs.query import SINCE_DAY, QueryError
from tests.browser.page import Session
from tests.browser.user_actions import (
    LOOK_UP,
    button,
    field,
    messages_with,
    open_form,
    open_menu,
    posted,
    press,
)

ONLY_YOU: Final = "Only visible to you"
BOX: Final = "Message or command"


async def test_the_reply_to_a_command_is_an_ephemeral_card(own_session: Session) -> None:
    await own_session.type(f"/voicelog {DOCUMENTED}")

    card = own_session.latest
    await expect(card.get_by_role("heading", name="Completed · 10 s")).to_be_visible()
    for fact in ("+1 206-555-1212", "+1 206-555-3434", "$0.01 (this leg)", "10 s", DOCUMENTED):
        await expect(card.get_by_text(fact, exact=True)).to_be_visible()
    await expect(card.get_by_text(ONLY_YOU)).to_be_visible()
    # 12:20:00 and 15:30 in UTC; the browser is in New York.
    await expect(card.get_by_text("May 6, 2024 at 08:20:00")).to_be_visible()
    await expect(card.get_by_role("heading", name="VoiceLog APP")).to_contain_text("10:30")
    await expect(button(card, "Details")).to_be_in_viewport()
    await expect(own_session.page.get_by_label(BOX)).to_have_value("")
    await expect(own_session.page.get_by_label(BOX)).to_be_focused()


async def test_an_empty_input_sends_nothing(session: Session) -> None:
    before = await session.messages.count()
    await session.type("  ")
    await session.type("one message")

    await expect(session.latest).to_contain_text("one message")
    await expect(session.messages).to_have_count(before + 1)


async def test_the_input_shows_the_commands_usage(session: Session) -> None:
    box = session.page.get_by_label(BOX)

    await expect(box).to_have_accessible_description(re.compile(r"<id> \[more ids\] \| find "))
    await expect(box).to_have_accessible_description(re.compile("Look up a SignalWire voice log"))
    await press(session.page.locator("#compose"), "/voicelog")
    await expect(box).to_have_value("/voicelog ")
    await expect(box).to_be_focused()


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
    (card,) = posted(session)
    session.stack.slack.messages.remove(card.ts)

    await expect(session.messages).to_have_count(before)
    await expect(messages_with(session, "Completed · 10 s")).to_have_count(0)


async def test_an_invalid_form_shows_errors_and_keeps_its_input(session: Session) -> None:
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
