"""A person at the playground's page, in a real browser."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    async_playwright,
    expect,
)

from bot.app import Timing
from bot.dev.local_stack import LocalStack, StackClock
from bot.dev.playground.run import playground
from tests.integration.clock import Clock
from tests.support import programs

PATIENCE_MS: Final = 30_000
"""How long a browser may take on a busy machine; what is there is never waited for."""
expect.set_options(timeout=PATIENCE_MS)
_NAMES: Final = ("chromium", "chromium-browser", "google-chrome")


@asynccontextmanager
async def a_browser() -> AsyncIterator[Browser]:
    """The system's Chromium, headless. Where there is none, the test is skipped; in CI it fails."""
    program = programs.program(*_NAMES, called="Chromium", package="chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=program,
            # A container's root has no user namespaces; what is shown is this project's own page.
            args=["--no-sandbox", "--disable-gpu"],
        )
        yield browser
        await browser.close()


@dataclass
class Session:
    """The page, the emulators and the bot behind it.

    Attributes:
        page: the page, opened.
        stack: the local stack: the emulators and the bot.
        time: everyone's clock but the browser's.
        url: where the page is.
        asked: every URL that the browser asked for.
        complaints: what the browser's console said of errors.
    """

    page: Page
    stack: LocalStack
    time: Clock
    url: str
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @property
    def messages(self) -> Locator:
        """All messages in the channel, oldest first."""
        return self.page.locator(".message")

    @property
    def answer(self) -> Locator:
        """The latest message."""
        return self.messages.last

    @property
    def dialog(self) -> Locator:
        """The modal that is open."""
        return self.page.locator("dialog.modal")

    async def type(self, text: str) -> None:
        """Type into the box, and send it."""
        box = self.page.get_by_label("Message or command")
        await box.fill(text)
        await box.press("Enter")

    async def idle(self) -> None:
        """Wait until the bot has nothing under way."""
        await self.stack.bot.tasks.join()


@asynccontextmanager
async def open_session(
    browser: Browser, timing: Timing | None = None, **context: str
) -> AsyncIterator[Session]:
    """A page of its own, over a local stack of its own.

    When it is left, the browser must have had nothing to complain of, and have asked for nothing
    beyond loopback.

    Args:
        browser: shared.
        timing: the bot's; by default it has no patience to spare and says so at once.
        context: what is special about the browser, such as `color_scheme`.
    """
    time = Clock()
    clock = StackClock(
        now=time.now,
        sleep=time.sleep,
        timing=timing or Timing(sleep=time.sleep, elapsed=time.elapsed),
    )
    async with playground(timing=clock) as (url, stack):
        own = await browser.new_context(
            **{"locale": "en-US", "timezone_id": "America/New_York", **context}  # type: ignore[arg-type]
        )
        own.set_default_timeout(PATIENCE_MS)
        session = Session(await own.new_page(), stack, time, url)
        _listen(own, session)
        await session.page.goto(url)
        yield session
        time.gate.open()  # a failed test may have left it closed
        await session.idle()
        await own.close()
    assert session.complaints == []
    assert {urlsplit(asked).hostname for asked in session.asked} == {"127.0.0.1"}


def _listen(context: BrowserContext, session: Session) -> None:
    def on_console(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            session.complaints.append(message.text)

    def on_error(error: Error) -> None:
        session.complaints.append(str(error))

    context.on("request", lambda request: session.asked.append(request.url))
    session.page.on("console", on_console)
    session.page.on("pageerror", on_error)
