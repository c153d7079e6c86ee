import asyncio
import contextlib
import socket
import tracemalloc
from contextlib import ExitStack
from typing import Final

import pytest

from bot.entrypoints.connections import CLIENT_SECONDS, HEAD_LIMIT, MAX_CHUNKS
from bot.entrypoints.uvicorn_server import KEEP_ALIVE_SECONDS
from tests.support.fake_time_loop import run
from tests.unit.entrypoints.running_server import GET, Client, RunningServer, running_server

POST: Final = b"POST /read HTTP/1.1\r\nHost: bot\r\nContent-Length: 4\r\n\r\n"
REJECTED: Final = POST.replace(b"/read", b"/rejected")
CHUNKED: Final = b"POST /read HTTP/1.1\r\nHost: bot\r\nTransfer-Encoding: chunked\r\n\r\n"
LAST_CHUNK: Final = b"0\r\n\r\n"
VALUE: Final = GET[:-2] + b"a: "
"""A head up to the value of a header."""


# ── Size limits ───────────────────────────────────────────────────────────────────────────────

ENDLESS: Final = {
    "headers": (GET[:-2], b"a:\r\n"),
    "a header's value": (VALUE, b"v"),
    "a header's blanks": (GET[:-2] + b"a:", b" "),
    "a header's name": (GET[:-2], b"n"),
    "a request line": (b"GET /", b"v"),
    "a query": (b"GET /?", b"v"),
    "a method": (b"", b"G"),
    "empty lines": (b"", b"\r\n"),
    "empty lines after a request": (GET, b"\r\n"),
    "trailers": (CHUNKED + b"0\r\n", b"a: b\r\n"),
    "a trailer's name": (CHUNKED + b"0\r\n", b"a"),
    "a chunk's extension": (CHUNKED + b"4;", b"v"),
    "a chunk's size": (CHUNKED, b"0"),
}


@pytest.mark.parametrize("what", ENDLESS)
async def test_an_endless_head_is_rejected(what: str) -> None:
    first_bytes, more = ENDLESS[what]
    async with running_server() as server, asyncio.timeout(5):
        client = await server.connect(first_bytes, more * (2 * HEAD_LIMIT // len(more)))
        received = await client.all()
    last_response = received[received.rindex(b"HTTP/1.1 ") :]
    assert last_response.startswith(b"HTTP/1.1 400 ")
    assert b"\r\nconnection: close\r\n" in last_response


def head_of(size: int) -> bytes:
    return VALUE + b"v" * (size - len(VALUE) - 4) + b"\r\n\r\n"


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (head_of(16 * 1024), 200),
        (head_of(20 * 1024), 400),
        (b"GET / HTTP/1.1\r\n" + b"a:\r\n" * 100 + b"\r\n", 200),
        (b"GET / HTTP/1.1\r\n" + b"a:\r\n" * 101 + b"\r\n", 400),
        (CHUNKED + b"1\r\nx\r\n" * MAX_CHUNKS + LAST_CHUNK, 400),
        (CHUNKED + b"2\r\nhi\r\n0\r\nx-slack-signature: v0\r\n\r\n", 400),
    ],
    ids=["16 KiB", "20 KiB", "100 headers", "101 headers", "1025 chunks", "a trailer"],
)
async def test_heads_chunks_and_trailers_are_limited(request_: bytes, status: int) -> None:
    async with running_server() as server, asyncio.timeout(5):
        assert await (await server.connect(request_)).status() == status


async def test_each_body_may_have_1024_chunks() -> None:
    async with running_server() as server, asyncio.timeout(5):
        client = await server.connect()
        for _ in range(2):
            await client.send(CHUNKED, b"1\r\nx\r\n" * (MAX_CHUNKS - 1), LAST_CHUNK)
            assert await client.status() == 200
            await client.read_until(b"x" * (MAX_CHUNKS - 1))


async def test_the_chunks_of_a_rejected_body_are_limited() -> None:
    async with running_server() as server, asyncio.timeout(5):
        client = await server.connect(CHUNKED.replace(b"/read", b"/rejected"))
        await client.read_until(b"\r\n\r\n")
        await client.send(b"1\r\nx\r\n" * (MAX_CHUNKS + 1))
        assert await client.all() == b""


@pytest.mark.parametrize("path", [b"/", b"/slow", b"/huge"])
async def test_a_client_that_pipelines_requests_is_disconnected(path: bytes) -> None:
    async with running_server() as server, asyncio.timeout(5):
        client = await server.connect(GET.replace(b"/", path, 1))
        if path == b"/huge":
            await client.read_until(b"\r\n")
        await client.send(GET * 1000)
        assert (await client.all()).count(b"HTTP/1.1 ") <= 2


# ── The memory of all bodies ──────────────────────────────────────────────────────────────────

BODY: Final = 1000
LONG: Final = POST.replace(b"4", b"%d" % (2 * BODY))


async def incomplete_bodies(server: RunningServer, count: int) -> list[Client]:
    """Connect clients that each send half a body; the oldest first."""
    clients = []
    for _ in range(count):
        clients.append(await server.connect(LONG, bytes(BODY)))
        await asyncio.sleep(0.01)
    return clients


async def test_beyond_the_limit_the_oldest_bodies_are_dropped() -> None:
    async with running_server(body_bytes=5 * BODY) as server, asyncio.timeout(5):
        clients = await incomplete_bodies(server, 8)
        assert [await client.all() for client in clients[:3]] == [b""] * 3
        await clients[-1].send(bytes(BODY))
        assert await clients[-1].status() == 200
        assert await clients[3].all() == b""
        assert not any(client.is_closed_by_server for client in clients[4:])


async def test_a_body_that_arrives_at_once_is_read_at_the_limit() -> None:
    async with running_server(body_bytes=5 * BODY) as server, asyncio.timeout(5):
        await incomplete_bodies(server, 10)
        for _ in range(20):
            client = await server.connect(LONG + bytes(2 * BODY))
            assert await client.status() == 200


async def test_bodies_beyond_the_limit_take_no_memory_though_they_arrive_together() -> None:
    size, count = 32 * 1024, 100
    async with running_server(body_bytes=4 * size) as server, asyncio.timeout(10):
        with ExitStack() as stack:
            address = ("127.0.0.1", server.port)
            clients = [stack.enter_context(socket.create_connection(address)) for _ in range(count)]
            await asyncio.sleep(0.1)
            tracemalloc.start()
            stack.callback(tracemalloc.stop)
            for client in clients:
                client.sendall(POST.replace(b"4", b"%d" % (size + 1)) + bytes(size))
            await asyncio.sleep(0.5)
            assert tracemalloc.get_traced_memory()[1] < count * size * 3 / 4


async def test_a_body_counts_until_it_is_complete_aborted_or_rejected() -> None:
    async with running_server(body_bytes=5 * BODY) as server, asyncio.timeout(5):
        kept = (await incomplete_bodies(server, 1))[0]
        for _ in range(20):
            [whole, aborted] = await incomplete_bodies(server, 2)
            await whole.send(bytes(BODY))
            await whole.read_until(b"\r\n")
            aborted.abort()
            rejected = await server.connect(REJECTED.replace(b"4", b"%d" % (9 * BODY)))
            await rejected.read_until(b"\r\n\r\n")
            await rejected.send(bytes(9 * BODY))
            assert await rejected.all() == b""
        await kept.send(bytes(BODY))
        assert await kept.status() == 200


# ── Time limits ───────────────────────────────────────────────────────────────────────────────

SLOW: Final = {
    "no byte": (b"", b"", CLIENT_SECONDS),
    "half a head": (GET[:-2], b"", CLIENT_SECONDS),
    "a header byte each second": (GET[:-2], b"a", CLIENT_SECONDS),
    "empty lines": (b"", b"\r\n", CLIENT_SECONDS),
    "half a body": (POST + b"b", b"", CLIENT_SECONDS),
    "a body byte each second": (POST.replace(b"4", b"99"), b"b", CLIENT_SECONDS),
    "no body after a 401": (REJECTED, b"", CLIENT_SECONDS),
    "an endless body after a 401": (REJECTED.replace(b"4", b"999999"), b"b", CLIENT_SECONDS),
    "empty lines after a response": (GET, b"\r\n", CLIENT_SECONDS),
    "nothing after a response": (GET, b"", KEEP_ALIVE_SECONDS),
}


@pytest.mark.parametrize("what", SLOW)
def test_a_slow_client_is_disconnected(what: str) -> None:
    first_bytes, more_bytes, seconds = SLOW[what]

    async def scenario() -> None:
        loop = asyncio.get_running_loop()
        async with running_server() as server:
            started = loop.time()
            client = await server.connect(first_bytes)
            reading = asyncio.create_task(client.all())
            while not reading.done():
                await asyncio.wait({reading}, timeout=1)
                with contextlib.suppress(ConnectionError):
                    await client.send(more_bytes)
            assert seconds <= loop.time() - started < seconds + 3
            assert len(server.connections) == 0

    run(scenario)


def test_a_client_that_does_not_read_is_disconnected() -> None:
    async def scenario() -> None:
        loop = asyncio.get_running_loop()
        async with running_server() as server:
            client = await server.connect(GET.replace(b"/", b"/huge", 1))
            await client.read_until(b"\r\n")
            started = loop.time()
            while len(server.connections):  # noqa: ASYNC110 - there is no event for it
                await asyncio.sleep(1)
            assert loop.time() - started < CLIENT_SECONDS + 3

    run(scenario)


def test_each_request_has_its_own_time_limit() -> None:
    async def scenario() -> None:
        async with running_server() as server:
            client = await server.connect()
            for _ in range(3):
                await client.get()
                await asyncio.sleep(CLIENT_SECONDS - 1)
                await client.send(GET[:9])
                await asyncio.sleep(CLIENT_SECONDS - 1)
                await client.send(GET[9:])
                assert await client.read_until(b"hello")
                await asyncio.sleep(KEEP_ALIVE_SECONDS - 1)

    run(scenario)


@pytest.mark.parametrize("request_", [GET[:9], POST, REJECTED])
async def test_shutdown_waits_at_most_a_second_for_an_incomplete_request(
    request_: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    loop = asyncio.get_running_loop()
    async with running_server() as server:
        client = await server.connect(request_)
        while not len(server.connections):  # noqa: ASYNC110 - there is no event for it
            await asyncio.sleep(0)
        started = loop.time()
        server.stop.set()
        await client.all()
        assert loop.time() - started < 2
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


# ── The last response of a connection ─────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("request_", "is_last"),
    [
        (GET, False),
        (GET[:-2] + b"Content-Length: 0\r\n\r\n", False),
        (POST + b"body", False),
        (GET[:-2] + b"Content-Length: 4\r\n\r\nbody", True),
        (REJECTED + b"body", True),
        (REJECTED, True),
        (GET.replace(b"/", b"/elsewhere", 1), True),
        (POST.replace(b"/read", b"/") + b"body", True),
    ],
)
async def test_a_rejection_or_an_unread_body_closes_the_connection(
    request_: bytes, *, is_last: bool
) -> None:
    async with running_server() as server, asyncio.timeout(5):
        client = await server.connect(request_)
        head = await client.read_until(b"\r\n\r\n")
        assert (b"\r\nconnection: close\r\n" in head) is is_last


async def test_a_client_rejected_while_sending_gets_the_response() -> None:
    size = 4 * 1024 * 1024
    async with running_server() as server, asyncio.timeout(5):
        client = await server.connect(REJECTED.replace(b"4", b"%d" % size))
        await client.read_until(b"\r\n\r\n")
        await client.send(bytes(size))
        assert await client.all() == b""


# ── The number of connections ─────────────────────────────────────────────────────────────────


async def test_a_new_client_replaces_the_oldest_incomplete_request() -> None:
    async with running_server(limit=4) as server, asyncio.timeout(5):
        idle = await server.connect()
        await idle.get()
        unfinished = [await server.connect(sent) for sent in (b"", GET[:9], POST)]
        for oldest in unfinished:
            client = await server.connect()
            await client.get()
            assert await oldest.all() == b""
        assert not idle.is_closed_by_server
        another = await server.connect()
        await another.get()
        assert await idle.all() == b""


async def test_a_client_that_waits_for_a_response_is_not_replaced() -> None:
    async with running_server(limit=4) as server, asyncio.timeout(5):
        slow = GET.replace(b"/", b"/slow", 1)
        waiting = [await server.connect(slow) for _ in range(3)]
        for _ in range(20):
            client = await server.connect()
            await client.get()
        assert len(server.connections) == 4
        server.release.set()
        for client in waiting:
            await client.read_until(b"hello")


async def test_a_reset_connection_is_removed() -> None:
    async with running_server() as server, asyncio.timeout(5):
        client = await server.connect()
        await client.get()
        [connection] = server.connections._open  # noqa: SLF001 - not visible otherwise
        client.abort()
        while len(server.connections):  # noqa: ASYNC110 - there is no event for it
            await asyncio.sleep(0)
        assert getattr(connection, "timeout_keep_alive_task", None) is None
