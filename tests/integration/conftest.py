"""Worlds for scenarios: `world` is the plain one, `open_world` builds others.

Every module of scenarios runs on one event loop, so that its scenarios can share a world.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio

from tests.integration.harness import OpenWorld, Space, World, a_world, assert_log_is_clean


@pytest_asyncio.fixture(loop_scope="module")
async def open_world() -> AsyncIterator[OpenWorld]:
    """Opens worlds, as `a_world` describes them; they are torn down after the test."""
    async with AsyncExitStack() as stack:
        yield OpenWorld(stack)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def plain_world() -> AsyncIterator[World]:
    """One project with the whole catalogue, nobody excluded, no word that it is slow."""
    async with a_world() as world:
        yield world


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def wide_world() -> AsyncIterator[World]:
    """Two projects: `north`, which has no logs, and `south`, which has the whole catalogue."""
    async with a_world(Space("north", entries=()), Space("south")) as world:
        yield world


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def restless_world() -> AsyncIterator[World]:
    """The plain world, but the bot says at once that SignalWire is slow."""
    async with a_world(progress_after=0.01) as world:
        yield world


@pytest.fixture
def two_projects(wide_world: World) -> Iterator[World]:
    """The world of two projects, shared within a module."""
    yield wide_world
    assert_left_idle(wide_world)


@pytest.fixture
def restless(restless_world: World) -> Iterator[World]:
    """The restless world, shared within a module."""
    yield restless_world
    assert_left_idle(restless_world)


@pytest.fixture
def world(plain_world: World) -> Iterator[World]:
    """The plain world, shared within a module; a test finds it idle and leaves it so."""
    yield plain_world
    assert_left_idle(plain_world)


def assert_left_idle(world: World) -> None:
    """What a scenario has to leave to the next one in the same world; it is seen to even so."""
    try:
        assert len(world.bot.tasks) == 0
        assert world.slack.fail_next == []
        assert not world.holds_answers
        assert_log_is_clean(world)
    finally:
        world.slack.fail_next.clear()
        world.release_answers()
