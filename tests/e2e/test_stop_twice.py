"""Signals that come early, and signals that come again."""

import signal
from pathlib import Path

import pytest

from bot.dev.emulator.signalwire.catalogue import DOCUMENTED
from bot.ui import errors as error_texts
from tests.e2e.bot_process import APP_TOKEN, BotProcess, World, bot_process, until
from tests.e2e.fake_socket_mode import SocketSlack

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

SECOND = pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGINT])


def settings(world: World, slack: SocketSlack) -> dict[str, str]:
    return {
        **world.settings,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_API_URL": f"{slack.url}/api/",
    }


@SECOND
@pytest.mark.parametrize("first", [signal.SIGTERM, signal.SIGINT])
async def test_over_socket_mode_a_second_signal_does_not_cut_the_drain_short(
    first: signal.Signals, second: signal.Signals, world: World, slack: SocketSlack
) -> None:
    async with bot_process("socket", environment=settings(world, slack)) as bot:
        await slack.connected()
        world.hold()
        command = await slack.command(DOCUMENTED)
        await slack.acknowledged(command)
        await until(lambda: world.asked(DOCUMENTED))
        bot.signal(first)
        await bot.event("shutdown.started")
        bot.signal(second)
        # No line tells of the second signal; a process that dies of it does so within this time.
        assert not await slack.comes_about(lambda: not bot.is_running, seconds=0.3)
        world.release()
        assert await bot.exit_code() == 0
    assert command.acks == [None]
    [answer] = command.messages
    assert DOCUMENTED in answer
    assert bot.errors == []
    assert bot.log[-1]["event"] == "shutdown.finished"
    assert bot.events("shutdown.tasks_cancelled") == []


@SECOND
async def test_over_socket_mode_a_second_signal_does_not_hinder_the_word_that_it_restarts(
    second: signal.Signals, world: World, slack: SocketSlack
) -> None:
    environment = {**settings(world, slack), "DRAIN_SECONDS": "0.3"}
    async with bot_process("socket", environment=environment) as bot:
        await slack.connected()
        world.hold()
        command = await slack.command(DOCUMENTED)
        await until(lambda: world.asked(DOCUMENTED))
        bot.signal(signal.SIGTERM)
        await bot.event("shutdown.started")
        bot.signal(second)
        assert await bot.exit_code() == 0
    [answer] = command.messages
    assert answer.startswith(error_texts.RESTARTING.title)
    assert bot.errors == []


def takes_sigterm(bot: BotProcess) -> bool:
    """Whether a process has a handler for SIGTERM by now, as Linux tells."""
    process = bot._process.pid  # noqa: SLF001 - nobody else wants to know it
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    [caught] = [line.split()[1] for line in status.splitlines() if line.startswith("SigCgt:")]
    return bool(int(caught, 16) >> (signal.SIGTERM - 1) & 1)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux shows handlers")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("face", ["serve", "socket"])
async def test_a_signal_in_the_first_moments_ends_it_and_not_as_an_error(
    face: str, number: signal.Signals, world: World, slack: SocketSlack
) -> None:
    async with bot_process(face, environment=settings(world, slack)) as bot:
        # Python has a handler for SIGINT before a line of the bot has run, so SIGTERM's is awaited.
        await until(lambda: takes_sigterm(bot))
        bot.signal(number)
        assert await bot.exit_code() == 0
    assert bot.errors == []
    assert bot.events("server.listening") == []
    assert slack.connections == 0
