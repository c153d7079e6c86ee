"""Worlds: `world` is the plain one, `open_world` opens others.

A test fails if it leaves tasks or failures over in a world, or private data in its log.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio

from tests.integration.harness import OpenWorld, Project, World, a_world, assert_idle


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


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def open_two_projects() -> AsyncIterator[World]:
    """Two projects: `north`, which has no logs, and `south`, which has the whole catalog."""
    async with a_world(Project("north", entries=()), Project("south")) as world:
        yield world


@pytest.fixture
def two_projects(open_two_projects: World) -> Iterator[World]:
    """The world of two projects, shared within a module."""
    yield open_two_projects
    assert_idle(open_two_projects)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def open_slow_world() -> AsyncIterator[World]:
    """The plain world, but the bot says at once that SignalWire is slow."""
    async with a_world(progress_after=0.01) as world:
        yield world


@pytest.fixture
def slow_world(open_slow_world: World) -> Iterator[World]:
    """The slow world, shared within a module."""
    yield open_slow_world
    assert_idle(open_slow_world)
