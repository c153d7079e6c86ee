"""Socket Mode over a loopback WebSocket: the process, and the watchdog in this process."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final

import pytest
from structlog.testing import capture_logs

from bot.app import Bot
from bot.entrypoints.socket_mode import SocketModeLostError, SocketModeRunner, WatchdogConfig
from bot.settings import Required, Settings
from bot.ui import actions
from tests.e2e.bot_process import APP_TOKEN, SECRETS, BotProcess, World, bot_process, until
from tests.e2e.many_users import messages_of
from tests.e2e.socket_mode_slack import SocketModeSlack, settings
from tests.support import texts
from tests.support.samples import DOCUMENTED, ENDED

QUICK: Final = WatchdogConfig(
    check_every=0.05, reconnect_after=0.3, give_up_after=20, ping_every=0.2, url_every=0.05
)


# ── As a process ──────────────────────────────────────────────────────────────────────────────


@asynccontextmanager
async def socket_process(world: World, slack: SocketModeSlack) -> AsyncIterator[BotProcess]:
    """Run a process that is connected; at the end, it drains, so that nothing more can follow."""
    async with bot_process("socket", environment=settings(world, slack)) as bot:
        await slack.connected()
        yield bot
        await bot.stop()
    assert bot.errors == []


@pytest.mark.parametrize("first", [signal.SIGTERM, signal.SIGINT])
async def test_signal_ends_the_process_once_lookups_are_done_and_a_second_one_does_nothing(
    first: signal.Signals, world: World, slack: SocketModeSlack
) -> None:
    async with bot_process("socket", environment=settings(world, slack)) as bot:
        await slack.connected()
        helped = await slack.command("help")
        shortcut = await slack.message_shortcut({"text": f"see {ENDED}"})
        await shortcut.wait_for_message()
        world.hold()
        command = await slack.command(DOCUMENTED)
        await until(lambda: world.is_requested(DOCUMENTED))
        bot.signal(first)
        await slack.until(lambda: slack.open_now == 0)
        await bot.event("shutdown.started")
        bot.signal(signal.SIGINT)
        # Nothing is logged for the second signal; it would end the process within this time.
        await asyncio.sleep(0.3)
        assert bot.is_running
        world.release()
        assert await bot.exit_code() == 0
    assert texts.HELP in helped.ack_body
    assert helped.posts == []
    for interaction, log_id in ((shortcut, ENDED), (command, DOCUMENTED)):
        [message] = messages_of(interaction)
        assert log_id in message
        assert (interaction.failed, interaction.ack_body) == (None, "")
    assert bot.errors == []
    assert bot.log[-1]["event"] == "shutdown.finished"
    assert bot.events("shutdown.tasks_cancelled") == []
    assert not [secret for secret in SECRETS if secret in "\n".join(bot.output)]


async def test_connection_that_is_lost_during_a_lookup_is_replaced(
    world: World, slack: SocketModeSlack
) -> None:
    """With the watchdog's real time limits: ten seconds to notice, and ten to connect."""
    async with socket_process(world, slack) as bot:
        world.hold()
        under_way = await slack.command(DOCUMENTED)
        await until(lambda: world.is_requested(DOCUMENTED))
        slack.drop()
        await slack.until(lambda: slack.open_now == 0)
        # The result is posted over HTTP, so that it doesn't wait for the new socket.
        world.release()
        await slack.until(lambda: any(DOCUMENTED in text for text in messages_of(under_way)))
        await slack.until(lambda: slack.open_now == 1, seconds=60)
        following = await slack.command(ENDED)
        await following.wait_for_message()
    assert [len(messages_of(each)) for each in (under_way, following)] == [1, 1]
    assert bot.events("shutdown.tasks_cancelled") == []


async def test_click_with_odd_values_in_unneeded_fields_replaces_its_message(
    world: World, slack: SocketModeSlack
) -> None:
    async with socket_process(world, slack):
        card = await (await slack.command(DOCUMENTED)).wait_for_message()
        slack.fields = {"team": 5, "enterprise": [], "event": 5, "authorizations": [5], "view": 5}
        click = await slack.click(card, actions.REFRESH)
        await click.wait_for_message()
    assert (click.failed, click.ack_body) == (None, "")
    [replaced] = click.messages
    assert (replaced.ts, replaced.edits) == (card.ts, 1)
    assert texts.UPDATED in replaced.text


async def test_three_deliveries_have_one_effect(world: World, slack: SocketModeSlack) -> None:
    async with socket_process(world, slack):
        card = await (await slack.command(ENDED)).wait_for_message()
        world.hold()
        command = await slack.command(DOCUMENTED)
        shortcut = await slack.message_shortcut({"text": f"see {DOCUMENTED}"})
        click = await slack.click(card, actions.SHARE)
        interactions = (command, shortcut, click)
        again = [await slack.redeliver(each) for each in interactions]
        world.release()
        for each in interactions:
            await each.wait_for_message()
        again += [await slack.redeliver(each) for each in interactions]
    assert {(each.failed, each.ack_body) for each in again} == {(None, "")}
    assert [len(each.posts) for each in interactions] == [1, 1, 2], "a card, and that it is shared"


async def test_refused_app_token_ends_the_process(world: World, slack: SocketModeSlack) -> None:
    environment = {**settings(world, slack), "SLACK_APP_TOKEN": "xapp-1-A0VOICELOG-revoked"}
    async with bot_process("socket", environment=environment) as bot:
        assert await bot.exit_code() == 1
    [lost] = bot.events("socket_mode.lost")
    assert lost["reason"] == "rejected the token (invalid_auth); check SLACK_APP_TOKEN"
    assert [line["event"] for line in bot.log if line["level"] == "error"] == ["socket_mode.lost"]
    assert bot.errors == []
    assert slack.connections == 0


async def test_shutdown_does_not_wait_for_a_frozen_slack(
    world: World, slack: SocketModeSlack
) -> None:
    environment = {**settings(world, slack), "DRAIN_SECONDS": "0.2"}
    async with bot_process("socket", environment=environment) as bot:
        await slack.connected()
        await bot.event("startup_check.ok", count=2)
        slack.freeze()
        bot.signal(signal.SIGTERM)
        assert await bot.exit_code(seconds=4) == 0


# ── The watchdog ──────────────────────────────────────────────────────────────────────────────


class Running:
    """Socket Mode running in this process."""

    def __init__(self, bot: Bot, runner: asyncio.Task[None], stop: asyncio.Event) -> None:
        self.bot = bot
        self.runner = runner
        self.stop = stop

    async def stopped(self) -> None:
        self.stop.set()
        await self.runner

    def hold_requests(self) -> tuple[asyncio.Event, asyncio.Event]:
        """Return an event for a request having arrived, and the one that it waits for."""
        arrived, released = asyncio.Event(), asyncio.Event()

        async def hold(next_: Callable[[], Awaitable[None]]) -> None:
            arrived.set()
            await released.wait()
            await next_()

        self.bot.bolt.use(hold)
        return arrived, released


@asynccontextmanager
async def running(
    world: World, slack: SocketModeSlack, watch: WatchdogConfig = QUICK
) -> AsyncIterator[Running]:
    environment = settings(world, slack)
    bot = Bot(Settings.from_environment(environment, Required.SLACK_SOCKET, Required.SIGNALWIRE))
    async with bot.lifespan():
        socket_mode = SocketModeRunner(bot.bolt, APP_TOKEN, watch=watch)
        stop = asyncio.Event()
        task = asyncio.create_task(socket_mode.run(stop))
        try:
            yield Running(bot, task, stop)
        finally:
            stop.set()
            await asyncio.gather(task, return_exceptions=True)


@pytest.mark.parametrize("how", ["drop", "close", "disconnect", "silence"])
async def test_lost_connection_is_replaced_and_loses_no_lookup(
    how: str, world: World, slack: SocketModeSlack
) -> None:
    async with running(world, slack) as run:
        await slack.connected()
        world.hold()
        before = await slack.command(DOCUMENTED)
        count = slack.connections
        match how:
            case "drop":
                slack.drop()
            case "close":
                await slack.close_all()
            case "disconnect":
                await slack.disconnect()
            case _:
                slack.is_silent = True
        await slack.connected(count + 1)
        slack.is_silent = False
        world.release()
        await slack.until(lambda: slack.open_now == 1)
        after = await slack.command(ENDED)
        assert ENDED in (await after.wait_for_message()).text
        await slack.until(lambda: any(DOCUMENTED in text for text in messages_of(before)))
        assert len(messages_of(before)) == 1
        await run.stopped()


@pytest.mark.parametrize("time_", ["nan", "inf"])
async def test_pong_with_an_odd_time_does_not_end_the_watchdog(
    time_: str, world: World, slack: SocketModeSlack
) -> None:
    async with running(world, slack) as run:
        await slack.connected()
        slack.is_silent = True
        await slack.pong(f"sdk-ping-pong:{time_}".encode())
        await slack.connected(2)
        slack.is_silent = False
        await slack.until(lambda: slack.open_now == 1)
        helped = await slack.command("help")
        assert texts.HELP in helped.ack_body
        await run.stopped()


async def test_request_received_before_shutdown_is_acknowledged(
    world: World, slack: SocketModeSlack
) -> None:
    async with running(world, slack) as run:
        arrived, released = run.hold_requests()
        await slack.connected()
        sending = asyncio.create_task(slack.command(DOCUMENTED))
        await arrived.wait()
        run.stop.set()
        _, unfinished = await asyncio.wait({run.runner}, timeout=0.2)
        assert unfinished
        released.set()
        await run.runner
    command = await sending
    assert (command.failed, command.ack_body) == (None, "")
    assert DOCUMENTED in messages_of(command)[0]


async def test_lost_acknowledgment_is_logged(world: World, slack: SocketModeSlack) -> None:
    with capture_logs() as lines:
        async with running(world, slack) as run:
            arrived, released = run.hold_requests()
            await slack.connected()
            sending = asyncio.create_task(slack.command("help"))
            await arrived.wait()
            slack.is_unavailable = True
            slack.drop()
            await slack.until(lambda: slack.rejected > 0)
            released.set()
            await until(lambda: any(line["event"] == "request.not_acknowledged" for line in lines))
            await run.stopped()
    assert (await sending).failed is not None


@pytest.mark.parametrize("from_the_start", [False, True])
async def test_long_outage_ends_the_process(
    world: World, slack: SocketModeSlack, *, from_the_start: bool
) -> None:
    watch = WatchdogConfig(check_every=0.05, reconnect_after=0.2, give_up_after=0.8, ping_every=0.1)
    slack.is_unavailable = from_the_start
    async with running(world, slack, watch) as run:
        if not from_the_start:
            await slack.connected()
            slack.is_unavailable = True
            slack.drop()
        await asyncio.wait({run.runner}, timeout=10)
        with pytest.raises(SocketModeLostError, match=r"^no connection to Slack for \d+ seconds$"):
            run.runner.result()
    assert slack.connections == (0 if from_the_start else 1)


@pytest.mark.parametrize("content_type", ["text/html", "text/plain", "application/json"])
async def test_outage_at_startup_is_survived(
    content_type: str, world: World, slack: SocketModeSlack
) -> None:
    slack.is_unavailable, slack.outage_type = True, content_type
    async with running(world, slack) as run:
        # The two startup checks, then several attempts to connect.
        await slack.until(lambda: slack.rejected >= 5)
        slack.is_unavailable = False
        await slack.connected()
        command = await slack.command(DOCUMENTED)
        assert DOCUMENTED in (await command.wait_for_message()).text
        await run.stopped()


async def test_url_that_fails_is_replaced(world: World, slack: SocketModeSlack) -> None:
    async with running(world, slack) as run:
        await slack.connected()
        slack.expired_ticket = slack.tickets + 1
        await slack.disconnect()
        await slack.connected(2)
        assert slack.rejected >= 1
        await run.stopped()


async def test_two_disconnects_are_one_reconnect(world: World, slack: SocketModeSlack) -> None:
    async with running(world, slack) as run:
        await slack.connected()
        slack.hold_connections()
        await slack.disconnect()
        await slack.disconnect()
        await slack.until(lambda: slack.requested == 2)
        slack.release_connections()
        await slack.connected(2)
        assert not await slack.becomes_true(lambda: slack.requested > 2, seconds=0.5)
        assert (await slack.command("help")).failed is None
        await run.stopped()


async def test_pause_between_reconnects(world: World, slack: SocketModeSlack) -> None:
    url_every = 0.3
    async with running(world, slack, replace(QUICK, url_every=url_every)) as run:
        await slack.connected()
        began = time.monotonic()
        for count in (2, 3, 4):
            await slack.disconnect()
            await slack.connected(count)
        assert time.monotonic() - began >= 2 * url_every
        async with asyncio.timeout(10):
            await run.stopped()


async def test_every_open_connection_is_served(world: World, slack: SocketModeSlack) -> None:
    slack.hold_connections()
    async with running(world, slack) as run:
        # Long enough for the watchdog to retry while the first attempt may still be waiting.
        await slack.becomes_true(lambda: slack.requested >= 2, seconds=1)
        slack.release_connections()
        await slack.connected()
        await slack.becomes_true(lambda: slack.open_now >= 2, seconds=0.5)
        for over in range(slack.open_now):
            slack.over = over
            assert (await slack.command("help")).failed is None
        await run.stopped()
