"""Fixtures for the tests of the developers' tools."""

from collections.abc import AsyncIterator

import pytest

from tests.dev.emulator_harness import World
from tests.dev.page_harness import Page, open_page


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    yield world
    await world.close()


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    async with open_page() as opened:
        yield opened
