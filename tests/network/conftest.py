"""Worlds whose SignalWire and Slack are behind servers that misbehave on request.

The tests of a module share one, and each checks that it left nothing over. A module uses only one,
because a process has one log.
"""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from bot.signalwire.client import RetryPolicy
from tests.network.harness import FaultyNetwork, open_network

SHORT_TIMEOUTS = RetryPolicy(total_seconds=1.2, response_seconds=0.4)
"""At least 0.4 s for each attempt, which suffices on a busy machine."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened_network() -> AsyncIterator[FaultyNetwork]:
    """The bot with its default retry policy."""
    async with open_network() as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened_short_timeout_network() -> AsyncIterator[FaultyNetwork]:
    """The bot with a time limit of about a second, and a progress message before it."""
    async with open_network(retry_policy=SHORT_TIMEOUTS, progress_after=0.1) as opened:
        yield opened


@pytest.fixture
def network(opened_network: FaultyNetwork) -> Iterator[FaultyNetwork]:
    """The bot with its default retry policy, for failures that take no time."""
    yield opened_network
    opened_network.assert_clean()


@pytest.fixture
def short_timeout_network(opened_short_timeout_network: FaultyNetwork) -> Iterator[FaultyNetwork]:
    """The bot with short timeouts, for failures that take time."""
    yield opened_short_timeout_network
    opened_short_timeout_network.assert_clean()
