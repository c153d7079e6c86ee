"""Fixtures shared by the tests of the developers' tools."""

from collections.abc import AsyncIterator

import pytest

from tests.dev.emulator_harness import World
from tests.dev.page_harness import Page, a_page


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    yield world
    await world.close()


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    async with a_page() as opened:
        yield opened
