"""Every button, menu option and shortcut of the bot is used once.

Other tests say what each one does; this one says that none is forgotten.
"""

import re
from typing import Final

from playwright.async_api import expect
from pydantic import BaseModel

from bot.dev.emulator.signalwire.catalog import DOCUMENTED, LIVE, catalog
from bot.dev.emulator.slack.workspace import FailNext
from bot.dev.playground.web.inspector import entries
from bot.listeners import shortcuts
from bot.ui import actions as buttons
from tests.browser.page import Session
from tests.browser.user_actions import (
    FIND,
    ask,
    button,
    choose,
    field,
    look_up,
    one_more_message,
    open_form,
    press,
    said,
    share,
    visible_dialog,
)
from tests.support import texts

CHATTY: Final = "0dd00000-0000-4000-8000-000000000004"
NOWHERE: Final = "https://127.0.0.1:9/logs/"
_NUMBER: Final = re.compile("_[0-9]+$")


class _Option(BaseModel):
    value: str


class _Action(BaseModel):
    action_id: str
    selected_option: _Option | None = None


class _View(BaseModel):
    callback_id: str = ""


class _Sent(BaseModel):
    """The parts of a Slack request that matter here."""

    callback_id: str = ""
    actions: tuple[_Action, ...] = ()
    view: _View = _View()


def pressed(session: Session) -> set[str]:
    """The action IDs of the clicks that the bot received, without the number of some."""
    names = set()
    for entry in entries(session.stack.slack):
        sent = _Sent.model_validate_json(entry.request)
        names |= {sent.callback_id, *(action.action_id for action in sent.actions)}
        # The value of a menu option has the action.
        menus = [action.selected_option for action in sent.actions if action.selected_option]
        names |= {option.value.partition(" ")[0] for option in menus}
        if not sent.actions:
            names.add(sent.view.callback_id)
    return {_NUMBER.sub("", name) for name in names} - {""}


def defined() -> set[str]:
    """The action IDs and callback IDs of all buttons, forms and shortcuts."""
    return {
        value
        for value in (*vars(buttons).values(), *vars(shortcuts).values())
        if isinstance(value, str) and value.startswith("voicelog_")
    }


async def on_cards(session: Session) -> None:
    await ask(session, LIVE, "Follow")
    await choose(session.answer, "Refresh")
    await expect(session.answer).to_contain_text("Updated")
    await choose(session.answer, "Legs of the call")
    await press(visible_dialog(session, "Legs of the call"), "Close")
    session.time.gate.close()
    await press(session.answer, "Follow")
    await press(session.answer, "Stop following")
    async with one_more_message(session):
        await press(session.answer, "Follow")
        session.time.gate.open()
    await press(session.answer, "View")
    await press(session.answer, "Refresh")
    await expect(session.answer).to_contain_text("Updated")
    async with one_more_message(session):
        await look_up(said(session, "How much did this call cost"))
    session.stack.slack.fail_next = [FailNext(404, "thread_not_found")]
    async with one_more_message(session):
        await share(session, session.answer)
    async with one_more_message(session):
        await share(session, session.answer, "Share in the channel")
    await expect(session.answer).to_contain_text("Shared by @You")


async def in_long_lookups(session: Session) -> None:
    ids = [log.id for log in catalog(session.time.now())][:11]
    await ask(session, " ".join(ids), texts.LOOK_UP_OTHER)
    async with one_more_message(session):
        await press(session.answer, texts.LOOK_UP_OTHER)


async def on_links(session: Session) -> None:
    await session.stack.restart_with({"DASHBOARD_URL": f"{NOWHERE}{{id}}"})
    await ask(session, DOCUMENTED, "Details")
    await session.answer.get_by_label("More actions").click()
    async with session.page.expect_popup() as opened:
        await session.answer.get_by_role("link", name=buttons.OPEN_IN_SIGNALWIRE).click()
    await (await opened.value).close()
    assert f"{NOWHERE}{DOCUMENTED}" in session.asked


async def in_forms_to_share(session: Session) -> None:
    await ask(session, DOCUMENTED, "Details")
    await press(session.answer, "Details")
    await press(visible_dialog(session, "Voice log"), "Share…")
    form = visible_dialog(session, "Share voice log")
    await field(form, "Conversation").select_option("#engineering")
    session.stack.slack.fail_next = [FailNext(404, "channel_not_found")]
    await press(form, "Share")
    await expect(button(form, "Share…")).to_be_visible()
    await session.idle()  # what is shown is shown once more
    await press(form, "Share…")
    await field(form, "Conversation").select_option("#engineering")
    await press(form, "Share")
    await expect(form).to_contain_text("Shared in #engineering.")
    await press(form, "Close")
    await press(visible_dialog(session, "Voice log"), "Close")


async def in_dialogs(session: Session) -> None:
    await ask(session, CHATTY, "Details")
    await press(session.answer, "Details")
    dialog = session.dialog
    await press(dialog, "Later ▶")
    await press(dialog, "◀ Earlier")
    await press(dialog, "Errors and warnings only")
    await press(dialog, "Later ▶")
    await press(dialog, "◀ Earlier")
    await press(dialog, "All events")
    await press(dialog, "Copy as text")
    await press(dialog, "Show full numbers")
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
    async with one_more_message(session):
        await press(session.answer, "View")
    async with one_more_message(session):
        await press(said(session, "The latest call"), "Older calls")
    await press(said(session, "The latest call"), "Change search")
    await press(visible_dialog(session, FIND), "Close")
    await ask(session, "find 5550103 busy anonymous", "Change search")
    await press(session.answer, "Without “anonymous”")
    await expect(button(session.answer, "Without “anonymous”")).to_have_count(0)
    await ask(session, "find 5559999 busy 1h", "Change search")
    await press(session.answer, "Without “busy”")
    await expect(button(session.answer, "Without “busy”")).to_have_count(0)
    async with one_more_message(session):
        await session.type("(206) 555-0102, 206.555.0103 or 206 555 3434?")
    async with one_more_message(session):
        await look_up(session.answer)
    offer = said(session, texts.SEVERAL_NUMBERS).get_by_role("button", name="Find calls")
    await expect(offer).to_have_count(3)
    for index in range(3):
        async with one_more_message(session):
            await offer.nth(index).click()


async def in_replies_to_unclear_commands(session: Session) -> None:
    await ask(session, "statsu", texts.STATUS_BUTTON)
    reply = said(session, "statsu")
    async with one_more_message(session):
        await press(reply, texts.STATUS_BUTTON)
    async with one_more_message(session):
        await press(reply, texts.HELP_BUTTON)
    await ask(session, "find 5550103 2", texts.FIND_FORM_FILLED)
    await press(session.answer, texts.FIND_FORM_FILLED)
    await press(visible_dialog(session, FIND), "Close")
    await session.answer.get_by_role("button", name="2 hours").click()
    await expect(button(session.answer, texts.CHANGE_SEARCH)).to_be_visible()
    await ask(session, "ring (206) 555-0102 or 206 555 3434 back", texts.HELP_BUTTON)
    async with one_more_message(session):
        await press(session.answer, "Find calls with +1 206-555-3434")


async def after_failures(session: Session) -> None:
    for text in (DOCUMENTED, "recent 5"):
        session.stack.signalwire.failure_rate = 1
        await ask(session, text, "Try again")
        session.stack.signalwire.failure_rate = 0
        await press(session.answer, "Try again")
        await expect(button(session.answer, "Try again")).to_have_count(0)


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

    assert pressed(own_session) == defined()
    # Slack was made to refuse both; and what a form shows is shown once more, if it is still open.
    assert {entry.what for entry in entries(own_session.stack.slack) if entry.is_rejected} == {
        *("form submitted voicelog_share_form", "click on voicelog_share")
    }
