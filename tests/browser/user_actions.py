"""What a person's hands do at the page, again and again: menus, shortcuts, buttons, questions."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from playwright.async_api import Locator, expect

from tests.browser.page import Desk

ME: Final = "U0SUPPORT"
LOOK_UP: Final = "Look up voice log"
FIND: Final = "Find a call"


async def tidy(desk: Desk) -> None:
    """Take away what others have left at a desk, and load the page anew.

    What people wrote in the channel stays there, and so does what Slack itself said.
    """
    slack = desk.stage.slack
    slack.views.clear(ME)
    for message in slack.messages.messages:
        slack.messages.remove(message.ts)
    await desk.page.evaluate("sessionStorage.clear()")
    await desk.page.goto(desk.url)


def said(desk: Desk, words: str) -> Locator:
    """The messages that hold these words."""
    return desk.messages.filter(has_text=words)


def seen_window(desk: Desk, name: str) -> Locator:
    """The window of that name."""
    return desk.page.get_by_role("dialog", name=name, exact=True)


def button(place: Locator, name: str) -> Locator:
    """The buttons of that name in a message or a window."""
    return place.get_by_role("button", name=name, exact=True)


async def press(place: Locator, name: str) -> None:
    """Press the one button of that name."""
    await button(place, name).click()


@asynccontextmanager
async def one_more_message(desk: Desk) -> AsyncIterator[None]:
    """Do something that is answered with a message; returns when that is there."""
    before = await desk.messages.count()
    yield
    await expect(desk.messages).to_have_count(before + 1)


async def ask(desk: Desk, text: str, name: str = "Details") -> None:
    """Type the command; returns when the answer, with such a button, is there."""
    async with one_more_message(desk):
        await desk.type(f"/voicelog {text}")
    await expect(button(desk.answer, name).first).to_be_visible()


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


async def answer_question(desk: Desk, answer: str) -> None:
    """Answer what is asked before a click counts."""
    question = desk.page.locator("dialog.confirm")
    await press(question, answer)
    await expect(question).to_have_count(0)


async def share(desk: Desk, message: Locator, name: str = "Share") -> None:
    """Share, and mean it."""
    await press(message, name)
    await answer_question(desk, "Share")


async def open_form(desk: Desk) -> Locator:
    """Open the form with the shortcut beside the box, and wait for it."""
    await desk.page.get_by_label("Shortcuts").click()
    await press(desk.page.locator("#compose"), FIND)
    form = seen_window(desk, FIND)
    await expect(form).to_be_visible()
    return form


def field(form: Locator, label: str) -> Locator:
    """A field of a form, by what its label begins with."""
    return form.get_by_label(re.compile(f"^{re.escape(label)}"))
