"""The real program, started as a platform starts it, with a loopback SignalWire and Slack."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.e2e.bot_process import World, open_world
from tests.e2e.socket_mode_slack import SocketModeSlack, open_slack


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """The emulators, shared by a module's tests; SignalWire may have a module's own `LOGS`."""
    async with open_world(getattr(request.module, "LOGS", None)) as opened:
        yield opened


@pytest.fixture
def world(shared_world: World) -> Iterator[World]:
    """The module's emulators, without earlier requests."""
    shared_world.signalwire.requests.clear()
    shared_world.slack.requested_methods.clear()
    yield shared_world
    shared_world.release()


@pytest_asyncio.fixture(loop_scope="module")
async def own_world() -> AsyncIterator[World]:
    """Emulators for a test that changes their URLs."""
    async with open_world() as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def slack() -> AsyncIterator[SocketModeSlack]:
    """A workspace with Socket Mode."""
    async with open_slack() as opened:
        yield opened
