"""Worlds whose SignalWire and whose Slack stand behind servers that misbehave as they are told.

A world is shared by a module's tests; each finds it as it was and leaves it so. One to a module: a
process has one log.
"""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from bot.signalwire.client import RetryPolicy
from tests.network.harness import Outside, outside_world

HASTY = RetryPolicy(total_seconds=0.6, answer_seconds=0.2)
"""0.2 s at least for either try: enough to get through on a busy machine, too."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def patient_world() -> AsyncIterator[Outside]:
    """The bot has its usual retry_policy."""
    async with outside_world() as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hasty_world() -> AsyncIterator[Outside]:
    """The bot gives up after half a second, and before that says that SignalWire is slow."""
    async with outside_world(retry_policy=HASTY, progress_after=0.1) as opened:
        yield opened


@pytest.fixture
def outside(patient_world: Outside) -> Iterator[Outside]:
    """A world to break what doesn't take time."""
    yield patient_world
    patient_world.assert_left_as_it_was()


@pytest.fixture
def hasty(hasty_world: Outside) -> Iterator[Outside]:
    """A world to break what takes time."""
    yield hasty_world
    hasty_world.assert_left_as_it_was()
