"""SignalWire stops sending or is slow: requests time out, and other users don't wait."""

from collections.abc import Mapping
from typing import Final

import pytest

from bot.ui import errors as error_texts
from tests.integration.harness import last_message, message_below_notice
from tests.network import misbehaviors
from tests.network.faulty_server import Behavior
from tests.network.harness import BAD, FaultyNetwork
from tests.support.samples import DOCUMENTED

UNAVAILABLE = f"{error_texts.UNAVAILABLE.title}."
CARD = "Completed · 10 s"
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


@pytest.mark.parametrize("behavior", SLOW.values(), ids=SLOW.keys())
async def test_a_card_is_shown_after_one_slow_response(
    short_timeout_network: FaultyNetwork, behavior: Behavior
) -> None:
    short_timeout_network.signalwire.plan(DOCUMENTED, [behavior])
    before = short_timeout_network.signalwire.count(DOCUMENTED)
    message = await short_timeout_network.look_up(DOCUMENTED)

    assert message.text.startswith(CARD)
    assert short_timeout_network.signalwire.count(DOCUMENTED) - before == 2
    await short_timeout_network.assert_works()


async def test_a_connection_that_is_not_accepted_times_out(
    short_timeout_network: FaultyNetwork,
) -> None:
    before = short_timeout_network.signalwire.count(DOCUMENTED)
    async with short_timeout_network.signalwire.not_accepting_connections():
        message = await short_timeout_network.look_up(DOCUMENTED)

    assert short_timeout_network.signalwire.count(DOCUMENTED) == before
    assert message.text.startswith(UNAVAILABLE)
    assert "no response" in message.text
    await short_timeout_network.assert_works()


async def test_a_lookup_that_hangs_does_not_delay_other_users(
    short_timeout_network: FaultyNetwork,
) -> None:
    short_timeout_network.signalwire.always(BAD, misbehaviors.stall)
    interaction = await short_timeout_network.world.slack.command(BAD, user_id="U0FIRST")
    found = await short_timeout_network.world.slack.command(DOCUMENTED, user_id="U0SECOND")
    card = await found.wait_for_message()

    assert card.text.startswith(CARD)
    assert interaction.accepted == [], "the first lookup should still be running"
    await short_timeout_network.world.idle()
    assert message_below_notice(interaction).text.startswith(UNAVAILABLE)


@pytest.mark.parametrize("behavior", REJECTED.values(), ids=REJECTED.keys())
async def test_the_reply_follows_whatever_happened_to_the_progress_message(
    short_timeout_network: FaultyNetwork, behavior: Behavior
) -> None:
    network = short_timeout_network
    network.signalwire.plan(DOCUMENTED, [misbehaviors.stall])
    posts = network.slack.count("/response/")
    network.slack.plan("/response/", [behavior])
    interaction = await network.world.type(DOCUMENTED)

    assert last_message(interaction).text.startswith(CARD)
    assert network.slack.count("/response/") - posts == 2, "the notice isn't posted again"
    await network.assert_works()
