"""Worlds: `world` is the plain one, `open_world` opens others.

A test fails if it leaves tasks or failures over in a world, or private data in its log.
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


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def plain_world() -> AsyncIterator[World]:
    """One project with the whole catalog; everyone is allowed; no notice of a slow SignalWire."""
    async with a_world() as world:
        yield world


@pytest.fixture
def world(plain_world: World) -> Iterator[World]:
    """The plain world, shared within a module."""
    yield plain_world
    assert_idle(plain_world)
