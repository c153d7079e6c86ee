"""Slack fails when the bot starts: the bot serves, logs it once, and recovers.

tests/unit/services/test_health.py has other responses; here is what depends on the HTTP library.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from bot.access import Access
from bot.runtime.http_client import URL, new_client
from bot.services.startup_checks import StartupChecks
from tests.network import misbehaviors
from tests.network.faulty_server import Behavior, FaultyServer
from tests.network.harness import FaultyNetwork, open_network
from tests.support.samples import CANARY

CHECK = "auth.test"
FAULTS: Mapping[str, Behavior] = {
    **misbehaviors.DISCONNECTS,
    "another protocol": misbehaviors.OTHER_PROTOCOL,
    "a redirect": misbehaviors.respond_with_page(302, {"Location": f"/{CANARY}"}),
    "5 MiB": misbehaviors.respond(200, bytes(5 * misbehaviors.MEBIBYTE), misbehaviors.JSON),
}


async def no_sleep(_seconds: float) -> None:
    """Replaces asyncio.sleep."""
    await asyncio.sleep(0)


@asynccontextmanager
async def starting(network: FaultyNetwork) -> AsyncIterator[None]:
    """Run the startup checks of Slack once more."""
    async with new_client() as http:
        checks = StartupChecks(
            access=Access(),
            http=http,
            api=URL(f"{network.slack.url}/api/"),
            bot_token=network.world.slack_token,
            clients=(),
            sleep=no_sleep,
        )
        running = asyncio.create_task(checks.run())
        try:
            yield
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


@pytest.mark.parametrize("times", [1, 4])
@pytest.mark.parametrize("behavior", FAULTS.values(), ids=FAULTS.keys())
async def test_a_startup_error_is_logged_once_and_so_is_its_end(
    network: FaultyNetwork, behavior: Behavior, times: int
) -> None:
    log = network.world.log
    since, calls = len(log.lines()), network.slack.count(CHECK)
    ok = len(log.lines("startup_check.ok", check="Slack"))
    network.slack.plan(CHECK, [behavior] * times)
    async with starting(network):
        await log.line("startup_check.ok", check="Slack", times=ok + 1)

    (error,) = network.warnings(since)
    assert (error["event"], error["check"]) == ("startup_check.failed", "Slack")
    assert network.slack.count(CHECK) - calls == times + 1
    await network.assert_works()


async def test_a_bot_that_starts_without_slack_serves_and_reconnects() -> None:
    async with AsyncExitStack() as stack, FaultyServer() as slack:
        await stack.enter_async_context(slack.refusing_connections())
        async with open_network(slack, waits_for_startup=False) as network:
            await network.world.log.line("startup_check.failed", check="Slack")
            refused = await network.world.type("help")
            assert refused.failed is None
            assert "/voicelog" in refused.ack_body
            await stack.aclose()
            await network.world.log.line("startup_check.ok", check="Slack")

            assert len(network.world.log.lines("startup_check.failed")) == 1
            await network.assert_works()
