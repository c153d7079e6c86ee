"""SignalWire stops sending or is slow: requests time out, and other users don't wait."""

from collections.abc import AsyncIterator, Mapping
from typing import Final

import pytest
import pytest_asyncio

from bot.signalwire.client import RetryPolicy
from bot.ui import errors as error_texts
from tests.network import misbehaviors
from tests.network.faulty_server import Behavior
from tests.network.harness import BAD, FaultyNetwork, open_network
from tests.support.reading import last_message, message_below_notice
from tests.support.samples import DOCUMENTED

UNAVAILABLE = f"{error_texts.UNAVAILABLE.title}."
CARD = "Completed · 10 s"
SHORT_TIMEOUTS = RetryPolicy(total_seconds=1.2, response_seconds=0.4)
"""At least 0.4 s for each attempt, which suffices on a busy machine."""
INTERVAL_SECONDS = 0.02
"""Between two bytes; many arrive before the deadline."""

SLOW: Mapping[str, Behavior] = {
    **misbehaviors.STALLS,
    "a header that drips": misbehaviors.drip_headers(INTERVAL_SECONDS),
    "a body that drips": misbehaviors.drip_body(INTERVAL_SECONDS),
    "hints without end": misbehaviors.send_early_hints(INTERVAL_SECONDS),
    "a length too long": misbehaviors.respond(200, b'{"id": "1"}', length=500),
}
REJECTED: Final[Mapping[str, Behavior]] = {
    "429": misbehaviors.respond_with_retry_after(429, "1"),
    "503": misbehaviors.respond_with_page(503),
    "not ok": misbehaviors.respond(200, b'{"ok": false, "error": "no_text"}'),
    "reset": misbehaviors.reset,
    "closed": misbehaviors.close,
    "accepted, and reset": misbehaviors.after_handling(misbehaviors.reset),
    "accepted, and no HTTP": misbehaviors.after_handling(misbehaviors.OTHER_PROTOCOL),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened_network() -> AsyncIterator[FaultyNetwork]:
    """The bot with a time limit of about a second, and a progress message before it."""
    async with open_network(retry_policy=SHORT_TIMEOUTS, progress_after=0.1) as opened:
        yield opened


@pytest.mark.parametrize("behavior", SLOW.values(), ids=SLOW.keys())
async def test_a_card_is_shown_after_one_slow_response(
    network: FaultyNetwork, behavior: Behavior
) -> None:
    network.signalwire.plan(DOCUMENTED, [behavior])
    before = network.signalwire.count(DOCUMENTED)
    message = await network.look_up(DOCUMENTED)

    assert message.text.startswith(CARD)
    assert network.signalwire.count(DOCUMENTED) - before == 2
    await network.assert_works()


async def test_a_connection_that_is_not_accepted_times_out(network: FaultyNetwork) -> None:
    before = network.signalwire.count(DOCUMENTED)
    async with network.signalwire.not_accepting_connections():
        message = await network.look_up(DOCUMENTED)

    assert network.signalwire.count(DOCUMENTED) == before
    assert message.text.startswith(UNAVAILABLE)
    assert "no response" in message.text
    await network.assert_works()


async def test_a_lookup_that_hangs_does_not_delay_other_users(network: FaultyNetwork) -> None:
    network.signalwire.always(BAD, misbehaviors.stall)
    interaction = await network.world.slack.command(BAD, user_id="U0FIRST")
    found = await network.world.slack.command(DOCUMENTED, user_id="U0SECOND")
    card = await found.wait_for_message()

    assert card.text.startswith(CARD)
    assert interaction.accepted == [], "the first lookup should still be running"
    await network.world.idle()
    assert message_below_notice(interaction).text.startswith(UNAVAILABLE)


@pytest.mark.parametrize("behavior", REJECTED.values(), ids=REJECTED.keys())
async def test_the_reply_follows_whatever_happened_to_the_progress_message(
    network: FaultyNetwork, behavior: Behavior
) -> None:
    network.signalwire.plan(DOCUMENTED, [misbehaviors.stall])
    posts = network.slack.count("/response/")
    network.slack.plan("/response/", [behavior])
    interaction = await network.world.type(DOCUMENTED)

    assert last_message(interaction).text.startswith(CARD)
    assert network.slack.count("/response/") - posts == 2, "the notice isn't posted again"
    await network.assert_works()
