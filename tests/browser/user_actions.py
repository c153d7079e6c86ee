"""User actions on the page: menus, shortcuts, buttons and confirmations."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from playwright.async_api import Locator, expect

from bot.dev.emulator.slack.payloads import BOT_USER_ID
from bot.dev.emulator.slack.workspace import PostedMessage
from tests.browser.page import Session

ME: Final = "U0SUPPORT"
LOOK_UP: Final = "Look up voice log"
FIND: Final = "Find a call"


async def reset(session: Session) -> None:
    """Remove the app's messages and views from a session, and reload the page.

    Messages from users and from Slack itself stay in the channel.
    """
    await session.idle()  # a reply to the test before would come late
    slack = session.stack.slack
    slack.views.clear(ME)
    for message in posted(session):
        slack.messages.remove(message.ts)
    await session.page.evaluate("sessionStorage.clear()")
    await session.page.goto(session.url)


def posted(session: Session) -> list[PostedMessage]:
    """Return the app's messages."""
    return [each for each in session.stack.slack.messages.messages if each.user_id == BOT_USER_ID]


def messages_with(session: Session, words: str) -> Locator:
    """Locate the messages with this text."""
    return session.messages.filter(has_text=words)


def modal_named(session: Session, name: str) -> Locator:
    """Locate the modal with this name."""
    return session.page.get_by_role("dialog", name=name, exact=True)


def button(place: Locator, name: str) -> Locator:
    """Locate the buttons with this name in a message or a modal."""
    return place.get_by_role("button", name=name, exact=True)


async def press(place: Locator, name: str) -> None:
    """Press the only button with this name."""
    await button(place, name).click()


@asynccontextmanager
async def expect_new_message(session: Session) -> AsyncIterator[None]:
    """Wait for the new message that the body of the `with` statement causes."""
    before = await session.messages.count()
    yield
    await expect(session.messages).to_have_count(before + 1)


async def ask(session: Session, text: str, name: str = "Details") -> None:
    """Type the command; wait for a reply with a button of this name."""
    async with expect_new_message(session):
        await session.type(f"/voicelog {text}")
    await expect(button(session.latest, name).first).to_be_visible()


async def open_menu(message: Locator) -> None:
    """Open the menu of a message."""
    await message.get_by_label("Message menu").click()


async def look_up(message: Locator) -> None:
    """Use the shortcut in the menu of a message."""
    await open_menu(message)
    await press(message, LOOK_UP)


async def choose(message: Locator, line: str) -> None:
    """Choose an option of the overflow menu."""
    await message.get_by_label("More actions").click()
    await press(message, line)


async def answer_dialog(session: Session, answer: str) -> None:
    """Press a button of the confirmation dialog."""
    question = session.page.locator("dialog.confirm")
    await press(question, answer)
    await expect(question).to_have_count(0)


async def share(session: Session, message: Locator, name: str = "Share") -> None:
    """Press Share, and confirm it."""
    await press(message, name)
    await answer_dialog(session, "Share")


async def open_form(session: Session) -> Locator:
    """Open the form with the global shortcut."""
    await session.page.get_by_label("Shortcuts").click()
    await press(session.page.locator("#compose"), FIND)
    form = modal_named(session, FIND)
    await expect(form).to_be_visible()
    return form


def field(form: Locator, label: str) -> Locator:
    """Locate a field of a form by the beginning of its label."""
    return form.get_by_label(re.compile(f"^{re.escape(label)}"))
