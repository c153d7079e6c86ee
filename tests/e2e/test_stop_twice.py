"""Signals that come early, and second signals."""

import signal
from pathlib import Path

import pytest

from tests.e2e.bot_process import BotProcess, World, bot_process, until
from tests.e2e.fake_socket_mode import SocketModeSlack, settings
from tests.support.samples import DOCUMENTED


@pytest.mark.parametrize(
    ("first", "second"), [(signal.SIGTERM, signal.SIGINT), (signal.SIGINT, signal.SIGINT)]
)
async def test_second_signal_does_not_shorten_the_drain(
    first: signal.Signals, second: signal.Signals, world: World, slack: SocketModeSlack
) -> None:
    async with bot_process("socket", environment=settings(world, slack)) as bot:
        await slack.connected()
        world.hold()
        command = await slack.command(DOCUMENTED)
        await slack.acknowledged(command)
        await until(lambda: world.is_requested(DOCUMENTED))
        bot.signal(first)
        await bot.event("shutdown.started")
        bot.signal(second)
        # Nothing is logged for the second signal; it would end the process within this time.
        assert not await slack.becomes_true(lambda: not bot.is_running, seconds=0.3)
        world.release()
        assert await bot.exit_code() == 0
    assert command.acks == [None]
    [message] = command.messages
    assert DOCUMENTED in message
    assert bot.errors == []
    assert bot.log[-1]["event"] == "shutdown.finished"
    assert bot.events("shutdown.tasks_cancelled") == []


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
