import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, closing, contextmanager
from typing import Final

import pytest
import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.entrypoints.connections import Connections
from bot.entrypoints.uvicorn_server import (
    KEEP_ALIVE_SECONDS,
    PortError,
    Server,
    listen,
    stop_signals,
)

MANY: Final = 20
"""Connections."""


@contextmanager
def taken(family: socket.AddressFamily, address: str) -> Iterator[int]:
    """A port that somebody else listens on, at one address only."""
    with socket.socket(family, socket.SOCK_STREAM) as other:
        if family == socket.AF_INET6:
            other.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        try:
            other.bind((address, 0))
        except OSError:
            pytest.skip(f"this machine has no {address}")
        other.listen()
        port: int = other.getsockname()[1]
        yield port


def test_port_0_picks_a_free_port() -> None:
    with closing(listen(0)) as sock:
        assert sock.getsockname()[1] > 0
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) == 1


def test_the_port_is_the_one_asked_for() -> None:
    with closing(listen(0)) as first:
        port: int = first.getsockname()[1]
    with closing(listen(port)) as sock:
        assert sock.getsockname()[1] == port


def test_an_accepted_connection_is_of_tcp_by_name() -> None:
    # asyncio turns Nagle's delay off only where the protocol says IPPROTO_TCP.
    with closing(listen(0)) as sock:
        assert sock.proto == socket.IPPROTO_TCP


def test_a_port_taken_over_ipv4_is_an_error_that_names_it() -> None:
    with (
        taken(socket.AF_INET, "127.0.0.1") as port,
        pytest.raises(PortError, match=rf"^port {port} can't be listened on: Address already"),
    ):
        listen(port)


def test_a_port_taken_over_ipv6_is_an_error_too() -> None:
    with taken(socket.AF_INET6, "::1") as port, pytest.raises(PortError):
        listen(port).close()


def test_where_there_is_no_ipv6_it_listens_over_ipv4(monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.socket.bind

    def bind(sock: socket.socket, address: tuple[str, int]) -> None:
        if sock.family == socket.AF_INET6:
            raise OSError(99, "Cannot assign requested address")
        real(sock, address)

    monkeypatch.setattr(socket.socket, "bind", bind)
    with closing(listen(0)) as sock:
        assert sock.family == socket.AF_INET
        assert sock.getsockname()[0] == "0.0.0.0"  # noqa: S104 - every address


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_stop_signal_is_a_call_however_often_it_comes(number: signal.Signals) -> None:
    calls = asyncio.Queue[None]()
    with stop_signals(lambda: calls.put_nowait(None)):
        for _ in range(2):
            os.kill(os.getpid(), number)
            async with asyncio.timeout(5):
                await calls.get()
    assert calls.empty()


async def test_afterwards_signals_mean_what_they_meant_before() -> None:
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.getsignal(number) for number in numbers]
    with stop_signals(lambda: None):
        assert [signal.getsignal(number) for number in numbers] != before
    assert [signal.getsignal(number) for number in numbers] == before


async def test_a_stop_says_so_at_once_and_ends_the_server() -> None:
    told: list[str] = []
    server = Server(
        Starlette(), on_stop=lambda: told.append("stopping"), connections=Connections(MANY)
    )
    running = asyncio.create_task(server.serve(sockets=[listen(0)]))
    async with asyncio.timeout(5):
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        server.stop()
        server.stop()
        assert set(told) == {"stopping"}
        await running
    assert not server.force_exit


def test_idle_connections_are_kept_longer_than_a_router_keeps_them() -> None:
    server = Server(Starlette(), on_stop=lambda: None, connections=Connections(MANY))
    # devcenter.heroku.com, "HTTP routing": ninety seconds.
    assert server.config.timeout_keep_alive == KEEP_ALIVE_SECONDS > 90
    assert server.config.workers == 1


@pytest.mark.parametrize("value", ["", "auto", "2.5", "4"])
def test_web_concurrency_is_never_read(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEB_CONCURRENCY", value)
    server = Server(Starlette(), on_stop=lambda: None, connections=Connections(MANY))
    assert server.config.workers == 1


# ── Who comes in the moment of a stop ─────────────────────────────────────────────────────────

REQUEST: Final = b"GET / HTTP/1.1\r\nHost: bot\r\n\r\n"


async def greet(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("hello")


class Surprised(Server):
    """Something happens in the very moment in which it sees that it is to stop."""

    def __init__(self) -> None:
        super().__init__(
            Starlette(routes=[Route("/", greet)]),
            on_stop=lambda: None,
            connections=Connections(MANY),
        )
        self.surprise: Callable[[], None] = lambda: None

    async def on_tick(self, counter: int) -> bool:
        is_over = await super().on_tick(counter)
        if is_over:
            self.surprise()
        return is_over


@asynccontextmanager
async def surprised() -> AsyncIterator[tuple[Surprised, int]]:
    """A server under way, and its port."""
    server, sock = Surprised(), listen(0)
    port: int = sock.getsockname()[1]
    running = asyncio.create_task(server.serve(sockets=[sock]))
    try:
        await until(lambda: server.started)
        yield server, port
    finally:
        server.stop()
        await running


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what uvicorn has no event for; the event loop gets no further in between."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0)


def come(port: int) -> socket.socket:
    """A visitor's connection, which the server needn't have accepted for it to be there."""
    return socket.create_connection(("127.0.0.1", port), timeout=5)


def heard_by(visitor: socket.socket) -> bytes:
    heard = b""
    while not heard.endswith(b"hello") and (more := visitor.recv(1000)):
        heard += more
    return heard


async def answer_to(visitor: socket.socket) -> bytes:
    """One answer, or nothing if the server has hung up."""
    return await asyncio.to_thread(heard_by, visitor)


def assert_last(answer: bytes) -> None:
    """It is an answer, after which the connection is not used again."""
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"\r\nconnection: close\r\n" in answer
    assert answer.endswith(b"hello")


async def knock_at_the_last_moment() -> list[bytes]:
    """What many visitors hear who come in the moment in which the server stops."""
    visitors: list[socket.socket] = []

    def knock() -> None:
        visitors.extend(come(port) for _ in range(MANY))
        for visitor in visitors:
            visitor.sendall(REQUEST)

    with ExitStack() as leaving:
        async with surprised() as (server, port):
            server.surprise = knock
            server.stop()
            await until(lambda: bool(visitors))
            for visitor in visitors:
                leaving.enter_context(visitor)
        return await asyncio.gather(*map(answer_to, visitors))


@pytest.mark.parametrize("new_loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_who_knocks_before_the_port_is_closed_is_answered(
    new_loop: Callable[[], asyncio.AbstractEventLoop],
) -> None:
    with asyncio.Runner(loop_factory=new_loop) as runner:
        answers = runner.run(knock_at_the_last_moment())
    assert len(answers) == MANY
    for answer in answers:
        assert_last(answer)


async def test_who_is_in_and_speaks_when_the_port_is_closed_is_answered() -> None:
    async with surprised() as (server, port):
        [door] = server.servers
        with come(port) as visitor:
            await until(lambda: len(server.server_state.connections) == 1)
            server.stop()
            await until(lambda: not door.is_serving())
            visitor.sendall(REQUEST)
            assert_last(await answer_to(visitor))


async def test_who_asks_again_over_the_same_connection_learns_that_it_was_the_last_time() -> None:
    async with surprised() as (server, port):
        with come(port) as visitor:
            visitor.sendall(REQUEST)
            assert b"connection: close" not in await answer_to(visitor)
            server.surprise = lambda: visitor.sendall(REQUEST)
            server.stop()
            assert_last(await answer_to(visitor))
            assert await answer_to(visitor) == b""
