"""SignalWire is slow, and Slack fails to take the progress message."""

from collections.abc import Mapping
from types import MappingProxyType

import pytest

from tests.integration.harness import last_message
from tests.network import misbehaviors
from tests.network.faulty_server import Act
from tests.network.harness import Outside
from tests.support.samples import DOCUMENTED

STUMBLES: Mapping[str, Act] = MappingProxyType(
    {
        "not taken: 429": misbehaviors.ask_to_wait(429, "1"),
        "not taken: 503": misbehaviors.refuse(503),
        "not taken: not ok": misbehaviors.answer(200, b'{"ok": false, "error": "no_text"}'),
        "not taken: reset": misbehaviors.reset,
        "not taken: cut off": misbehaviors.hang_up_in_the_body,
        "taken: reset": misbehaviors.once_taken(misbehaviors.reset),
        "taken: cut off": misbehaviors.once_taken(misbehaviors.hang_up_in_the_body),
        "taken: no HTTP": misbehaviors.once_taken(misbehaviors.say(b"OK")),
    }
)


@pytest.mark.parametrize("act", STUMBLES.values(), ids=STUMBLES.keys())
async def test_the_reply_follows_whatever_happened_to_the_progress_message(
    hasty: Outside, act: Act
) -> None:
    hasty.signalwire.plan(DOCUMENTED, [misbehaviors.stall])
    posts = hasty.slack.count("/response/")
    hasty.slack.plan("/response/", [act])
    interaction = await hasty.world.type(DOCUMENTED)

    assert last_message(interaction).text.startswith("Completed · 10 s")
    assert hasty.slack.count("/response/") - posts == 2, "the word isn't worth a second try"
    await hasty.assert_works()
