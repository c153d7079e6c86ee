"""SignalWire sends something other than a voice log: nothing of it is shown, stored or followed."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Mapping
from types import MappingProxyType

import pytest
import pytest_asyncio
from pydantic import JsonValue

from bot.dev.emulator.signalwire.catalog import catalog
from bot.ui import errors as error_texts
from tests.network import misbehaviors
from tests.network.faulty_server import Behavior, Connection, FaultyServer
from tests.network.harness import BAD, FaultyNetwork
from tests.support import texts
from tests.support.samples import CANARY, DOCUMENTED, ENDED, NOW

UNREADABLE = f"{error_texts.UNREADABLE.title}."
HUGE = b'{"id": "%b", "status": "%b"}' % (BAD.encode(), CANARY.encode() * 500_000)
LOG = next(dict(entry.body) for entry in catalog(NOW) if entry.id == DOCUMENTED)
PLAIN = json.dumps({**LOG, "id": BAD}).encode()
WRONG: list[JsonValue] = [None, True, "", " ", -1, 1e300, 10**400, float("inf"), float("nan")]
WRONG += [[], {}, [CANARY], {"charge": CANARY}]

NO_LOGS: Mapping[str, Behavior] = MappingProxyType(
    {
        "a page": misbehaviors.respond(200, misbehaviors.PAGE, misbehaviors.HTML),
        "a page called JSON": misbehaviors.respond(200, misbehaviors.PAGE, misbehaviors.JSON),
        "nothing": misbehaviors.respond(200, b"", misbehaviors.JSON),
        "no content": misbehaviors.send_bytes(b"HTTP/1.1 204 No Content\r\n\r\n"),
        "JSON nested without end": misbehaviors.respond(200, b"[" * 100_000, misbehaviors.JSON),
        "an array": misbehaviors.respond(200, b'[{"id": "%b"}]' % BAD.encode(), misbehaviors.JSON),
        "a string": misbehaviors.respond(200, b'"%b"' % CANARY.encode(), misbehaviors.JSON),
        "a log without an id": misbehaviors.respond(
            200, b'{"status": "%b"}' % CANARY.encode(), misbehaviors.JSON
        ),
        "5 MiB": misbehaviors.respond(200, HUGE, misbehaviors.JSON),
        "5 MiB in chunks": misbehaviors.respond_in_chunks(HUGE),
        "5 MiB without a length": misbehaviors.respond_until_close(HUGE),
        "a gzip bomb": misbehaviors.respond(
            200, misbehaviors.GZIP_BOMB, {"Content-Encoding": "gzip"}
        ),
        "a log that is packed twice": misbehaviors.respond(
            200, gzip.compress(gzip.compress(PLAIN)), {"Content-Encoding": "gzip, gzip"}
        ),
        "no gzip though it says so": misbehaviors.respond(
            200, misbehaviors.PAGE, {"Content-Encoding": "gzip"}
        ),
        "an encoding that wasn't requested": misbehaviors.respond(
            200, b"\x0b\x02\x80", {"Content-Encoding": "br"}
        ),
    }
)
assert len(HUGE) > 5 * misbehaviors.MEBIBYTE


@pytest_asyncio.fixture(loop_scope="module")
async def other_host() -> AsyncIterator[FaultyServer]:
    """Another host, which must get no request."""
    async with FaultyServer(
        behavior=misbehaviors.respond(200, json.dumps(LOG).encode(), misbehaviors.JSON)
    ) as server:
        yield server


@pytest.mark.parametrize("behavior", NO_LOGS.values(), ids=NO_LOGS.keys())
async def test_an_invalid_response_is_not_retried_and_reported(
    network: FaultyNetwork, behavior: Behavior
) -> None:
    before = network.signalwire.count(BAD)
    network.signalwire.always(BAD, behavior)
    message = await network.look_up(BAD)

    assert message.text.startswith(UNREADABLE)
    assert network.signalwire.count(BAD) - before == 1
    await network.assert_works()


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(
    network: FaultyNetwork, other_host: FaultyServer, status: int
) -> None:
    before = network.signalwire.count(BAD)
    location = {"Location": f"{other_host.url}/{CANARY}"}
    network.signalwire.always(BAD, misbehaviors.respond_with_page(status, location))
    message = await network.look_up(BAD)

    assert message.text.startswith(UNREADABLE)
    assert network.signalwire.count(BAD) - before == 1
    assert other_host.connections == 0
    assert other_host.host not in network.world.log.getvalue()
    await network.assert_works()


@pytest.mark.parametrize(
    ("status", "requests", "title"),
    [
        (400, 1, f"{error_texts.REQUEST_REJECTED.title}."),
        (401, 1, f"{error_texts.CREDENTIALS_REJECTED.title}."),
        (403, 1, f"{error_texts.CREDENTIALS_REJECTED.title}."),
        (402, 1, f"{error_texts.REQUEST_REJECTED.title}."),
        (418, 1, f"{error_texts.REQUEST_REJECTED.title}."),
        (422, 1, f"{error_texts.REQUEST_REJECTED.title}."),
        (429, 3, f"{error_texts.RATE_LIMITED.title}."),
        (500, 1, f"{texts.server_error(500)}."),
        (501, 1, f"{texts.server_error(501)}."),
        (502, 3, f"{texts.server_error(502)}."),
        (503, 3, f"{texts.server_error(503)}."),
        (504, 3, f"{texts.server_error(504)}."),
        (599, 1, f"{texts.server_error(599)}."),
    ],
)
@pytest.mark.parametrize("body", [misbehaviors.PAGE, HUGE], ids=["a page", "5 MiB"])
async def test_an_errors_status_suffices_whatever_the_body(
    network: FaultyNetwork, status: int, requests: int, title: str, body: bytes
) -> None:
    before = network.signalwire.count(BAD)
    network.signalwire.always(BAD, misbehaviors.respond(status, body, misbehaviors.HTML))
    message = await network.look_up(BAD)

    assert message.text.startswith(title)
    assert network.signalwire.count(BAD) - before == requests
    await network.assert_works()


async def test_a_404_in_html_is_not_reported_as_not_found(network: FaultyNetwork) -> None:
    network.signalwire.always(BAD, misbehaviors.respond_with_page(404))
    message = await network.look_up(BAD)

    assert message.text.startswith(error_texts.SPACE_NOT_FOUND.title)
    await network.assert_works()


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("status", [429, 502, 503, 504])
async def test_a_temporary_status_is_retried(
    network: FaultyNetwork, status: int, times: int
) -> None:
    network.signalwire.plan(DOCUMENTED, [misbehaviors.respond_with_page(status)] * times)
    await network.assert_works()


@pytest.mark.parametrize("field", sorted(LOG.keys() - {"id"}))
async def test_a_field_of_the_wrong_type_does_not_hide_the_others(
    network: FaultyNetwork, field: str
) -> None:
    bodies = [json.dumps({**LOG, field: wrong}).encode() for wrong in WRONG]
    network.signalwire.plan(
        DOCUMENTED, [misbehaviors.respond(200, body, misbehaviors.JSON) for body in bodies]
    )
    for body in bodies:
        message = await network.look_up(DOCUMENTED)
        assert DOCUMENTED in message.text, body
        assert ("+1 206-555-1212" in message.text) is (field != "from"), body
        assert ("$0.01" in message.text) is (field != "charge"), body
    await network.assert_works()


@pytest.mark.parametrize("wrong", [None, True, [], {}, ""], ids=repr)
async def test_a_log_whose_id_has_the_wrong_type_is_invalid(
    network: FaultyNetwork, wrong: JsonValue
) -> None:
    body = json.dumps({**LOG, "id": wrong}).encode()
    network.signalwire.always(BAD, misbehaviors.respond(200, body, misbehaviors.JSON))
    message = await network.look_up(BAD)

    assert message.text.startswith(UNREADABLE)
    await network.assert_works()


async def test_a_surplus_response_is_not_taken_for_the_next_one(
    network: FaultyNetwork,
) -> None:
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
