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
from tests.load.bot_under_load import LONG_TIMEOUT_SECONDS, bot_under_load
from tests.load.slack_users import SlackUsers, slack_users
from tests.load.stub_servers import StubServers, log_json, stub_servers
from tests.support import texts

LOOKUPS: Final = 20_000
CONCURRENCY: Final = 48
WARM_UP: Final = 3_000
TYPES_OF_A_LOOKUP: Final = (Interaction, VoiceLog, Found, NotFound, Message, asyncio.Task)


@dataclass(frozen=True)
class Resources:
    """What a process holds: bytes of memory, and numbers of the others."""

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

    def __init__(self, servers: StubServers) -> None:
        self._requested: set[str] = set()
        servers.signalwire.override = self._override

    async def _override(self, request: web.BaseRequest, log_id: str) -> web.StreamResponse | None:
        is_retry = log_id in self._requested
        self._requested.add(log_id)
        match log_id[7]:
            case "1":
                return web.Response(status=404, text='{"error":"Not Found"}')
            case "2":
                return web.Response(status=500, text='{"error":"Internal Server Error"}')
            case "3":
                return web.Response(text="<html>Sign in</html>", content_type="text/html")
            case "4" if not is_retry:
                return web.Response(status=429, headers={"Retry-After": "0"})
            case "5" if not is_retry:
                return web.Response(status=503)
            case "6" if not is_retry:
                return _dropped(request)
            case _:
                self._requested.discard(log_id)
                return None

    @staticmethod
    def expected(log_id: str) -> str:
        """Return how the message begins."""
        return {
            "1": texts.NOT_FOUND,
            "2": texts.server_error(500),
            "3": texts.INVALID_RESPONSE,
        }.get(log_id[7], texts.COMPLETED)


def _dropped(request: web.BaseRequest) -> web.StreamResponse:
    """Close the connection before the response."""
    if request.transport is not None:
        request.transport.close()
    return web.Response(body=log_json(""))


async def look_up(users: SlackUsers, count: int) -> None:
    """Look up `count` logs; assert that each lookup gets exactly one message, and the right one."""
    ids, user_ids = users.ids(), cycle(f"U{number}" for number in range(100))

    async def send_commands(lookups: int) -> None:
        for _ in range(lookups):
            log_id = next(ids)
            sent = await users.send_command(log_id, next(user_ids))
            assert sent.status == 200
            await sent.post_with(Failures.expected(log_id))
            [message] = sent.posts.texts
            assert message.startswith(Failures.expected(log_id))
            assert log_id in message

    await asyncio.gather(*(send_commands(count // CONCURRENCY) for _ in range(CONCURRENCY)))
    users.discard_posts()


async def test_process_needs_no_more_resources_after_20000_lookups() -> None:
    async with bot_under_load() as load:
        Failures(load.servers)
        await look_up(load.users, WARM_UP)
        before = resources_of(load.process)
        await look_up(load.users, LOOKUPS)
        after = resources_of(load.process)
        assert load.bot.errors == []
    assert after.memory <= before.memory * 1.1
    assert after.files <= before.files + 4
    assert after.sockets <= before.sockets + 4
    assert after.threads <= before.threads


@asynccontextmanager
async def in_this_process(servers: StubServers) -> AsyncIterator[tuple[Bot, SlackUsers]]:
    """Run the bot in this process, where its objects can be counted."""
    bot = Bot(Settings.from_environment(servers.settings, Required.SLACK_HTTP, Required.SIGNALWIRE))
    async with (
        serve_on_loopback(create_http_app(bot)) as url,
        slack_users(servers, f"{url}/slack/events", ack_timeout=LONG_TIMEOUT_SECONDS) as users,
    ):
        yield bot, users


def count_objects() -> int:
    """Return the number of objects that belong to lookups."""
    gc.collect()
    return sum(isinstance(each, TYPES_OF_A_LOOKUP) for each in gc.get_objects())


async def test_lookups_leave_no_task_and_no_object() -> None:
    async with stub_servers() as servers, in_this_process(servers) as (bot, users):
        Failures(servers)
        await look_up(users, 20 * CONCURRENCY)
        await bot.tasks.join()
        tasks, left = len(asyncio.all_tasks()), count_objects()
        await look_up(users, 40 * CONCURRENCY)
        await bot.tasks.join()
        assert count_objects() <= left
        assert len(asyncio.all_tasks()) <= tasks
