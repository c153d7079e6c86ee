"""`python -m bot` as a process: it starts, serves and stops, or says why it can't."""

import signal
import socket
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from bot.dev.emulator.http_server import serve_on_loopback
from bot.dev.emulator.signalwire.catalog import catalog
from bot.ui import actions, notices
from tests.e2e.bot_process import (
    SECRETS,
    BotProcess,
    World,
    accepts,
    bot_process,
    closed_port,
    serving,
    until,
)
from tests.e2e.many_users import look_up_all, messages_of
from tests.e2e.socket_mode_slack import SocketModeSlack, settings
from tests.network.faulty_server import FaultyServer
from tests.support import texts
from tests.support.samples import DOCUMENTED, LIVE

NOT_LIVE: Final = [entry.id for entry in catalog(datetime.now(UTC)) if entry.id != LIVE]
"""IDs of logs that don't change."""
IN_PROGRESS: Final = next(
    entry.id for entry in catalog(datetime.now(UTC)) if entry.description == "status in-progress"
)
"""The ID of a log that stays live."""


def has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        pytest.param(
            "[::1]",
            marks=pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6 loopback"),
        ),
    ],
)
async def test_signed_command_over_ipv4_and_ipv6(host: str, world: World) -> None:
    world.release()
    async with serving(world, WEB_CONCURRENCY="2") as bot:
        world.slack.bot_url = f"http://{host}:{await bot.port()}/slack/events"
        interaction = await world.slack.command(DOCUMENTED)
        card = await interaction.wait_for_message()
    assert interaction.failed is None
    assert (interaction.ack_status, interaction.ack_body) == (200, "")
    assert card.response_type == "ephemeral"
    assert texts.COMPLETED in card.text
    assert DOCUMENTED in card.text


async def test_log_has_nothing_private(world: World) -> None:
    async with serving(world) as bot:
        interactions = [await world.slack.command(DOCUMENTED)]
        card = await interactions[0].wait_for_message()
        interactions += [
            await world.slack.click(card, action_id)
            for action_id in (actions.DETAILS, actions.REFRESH, actions.SHARE)
        ]
        for event in ("details.done", "refresh.done", "share.published"):
            await bot.event(event)
        await bot.stop()
    printed = "\n".join([*bot.output, *bot.errors])
    hidden = [*SECRETS, "2065551212", "555-1212", "555-3434"]
    hidden += [text for made in interactions for text in (made.response_url, made.trigger_id)]
    assert [text for text in hidden if text in printed] == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_signal_ends_an_idle_process_at_once(number: signal.Signals, world: World) -> None:
    async with serving(world) as bot:
        interaction = await world.slack.command(DOCUMENTED)
        await interaction.wait_for_message()
        started = time.monotonic()
        bot.signal(number)
        assert await bot.exit_code() == 0
        assert time.monotonic() - started < 5  # of the ten that DRAIN_SECONDS would allow
        assert [line["event"] for line in bot.log[-2:]] == ["shutdown.started", "shutdown.finished"]
        assert bot.errors == []


async def test_following_ends_at_once_on_shutdown(world: World) -> None:
    async with serving(world) as bot:
        card = await (await world.slack.command(IN_PROGRESS)).wait_for_message()
        following = await world.slack.click(card, actions.FOLLOW)
        assert notices.FOLLOWING in (await following.wait_for_message()).text
        started = time.monotonic()
        await bot.stop()
        assert time.monotonic() - started < 5
    [message] = following.messages
    assert notices.stopped_following(texts.RESTARTING) in message.text
    assert bot.events("shutdown.tasks_cancelled") == []
    assert bot.errors == []


async def test_draining_process_closes_its_port(world: World) -> None:
    async with serving(world) as bot:
        world.hold()
        interaction = (await look_up_all(world, [DOCUMENTED]))[DOCUMENTED]
        bot.signal(signal.SIGTERM)
        await bot.event("shutdown.started")
        port = await bot.port()
        await until(lambda: not accepts(port))
        assert bot.is_running
        world.release()
        assert await bot.exit_code() == 0
        assert len(messages_of(interaction)) == 1


async def test_taken_port_exits_1_with_one_line(world: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        async with bot_process(environment={**world.settings, "PORT": str(port)}) as bot:
            assert await bot.exit_code() == 1
    assert bot.errors == [f"can't listen on port {port}: Address already in use"]
    assert bot.output == []


async def test_process_serves_before_slack_and_signalwire_are_reachable(own_world: World) -> None:
    with closed_port() as slack, closed_port() as signalwire:
        changed = {
            "SLACK_API_URL": f"http://127.0.0.1:{slack}/api/",
            "SIGNALWIRE_SPACE": f"http://127.0.0.1:{signalwire}",
        }
        own_world.slack.bot_url = ""
        async with serving(own_world, **changed) as bot:
            await bot.event("startup_check.failed", count=2)
            interaction = await own_world.slack.command(DOCUMENTED)
            assert texts.UNAVAILABLE in (await interaction.wait_for_message()).text
            async with (
                serve_on_loopback(own_world.slack.app, port=slack),
                serve_on_loopback(own_world.signalwire.app, port=signalwire),
            ):
                await bot.event("startup_check.ok", count=2)
            error = sorted(str(line["check"]) for line in bot.events("startup_check.failed"))
            assert error == ["SignalWire 127.0.0.1", "Slack"]


async def test_lookups_share_a_few_connections(own_world: World) -> None:
    async with FaultyServer() as signalwire, FaultyServer() as slack:
        signalwire.forward_to(own_world.signalwire.app)
        slack.forward_to(own_world.slack.app)
        own_world.signalwire_url = signalwire.url
        own_world.slack.own_url = slack.url
        async with serving(own_world) as bot:
            for log_id in NOT_LIVE[:20]:
                interaction = await own_world.slack.command(log_id)
                assert log_id in (await interaction.wait_for_message()).text
            await bot.event("lookup.done", count=20)
    # More than one: the startup check, the keep-warm request and a lookup may overlap.
    assert 1 <= signalwire.connections <= 5
    assert 1 <= slack.connections <= 5


def takes_sigterm(bot: BotProcess) -> bool:
    """Return whether a process has a handler for SIGTERM (Linux)."""
    status = Path(f"/proc/{bot.pid}/status").read_text(encoding="ascii")
    [caught] = [line.split()[1] for line in status.splitlines() if line.startswith("SigCgt:")]
    return bool(int(caught, 16) >> (signal.SIGTERM - 1) & 1)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux shows handlers")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("mode", ["serve", "socket"])
async def test_signal_during_startup_exits_0(
    mode: str, number: signal.Signals, world: World, slack: SocketModeSlack
) -> None:
    async with bot_process(mode, environment={**world.settings, **settings(world, slack)}) as bot:
        # Python itself has a handler for SIGINT.
        await until(lambda: takes_sigterm(bot))
        bot.signal(number)
        assert await bot.exit_code() == 0
    assert bot.errors == []
    assert bot.events("server.listening") == []
    assert slack.connections == 0
