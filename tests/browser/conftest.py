"""Fixtures: one Chromium for all tests, and a session that is reset between them."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.page import Session, open_browser, open_session
from tests.browser.user_actions import reset


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The system's Chromium."""
    async with open_browser() as browser:
        yield browser


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_session(chromium: Browser) -> AsyncIterator[Session]:
    """A session for all tests that don't change its clock and settings."""
    async with open_session(chromium) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def session(shared_session: Session) -> Session:
    """The shared session, reset."""
    await reset(shared_session)
    return shared_session


@pytest_asyncio.fixture(loop_scope="session")
async def own_session(chromium: Browser) -> AsyncIterator[Session]:
    """A session that no other test uses."""
    async with open_session(chromium) as opened:
        yield opened
