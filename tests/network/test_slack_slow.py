"""SignalWire is slow, and Slack doesn't accept the progress message."""

from collections.abc import Mapping
from types import MappingProxyType

import pytest

from tests.integration.harness import last_message
from tests.network import misbehaviors
from tests.network.faulty_server import Behavior
from tests.network.harness import FaultyNetwork
from tests.support.samples import DOCUMENTED

PROGRESS_FAULTS: Mapping[str, Behavior] = MappingProxyType(
    {
        "not accepted: 429": misbehaviors.respond_with_retry_after(429, "1"),
        "not accepted: 503": misbehaviors.respond_with_page(503),
        "not accepted: not ok": misbehaviors.respond(200, b'{"ok": false, "error": "no_text"}'),
        "not accepted: reset": misbehaviors.reset,
        "not accepted: closed": misbehaviors.close_in_the_body,
        "accepted: reset": misbehaviors.after_handling(misbehaviors.reset),
        "accepted: closed": misbehaviors.after_handling(misbehaviors.close_in_the_body),
        "accepted: no HTTP": misbehaviors.after_handling(misbehaviors.send_bytes(b"OK")),
    }
)


@pytest.mark.parametrize("behavior", PROGRESS_FAULTS.values(), ids=PROGRESS_FAULTS.keys())
async def test_the_reply_follows_whatever_happened_to_the_progress_message(
    short_timeout_network: FaultyNetwork, behavior: Behavior
) -> None:
    short_timeout_network.signalwire.plan(DOCUMENTED, [misbehaviors.stall])
    posts = short_timeout_network.slack.count("/response/")
    short_timeout_network.slack.plan("/response/", [behavior])
    interaction = await short_timeout_network.world.type(DOCUMENTED)

    assert last_message(interaction).text.startswith("Completed · 10 s")
    assert short_timeout_network.slack.count("/response/") - posts == 2, (
        "the notice isn't posted again"
    )
    await short_timeout_network.assert_works()
