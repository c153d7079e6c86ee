"""SignalWire refuses connections, disconnects or sends garbage: the user gets one message."""

import ssl
from collections.abc import Mapping
from types import MappingProxyType

import pytest
import trustme

from bot.ui import errors as error_texts
from tests.network import misbehaviors
from tests.network.faulty_server import Act, Wire
from tests.network.harness import BAD, Outside
from tests.support.samples import CANARY, DOCUMENTED

UNAVAILABLE = f"{error_texts.UNAVAILABLE.title}."
NONSENSE: Mapping[str, Act] = MappingProxyType(
    {
        "another protocol": misbehaviors.OTHER_PROTOCOL,
        "a bad status line": misbehaviors.say(b"HTTP/1.1 two hundred\r\n\r\n"),
        "a status of five digits": misbehaviors.say(
            b"HTTP/1.1 20000 OK\r\nContent-Length: 0\r\n\r\n"
        ),
        "a version nobody knows": misbehaviors.say(b"HTTP/9.9 200 OK\r\nContent-Length: 0\r\n\r\n"),
        "a negative length": misbehaviors.say(b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n{}"),
        "two lengths": misbehaviors.say(
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}"
        ),
        "a header without a colon": misbehaviors.say(b"HTTP/1.1 200 OK\r\nnonsense\r\n\r\n{}"),
        "headers without end": misbehaviors.say(
            b"HTTP/1.1 200 OK\r\n" + b"X-More: more\r\n" * 20_000
        ),
        "a header too long": misbehaviors.LONG_HEADER,
        "a chunk without a size": misbehaviors.say(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n"
        ),
        "a length too short": misbehaviors.answer(200, b'{"id": "%b"}' % CANARY.encode(), length=9),
        "bytes without meaning": misbehaviors.say(bytes(range(256)) * 4),
    }
)
FAULTS = {**misbehaviors.BREAKS, **NONSENSE}
each = pytest.mark.parametrize("act", FAULTS.values(), ids=FAULTS.keys())


@each
async def test_a_disconnect_is_retried_up_to_three_attempts(outside: Outside, act: Act) -> None:
    asked = outside.signalwire.count(BAD)
    outside.signalwire.always(BAD, act)
    message = await outside.look_up(BAD)

    assert message.text.startswith(UNAVAILABLE)
    assert "tried three times" in message.text
    assert outside.signalwire.count(BAD) - asked >= 3
    await outside.assert_works()


@each
@pytest.mark.parametrize("times", [1, 2])
async def test_a_card_is_shown_if_signalwire_recovers_in_time(
    outside: Outside, act: Act, times: int
) -> None:
    outside.signalwire.plan(DOCUMENTED, [act] * times)
    await outside.assert_works()


@pytest.mark.parametrize("surplus", [b"}", b"HTTP/1.1 200 OK\r\n\r\n" + CANARY.encode()], ids=repr)
async def test_bytes_after_a_response_spoil_no_lookup(outside: Outside, surplus: bytes) -> None:
    async def talk_on(wire: Wire) -> None:
        await wire.send(await wire.fetch() + surplus)
        wire.stays_open = True

    outside.signalwire.plan(DOCUMENTED, [talk_on])
    await outside.assert_works()
    await outside.assert_works()


async def test_a_refused_connection_is_retried_up_to_three_attempts(outside: Outside) -> None:
    async with outside.signalwire.away():
        message = await outside.look_up(DOCUMENTED)

    assert message.text.startswith(UNAVAILABLE)
    assert "tried three times" in message.text
    await outside.assert_works()


async def test_tls_on_a_plain_port_is_retried_up_to_three_attempts(
    outside: Outside,
) -> None:
    outside.signalwire.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(outside.signalwire.tls)
    await outside.signalwire.drop()
    message = await outside.look_up(DOCUMENTED)
    outside.signalwire.tls = None

    assert message.text.startswith(UNAVAILABLE)
    assert "tried three times" in message.text
    await outside.assert_works()
