"""SignalWire sends a Retry-After, valid or not: no user waits long, and each gets a message."""

from datetime import timedelta
from email.utils import format_datetime

import pytest

from bot.ui import errors as error_texts
from tests.network import misbehaviors
from tests.network.harness import BAD, FaultyNetwork
from tests.support.samples import DOCUMENTED, NOW

SLOW_DOWN = f"{error_texts.RATE_LIMITED.title}."
SHORT = {
    "no seconds": ("0", "Try again in 1 second."),
    "two seconds": ("2", "Try again in 2 seconds."),
    "a blank before it": ("  2", "Try again in 2 seconds."),
    "leading zeros": ("0002", "Try again in 2 seconds."),
    "a date in two seconds": (
        format_datetime(NOW + timedelta(seconds=2)),
        "Try again in 2 seconds.",
    ),
    "a date that is past": ("Wed, 21 Oct 2015 07:28:00 GMT", "Try again in 1 second."),
    "the epoch": ("Thu, 01 Jan 1970 00:00:00 GMT", "Try again in 1 second."),
}
LONG = {
    "two minutes": ("120", "Try again in 2 minutes."),
    "a day": ("86400", "Try again in 24 hours."),
    "a date tomorrow": (format_datetime(NOW + timedelta(days=1)), "Try again in 24 hours."),
}
INVALID = {
    "nothing": "",
    "blanks": "   ",
    "a negative number": "-5",
    "a fraction": "1.5",
    "an exponent": "1e3",
    "NaN": "NaN",
    "infinity": "inf",
    "many digits": "9" * 400,
    "more digits than Python reads": "9" * 5000,
    "a superscript": "²",
    "a word": "soon",
    "two values": "1, 2",
    "a date without a time": "21 Oct 2015",
    "an impossible date": "Wed, 31 Feb 2026 25:61:61 GMT",
    "a year of five digits": "Fri, 31 Dec 99999 23:59:59 GMT",
    "an impossible time zone": "Mon, 02 Nov 2026 15:30:02 +9999",
}
ACCEPTABLE = {**{name: pause for name, (pause, _) in SHORT.items()}, **INVALID}
ABSURD = {
    "31 years": "999999999",
    "the last date": "Fri, 31 Dec 9999 23:59:59 GMT",
}


async def assert_user_is_told(
    network: FaultyNetwork, pause: str, words: str, *, requests: int
) -> None:
    """Assert that the message says how long to wait, after so many requests."""
    before = network.signalwire.count(BAD)
    network.signalwire.always(BAD, misbehaviors.respond_with_retry_after(429, pause))
    message = await network.look_up(BAD)

    assert message.text.startswith(SLOW_DOWN)
    assert words in message.text
    assert network.signalwire.count(BAD) - before == requests
    await network.assert_works()


@pytest.mark.parametrize(("pause", "words"), SHORT.values(), ids=SHORT.keys())
async def test_a_short_retry_after_is_honored_and_the_last_one_reported(
    network: FaultyNetwork, pause: str, words: str
) -> None:
    await assert_user_is_told(network, pause, words, requests=3)


@pytest.mark.parametrize(("pause", "words"), LONG.values(), ids=LONG.keys())
async def test_a_long_retry_after_is_reported_and_not_waited_for(
    network: FaultyNetwork, pause: str, words: str
) -> None:
    await assert_user_is_told(network, pause, words, requests=1)


@pytest.mark.parametrize("pause", INVALID.values(), ids=INVALID.keys())
async def test_an_unreadable_retry_after_is_ignored(network: FaultyNetwork, pause: str) -> None:
    await assert_user_is_told(network, pause, "Try again in a minute.", requests=3)


@pytest.mark.parametrize("pause", ABSURD.values(), ids=ABSURD.keys())
async def test_an_absurd_retry_after_is_neither_honored_nor_reported(
    network: FaultyNetwork, pause: str
) -> None:
    await assert_user_is_told(network, pause, "Try again later.", requests=1)


@pytest.mark.parametrize("pause", ACCEPTABLE.values(), ids=ACCEPTABLE.keys())
@pytest.mark.parametrize("status", [429, 503])
async def test_a_single_retry_after_ends_in_the_card(
    network: FaultyNetwork, status: int, pause: str
) -> None:
    network.signalwire.plan(DOCUMENTED, [misbehaviors.respond_with_retry_after(status, pause)])
    await network.assert_works()
