"""Worlds whose SignalWire and Slack are behind servers that misbehave on request.

A world is shared by a module's tests; each finds it as it was and leaves it so. One to a module: a
process has one log.
"""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from bot.signalwire.client import RetryPolicy
from tests.network.harness import Outside, outside_world

HASTY = RetryPolicy(total_seconds=1.2, response_seconds=0.4)
"""At least 0.4 s for each attempt, which suffices on a busy machine."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def patient_world() -> AsyncIterator[Outside]:
    """The bot with its default retry policy."""
    async with outside_world() as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hasty_world() -> AsyncIterator[Outside]:
    """The bot with a deadline of a second, and a progress message before it."""
    async with outside_world(retry_policy=HASTY, progress_after=0.1) as opened:
        yield opened


@pytest.fixture
def outside(patient_world: Outside) -> Iterator[Outside]:
    """For failures that take no time."""
    yield patient_world
    patient_world.assert_left_as_it_was()


@pytest.fixture
def hasty(hasty_world: Outside) -> Iterator[Outside]:
    """For failures that take time."""
    yield hasty_world
    hasty_world.assert_left_as_it_was()
