"""Twenty thousand lookups, many of which fail, leave nothing behind in the process."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import cycle
from typing import Final

import psutil
from aiohttp import web

from bot.app import Bot, create_http_app
from bot.dev.emulator.http_server import serve_on_loopback
from bot.settings import Required, Settings
from bot.signalwire.models import VoiceLog
from bot.slack.interaction import Interaction
from bot.ui.block_kit import Message
from bot.voicelogs.results import Found, NotFound
from tests.load.measurements import NEVER, loaded_bot
from tests.load.outside import Outside, an_outside, log_json
from tests.load.people import People, some_people
from tests.support import texts

LOOKUPS: Final = 20_000
AT_ONCE: Final = 48
WARM: Final = 3_000
OF_A_LOOKUP: Final = (Interaction, VoiceLog, Found, NotFound, Message, asyncio.Task)


@dataclass(frozen=True)
class Resources:
    """The resources of a process."""

    memory: int
    files: int
    sockets: int
    threads: int


def resources_of(process: psutil.Process) -> Resources:
    return Resources(
        process.memory_info().rss,
        process.num_fds(),
        len(process.net_connections()),
        process.num_threads(),
    )


class Failures:
    """Makes SignalWire fail depending on a digit of the ID; transient failures occur once."""

    def __init__(self, outside: Outside) -> None:
        self._asked: set[str] = set()
        outside.signalwire.answer = self._instead

    async def _instead(self, request: web.BaseRequest, log_id: str) -> web.StreamResponse | None:
        again = log_id in self._asked
        self._asked.add(log_id)
        match log_id[7]:
            case "1":
                return web.Response(status=404, text='{"error":"Not Found"}')
            case "2":
                return web.Response(status=500, text='{"error":"Internal Server Error"}')
            case "3":
                return web.Response(text="<html>Sign in</html>", content_type="text/html")
            case "4" if not again:
                return web.Response(status=429, headers={"Retry-After": "0"})
            case "5" if not again:
                return web.Response(status=503)
            case "6" if not again:
                return _broken_off(request)
            case _:
                self._asked.discard(log_id)
                return None

    @staticmethod
    def expected(log_id: str) -> str:
        """Return how the message begins."""
        return {
            "1": texts.NOT_FOUND,
            "2": texts.server_error(500),
            "3": texts.INVALID_RESPONSE,
        }.get(log_id[7], texts.COMPLETED)


def _broken_off(request: web.BaseRequest) -> web.StreamResponse:
    """Close the connection."""
    if request.transport is not None:
        request.transport.close()
    return web.Response(body=log_json(""))


async def look_up(people: People, count: int) -> None:
    """Look so many logs up; assert that each lookup gets one message, the right one."""
    ids, users = people.ids(), cycle(f"U{number}" for number in range(100))

    async def go_on(lookups: int) -> None:
        for _ in range(lookups):
            log_id = next(ids)
            asked = await people.ask(log_id, next(users))
            assert asked.status == 200
            await asked.saying(Failures.expected(log_id))
            [message] = asked.inbox.seen
            assert message.startswith(Failures.expected(log_id))
            assert log_id in message

    await asyncio.gather(*(go_on(count // AT_ONCE) for _ in range(AT_ONCE)))
    people.forget()


async def test_process_needs_no_more_resources_after_20000_lookups() -> None:
    async with loaded_bot() as load:
        Failures(load.outside)
        await look_up(load.people, WARM)
        before = resources_of(load.process)
        await look_up(load.people, LOOKUPS)
        after = resources_of(load.process)
        assert load.bot.errors == []
    assert after.memory <= before.memory * 1.1
    assert after.files <= before.files + 4
    assert after.sockets <= before.sockets + 4
    assert after.threads <= before.threads


@asynccontextmanager
async def in_this_process(outside: Outside) -> AsyncIterator[tuple[Bot, People]]:
    """Run the bot in this process, where its objects can be counted."""
    bot = Bot(Settings.from_environment(outside.settings, Required.SLACK_HTTP, Required.SIGNALWIRE))
    async with (
        serve_on_loopback(create_http_app(bot)) as url,
        some_people(outside, f"{url}/slack/events", retry_policy=NEVER) as people,
    ):
        yield bot, people


def count_objects() -> int:
    """Return the number of objects that belong to lookups."""
    gc.collect()
    return sum(isinstance(each, OF_A_LOOKUP) for each in gc.get_objects())


async def test_lookups_leave_no_task_and_no_object() -> None:
    async with an_outside() as outside, in_this_process(outside) as (bot, people):
        Failures(outside)
        await look_up(people, 20 * AT_ONCE)
        await bot.tasks.join()
        tasks, left = len(asyncio.all_tasks()), count_objects()
        await look_up(people, 40 * AT_ONCE)
        await bot.tasks.join()
        assert count_objects() <= left
        assert len(asyncio.all_tasks()) <= tasks
