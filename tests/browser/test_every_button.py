"""Every button, menu option and shortcut of the bot is used once.

Other tests check what each one does; this test checks that none is missing.
"""

import json
import re
from typing import Final

from playwright.async_api import Locator, expect

from bot.dev.emulator.signalwire.catalog import DOCUMENTED, LIVE, catalog
from bot.dev.emulator.slack.workspace import FailNext
from bot.dev.playground.web.inspector import what
from bot.listeners import shortcuts
from bot.ui import actions as buttons
from tests.browser.page import Session
from tests.browser.user_actions import (
    FIND,
    ask,
    button,
    choose,
    expect_new_message,
    field,
    look_up,
    messages_with,
    modal_named,
    open_form,
    press,
    share,
)
from tests.support import texts

LONG_TIMELINE: Final = "0dd00000-0000-4000-8000-000000000004"
DASHBOARD: Final = "https://127.0.0.1:9/logs/"
_ID: Final = re.compile("voicelog_[a-z]+(?:_[a-z]+)*")


def pressed_ids(session: Session) -> set[str]:
    """Return the action IDs and callback IDs that the bot received, without numbers."""
    names = set[str]()
    for interaction in session.stack.slack.interactions:
        sent = interaction.payload
        view = sent.get("view")
        submitted = view["callback_id"] if isinstance(view, dict) else None
        # The value of a menu option has the action.
        pressed = sent.get("actions", [sent.get("callback_id"), submitted])
        names.update(_ID.findall(json.dumps(pressed)))
    return names


def defined_ids() -> set[str]:
    """Return the action IDs and callback IDs of all buttons, forms and shortcuts."""
    return {
        value
        for value in (*vars(buttons).values(), *vars(shortcuts).values())
        if isinstance(value, str) and value.startswith("voicelog_")
    }


async def fail_next(session: Session, error: str) -> None:
    """Let Slack reject the next post, which is that of the next action."""
    await session.idle()
    session.stack.slack.fail_next = [FailNext(404, error)]


async def on_cards(session: Session) -> None:
    await ask(session, LIVE, "Follow")
    await choose(session.latest, "Refresh")
    await expect(session.latest).to_contain_text("Updated")
    await choose(session.latest, "Legs of the call")
    await press(modal_named(session, "Legs of the call"), "Close")
    session.time.gate.close()
    await press(session.latest, "Follow")
    await press(session.latest, "Stop following")
    async with expect_new_message(session):
        await press(session.latest, "Follow")
        session.time.gate.open()
    await press(session.latest, "View")
    await press(session.latest, "Refresh")
    await expect(session.latest).to_contain_text("Updated")
    async with expect_new_message(session):
        await look_up(messages_with(session, "How much did this call cost"))
    await fail_next(session, "thread_not_found")
    async with expect_new_message(session):
        await share(session, session.latest)
    async with expect_new_message(session):
        await share(session, session.latest, "Share in the channel")
    await expect(session.latest).to_contain_text("Shared by @You")


async def in_long_lookups(session: Session) -> None:
    ids = [log.id for log in catalog(session.time.now())][:11]
    await ask(session, " ".join(ids), texts.LOOK_UP_OTHER)
    async with expect_new_message(session):
        await press(session.latest, texts.LOOK_UP_OTHER)


async def on_links(session: Session) -> None:
    await session.stack.restart_with({"DASHBOARD_URL": f"{DASHBOARD}{{id}}"})
    await ask(session, DOCUMENTED, "Details")
    await session.latest.get_by_label("More actions").click()
    async with session.page.expect_popup() as opened:
        await session.latest.get_by_role("link", name=buttons.OPEN_IN_SIGNALWIRE).click()
    await (await opened.value).close()
    assert f"{DASHBOARD}{DOCUMENTED}" in session.requested_urls


async def in_forms_to_share(session: Session) -> None:
    await ask(session, DOCUMENTED, "Details")
    await press(session.latest, "Details")
    await press(modal_named(session, "Voice log"), "Share…")
    form = modal_named(session, "Share voice log")
    await field(form, "Conversation").select_option("#engineering")
    await fail_next(session, "channel_not_found")
    await press(form, "Share")
    await expect(button(form, "Share…")).to_be_visible()
    await session.idle()  # the modal is updated again later
    await press(form, "Share…")
    await field(form, "Conversation").select_option("#engineering")
    await press(form, "Share")
    await expect(form).to_contain_text("Shared in #engineering.")
    await press(form, "Close")
    await press(modal_named(session, "Voice log"), "Close")
    shared = messages_with(session, "in #engineering")
    await expect(shared).to_contain_text("Shared by @You")
    await expect(shared.get_by_text("Only visible to you")).to_have_count(0)


async def to_page_2_and_back(dialog: Locator) -> None:
    """Wait for each page: on the one before, a button of the same name leads elsewhere."""
    await press(dialog, "Later ▶")
    await press(dialog, "◀ Earlier")
    await expect(button(dialog, "◀ Earlier")).to_have_count(0)


async def in_dialogs(session: Session) -> None:
    await ask(session, LONG_TIMELINE, "Details")
    await press(session.latest, "Details")
    dialog = session.dialog
    await to_page_2_and_back(dialog)
    await press(dialog, "Errors and warnings only")
    await expect(button(dialog, "All events")).to_be_visible()
    await to_page_2_and_back(dialog)
    await press(dialog, "All events")
    await press(dialog, "Copy as text")
    await press(dialog, "Show full numbers")
    await expect(button(dialog, "Show full numbers")).to_have_count(0)
    await press(dialog, "Details")
    await press(dialog, "Raw JSON")
    await press(dialog, "Next page ▶")
    await expect(dialog).to_contain_text("Page 2 of")
    await press(dialog, "◀ Previous page")
    await expect(dialog).to_contain_text("Page 1 of")
    await press(dialog, "Close")
    await expect(dialog).to_have_count(0)


async def in_lists(session: Session) -> None:
    await ask(session, "recent 1", "Older calls")
    async with expect_new_message(session):
        await press(session.latest, "View")
    async with expect_new_message(session):
        await press(messages_with(session, "The latest call"), "Older calls")
    await press(messages_with(session, "The latest call"), "Change search")
    await press(modal_named(session, FIND), "Close")
    await ask(session, "find 5550103 busy anonymous", "Change search")
    await press(session.latest, "Without “anonymous”")
    await expect(button(session.latest, "Without “anonymous”")).to_have_count(0)
    await ask(session, "find 5559999 busy 1h", "Change search")
    await press(session.latest, "Without “busy”")
    await expect(button(session.latest, "Without “busy”")).to_have_count(0)
    async with expect_new_message(session):
        await session.type("(206) 555-0102, 206.555.0103 or 206 555 3434?")
    async with expect_new_message(session):
        await look_up(session.latest)
    offer = messages_with(session, texts.SEVERAL_NUMBERS).get_by_role("button", name="Find calls")
    await expect(offer).to_have_count(3)
    for index in range(3):
        async with expect_new_message(session):
            await offer.nth(index).click()


async def in_replies_to_unclear_commands(session: Session) -> None:
    await ask(session, "statsu", texts.STATUS_BUTTON)
    reply = messages_with(session, "statsu")
    async with expect_new_message(session):
        await press(reply, texts.STATUS_BUTTON)
    async with expect_new_message(session):
        await press(reply, texts.HELP_BUTTON)
    await ask(session, "find 5550103 2", texts.FIND_FORM_FILLED)
    await press(session.latest, texts.FIND_FORM_FILLED)
    await press(modal_named(session, FIND), "Close")
    await session.latest.get_by_role("button", name="2 hours").click()
    await expect(button(session.latest, texts.CHANGE_SEARCH)).to_be_visible()
    await ask(session, "ring (206) 555-0102 or 206 555 3434 back", texts.HELP_BUTTON)
    async with expect_new_message(session):
        await press(session.latest, "Find calls with +1 206-555-3434")


async def after_failures(session: Session) -> None:
    for text in (DOCUMENTED, "recent 5"):
        session.stack.signalwire.failure_rate = 1
        await ask(session, text, "Try again")
        session.stack.signalwire.failure_rate = 0
        await press(session.latest, "Try again")
        await expect(button(session.latest, "Try again")).to_have_count(0)


async def in_forms(session: Session) -> None:
    form = await open_form(session)
    await press(form, "Close")
    await press(session.page.get_by_label("Pages"), "VoiceLog · Home")
    home = session.page.get_by_label("Home tab")
    await expect(home).to_contain_text("credentials accepted")  # it is published twice
    await press(home, "Find a call")
    await field(form, "Phone number").fill("5550103")
    await press(form, "Search")
    await expect(button(form, "View").first).to_be_visible()


async def test_every_button_is_pressed_in_these_tests(own_session: Session) -> None:
    await on_cards(own_session)
    await on_links(own_session)
    await in_dialogs(own_session)
    await in_forms_to_share(own_session)
    await in_lists(own_session)
    await in_long_lookups(own_session)
    await in_replies_to_unclear_commands(own_session)
    await after_failures(own_session)
    await in_forms(own_session)
    await own_session.idle()

    assert pressed_ids(own_session) == defined_ids()
    # The emulated Slack rejected both on purpose.
    interactions = own_session.stack.slack.interactions
    assert {what(each.payload) for each in interactions if each.is_rejected} == {
        *("form submitted voicelog_share_form", "click on voicelog_share")
    }
