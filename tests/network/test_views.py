"""Slack's Web API fails to open or update a view: the user gets a message.

tests/unit/slack/test_views.py has other responses; here is what depends on the HTTP library.
"""

from collections.abc import Mapping
from typing import Final

import pytest
from pydantic import JsonValue

from bot.dev.emulator.slack.workspace import RecordedInteraction
from bot.ui import errors as error_texts
from bot.ui import notices
from tests.e2e.bot_process import MEBIBYTE
from tests.network import misbehaviors
from tests.network.faulty_server import Behavior
from tests.network.harness import FaultyNetwork
from tests.support.reading import is_loaded, only
from tests.support.samples import CANARY, DOCUMENTED

OPEN, UPDATE = "views.open", "views.update"

REJECTED: Final[Mapping[str, Behavior]] = {
    "429": misbehaviors.respond_with_page(429),
    "429 for many digits": misbehaviors.respond_with_retry_after(429, "9" * 400),
    "500": misbehaviors.respond_with_page(500),
}
"""Slack reports that it did nothing."""
UNCONFIRMED: Final[Mapping[str, Behavior]] = {
    **misbehaviors.DISCONNECTS,
    "another protocol": misbehaviors.OTHER_PROTOCOL,
    "a header too long": misbehaviors.LONG_HEADER,
    "502 with a page": misbehaviors.respond_with_page(502),
}
"""Slack may have done it."""
INVALID: Final[Mapping[str, Behavior]] = {
    "5 MiB": misbehaviors.respond(200, bytes(5 * MEBIBYTE)),
    "no gzip though it says so": misbehaviors.respond(
        200, misbehaviors.PAGE, {"Content-Encoding": "gzip"}
    ),
    "a redirect": misbehaviors.respond_with_page(307, {"Location": f"/{CANARY}"}),
}
TRANSIENT: Final = {**REJECTED, **UNCONFIRMED}
FAULTS: Final = {**TRANSIENT, **INVALID}
each = pytest.mark.parametrize("behavior", FAULTS.values(), ids=FAULTS.keys())


@pytest.fixture
def user_id(network: FaultyNetwork) -> str:
    """A user without an open modal."""
    return f"U0USER{network.world.slack.number()}"


async def details(network: FaultyNetwork, user_id: str) -> RecordedInteraction:
    """Click **Details** on a card."""
    card = await network.look_up(DOCUMENTED, user_id=user_id)
    return await network.world.click(card, user_id=user_id)


async def assert_opens(network: FaultyNetwork, user_id: str) -> None:
    """Assert that **Details** opens the modal."""
    assert (await details(network, user_id)).posts == []
    assert is_loaded(network.world.modal(user_id))


def events(network: FaultyNetwork, since: int) -> list[JsonValue]:
    """Return the events of warnings and errors since the log had so many lines."""
    return [line["event"] for line in network.warnings(since)]


@each
@pytest.mark.parametrize(
    ("method", "title"),
    [(OPEN, notices.MODAL_FAILED), (UPDATE, error_texts.INTERNAL_ERROR.title)],
)
async def test_a_modal_that_fails_is_reported_and_opens_at_the_next_click(
    network: FaultyNetwork, user_id: str, method: str, title: str, behavior: Behavior
) -> None:
    since, opened = len(network.world.log.lines()), network.slack.count(OPEN)
    network.slack.always(method, behavior)
    interaction = await details(network, user_id)

    assert title in only(interaction).text
    assert network.slack.count(OPEN) - opened == 1, "a trigger_id opens one modal"
    assert set(events(network, since)) == {"view.failed"}
    network.assert_no_secrets(interaction)
    network.slack.clear_plans()
    await assert_opens(network, user_id)


@pytest.mark.parametrize(
    "behaviors",
    [
        *([behavior] * 2 for behavior in TRANSIENT.values()),
        *([misbehaviors.after_handling(behavior)] for behavior in UNCONFIRMED.values()),
    ],
)
async def test_a_modal_is_filled_despite_failed_updates_and_lost_responses(
    network: FaultyNetwork, user_id: str, behaviors: list[Behavior]
) -> None:
    since = len(network.world.log.lines())
    network.slack.plan(UPDATE, behaviors)
    await assert_opens(network, user_id)
    assert events(network, since) == []
    assert "view.failed" not in [line["event"] for line in network.world.log.lines()[since:]]
