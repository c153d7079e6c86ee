"""Tests in a real browser: one Chromium for all, and a session that is reset between the tests."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.page import Session, a_browser, open_session
from tests.browser.user_actions import tidy


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The system's Chromium."""
    async with a_browser() as browser:
        yield browser


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_session(chromium: Browser) -> AsyncIterator[Session]:
    """One for all who leave its clock and its settings alone."""
    async with open_session(chromium) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def session(shared_session: Session) -> Session:
    """The shared session, reset."""
    await tidy(shared_session)
    return shared_session


@pytest_asyncio.fixture(loop_scope="session")
async def own_session(chromium: Browser) -> AsyncIterator[Session]:
    """A session that no other test uses."""
    async with open_session(chromium) as opened:
        yield opened
