"""Twenty thousand lookups, a third of them with some trouble: at the end all is as at the start."""

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import cycle
from typing import Final

import psutil
import pytest
from aiohttp import web

from bot.app import Bot, create_http_app
from bot.dev.emulator.http_server import serve_on_loopback
from bot.settings import Required, Settings
from bot.ui import errors as error_texts
from tests.load.measurements import NEVER, a_storm
from tests.load.outside import Outside, an_outside, log_json
from tests.load.people import People, some_people

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

LOOKUPS: Final = 20_000
AT_ONCE: Final = 48
WARM: Final = 3_000
CARD, NOT_FOUND = "Completed", f"{error_texts.NOT_FOUND.title}."
OF_A_LOOKUP: Final = ("Visit", "Question", "VoiceLog", "Found", "Missed", "Message", "Task")
NOT_ANSWERING, UNREADABLE = f"{error_texts.UNAVAILABLE.title}.", f"{error_texts.UNREADABLE.title}."


@dataclass(frozen=True)
class Held:
    """What a process holds of the system."""

    memory: int
    files: int
    sockets: int
    threads: int


def held_by(process: psutil.Process) -> Held:
    return Held(
        process.memory_info().rss,
        process.num_fds(),
        len(process.net_connections()),
        process.num_threads(),
    )


class Trouble:
    """What SignalWire does instead of answering, by the last digit of the id.

    What passes, passes with the second try.
    """

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
        """How what the person reads begins."""
        return {"1": NOT_FOUND, "2": NOT_ANSWERING, "3": UNREADABLE}.get(log_id[7], CARD)


def _broken_off(request: web.BaseRequest) -> web.StreamResponse:
    """Nothing: the connection is gone."""
    if request.transport is not None:
        request.transport.close()
    return web.Response(body=log_json("nobody"))


async def look_up(people: People, count: int) -> None:
    """So many lookups by a few people at once; each is answered once, and in the right words."""
    ids, users = people.ids(), cycle(f"U{number}" for number in range(100))

    async def go_on(lookups: int) -> None:
        for _ in range(lookups):
            log_id = next(ids)
            asked = await people.ask(log_id, next(users))
            assert asked.status == 200
            await asked.saying(Trouble.expected(log_id))
            [message] = asked.inbox.seen
            assert message.startswith(Trouble.expected(log_id))
            assert log_id in message

    await asyncio.gather(*(go_on(count // AT_ONCE) for _ in range(AT_ONCE)))
    people.forget()


async def test_after_twenty_thousand_lookups_the_process_holds_what_it_held_before() -> None:
    async with a_storm() as storm:
        Trouble(storm.outside)
        await look_up(storm.people, WARM)
        before = held_by(storm.process)
        await look_up(storm.people, LOOKUPS)
        after = held_by(storm.process)
        assert storm.bot.errors == []
    assert after.memory <= before.memory * 1.1
    assert after.files <= before.files + 4
    assert after.sockets <= before.sockets + 4
    assert after.threads <= before.threads


@asynccontextmanager
async def in_this_process(outside: Outside) -> AsyncIterator[tuple[Bot, People]]:
    """The bot where its tasks can be counted."""
    bot = Bot(Settings.from_environment(outside.settings, Required.SLACK_HTTP, Required.SIGNALWIRE))
    async with (
        serve_on_loopback(create_http_app(bot)) as url,
        some_people(outside, f"{url}/slack/events", retry_policy=NEVER) as people,
    ):
        yield bot, people


def objects(kinds: tuple[str, ...]) -> Iterator[object]:
    return (each for each in gc.get_objects() if type(each).__name__ in kinds)


async def test_no_task_and_nothing_of_a_lookup_is_left_behind() -> None:
    async with an_outside() as outside, in_this_process(outside) as (bot, people):
        Trouble(outside)
        await look_up(people, 20 * AT_ONCE)
        await bot.tasks.join()
        gc.collect()
        tasks, left = len(asyncio.all_tasks()), len(list(objects(OF_A_LOOKUP)))
        await look_up(people, 40 * AT_ONCE)
        await bot.tasks.join()
        gc.collect()
        assert len(asyncio.all_tasks()) <= tasks
        assert len(list(objects(OF_A_LOOKUP))) <= left
