"""Unverified bodies are limited in time, size and total memory."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from starlette.requests import Request
from starlette.types import Message

from bot.entrypoints.request_bodies import RequestRejectedError, UnverifiedBodies
from tests.support.fake_time_loop import run

MAX_LENGTH = 1000
LIMIT = 5000


@dataclass
class Sender:
    """A client that sends a body piece by piece."""

    bodies: UnverifiedBodies
    length: str = ""
    receive_calls: int = 0
    messages: "asyncio.Queue[Message]" = field(default_factory=asyncio.Queue)

    def __post_init__(self) -> None:
        headers = [(b"content-length", self.length.encode())] if self.length else []
        scope = {"type": "http", "method": "POST", "path": "/", "headers": headers}
        request = Request(scope, self._receive)
        self.reading = asyncio.ensure_future(self.bodies.read(request, lambda _: MAX_LENGTH))

    async def _receive(self) -> Message:
        self.receive_calls += 1
        return await self.messages.get()

    async def send(self, size: int, *, last: bool = False) -> None:
        message = {"type": "http.request", "body": b"x" * size, "more_body": not last}
        self.messages.put_nowait(message)
        await run_other_tasks()

    @property
    def status(self) -> int | None:
        """The status of the rejection, if any."""
        if not self.reading.done():
            return None
        error = self.reading.exception()
        assert isinstance(error, RequestRejectedError)
        return error.status


async def run_other_tasks() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


@asynccontextmanager
async def incomplete_bodies(
    bodies: UnverifiedBodies, *, count: int, size: int
) -> AsyncIterator[list[Sender]]:
    """Start senders that each send some bytes and then nothing."""
    senders = []
    for _ in range(count):
        senders.append(Sender(bodies))
        await senders[-1].send(size)
    yield senders
    for sender in senders:
        sender.reading.cancel()
    await asyncio.gather(*(sender.reading for sender in senders), return_exceptions=True)


@pytest.fixture
def bodies() -> UnverifiedBodies:
    return UnverifiedBodies(LIMIT)


async def test_a_body_is_read_whole(bodies: UnverifiedBodies) -> None:
    sender = Sender(bodies)
    await sender.send(MAX_LENGTH - 1)
    await sender.send(1, last=True)
    assert await sender.reading == b"x" * MAX_LENGTH


async def test_open_bodies_stay_within_the_limit(bodies: UnverifiedBodies) -> None:
    async with incomplete_bodies(bodies, count=50, size=300) as senders:
        held = [sender for sender in senders if sender.status is None]
        assert len(held) * 300 <= LIMIT < (len(held) + 1) * 300


async def test_the_oldest_body_is_evicted(bodies: UnverifiedBodies) -> None:
    async with incomplete_bodies(bodies, count=10, size=600) as senders:
        assert [sender.status for sender in senders] == [503] * 2 + [None] * 8
        await senders[-1].send(400)
        assert [sender.status for sender in senders] == [503] * 3 + [None] * 7


async def test_a_body_that_arrives_at_once_is_read_at_the_limit(
    bodies: UnverifiedBodies,
) -> None:
    async with incomplete_bodies(bodies, count=50, size=MAX_LENGTH - 1):
        for _ in range(20):
            sender = Sender(bodies)
            await sender.send(MAX_LENGTH // 2)
            await sender.send(MAX_LENGTH // 2, last=True)
            assert await sender.reading == b"x" * MAX_LENGTH


async def test_an_evicted_body_is_rejected_even_if_complete(
    bodies: UnverifiedBodies,
) -> None:
    async with incomplete_bodies(bodies, count=8, size=600) as senders:
        fresh = Sender(bodies)
        await run_other_tasks()
        fresh.messages.put_nowait({"type": "http.request", "body": b"x" * 600, "more_body": True})
        senders[0].messages.put_nowait({"type": "http.request", "body": b"", "more_body": False})
        await run_other_tasks()
        assert senders[0].status == 503
        fresh.reading.cancel()


async def test_a_finished_body_does_not_count(bodies: UnverifiedBodies) -> None:
    for _ in range(20):
        whole, long, broken = Sender(bodies), Sender(bodies), Sender(bodies)
        await whole.send(MAX_LENGTH, last=True)
        await long.send(MAX_LENGTH + 1)
        await broken.send(MAX_LENGTH)
        broken.messages.put_nowait({"type": "http.disconnect"})
        await run_other_tasks()
        assert (len(await whole.reading), long.status, broken.status) == (MAX_LENGTH, 413, 400)
    async with incomplete_bodies(bodies, count=5, size=MAX_LENGTH) as senders:
        assert {sender.status for sender in senders} == {None}


@pytest.mark.parametrize(
    ("length", "receive_calls"),
    [(str(MAX_LENGTH), 1), (str(MAX_LENGTH + 1), 0), ("9" * 18, 0), ("x", 1)],
)
async def test_a_body_declared_too_long_is_not_read(
    bodies: UnverifiedBodies, length: str, receive_calls: int
) -> None:
    sender = Sender(bodies, length)
    await run_other_tasks()
    assert sender.receive_calls == receive_calls
    assert sender.status == (None if receive_calls else 413)
    sender.reading.cancel()


def test_a_body_that_times_out_does_not_count(
    bodies: UnverifiedBodies,
) -> None:
    async def scenario() -> tuple[float, list[int | None]]:
        loop = asyncio.get_running_loop()
        started = loop.time()
        async with incomplete_bodies(bodies, count=5, size=MAX_LENGTH) as slow:
            await asyncio.wait([sender.reading for sender in slow])
            duration = loop.time() - started
            async with incomplete_bodies(bodies, count=5, size=MAX_LENGTH) as later:
                return duration, [sender.status for sender in (*slow, *later)]

    duration, statuses = run(scenario)
    assert duration == pytest.approx(5)
    assert statuses == [408] * 5 + [None] * 5
