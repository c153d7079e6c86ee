"""The faulty server misbehaves as planned; otherwise the tests that use it would prove nothing."""

import asyncio
import re
from typing import Final

import pytest

from tests.network import misbehaviors
from tests.network.faulty_server import Behavior, FaultyServer

REQUEST: Final = b"GET /some/where HTTP/1.1\r\nHost: loopback\r\nContent-Length: 4\r\n\r\nbody"
SILENCE_SECONDS: Final = 0.1
"""After this time, a server is considered silent."""
USUAL: Final = misbehaviors.send_bytes(b"usual")

HALF_A_HEAD: Final = rb"HTTP/1.1 200(?!.*\r\n\r\n).+"
HALF_A_BODY: Final = rb"HTTP/1.1 200.*Content-Length: \d{3,}\r\n\r\n.{2,99}"
CHUNKED: Final = rb"HTTP/1.1 200(?!.*\r\n0\r\n\r\n).*chunked\r\n\r\n.+\r\n"
PARTS: Final = {
    "before the headers": b"",
    "at once": b"",
    "in the headers": HALF_A_HEAD,
    "in the body": HALF_A_BODY,
    "between chunks": CHUNKED,
}
WHOLE: Final = rb"HTTP/1.1 200.*Content-Length: %d\r\n\r\nwhole"
CLAIMS: Final[list[tuple[Behavior, bytes, str]]] = [
    (misbehaviors.drip_headers(0.01), HALF_A_HEAD, "silence"),
    (misbehaviors.drip_body(0.01), HALF_A_BODY, "silence"),
    (misbehaviors.send_early_hints(0.01), rb"(HTTP/1.1 103 .*?\r\n\r\n){2,}", "silence"),
    (misbehaviors.respond(200, b"whole", length=2), WHOLE % 2, "silence"),
    (misbehaviors.respond(200, b"whole", length=9), WHOLE % 9, "silence"),
    (misbehaviors.respond(200, b"whole"), WHOLE % 5, "silence"),
    (misbehaviors.respond_in_chunks(b"xyz"), rb".*\r\n\r\n3\r\nxyz\r\n0\r\n\r\n", "silence"),
    (misbehaviors.respond_until_close(b"whole"), rb"(?!.*Length).*\r\n\r\nwhole", "closed"),
]
"""What a client receives, as a regular expression, and then: silence, or an end."""


async def send_request(server: FaultyServer) -> tuple[bytes, str]:
    """Return what a client receives, and what follows."""
    host, _, port = server.host.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    data = b""
    try:
        writer.write(REQUEST)
        async with asyncio.timeout(SILENCE_SECONDS):
            while some := await reader.read(65536):
                data += some
    except TimeoutError:
        return data, "silence"
    except ConnectionResetError:
        return data, "reset"
    finally:
        writer.close()
    return data, "closed"


@pytest.mark.parametrize("name", [*misbehaviors.STALLS, *misbehaviors.DISCONNECTS])
async def test_response_ends_where_its_name_says(name: str) -> None:
    end, _, where = name.partition(" ")
    behavior = {**misbehaviors.STALLS, **misbehaviors.DISCONNECTS}[name]
    async with FaultyServer(behavior=behavior) as server:
        data, seen = await send_request(server)
    assert seen == end
    # A reset may overtake what was sent before it.
    assert re.fullmatch(PARTS[where], data, re.DOTALL) or (end, data) == ("reset", b"")


@pytest.mark.parametrize(("behavior", "data", "end"), CLAIMS)
async def test_behavior_is_what_its_name_says(behavior: Behavior, data: bytes, end: str) -> None:
    async with FaultyServer(behavior=behavior) as server:
        received = await send_request(server)
        assert re.fullmatch(data, received[0], re.DOTALL), received
        assert received[1] == end
        (request,) = server.requests
    assert (request.method, request.target, request.body) == ("GET", "/some/where", b"body")


async def test_plan_applies_to_its_requests_and_last_plan_wins() -> None:
    async with FaultyServer(behavior=USUAL) as server:
        server.plan("some", map(misbehaviors.send_bytes, [b"first", b"second"]))
        server.always("else", misbehaviors.close)
        received = [(await send_request(server))[0] for _ in range(3)]
        assert received == [b"first", b"second", b"usual"]
        server.always("where", misbehaviors.send_bytes(b"later"))
        assert (await send_request(server))[0] == b"later"
        server.clear_plans()
        assert (await send_request(server))[0] == b"usual"
