"""Slack rejects a reply, or doesn't confirm it: the reply isn't lost.

tests/unit/slack/test_response_url.py has all statuses; here is what depends on the HTTP library.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import repeat
from typing import Final

import pytest
from pydantic import JsonValue

from bot.ui import actions
from tests.e2e.bot_process import MEBIBYTE
from tests.network import misbehaviors
from tests.network.faulty_server import Behavior
from tests.network.harness import FaultyNetwork
from tests.support.samples import CANARY, DOCUMENTED, ENDED

REPLIES: Final = "/response/"
CARD: Final = "Completed · 10 s"
GZIP: Final = {"Content-Encoding": "gzip"}
BOMB: Final = misbehaviors.GZIP_BOMB
LARGE: Final = bytes(5 * MEBIBYTE)

TRANSIENT: Final[Mapping[str, Behavior]] = {
    "429": misbehaviors.respond_with_page(429),
    "429 for more digits than Python reads": misbehaviors.respond_with_retry_after(429, "9" * 5000),
    "429 for a superscript": misbehaviors.respond_with_retry_after(429, "²"),
    "500 of 5 MiB": misbehaviors.respond(500, LARGE),
    "a bomb with 503": misbehaviors.respond(503, BOMB, GZIP),
}
"""Not accepted; a retry may succeed."""
PERMANENT: Final[Mapping[str, Behavior]] = {
    "307": misbehaviors.respond_with_page(307, {"Location": f"/{CANARY}"}),
    "404 used_url": misbehaviors.respond(404, b"used_url"),
}
"""Not accepted; a retry would fail as well. By the reason in the log."""
UNCONFIRMED: Final[Mapping[str, Behavior]] = {
    **misbehaviors.DISCONNECTS,
    "another protocol": misbehaviors.OTHER_PROTOCOL,
    "a header too long": misbehaviors.LONG_HEADER,
    "a gateway without a response": misbehaviors.respond_with_page(502),
    "a length that is no number": misbehaviors.send_bytes(
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n"
    ),
}
"""No response, or an unclear one: the message may have been accepted."""
ACCEPTED: Final[Mapping[str, Behavior]] = {
    "5 MiB": misbehaviors.respond(200, LARGE),
    "a bomb": misbehaviors.respond(200, BOMB, GZIP),
    "no gzip though it says so": misbehaviors.respond(200, misbehaviors.PAGE, GZIP),
    "an encoding that wasn't requested": misbehaviors.respond(
        200, misbehaviors.PAGE, {"Content-Encoding": "br"}
    ),
}
each_unconfirmed = pytest.mark.parametrize("behavior", UNCONFIRMED.values(), ids=UNCONFIRMED.keys())


@dataclass(frozen=True)
class Outcome:
    """What a user sees of a lookup, the number of posts, and the warnings."""

    shown: list[str]
    posts: int
    warnings: list[tuple[JsonValue, JsonValue]]


async def look_up(network: FaultyNetwork, behaviors: Iterable[Behavior]) -> Outcome:
    """Look up a log while Slack responds to replies like this, and once more without that."""
    since, posts = len(network.world.log.lines()), network.slack.count(REPLIES)
    network.slack.plan(REPLIES, behaviors)
    interaction = await network.world.type(DOCUMENTED)
    outcome = Outcome(
        [message.text.partition("\n")[0] for message in interaction.messages],
        network.slack.count(REPLIES) - posts,
        [(line["event"], line.get("reason")) for line in network.warnings(since)],
    )
    network.slack.clear_plans()
    await network.assert_works()
    return outcome


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("behavior", TRANSIENT.values(), ids=TRANSIENT.keys())
async def test_a_temporary_error_is_retried_without_a_log_line(
    network: FaultyNetwork, behavior: Behavior, times: int
) -> None:
    assert await look_up(network, [behavior] * times) == Outcome([CARD], times + 1, [])


@pytest.mark.parametrize("behavior", [*TRANSIENT.values(), *UNCONFIRMED.values()])
async def test_a_persistent_error_is_logged_once_after_three_attempts(
    network: FaultyNetwork, behavior: Behavior
) -> None:
    outcome = await look_up(network, repeat(behavior))

    assert (outcome.shown, outcome.posts) == ([], 3)
    ((event, reason),) = outcome.warnings
    assert event == "reply.failed"
    assert str(reason).isalnum(), "only a status or the name of a class"


@pytest.mark.parametrize("reason", PERMANENT)
async def test_a_permanent_rejection_is_logged_once_and_not_retried(
    network: FaultyNetwork, reason: str
) -> None:
    outcome = await look_up(network, repeat(PERMANENT[reason]))
    assert outcome == Outcome([], 1, [("reply.failed", reason)])


@pytest.mark.parametrize("times", [1, 2])
@each_unconfirmed
@pytest.mark.parametrize("is_accepted", [True, False], ids=["accepted", "not accepted"])
async def test_a_message_that_may_be_delivered_is_posted_again(
    network: FaultyNetwork, behavior: Behavior, times: int, *, is_accepted: bool
) -> None:
    handled = misbehaviors.after_handling(behavior) if is_accepted else behavior
    # A command's response_url replaces nothing, so a message that did arrive is there twice.
    shown = [CARD] * (times + 1 if is_accepted else 1)
    assert await look_up(network, [handled] * times) == Outcome(shown, times + 1, [])


@each_unconfirmed
async def test_a_public_message_that_may_be_delivered_is_not_posted_again(
    network: FaultyNetwork, behavior: Behavior
) -> None:
    card = await network.look_up(ENDED)
    posts = network.slack.count(REPLIES)
    network.slack.plan(REPLIES, [misbehaviors.after_handling(behavior)])
    interaction = await network.world.slack.click(card, actions.SHARE)
    await network.world.idle()

    (public,) = [each for each in interaction.messages if each.response_type == "in_channel"]
    assert public.edits == 0
    assert network.slack.count(REPLIES) - posts == 2, "the card, and the note that it is shared"
    await network.assert_works()


async def test_a_refused_connection_to_slack_is_retried(network: FaultyNetwork) -> None:
    async with network.slack.refusing_connections():
        since = len(network.world.log.lines())
        interaction = await network.world.type(DOCUMENTED)

    assert interaction.posts == []
    (line,) = network.warnings(since)
    assert (line["event"], line["reason"]) == ("reply.failed", "ClientConnectorError")
    await network.assert_works()


@pytest.mark.parametrize("behavior", ACCEPTED.values(), ids=ACCEPTED.keys())
async def test_a_200_is_a_success_whatever_the_body(
    network: FaultyNetwork, behavior: Behavior
) -> None:
    handled = misbehaviors.after_handling(behavior)
    assert await look_up(network, [handled]) == Outcome([CARD], 1, [])
