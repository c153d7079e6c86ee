"""The faulty server misbehaves as planned; otherwise the tests that use it would prove nothing."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pytest

from tests.network import misbehaviors
from tests.network.faulty_server import Behavior, FaultyServer

REQUEST = b"GET /some/where HTTP/1.1\r\nHost: loopback\r\nContent-Length: 4\r\n\r\nbody"
SILENCE_SECONDS = 0.1
"""After this time, a server is considered silent."""


@dataclass(frozen=True)
class ReceivedResponse:
    """What a client received."""

    data: bytes
    end: str
    """`silence`, `closed` or `reset`."""

    @property
    def headers_end(self) -> bool:
        return b"\r\n\r\n" in self.data

    @property
    def body(self) -> bytes:
        return self.data.partition(b"\r\n\r\n")[2]

    @property
    def content_length(self) -> int:
        """The declared length of the body."""
        return int(self.data.partition(b"Content-Length: ")[2].partition(b"\r\n")[0])


async def receive(reader: asyncio.StreamReader) -> ReceivedResponse:
    data = b""
    try:
        async with asyncio.timeout(SILENCE_SECONDS):
            while some := await reader.read(65536):
                data += some
    except TimeoutError:
        return ReceivedResponse(data, "silence")
    except ConnectionResetError:
        return ReceivedResponse(data, "reset")
    return ReceivedResponse(data, "closed")


async def send_request(server: FaultyServer) -> ReceivedResponse:
    host, _, port = server.host.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        writer.write(REQUEST)
        return await receive(reader)
    finally:
        writer.close()


CLAIMS: Mapping[str, tuple[Behavior, Callable[[ReceivedResponse], bool]]] = MappingProxyType(
    {
        "stall": (misbehaviors.stall, lambda it: it == ReceivedResponse(b"", "silence")),
        "stall in the headers": (
            misbehaviors.stall_in_the_headers,
            lambda it: it.data != b"" and not it.headers_end and it.end == "silence",
        ),
        "stall in the body": (
            misbehaviors.stall_in_the_body,
            lambda it: 0 < len(it.body) < it.content_length and it.end == "silence",
        ),
        "stall between chunks": (
            misbehaviors.stall_between_chunks,
            lambda it: it.body.endswith(b"\r\n") and b"0\r\n\r\n" not in it.data,
        ),
        "drip headers": (
            misbehaviors.drip_headers(0.01),
            lambda it: not it.headers_end and it.data.endswith(b"  ") and it.end == "silence",
        ),
        "drip body": (
            misbehaviors.drip_body(0.01),
            lambda it: 1 < len(it.body) < it.content_length and it.end == "silence",
        ),
        "hint": (
            misbehaviors.send_early_hints(0.01),
            lambda it: it.data.count(b"HTTP/1.1 103") > 1,
        ),
        "reset": (misbehaviors.reset, lambda it: it == ReceivedResponse(b"", "reset")),
        "reset in the headers": (
            misbehaviors.reset_in_the_headers,
            lambda it: not it.headers_end and it.end == "reset",
        ),
        "reset in the body": (
            misbehaviors.reset_in_the_body,
            lambda it: it.end == "reset" and (it.data == b"" or len(it.body) < it.content_length),
        ),
        "hang up": (misbehaviors.close, lambda it: it == ReceivedResponse(b"", "closed")),
        "hang up in the headers": (
            misbehaviors.close_in_the_headers,
            lambda it: it.data != b"" and not it.headers_end and it.end == "closed",
        ),
        "hang up in the body": (
            misbehaviors.close_in_the_body,
            lambda it: 0 < len(it.body) < it.content_length and it.end == "closed",
        ),
        "hang up between chunks": (
            misbehaviors.close_between_chunks,
            lambda it: b"0\r\n\r\n" not in it.data and it.end == "closed",
        ),
        "more than Content-Length": (
            misbehaviors.respond(200, b"whole", length=2),
            lambda it: it.body == b"whole" and it.content_length == 2,
        ),
        "less than Content-Length": (
            misbehaviors.respond(200, b"whole", length=9),
            lambda it: it.body == b"whole" and it.content_length == 9 and it.end == "silence",
        ),
        "correct Content-Length": (
            misbehaviors.respond(200, b"whole"),
            lambda it: it.body == b"whole" and it.content_length == 5 and it.end == "silence",
        ),
        "chunks": (
            misbehaviors.respond_in_chunks(b"x" * 70_000),
            lambda it: it.data.count(b"x") == 70_000 and it.data.endswith(b"0\r\n\r\n"),
        ),
        "no length": (
            misbehaviors.respond_until_close(b"whole"),
            lambda it: it.body == b"whole" and b"Length" not in it.data and it.end == "closed",
        ),
    }
)


@pytest.mark.parametrize(("behavior", "is_expected"), CLAIMS.values(), ids=CLAIMS.keys())
async def test_behavior_is_what_its_name_says(
    behavior: Behavior, is_expected: Callable[[ReceivedResponse], bool]
) -> None:
    async with FaultyServer(behavior=behavior) as server:
        received = await send_request(server)
        assert is_expected(received), received
        (request,) = server.requests
    assert (request.method, request.target, request.body) == ("GET", "/some/where", b"body")


async def test_plan_applies_to_its_requests_and_last_plan_wins() -> None:
    async with FaultyServer(behavior=misbehaviors.send_bytes(b"usual")) as server:
        server.plan("some", [misbehaviors.send_bytes(b"first"), misbehaviors.send_bytes(b"second")])
        server.always("else", misbehaviors.close)
        assert [(await send_request(server)).data for _ in range(3)] == [
            b"first",
            b"second",
            b"usual",
        ]
        server.always("where", misbehaviors.send_bytes(b"later"))
        assert (await send_request(server)).data == b"later"
        server.clear_plans()
        assert (await send_request(server)).data == b"usual"


async def test_refusing_server_accepts_connections_again_at_the_same_address() -> None:
    async with FaultyServer(behavior=misbehaviors.send_bytes(b"usual")) as server:
        async with server.refusing_connections():
            with pytest.raises(ConnectionRefusedError):
                await send_request(server)
        assert (await send_request(server)).data == b"usual"


async def test_server_that_does_not_accept_gets_no_request_until_later() -> None:
    async with FaultyServer(behavior=misbehaviors.send_bytes(b"usual")) as server:
        async with server.not_accepting_connections():
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(send_request(server), SILENCE_SECONDS / 2)
        assert server.requests == []
        assert (await send_request(server)).data == b"usual"


async def test_silent_server_sends_nothing() -> None:
    async with FaultyServer(behavior=misbehaviors.send_bytes(b"usual")) as server:
        server.is_silent = True
        assert await send_request(server) == ReceivedResponse(b"", "silence")
        assert server.requests == []
