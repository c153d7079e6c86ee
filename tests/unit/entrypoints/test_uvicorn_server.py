import asyncio
import os
import signal
import socket
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, ExitStack, closing
from typing import Final

import pytest
import uvloop
from starlette.applications import Starlette

from bot.entrypoints.connections import Connections
from bot.entrypoints.uvicorn_server import (
    KEEP_ALIVE_SECONDS,
    PortError,
    listen,
    serve_http,
    server_config,
    stop_signals,
)
from tests.support.fake_time_loop import run
from tests.unit.entrypoints.running_server import GET, running_server

CLIENTS: Final = 20
"""Connections."""


def test_the_socket_is_explicitly_tcp_on_the_requested_port() -> None:
    with closing(listen(0)) as first:
        port: int = first.getsockname()[1]
    with closing(listen(port)) as sock:
        assert sock.getsockname()[1] == port
        # asyncio sets TCP_NODELAY only if the protocol is IPPROTO_TCP.
        assert sock.proto == socket.IPPROTO_TCP


@pytest.mark.parametrize(
    ("family", "address"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")]
)
def test_a_port_in_use_at_one_address_is_an_error_that_names_it(
    family: socket.AddressFamily, address: str
) -> None:
    with socket.socket(family) as other:
        if family == socket.AF_INET6:
            other.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        try:
            other.bind((address, 0))
        except OSError:
            pytest.skip(f"this machine has no {address}")
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortError, match=rf"^can't listen on port {port}: Address already"):
            listen(port).close()


def test_without_ipv6_it_listens_over_ipv4(monkeypatch: pytest.MonkeyPatch) -> None:
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
async def test_each_stop_signal_calls_stop_until_handlers_are_restored(
    number: signal.Signals,
) -> None:
    before, calls = signal.getsignal(number), asyncio.Queue[None]()
    with stop_signals(lambda: calls.put_nowait(None)):
        for _ in range(2):
            os.kill(os.getpid(), number)
            async with asyncio.timeout(5):
                await calls.get()
    assert calls.empty()
    assert signal.getsignal(number) == before


@pytest.mark.parametrize("value", ["", "auto", "4"])
def test_one_process_keeps_idle_connections_longer_than_herokus_router(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEB_CONCURRENCY", value)
    config = server_config(Starlette(), is_stopping=lambda: False, connections=Connections(CLIENTS))
    assert config.workers == 1, "WEB_CONCURRENCY is never read"
    # devcenter.heroku.com, "HTTP routing": 90 seconds.
    assert config.timeout_keep_alive == KEEP_ALIVE_SECONDS > 90


# ── Clients that connect or send while the server stops ───────────────────────────────────────


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - there is no event for it
            await asyncio.sleep(0.01)


def connect(port: int) -> socket.socket:
    """Connect; the kernel completes the handshake before the server accepts."""
    return socket.create_connection(("127.0.0.1", port), timeout=5)


def read_response(client: socket.socket) -> bytes:
    response = b""
    while not response.endswith(b"hello") and (more := client.recv(1000)):
        response += more
    return response


async def response_to(client: socket.socket) -> bytes:
    """Read one response; empty if the server has closed the connection."""
    return await asyncio.to_thread(read_response, client)


def assert_last_response(response: bytes) -> None:
    """Assert that it is a response after which the connection is closed."""
    assert response.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"\r\nconnection: close\r\n" in response
    assert response.endswith(b"hello")


async def connect_as_the_server_stops(*, is_started: bool) -> list[bytes]:
    """Return the responses to requests sent just when the server stops."""
    clients: list[socket.socket] = []

    def send_requests() -> None:
        for _ in range(CLIENTS):
            clients.append(stack.enter_context(connect(server.port)))
            clients[-1].sendall(GET)

    with ExitStack() as stack:
        async with running_server(CLIENTS) as server:
            server.on_stop = send_requests
            if is_started:
                with connect(server.port) as first:
                    first.sendall(GET)
                    await response_to(first)
            server.stop.set()
            await until(lambda: len(clients) == CLIENTS)
        return await asyncio.gather(*map(response_to, clients))


@pytest.mark.parametrize("is_started", [True, False])
@pytest.mark.parametrize("new_loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_clients_that_connect_before_the_port_is_closed_get_a_response(
    new_loop: Callable[[], asyncio.AbstractEventLoop], *, is_started: bool
) -> None:
    with asyncio.Runner(loop_factory=new_loop) as runner:
        responses = runner.run(connect_as_the_server_stops(is_started=is_started))
    assert len(responses) == CLIENTS
    for response in responses:
        assert_last_response(response)


async def send_after_the_port_is_closed() -> bytes:
    async with running_server(CLIENTS) as server:
        client = await server.connect()
        await until(lambda: len(server.connections) == 1)
        server.stop.set()
        await until(lambda: server.listener.fileno() == -1)
        await asyncio.sleep(0.2)
        await client.send(GET)
        return await client.all()


def test_a_connected_client_that_sends_after_the_port_is_closed_gets_a_response() -> None:
    assert_last_response(run(send_after_the_port_is_closed))


async def test_the_last_response_on_a_reused_connection_closes_it() -> None:
    async with running_server(CLIENTS) as server:
        with connect(server.port) as client:
            client.sendall(GET)
            assert b"connection: close" not in await response_to(client)
            server.on_stop = lambda: client.sendall(GET)
            server.stop.set()
            assert_last_response(await response_to(client))
            assert await response_to(client) == b""


def test_an_app_that_fails_to_start_ends_the_process() -> None:
    def fail(_app: Starlette) -> AbstractAsyncContextManager[None]:
        raise LookupError

    async def serve() -> None:
        await serve_http(
            Starlette(lifespan=fail),
            sock,
            stop=asyncio.Event(),
            on_stop=lambda: None,
            connections=Connections(CLIENTS),
        )

    with closing(listen(0)) as sock, pytest.raises(SystemExit):
        asyncio.run(serve())
