"""SignalWire sends something other than a voice log: none of it is shown, stored or followed."""

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
from tests.network.faulty_server import Act, FaultServer, Wire
from tests.network.harness import BAD, Outside
from tests.support import texts
from tests.support.samples import CANARY, DOCUMENTED, ENDED, NOW

UNREADABLE = f"{error_texts.UNREADABLE.title}."
HUGE = b'{"id": "%b", "status": "%b"}' % (BAD.encode(), CANARY.encode() * 500_000)
LOG = next(dict(entry.body) for entry in catalog(NOW) if entry.id == DOCUMENTED)
PLAIN = json.dumps({**LOG, "id": BAD}).encode()
WRONG: list[JsonValue] = [None, True, "", " ", -1, 1e300, 10**400, float("inf"), float("nan")]
WRONG += [[], {}, [CANARY], {"charge": CANARY}]

NO_LOGS: Mapping[str, Act] = MappingProxyType(
    {
        "a page": misbehaviors.answer(200, misbehaviors.PAGE, misbehaviors.HTML),
        "a page called JSON": misbehaviors.answer(200, misbehaviors.PAGE, misbehaviors.JSON),
        "nothing": misbehaviors.answer(200, b"", misbehaviors.JSON),
        "no content": misbehaviors.say(b"HTTP/1.1 204 No Content\r\n\r\n"),
        "JSON nested without end": misbehaviors.answer(200, b"[" * 100_000, misbehaviors.JSON),
        "an array": misbehaviors.answer(200, b'[{"id": "%b"}]' % BAD.encode(), misbehaviors.JSON),
        "a string": misbehaviors.answer(200, b'"%b"' % CANARY.encode(), misbehaviors.JSON),
        "a log without an id": misbehaviors.answer(
            200, b'{"status": "%b"}' % CANARY.encode(), misbehaviors.JSON
        ),
        "5 MiB": misbehaviors.answer(200, HUGE, misbehaviors.JSON),
        "5 MiB in chunks": misbehaviors.answer_in_chunks(HUGE),
        "5 MiB without a length": misbehaviors.answer_until_the_end(HUGE),
        "a gzip bomb": misbehaviors.answer(200, misbehaviors.PACKED, {"Content-Encoding": "gzip"}),
        "a log that is packed twice": misbehaviors.answer(
            200, gzip.compress(gzip.compress(PLAIN)), {"Content-Encoding": "gzip, gzip"}
        ),
        "no gzip though it says so": misbehaviors.answer(
            200, misbehaviors.PAGE, {"Content-Encoding": "gzip"}
        ),
        "an encoding that wasn't requested": misbehaviors.answer(
            200, b"\x0b\x02\x80", {"Content-Encoding": "br"}
        ),
    }
)
assert len(HUGE) > 5 * misbehaviors.MEBIBYTE


@pytest_asyncio.fixture(loop_scope="module")
async def elsewhere() -> AsyncIterator[FaultServer]:
    """Another host, which must get no request."""
    async with FaultServer(
        act=misbehaviors.answer(200, json.dumps(LOG).encode(), misbehaviors.JSON)
    ) as server:
        yield server


@pytest.mark.parametrize("act", NO_LOGS.values(), ids=NO_LOGS.keys())
async def test_an_invalid_response_is_not_retried_and_reported(outside: Outside, act: Act) -> None:
    asked = outside.signalwire.count(BAD)
    outside.signalwire.always(BAD, act)
    message = await outside.look_up(BAD)

    assert message.text.startswith(UNREADABLE)
    assert outside.signalwire.count(BAD) - asked == 1
    await outside.assert_works()


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(
    outside: Outside, elsewhere: FaultServer, status: int
) -> None:
    asked = outside.signalwire.count(BAD)
    location = {"Location": f"{elsewhere.url}/{CANARY}"}
    outside.signalwire.always(BAD, misbehaviors.refuse(status, location))
    message = await outside.look_up(BAD)

    assert message.text.startswith(UNREADABLE)
    assert outside.signalwire.count(BAD) - asked == 1
    assert elsewhere.connections == 0
    assert elsewhere.host not in outside.world.log.getvalue()
    await outside.assert_works()


@pytest.mark.parametrize(
    ("status", "asked", "title"),
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
    outside: Outside, status: int, asked: int, title: str, body: bytes
) -> None:
    before = outside.signalwire.count(BAD)
    outside.signalwire.always(BAD, misbehaviors.answer(status, body, misbehaviors.HTML))
    message = await outside.look_up(BAD)

    assert message.text.startswith(title)
    assert outside.signalwire.count(BAD) - before == asked
    await outside.assert_works()


async def test_a_404_in_html_is_not_reported_as_not_found(outside: Outside) -> None:
    outside.signalwire.always(BAD, misbehaviors.refuse(404))
    message = await outside.look_up(BAD)

    assert message.text.startswith(error_texts.SPACE_NOT_FOUND.title)
    await outside.assert_works()


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("status", [429, 502, 503, 504])
async def test_a_temporary_status_is_retried(outside: Outside, status: int, times: int) -> None:
    outside.signalwire.plan(DOCUMENTED, [misbehaviors.refuse(status)] * times)
    await outside.assert_works()


@pytest.mark.parametrize("field", sorted(LOG.keys() - {"id"}))
async def test_a_field_of_the_wrong_type_does_not_hide_the_others(
    outside: Outside, field: str
) -> None:
    answers = [json.dumps({**LOG, field: wrong}).encode() for wrong in WRONG]
    outside.signalwire.plan(
        DOCUMENTED, [misbehaviors.answer(200, body, misbehaviors.JSON) for body in answers]
    )
    for body in answers:
        message = await outside.look_up(DOCUMENTED)
        assert DOCUMENTED in message.text, body
        assert ("+1 206-555-1212" in message.text) is (field != "from"), body
        assert ("$0.01" in message.text) is (field != "charge"), body
    await outside.assert_works()


@pytest.mark.parametrize("wrong", [None, True, [], {}, ""], ids=repr)
async def test_a_log_whose_id_has_the_wrong_type_is_invalid(
    outside: Outside, wrong: JsonValue
) -> None:
    body = json.dumps({**LOG, "id": wrong}).encode()
    outside.signalwire.always(BAD, misbehaviors.answer(200, body, misbehaviors.JSON))
    message = await outside.look_up(BAD)

    assert message.text.startswith(UNREADABLE)
    await outside.assert_works()


async def test_a_surplus_response_is_not_taken_for_the_next_one(
    outside: Outside,
) -> None:
    leftover = json.dumps({**LOG, "id": BAD, "status": CANARY}).encode()
    sent = asyncio.Event()

    async def answer_twice(wire: Wire) -> None:
        await wire.send(await wire.fetch())
        await asyncio.sleep(0.1)  # so that the connection is at rest, and may be used again
        await misbehaviors.answer(200, leftover, misbehaviors.JSON)(wire)
        sent.set()

    await outside.signalwire.drop()
    outside.signalwire.plan(DOCUMENTED, [answer_twice])
    await outside.assert_works()
    await sent.wait()
    message = await outside.look_up(ENDED)

    assert message.text.startswith(UNREADABLE)
    await outside.signalwire.drop()
    await outside.assert_works()
