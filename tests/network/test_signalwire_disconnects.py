"""SignalWire refuses connections, disconnects or sends invalid HTTP: the user gets one message."""

from collections.abc import Mapping
from typing import Final

import pytest

from bot.ui import errors as error_texts
from tests.network import misbehaviors
from tests.network.faulty_server import Behavior, Connection
from tests.network.harness import BAD, FaultyNetwork
from tests.support.samples import CANARY, DOCUMENTED

UNAVAILABLE = f"{error_texts.UNAVAILABLE.title}."
OK: Final = b"HTTP/1.1 200 OK\r\n"
INVALID: Final[Mapping[str, bytes]] = {
    "another protocol": b"SSH-2.0-OpenSSH_9.6\r\n",
    "an alert of TLS": b"\x15\x03\x01\x00\x02\x02\x46",
    "a bad status line": b"HTTP/1.1 two hundred\r\n\r\n",
    "a status of five digits": b"HTTP/1.1 20000 OK\r\nContent-Length: 0\r\n\r\n",
    "an unknown version": b"HTTP/9.9 200 OK\r\nContent-Length: 0\r\n\r\n",
    "a negative length": OK + b"Content-Length: -5\r\n\r\n{}",
    "two lengths": OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "a length too short": OK + b'Content-Length: 9\r\n\r\n{"id": "%b"}' % CANARY.encode(),
    "a header without a colon": OK + b"nonsense\r\n\r\n{}",
    "headers without end": OK + b"X-More: more\r\n" * 20_000,
    "a header too long": OK + b"X-Long: " + b"x" * 70_000 + b"\r\n\r\n",
    "a chunk without a size": OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n",
    "random bytes": bytes(range(256)) * 4,
}
FAULTS: Final[Mapping[str, Behavior]] = {
    **misbehaviors.DISCONNECTS,
    **{name: misbehaviors.send_bytes(data) for name, data in INVALID.items()},
}
each = pytest.mark.parametrize("behavior", FAULTS.values(), ids=FAULTS.keys())


@each
async def test_a_disconnect_is_retried_up_to_three_attempts(
    network: FaultyNetwork, behavior: Behavior
) -> None:
    before = network.signalwire.count(BAD)
    network.signalwire.always(BAD, behavior)
    message = await network.look_up(BAD)

    assert message.text.startswith(UNAVAILABLE)
    assert "tried three times" in message.text
    assert network.signalwire.count(BAD) - before >= 3
    await network.assert_works()


@each
@pytest.mark.parametrize("times", [1, 2])
async def test_a_card_is_shown_if_signalwire_recovers_in_time(
    network: FaultyNetwork, behavior: Behavior, times: int
) -> None:
    network.signalwire.plan(DOCUMENTED, [behavior] * times)
    await network.assert_works()


@pytest.mark.parametrize("surplus", [b"}", b"HTTP/1.1 200 OK\r\n\r\n" + CANARY.encode()], ids=repr)
async def test_bytes_after_a_response_break_no_lookup(
    network: FaultyNetwork, surplus: bytes
) -> None:
    async def send_surplus(connection: Connection) -> None:
        await connection.send(await connection.app_response() + surplus)
        connection.keep_alive = True

    network.signalwire.plan(DOCUMENTED, [send_surplus])
    await network.assert_works()
    await network.assert_works()


async def test_a_refused_connection_is_retried_up_to_three_attempts(network: FaultyNetwork) -> None:
    async with network.signalwire.refusing_connections():
        message = await network.look_up(DOCUMENTED)
    assert message.text.startswith(UNAVAILABLE)
    assert "tried three times" in message.text
    await network.assert_works()
