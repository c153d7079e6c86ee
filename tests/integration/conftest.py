"""Worlds: `world` is a plain one for each test, `open_world` opens others.

A test fails if it leaves tasks or failures over in a world, private data in its log, or a phone
number in what Slack stores.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio

from tests.integration.harness import OpenWorld, World, a_world, assert_idle


@pytest_asyncio.fixture(loop_scope="module")
async def open_world() -> AsyncIterator[OpenWorld]:
    """Opens worlds, which are closed after the test."""
    async with AsyncExitStack() as stack:
        yield OpenWorld(stack)


@pytest_asyncio.fixture(loop_scope="module")
async def world(open_world: OpenWorld) -> World:
    """One project with the whole catalog; everyone is allowed; no notice of a slow SignalWire."""
    return await open_world()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def module_world() -> AsyncIterator[World]:
    """A plain world that lasts as long as its module."""
    async with a_world() as world:
        yield world


@pytest.fixture
def shared_world(module_world: World) -> Iterator[World]:
    """The plain world that the tests of a module with many examples share."""
    yield module_world
    module_world.alter_payloads({})
    assert_idle(module_world)
