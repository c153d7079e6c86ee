"""Two processes behind nginx are replaced one after the other while commands keep coming.

nginx isn't told of it. It learns as platforms' routers do, from the process itself: one that stops
closes its port, and what is refused there goes to the other process. So each has a port of its own,
which its successor takes over.
"""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio

from bot.dev.emulator.slack.workspace import RecordedInteraction
from tests.e2e import many_users, nginx
from tests.e2e.bot_process import BotProcess, World, bot_process, closed_port, open_world, until

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

LOGS: Final = many_users.logs(950)
"""Several times more than are needed, and no more than the sandbox's Slack remembers."""
BETWEEN_TWO: Final = 1 / 40
"""Seconds from one command to the next."""
UNDER_WAY: Final = 20
"""How many lookups wait for SignalWire when a process is stopped."""
UNTIL_CLOSED: Final = 40
"""How many more come, in a second, before any of them is answered."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_world() -> AsyncIterator[World]:
    """A world with a log for everybody."""
    async with open_world(LOGS) as opened:
        yield opened


class Stream:
    """People who ask one after the other, each for a log of their own, until it is enough."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._enough = asyncio.Event()
        self._coming = asyncio.create_task(self._come())

    async def end(self) -> dict[str, RecordedInteraction]:
        """Let nobody come any more; what became of those who came, by the log's id."""
        self._enough.set()
        return await self._coming

    async def _come(self) -> dict[str, RecordedInteraction]:
        commands: dict[str, asyncio.Task[RecordedInteraction]] = {}
        for number, log_id in enumerate(many_users.ids_of(LOGS)):
            command = self._world.slack.command(log_id, user_id=f"U{number}")
            commands[log_id] = asyncio.create_task(command)
            try:
                await asyncio.wait_for(self._enough.wait(), BETWEEN_TWO)
            except TimeoutError:
                continue
            return {log_id: await command for log_id, command in commands.items()}
        raise AssertionError("they came to an end before the restart did")


class Platform:
    """Starts and stops processes of the bot, and has their logs."""

    def __init__(self, world: World, running: AsyncExitStack) -> None:
        self._world = world
        self._running = running
        self.processes: list[BotProcess] = []

    async def start(self, port: int) -> BotProcess:
        """Start one, and wait until it is ready."""
        environment = {**self._world.settings, "PORT": str(port)}
        bot = await self._running.enter_async_context(bot_process(environment=environment))
        self.processes.append(bot)
        ready = await self._world.http.get(f"http://127.0.0.1:{await bot.port()}/readyz")
        assert ready.status_code == 200
        return bot

    async def replace(self, old: BotProcess) -> None:
        """Stop one in the middle of its lookups and start another, until that has work to do."""
        self._world.hold()
        await self._more_are_asked_for(UNDER_WAY)
        old.signal(signal.SIGTERM)
        await old.event("shutdown.started")
        # By then its port is closed, and all that it has left is what it has taken on.
        await self._more_are_asked_for(UNTIL_CLOSED)
        self._world.release()
        assert await old.exit_code() == 0
        new = await self.start(await old.port())
        await new.event("lookup.done")

    async def _more_are_asked_for(self, count: int) -> None:
        """Wait until SignalWire has been asked so many times more, by whichever process."""
        asked = self._world.signalwire.requests
        enough = len(asked) + count
        await until(lambda: len(asked) >= enough)

    async def stop(self) -> None:
        """Stop those that run; they finish what they have taken on."""
        running = [bot for bot in self.processes if bot.is_running]
        for bot in running:
            bot.signal(signal.SIGTERM)
        assert [await bot.exit_code() for bot in running] == [0] * len(running)


async def test_a_rolling_restart_loses_no_command(world: World, tmp_path: Path) -> None:
    async with AsyncExitStack() as running:
        first, second, front = (running.enter_context(closed_port()) for _ in range(3))
        platform = Platform(world, running)
        one, other = await platform.start(first), await platform.start(second)
        router = nginx.before(first, second, front=front, folder=tmp_path)
        world.slack.bot_url = f"{await running.enter_async_context(router)}/slack/events"

        stream = Stream(world)
        await platform.replace(one)
        await platform.replace(other)
        asked = await stream.end()
        await platform.stop()

    assert Counter(exchange.failed for exchange in asked.values()) == {None: len(asked)}
    assert many_users.outcome(asked).cards == asked.keys()
    done = Counter(line["id"] for bot in platform.processes for line in bot.events("lookup.done"))
    assert done == Counter(asked.keys())
    for bot in platform.processes:
        assert bot.events("shutdown.tasks_cancelled") == []
        assert bot.errors == []
    for old in (one, other):
        assert finished_while_stopping(old), "nothing was under way when it was stopped"


def finished_while_stopping(bot: BotProcess) -> int:
    names = [line["event"] for line in bot.log]
    return names[names.index("shutdown.started") :].count("lookup.done")
