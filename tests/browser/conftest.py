"""Tests in a real browser: one Chromium for all, and a desk that is tidied between the tests."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.page import Desk, a_browser, a_desk
from tests.browser.user_actions import tidy


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The system's Chromium."""
    async with a_browser() as browser:
        yield browser


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def same_desk(chromium: Browser) -> AsyncIterator[Desk]:
    """One for all who leave its clock and its settings alone."""
    async with a_desk(chromium) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def desk(same_desk: Desk) -> Desk:
    """It, tidied."""
    await tidy(same_desk)
    return same_desk


@pytest_asyncio.fixture(loop_scope="session")
async def own_desk(chromium: Browser) -> AsyncIterator[Desk]:
    """One that nobody else sits at."""
    async with a_desk(chromium) as opened:
        yield opened
