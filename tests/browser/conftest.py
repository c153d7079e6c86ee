"""Tests in a real browser: one Chromium for a module, a page and a sandbox for each test."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser

from .desk import Desk, a_browser, a_desk


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    """The system's Chromium."""
    async with a_browser() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def desk(chromium: Browser) -> AsyncIterator[Desk]:
    """Somebody sits down at a new page."""
    async with a_desk(chromium) as opened:
        yield opened
