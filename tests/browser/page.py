"""The playground's page in a real browser."""

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
from tests.support import programs
from tests.support.clock import Clock

TIMEOUT_MS: Final = 30_000
"""For a busy machine; conditions that are already met take no time."""
expect.set_options(timeout=TIMEOUT_MS)
_NAMES: Final = ("chromium", "chromium-browser", "google-chrome")


@asynccontextmanager
async def open_browser() -> AsyncIterator[Browser]:
    """Open Chromium, headless. If it isn't installed, the test is skipped; in CI it fails."""
    program = programs.require_program(*_NAMES, called="Chromium", package="chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=program,
            # root in a container has no user namespaces; the page is this project's own.
            args=["--no-sandbox", "--disable-gpu"],
        )
        yield browser
        await browser.close()


@dataclass
class Session:
    """The page, the emulators and the bot behind it."""

    page: Page
    stack: LocalStack
    time: Clock
    """The clock of the emulators and the bot."""
    url: str
    requested_urls: list[str] = field(default_factory=list)
    """All URLs that the browser requested."""
    console_errors: list[str] = field(default_factory=list)
    """Errors and warnings in the browser's console."""

    @property
    def messages(self) -> Locator:
        """All messages in the channel, oldest first."""
        return self.page.locator(".message")

    @property
    def latest(self) -> Locator:
        """The latest message."""
        return self.messages.last

    @property
    def dialog(self) -> Locator:
        """The open modal."""
        return self.page.locator("dialog.modal")

    async def type(self, text: str) -> None:
        """Type into the input, and send it."""
        box = self.page.get_by_label("Message or command")
        await box.fill(text)
        await box.press("Enter")

    async def idle(self) -> None:
        """Wait until the bot has no background task."""
        await self.stack.bot.tasks.join()


@asynccontextmanager
async def open_session(
    browser: Browser, timing: Timing | None = None, **context: str
) -> AsyncIterator[Session]:
    """Open a page over a new local stack.

    At the end, assert that the console has no errors, and that the browser made requests only to
    loopback.

    Args:
        browser: the shared browser.
        timing: the bot's; by default with the fake clock.
        context: options of the browser context, such as `color_scheme`.
    """
    time = Clock()
    clock = StackClock(
        now=time.now,
        sleep=time.sleep,
        timing=timing or Timing(sleep=time.sleep, elapsed=time.elapsed),
    )
    async with playground(timing=clock) as (url, stack):
        browser_context = await browser.new_context(
            **{"locale": "en-US", "timezone_id": "America/New_York", **context}  # type: ignore[arg-type]
        )
        browser_context.set_default_timeout(TIMEOUT_MS)
        session = Session(await browser_context.new_page(), stack, time, url)
        _listen(browser_context, session)
        await session.page.goto(url)
        yield session
        time.gate.open()  # a failed test may not have opened it
        await session.idle()
        await browser_context.close()
    assert session.console_errors == []
    assert {urlsplit(url).hostname for url in session.requested_urls} == {"127.0.0.1"}


def _listen(context: BrowserContext, session: Session) -> None:
    def on_console(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            session.console_errors.append(message.text)

    def on_error(error: Error) -> None:
        session.console_errors.append(str(error))

    context.on("request", lambda request: session.requested_urls.append(request.url))
    session.page.on("console", on_console)
    session.page.on("pageerror", on_error)
