"""SignalWire stops sending or is slow: requests time out, and other users don't wait."""

from collections.abc import Mapping
from types import MappingProxyType

import pytest

from bot.ui import errors as error_texts
from tests.integration.harness import message_below_notice
from tests.network import misbehaviors
from tests.network.faulty_server import Act
from tests.network.harness import BAD, Outside
from tests.support.samples import DOCUMENTED

UNAVAILABLE = f"{error_texts.UNAVAILABLE.title}."
CARD = "Completed · 10 s"
QUICKLY = 0.02
"""Seconds between two bytes; many arrive before the deadline."""

SLOW: Mapping[str, Act] = MappingProxyType(
    {
        "silence before the headers": misbehaviors.stall,
        "silence in the headers": misbehaviors.stall_in_the_headers,
        "silence in the body": misbehaviors.stall_in_the_body,
        "silence between chunks": misbehaviors.stall_between_chunks,
        "a header that drips": misbehaviors.drip_headers(QUICKLY),
        "a body that drips": misbehaviors.drip_body(QUICKLY),
        "hints without end": misbehaviors.hint(QUICKLY),
        "a length too long": misbehaviors.answer(200, b'{"id": "1"}', length=500),
    }
)


@pytest.mark.parametrize("act", SLOW.values(), ids=SLOW.keys())
async def test_a_slow_response_times_out(hasty: Outside, act: Act) -> None:
    hasty.signalwire.always(BAD, act)
    message = await hasty.look_up(BAD)

    assert message.text.startswith(UNAVAILABLE)
    assert "no response" in message.text
    await hasty.assert_works()


@pytest.mark.parametrize("act", SLOW.values(), ids=SLOW.keys())
async def test_a_card_is_shown_after_one_slow_response(hasty: Outside, act: Act) -> None:
    hasty.signalwire.plan(DOCUMENTED, [act])
    asked = hasty.signalwire.count(DOCUMENTED)
    message = await hasty.look_up(DOCUMENTED)

    assert message.text.startswith(CARD)
    assert hasty.signalwire.count(DOCUMENTED) - asked == 2
    await hasty.assert_works()


async def test_a_connection_that_is_not_accepted_times_out(hasty: Outside) -> None:
    asked = hasty.signalwire.count(DOCUMENTED)
    async with hasty.signalwire.swamped():
        message = await hasty.look_up(DOCUMENTED)

    assert hasty.signalwire.count(DOCUMENTED) == asked
    assert message.text.startswith(UNAVAILABLE)
    assert "no response" in message.text
    await hasty.assert_works()


async def test_a_lookup_that_hangs_does_not_delay_other_users(hasty: Outside) -> None:
    hasty.signalwire.always(BAD, misbehaviors.stall)
    interaction = await hasty.world.slack.command(BAD, user_id="U0FIRST")
    found = await hasty.world.slack.command(DOCUMENTED, user_id="U0SECOND")
    card = await found.wait_for_message()

    assert card.text.startswith(CARD)
    assert interaction.accepted == [], "the first one's lookup should still be under way"
    await hasty.world.idle()
    assert message_below_notice(interaction).text.startswith(UNAVAILABLE)
