"""Worlds whose SignalWire and Slack are behind servers that misbehave on request.

The tests of a module share one, and each checks that it left nothing over. A module uses only one,
because a process has one log.
"""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.network.harness import FaultyNetwork, open_network


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened_network() -> AsyncIterator[FaultyNetwork]:
    """The bot with its default retry policy, which some modules replace."""
    async with open_network() as opened:
        yield opened


@pytest.fixture
def network(opened_network: FaultyNetwork) -> Iterator[FaultyNetwork]:
    """The network that the module's tests share."""
    yield opened_network
    opened_network.assert_clean()
