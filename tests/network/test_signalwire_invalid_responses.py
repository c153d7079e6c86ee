"""SignalWire sends something other than a voice log: nothing of it is shown, stored or followed.

tests/unit/signalwire has all other bodies and statuses; here is what depends on the HTTP library.
"""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Mapping
from typing import Final

import pytest
import pytest_asyncio

from bot.dev.emulator.signalwire.catalog import catalog
from bot.ui import errors as error_texts
from tests.e2e.bot_process import MEBIBYTE
from tests.network import misbehaviors
from tests.network.faulty_server import Behavior, Connection, FaultyServer
from tests.network.harness import BAD, FaultyNetwork
from tests.support.samples import CANARY, DOCUMENTED, ENDED, NOW

UNREADABLE: Final = f"{error_texts.UNREADABLE.title}."
RATE_LIMITED: Final = f"{error_texts.RATE_LIMITED.title}."
HUGE: Final = b'{"id": "%b", "status": "%b"}' % (BAD.encode(), CANARY.encode() * 500_000)
LOG: Final = next(dict(entry.body) for entry in catalog(NOW) if entry.id == DOCUMENTED)
PLAIN: Final = json.dumps({**LOG, "id": BAD}).encode()


def encoded(body: bytes, encoding: str) -> Behavior:
    return misbehaviors.respond(200, body, {"Content-Encoding": encoding})


NO_LOGS: Final[Mapping[str, Behavior]] = {
    "a page": misbehaviors.respond(200, misbehaviors.PAGE, misbehaviors.HTML),
    "no content": misbehaviors.send_bytes(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "5 MiB in chunks": misbehaviors.respond_in_chunks(HUGE),
    "5 MiB without a length": misbehaviors.respond_until_close(HUGE),
    "a gzip bomb": encoded(misbehaviors.GZIP_BOMB, "gzip"),
    "a log that is packed twice": encoded(gzip.compress(gzip.compress(PLAIN)), "gzip, gzip"),
    "no gzip though it says so": encoded(misbehaviors.PAGE, "gzip"),
    "an encoding that wasn't requested": encoded(b"\x0b\x02\x80", "br"),
}
assert len(HUGE) > 5 * MEBIBYTE


@pytest_asyncio.fixture(loop_scope="module")
async def other_host() -> AsyncIterator[FaultyServer]:
    """Another host, which must get no request."""
    behavior = misbehaviors.respond(200, json.dumps(LOG).encode(), misbehaviors.JSON)
    async with FaultyServer(behavior=behavior) as server:
        yield server


async def assert_reported(
    network: FaultyNetwork, behavior: Behavior, *parts: str, requests: int
) -> None:
    """Assert that a lookup ends with this title and these words, after so many requests."""
    before = network.signalwire.count(BAD)
    network.signalwire.always(BAD, behavior)
    message = await network.look_up(BAD)

    assert message.text.startswith(parts[0])
    assert [part for part in parts if part not in message.text] == []
    assert network.signalwire.count(BAD) - before == requests
    await network.assert_works()


@pytest.mark.parametrize("behavior", NO_LOGS.values(), ids=NO_LOGS.keys())
async def test_an_invalid_response_is_not_retried_and_reported(
    network: FaultyNetwork, behavior: Behavior
) -> None:
    await assert_reported(network, behavior, UNREADABLE, requests=1)


async def test_an_errors_status_suffices_whatever_the_body(network: FaultyNetwork) -> None:
    title = f"{error_texts.CREDENTIALS_REJECTED.title}."
    await assert_reported(network, misbehaviors.respond(401, HUGE), title, requests=1)


@pytest.mark.parametrize("status", [301, 308])
async def test_a_redirect_is_not_followed(
    network: FaultyNetwork, other_host: FaultyServer, status: int
) -> None:
    location = {"Location": f"{other_host.url}/{CANARY}"}
    redirect = misbehaviors.respond_with_page(status, location)
    await assert_reported(network, redirect, UNREADABLE, requests=1)
    assert other_host.connections == 0
    assert other_host.host not in network.world.log.getvalue()


@pytest.mark.parametrize("pause", ["²", "9" * 5000])
async def test_a_pause_that_is_no_number_is_a_minute(network: FaultyNetwork, pause: str) -> None:
    behavior = misbehaviors.respond_with_retry_after(429, pause)
    await assert_reported(network, behavior, RATE_LIMITED, "Try again in a minute.", requests=3)


async def test_a_surplus_response_is_not_taken_for_the_next_one(network: FaultyNetwork) -> None:
    leftover = json.dumps({**LOG, "id": BAD, "status": CANARY}).encode()
    sent = asyncio.Event()

    async def respond_twice(connection: Connection) -> None:
        await connection.send(await connection.app_response())
        await asyncio.sleep(0.1)  # so that the connection is idle, and can be reused
        await misbehaviors.respond(200, leftover, misbehaviors.JSON)(connection)
        sent.set()

    await network.signalwire.close_connections()
    network.signalwire.plan(DOCUMENTED, [respond_twice])
    await network.assert_works()
    await sent.wait()
    message = await network.look_up(ENDED)

    assert message.text.startswith(UNREADABLE)
    await network.signalwire.close_connections()
    await network.assert_works()
