"""Worlds: `world` is the plain one, `open_world` opens others.

All tests of a module run on one event loop, so that they can share a world. The fixtures whose
names begin with `clean` fail a test that leaves something behind, or something private in the log.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio

from tests.integration.harness import OpenWorld, Project, World, a_world, assert_idle


@pytest_asyncio.fixture(loop_scope="module")
async def clean_worlds() -> AsyncIterator[OpenWorld]:
    """Opens worlds; after the test they close, and their logs must be clean."""
    async with AsyncExitStack() as stack:
        yield OpenWorld(stack)


@pytest.fixture
def open_world(clean_worlds: OpenWorld) -> OpenWorld:
    """`clean_worlds`: each must leave a clean log."""
    return clean_worlds


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def plain_world() -> AsyncIterator[World]:
    """One project with the whole catalog; everybody is allowed; no notice that it is slow."""
    async with a_world() as world:
        yield world


@pytest.fixture
def clean_world(plain_world: World) -> Iterator[World]:
    """The plain world, shared within a module; it must be left idle, with a clean log."""
    yield plain_world
    assert_idle(plain_world)


@pytest.fixture
def world(clean_world: World) -> World:
    """`clean_world`: it must be left idle, with a clean log."""
    return clean_world


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def two_project_world() -> AsyncIterator[World]:
    """Two projects: `north`, which has no logs, and `south`, which has the whole catalog."""
    async with a_world(Project("north", entries=()), Project("south")) as world:
        yield world


@pytest.fixture
def clean_two_projects(two_project_world: World) -> Iterator[World]:
    """The world of two projects, shared within a module; it must be left idle and clean."""
    yield two_project_world
    assert_idle(two_project_world)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def slow_world() -> AsyncIterator[World]:
    """The plain world, but the bot says at once that SignalWire is slow."""
    async with a_world(progress_after=0.01) as world:
        yield world


@pytest.fixture
def clean_slow_world(slow_world: World) -> Iterator[World]:
    """The slow world, shared within a module; it must be left idle and clean."""
    yield slow_world
    assert_idle(slow_world)
