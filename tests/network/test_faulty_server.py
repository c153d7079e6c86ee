"""The faulty server misbehaves as its names say; otherwise tests with it would prove nothing."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pytest

from tests.network import misbehaviors
from tests.network.faulty_server import Act, FaultServer

REQUEST = b"GET /some/where HTTP/1.1\r\nHost: loopback\r\nContent-Length: 4\r\n\r\nbody"
A_WHILE = 0.1
"""Seconds after which a server counts as silent."""


@dataclass(frozen=True)
class Heard:
    """What a client got.

    Attributes:
        data: everything that came.
        end: how it ended: `silence`, `closed` or `reset`.
    """

    data: bytes
    end: str

    @property
    def headers_end(self) -> bool:
        return b"\r\n\r\n" in self.data

    @property
    def body(self) -> bytes:
        return self.data.partition(b"\r\n\r\n")[2]

    @property
    def promised(self) -> int:
        """The declared length of the body."""
        return int(self.data.partition(b"Content-Length: ")[2].partition(b"\r\n")[0])


async def listen(reader: asyncio.StreamReader) -> Heard:
    data = b""
    try:
        async with asyncio.timeout(A_WHILE):
            while some := await reader.read(65536):
                data += some
    except TimeoutError:
        return Heard(data, "silence")
    except ConnectionResetError:
        return Heard(data, "reset")
    return Heard(data, "closed")


async def ask(server: FaultServer) -> Heard:
    host, _, port = server.host.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        writer.write(REQUEST)
        return await listen(reader)
    finally:
        writer.close()


CLAIMS: Mapping[str, tuple[Act, Callable[[Heard], bool]]] = MappingProxyType(
    {
        "stall": (misbehaviors.stall, lambda it: it == Heard(b"", "silence")),
        "stall in the headers": (
            misbehaviors.stall_in_the_headers,
            lambda it: it.data != b"" and not it.headers_end and it.end == "silence",
        ),
        "stall in the body": (
            misbehaviors.stall_in_the_body,
            lambda it: 0 < len(it.body) < it.promised and it.end == "silence",
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
            lambda it: 1 < len(it.body) < it.promised and it.end == "silence",
        ),
        "hint": (misbehaviors.hint(0.01), lambda it: it.data.count(b"HTTP/1.1 103") > 1),
        "reset": (misbehaviors.reset, lambda it: it == Heard(b"", "reset")),
        "reset in the headers": (
            misbehaviors.reset_in_the_headers,
            lambda it: not it.headers_end and it.end == "reset",
        ),
        "reset in the body": (
            misbehaviors.reset_in_the_body,
            lambda it: it.end == "reset" and (it.data == b"" or len(it.body) < it.promised),
        ),
        "hang up": (misbehaviors.hang_up, lambda it: it == Heard(b"", "closed")),
        "hang up in the headers": (
            misbehaviors.hang_up_in_the_headers,
            lambda it: it.data != b"" and not it.headers_end and it.end == "closed",
        ),
        "hang up in the body": (
            misbehaviors.hang_up_in_the_body,
            lambda it: 0 < len(it.body) < it.promised and it.end == "closed",
        ),
        "hang up between chunks": (
            misbehaviors.hang_up_between_chunks,
            lambda it: b"0\r\n\r\n" not in it.data and it.end == "closed",
        ),
        "too little": (
            misbehaviors.answer(200, b"whole", length=2),
            lambda it: it.body == b"whole" and it.promised == 2,
        ),
        "too much": (
            misbehaviors.answer(200, b"whole", length=9),
            lambda it: it.body == b"whole" and it.promised == 9 and it.end == "silence",
        ),
        "the truth": (
            misbehaviors.answer(200, b"whole"),
            lambda it: it.body == b"whole" and it.promised == 5 and it.end == "silence",
        ),
        "chunks": (
            misbehaviors.answer_in_chunks(b"x" * 70_000),
            lambda it: it.data.count(b"x") == 70_000 and it.data.endswith(b"0\r\n\r\n"),
        ),
        "no length": (
            misbehaviors.answer_until_the_end(b"whole"),
            lambda it: it.body == b"whole" and b"Length" not in it.data and it.end == "closed",
        ),
    }
)


@pytest.mark.parametrize(("act", "holds"), CLAIMS.values(), ids=CLAIMS.keys())
async def test_a_fault_is_what_its_name_says(act: Act, holds: Callable[[Heard], bool]) -> None:
    async with FaultServer(act=act) as server:
        heard = await ask(server)
        assert holds(heard), heard
        (asked,) = server.asked
    assert (asked.method, asked.target, asked.body) == ("GET", "/some/where", b"body")


async def test_a_plan_is_followed_for_its_requests_and_the_later_one_counts() -> None:
    async with FaultServer(act=misbehaviors.say(b"usual")) as server:
        server.plan("some", [misbehaviors.say(b"first"), misbehaviors.say(b"second")])
        server.always("else", misbehaviors.hang_up)
        assert [(await ask(server)).data for _ in range(3)] == [b"first", b"second", b"usual"]
        server.always("where", misbehaviors.say(b"later"))
        assert (await ask(server)).data == b"later"
        server.relent()
        assert (await ask(server)).data == b"usual"


async def test_a_server_that_is_away_refuses_and_is_back_at_the_same_address() -> None:
    async with FaultServer(act=misbehaviors.say(b"usual")) as server:
        async with server.away():
            with pytest.raises(ConnectionRefusedError):
                await ask(server)
        assert (await ask(server)).data == b"usual"


async def test_a_swamped_server_takes_no_connection_until_it_is_over() -> None:
    async with FaultServer(act=misbehaviors.say(b"usual")) as server:
        async with server.swamped():
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(ask(server), A_WHILE / 2)
        assert server.asked == []
        assert (await ask(server)).data == b"usual"


async def test_a_mute_server_sends_nothing() -> None:
    async with FaultServer(act=misbehaviors.say(b"usual")) as server:
        server.mute = True
        assert await ask(server) == Heard(b"", "silence")
        assert server.asked == []
