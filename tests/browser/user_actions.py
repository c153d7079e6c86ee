"""What a person's hands do at the page, again and again: menus, shortcuts, buttons, questions."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from playwright.async_api import Locator, expect

from tests.browser.page import Session

ME: Final = "U0SUPPORT"
LOOK_UP: Final = "Look up voice log"
FIND: Final = "Find a call"


async def tidy(session: Session) -> None:
    """Remove what other tests have left in a session, and reload the page.

    What people wrote in the channel stays there, and so does what Slack itself said.
    """
    slack = session.stack.slack
    slack.views.clear(ME)
    for message in slack.messages.messages:
        slack.messages.remove(message.ts)
    await session.page.evaluate("sessionStorage.clear()")
    await session.page.goto(session.url)


def said(session: Session, words: str) -> Locator:
    """The messages that hold these words."""
    return session.messages.filter(has_text=words)


def visible_dialog(session: Session, name: str) -> Locator:
    """The modal of that name."""
    return session.page.get_by_role("dialog", name=name, exact=True)


def button(place: Locator, name: str) -> Locator:
    """The buttons of that name in a message or a modal."""
    return place.get_by_role("button", name=name, exact=True)


async def press(place: Locator, name: str) -> None:
    """Press the one button of that name."""
    await button(place, name).click()


@asynccontextmanager
async def one_more_message(session: Session) -> AsyncIterator[None]:
    """Do something that is answered with a message; returns when that is there."""
    before = await session.messages.count()
    yield
    await expect(session.messages).to_have_count(before + 1)


async def ask(session: Session, text: str, name: str = "Details") -> None:
    """Type the command; returns when the answer, with such a button, is there."""
    async with one_more_message(session):
        await session.type(f"/voicelog {text}")
    await expect(button(session.answer, name).first).to_be_visible()


async def open_menu(message: Locator) -> None:
    """Open a message's own menu."""
    await message.get_by_label("Message menu").click()


async def look_up(message: Locator) -> None:
    """Use the shortcut in a message's menu."""
    await open_menu(message)
    await press(message, LOOK_UP)


async def choose(message: Locator, line: str) -> None:
    """Choose a line of the menu behind the three dots."""
    await message.get_by_label("More actions").click()
    await press(message, line)


async def answer_question(session: Session, answer: str) -> None:
    """Answer what is asked before a click counts."""
    question = session.page.locator("dialog.confirm")
    await press(question, answer)
    await expect(question).to_have_count(0)


async def share(session: Session, message: Locator, name: str = "Share") -> None:
    """Share, and mean it."""
    await press(message, name)
    await answer_question(session, "Share")


async def open_form(session: Session) -> Locator:
    """Open the form with the shortcut beside the box, and wait for it."""
    await session.page.get_by_label("Shortcuts").click()
    await press(session.page.locator("#compose"), FIND)
    form = visible_dialog(session, FIND)
    await expect(form).to_be_visible()
    return form


def field(form: Locator, label: str) -> Locator:
    """A field of a form, by what its label begins with."""
    return form.get_by_label(re.compile(f"^{re.escape(label)}"))
