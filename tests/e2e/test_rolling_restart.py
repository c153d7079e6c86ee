"""Two processes behind nginx: each handles clicks on the other's messages; a rolling restart.

Like a platform's router, nginx isn't notified: a process that stops closes its port, and nginx
sends what is refused there to the other process. Each process and its successor use one port.
"""

import asyncio
import signal
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

from bot.dev.emulator.slack.workspace import RecordedInteraction
from bot.ui import actions
from tests.e2e import many_users, nginx
from tests.e2e.bot_process import BotProcess, World, bot_process, closed_port, until
from tests.support.reading import row_ids

LOGS: Final = many_users.logs(950)
"""Several times more than are needed, and no more than the Slack emulator remembers."""
INTERVAL: Final = 1 / 40
"""Seconds from one command to the next."""
WAITING: Final = 20
"""Lookups that wait for SignalWire when a process is stopped."""
MORE: Final = 40
"""Lookups that follow, within a second, before any response."""


class Stream:
    """Users who look up one log each, one after the other, until `end`."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._ended = asyncio.Event()
        self._sending = asyncio.create_task(self._send())

    async def end(self) -> dict[str, RecordedInteraction]:
        """Stop; return the interactions by log ID."""
        self._ended.set()
        return await self._sending

    async def _send(self) -> dict[str, RecordedInteraction]:
        commands: dict[str, asyncio.Task[RecordedInteraction]] = {}
        for number, log_id in enumerate(many_users.ids_of(LOGS)):
            command = self._world.slack.command(log_id, user_id=f"U{number}")
            commands[log_id] = asyncio.create_task(command)
            try:
                await asyncio.wait_for(self._ended.wait(), INTERVAL)
            except TimeoutError:
                continue
            return {log_id: await command for log_id, command in commands.items()}
        raise AssertionError("there were too few logs")


class Platform:
    """Starts and stops processes of the bot."""

    def __init__(self, world: World, running: AsyncExitStack) -> None:
        self._world = world
        self._running = running
        self.processes: list[BotProcess] = []

    async def start(self, port: int) -> BotProcess:
        """Start a process, and wait until it is ready."""
        environment = {**self._world.settings, "PORT": str(port)}
        bot = await self._running.enter_async_context(bot_process(environment=environment))
        self.processes.append(bot)
        ready = await self._world.http.get(f"http://127.0.0.1:{await bot.port()}/readyz")
        assert ready.status_code == 200
        return bot

    async def start_two_behind_nginx(self, folder: Path) -> tuple[BotProcess, BotProcess]:
        """Start two processes, and let Slack reach them through nginx, which alternates."""
        first, second, front = (self._running.enter_context(closed_port()) for _ in range(3))
        processes = await self.start(first), await self.start(second)
        router = nginx.nginx(first, second, front=front, folder=folder)
        url = await self._running.enter_async_context(router)
        self._world.slack.bot_url = f"{url}/slack/events"
        return processes

    async def replace(self, old: BotProcess) -> None:
        """Stop a process during its lookups; start another, and wait for its first lookup."""
        self._world.hold()
        await self._wait_for_more_requests(WAITING)
        old.signal(signal.SIGTERM)
        await old.event("shutdown.started")
        # Its port is closed by then; only lookups that it has accepted are left.
        await self._wait_for_more_requests(MORE)
        self._world.release()
        assert await old.exit_code() == 0
        new = await self.start(await old.port())
        await new.event("lookup.done")

    async def _wait_for_more_requests(self, count: int) -> None:
        """Wait until SignalWire has got so many more requests."""
        requests = self._world.signalwire.requests
        total = len(requests) + count
        await until(lambda: len(requests) >= total)

    async def stop(self) -> None:
        """Stop those that run; they finish their lookups."""
        running = [bot for bot in self.processes if bot.is_running]
        for bot in running:
            bot.signal(signal.SIGTERM)
        assert [await bot.exit_code() for bot in running] == [0] * len(running)


async def test_rolling_restart_loses_no_command(world: World, tmp_path: Path) -> None:
    async with AsyncExitStack() as running:
        platform = Platform(world, running)
        one, other = await platform.start_two_behind_nginx(tmp_path)

        stream = Stream(world)
        await platform.replace(one)
        await platform.replace(other)
        asked = await stream.end()
        await platform.stop()

    assert Counter(interaction.failed for interaction in asked.values()) == {None: len(asked)}
    assert many_users.outcome(asked).cards == asked.keys()
    done = Counter(line["id"] for bot in platform.processes for line in bot.events("lookup.done"))
    assert done == Counter(asked.keys())
    for bot in platform.processes:
        assert bot.events("shutdown.tasks_cancelled") == []
        assert bot.errors == []
    for old in (one, other):
        names = [line["event"] for line in old.log]
        names = names[names.index("shutdown.started") :]
        assert "lookup.done" in names, "nothing was under way when it was stopped"


async def test_buttons_are_answered_by_the_process_that_did_not_post_them(
    world: World, tmp_path: Path
) -> None:
    log_id = many_users.ids_of(LOGS)[0]
    async with AsyncExitStack() as running:
        platform = Platform(world, running)
        await platform.start_two_behind_nginx(tmp_path)
        card = await (await world.slack.command(log_id)).wait_for_message()
        found = await (await world.slack.command("recent 3")).wait_for_message()
        older = await world.slack.click(found, actions.SEARCH_OLDER)
        assert len({*row_ids(found), *row_ids(await older.wait_for_message())}) == 6
        for action_id in (actions.DETAILS, actions.REFRESH, actions.SHARE):
            clicked = await world.slack.click(card, action_id)
            assert clicked.failed is None
            await _line(platform, f"{action_id.removeprefix('voicelog_')}.done")
        await platform.stop()

    lookup, search, details, refresh, share = (
        [len(bot.events(f"{action}.done")) for bot in platform.processes]
        for action in ("lookup", "search", "details", "refresh", "share")
    )
    assert search == [1, 1], "the values of a search are sealed with what both processes have"
    assert sorted(lookup) == [0, 1]
    assert details != lookup
    assert refresh != details
    assert share != refresh
    assert [bot.errors for bot in platform.processes] == [[], []]


async def _line(platform: Platform, event: str) -> None:
    """Wait until one of the processes has written a line."""
    await until(lambda: any(bot.events(event) for bot in platform.processes))
