"""Slack fails when the bot starts: the bot serves, logs it once, and recovers."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from types import MappingProxyType

import pytest

from bot.access import Access
from bot.runtime.http_client import new_session
from bot.services.startup_checks import StartupChecks
from bot.slack.web_client import web_client
from tests.network import misbehaviors
from tests.network.faulty_server import Act, FaultServer
from tests.network.harness import Outside, outside_world
from tests.support.samples import CANARY

CHECK = "auth.test"
TROUBLES: Mapping[str, Act] = MappingProxyType(
    {
        **misbehaviors.BREAKS,
        "another protocol": misbehaviors.OTHER_PROTOCOL,
        "429": misbehaviors.ask_to_wait(429, "NaN"),
        "500": misbehaviors.refuse(500),
        "503 that says why": misbehaviors.answer(
            503, b'{"ok": false, "error": "fatal_error"}', misbehaviors.JSON
        ),
        "a page": misbehaviors.answer(200, misbehaviors.PAGE, misbehaviors.HTML),
        "a page called JSON": misbehaviors.answer(200, misbehaviors.PAGE, misbehaviors.JSON),
        "nothing": misbehaviors.answer(200),
        "another shape": misbehaviors.answer(
            200, b'{"ok": true, "team_id": ["T0ACME"]}', misbehaviors.JSON
        ),
        "no object": misbehaviors.answer(200, b'"%b"' % CANARY.encode(), misbehaviors.JSON),
        "a redirect": misbehaviors.refuse(302, {"Location": f"/{CANARY}"}),
        "5 MiB": misbehaviors.answer(200, bytes(5 * misbehaviors.MEBIBYTE), misbehaviors.JSON),
    }
)


async def no_pause(_seconds: float) -> None:
    """Replaces asyncio.sleep."""
    await asyncio.sleep(0)


@asynccontextmanager
async def starting(outside: Outside) -> AsyncIterator[None]:
    """Run the startup checks of Slack once more."""
    async with new_session() as session:
        upkeep = StartupChecks(
            access=Access(),
            web=web_client(f"{outside.slack.url}/api/", session),
            bot_token=outside.world.slack_token,
            clients=(),
            sleep=no_pause,
        )
        running = asyncio.create_task(upkeep.run())
        try:
            yield
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


@pytest.mark.parametrize("times", [1, 4])
@pytest.mark.parametrize("act", TROUBLES.values(), ids=TROUBLES.keys())
async def test_a_startup_error_is_logged_once_and_so_is_its_end(
    outside: Outside, act: Act, times: int
) -> None:
    book = outside.world.log
    since, calls = len(book.lines()), outside.slack.count(CHECK)
    good = len(book.lines("startup_check.ok", check="Slack"))
    outside.slack.plan(CHECK, [act] * times)
    async with starting(outside):
        await book.line("startup_check.ok", check="Slack", times=good + 1)

    (error,) = outside.complaints(since)
    assert (error["event"], error["check"]) == ("startup_check.failed", "Slack")
    assert outside.slack.count(CHECK) - calls == times + 1
    await outside.assert_works()


async def test_a_bot_that_starts_without_slack_serves_and_reconnects() -> None:
    async with AsyncExitStack() as stack, FaultServer() as slack:
        await stack.enter_async_context(slack.away())
        async with outside_world(slack, waits_for_startup=False) as outside:
            await outside.world.log.line("startup_check.failed", check="Slack")
            refused = await outside.world.type("help")
            assert refused.failed is None
            assert "/voicelog" in refused.ack_body
            await stack.aclose()
            await outside.world.log.line("startup_check.ok", check="Slack")

            assert len(outside.world.log.lines("startup_check.failed")) == 1
            await outside.assert_works()
