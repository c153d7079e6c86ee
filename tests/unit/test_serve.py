import asyncio
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from starlette.applications import Starlette

from bot.serve import KEEP_ALIVE_SECONDS, PortError, Server, listen, stop_signals


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
    server = Server(Starlette(), on_stop=lambda: told.append("stopping"))
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
    server = Server(Starlette(), on_stop=lambda: None)
    # devcenter.heroku.com, "HTTP routing": ninety seconds.
    assert server.config.timeout_keep_alive == KEEP_ALIVE_SECONDS > 90
    assert server.config.workers == 1
