"""SignalWire is slow, and Slack stumbles over the word that it is."""

from collections.abc import Mapping
from types import MappingProxyType

import pytest

from tests.faults import acts
from tests.faults.outside import Outside
from tests.faults.server import Act
from tests.scenario.world import DOCUMENTED, answer_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

STUMBLES: Mapping[str, Act] = MappingProxyType(
    {
        "not taken: 429": acts.ask_to_wait(429, "1"),
        "not taken: 503": acts.refuse(503),
        "not taken: not ok": acts.answer(200, b'{"ok": false, "error": "no_text"}'),
        "not taken: reset": acts.reset,
        "not taken: cut off": acts.hang_up_in_the_body,
        "taken: reset": acts.once_taken(acts.reset),
        "taken: cut off": acts.once_taken(acts.hang_up_in_the_body),
        "taken: no HTTP": acts.once_taken(acts.say(b"OK")),
    }
)


@pytest.mark.parametrize("act", STUMBLES.values(), ids=STUMBLES.keys())
async def test_the_answer_comes_whatever_became_of_that_word(hasty: Outside, act: Act) -> None:
    hasty.signalwire.plan(DOCUMENTED, [acts.stall])
    posts = hasty.slack.count("/response/")
    hasty.slack.plan("/response/", [act])
    exchange = await hasty.world.type(DOCUMENTED)

    assert answer_of(exchange).text.startswith("Completed · 9 s")
    assert hasty.slack.count("/response/") - posts == 2, "the word isn't worth a second try"
    await hasty.assert_works()
