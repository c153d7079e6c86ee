"""Slack rejects a reply, or doesn't confirm it: the reply isn't lost."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import pytest
from pydantic import JsonValue

from bot.dev.emulator.slack.workspace import RecordedInteraction
from bot.ui import actions
from tests.integration.harness import only
from tests.network import misbehaviors
from tests.network.faulty_server import Behavior
from tests.network.harness import FaultyNetwork
from tests.support.samples import CANARY, DOCUMENTED, ENDED

REPLIES = "/response/"
CARD = "Completed · 10 s"
FALSE = misbehaviors.respond(200, b'{"ok": false, "error": "no_text"}')

# Not accepted; a retry may succeed.
TRANSIENT: Mapping[str, Behavior] = MappingProxyType(
    {
        "429": misbehaviors.respond_with_page(429),
        "429 for no time": misbehaviors.respond_with_retry_after(429, "0"),
        "429 for a second": misbehaviors.respond_with_retry_after(429, "1"),
        "429 for a negative time": misbehaviors.respond_with_retry_after(429, "-5"),
        "429 for a time of many digits": misbehaviors.respond_with_retry_after(429, "9" * 400),
        "429 for more digits than Python reads": misbehaviors.respond_with_retry_after(
            429, "9" * 5000
        ),
        "429 for an infinite time": misbehaviors.respond_with_retry_after(429, "inf"),
        "429 for no number": misbehaviors.respond_with_retry_after(429, "NaN"),
        "429 for a superscript": misbehaviors.respond_with_retry_after(429, "²"),
        "429 for an empty time": misbehaviors.respond_with_retry_after(429, ""),
        "429 until a date": misbehaviors.respond_with_retry_after(
            429, "Fri, 31 Dec 9999 23:59:59 GMT"
        ),
        "500": misbehaviors.respond_with_page(500),
        "503": misbehaviors.respond_with_page(503),
        "500 of 5 MiB": misbehaviors.respond(500, bytes(5 * misbehaviors.MEBIBYTE)),
        "a bomb with 503": misbehaviors.respond(
            503, misbehaviors.GZIP_BOMB, {"Content-Encoding": "gzip"}
        ),
    }
)
# Not accepted; a retry would fail as well.
PERMANENT: Mapping[str, tuple[Behavior, str]] = MappingProxyType(
    {
        "404 used_url": (misbehaviors.respond(404, b"used_url"), "404 used_url"),
        "404 expired_url": (misbehaviors.respond(404, b"expired_url"), "404 expired_url"),
        "404 with a page": (misbehaviors.respond_with_page(404), "404"),
        "403": (misbehaviors.respond_with_page(403), "403"),
        "410": (misbehaviors.respond_with_page(410), "410"),
        "200 that says not ok": (FALSE, "no_text"),
        "a redirect": (
            misbehaviors.respond_with_page(302, {"Location": f"https://{CANARY}.example/"}),
            "302",
        ),
        "a redirect that keeps the method": (
            misbehaviors.respond_with_page(307, {"Location": f"/{CANARY}"}),
            "307",
        ),
    }
)
# No response, or an unclear one: the message may have been accepted.
UNCONFIRMED: Mapping[str, Behavior] = MappingProxyType(
    {
        **misbehaviors.DISCONNECTS,
        "another protocol": misbehaviors.OTHER_PROTOCOL,
        "a header too long": misbehaviors.LONG_HEADER,
        "a gateway without a response": misbehaviors.respond_with_page(502),
        "a gateway timeout": misbehaviors.respond_with_page(504),
        "a length that is no number": misbehaviors.send_bytes(
            b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n"
        ),
    }
)
ACCEPTED: Mapping[str, Behavior] = MappingProxyType(
    {
        "a page": misbehaviors.respond(200, misbehaviors.PAGE, misbehaviors.HTML),
        "nothing": misbehaviors.respond(200),
        "5 MiB": misbehaviors.respond(200, bytes(5 * misbehaviors.MEBIBYTE)),
        "a bomb": misbehaviors.respond(200, misbehaviors.GZIP_BOMB, {"Content-Encoding": "gzip"}),
        "no gzip though it says so": misbehaviors.respond(
            200, misbehaviors.PAGE, {"Content-Encoding": "gzip"}
        ),
        "an encoding that wasn't requested": misbehaviors.respond(
            200, misbehaviors.PAGE, {"Content-Encoding": "br"}
        ),
    }
)


def shown(interaction: RecordedInteraction) -> Sequence[str]:
    """Return the first line of each message that the user sees now."""
    return [message.text.partition("\n")[0] for message in interaction.messages]


def warnings_since(network: FaultyNetwork, since: int) -> list[tuple[JsonValue, JsonValue]]:
    """Return the warnings and errors since the log had so many lines."""
    return [(line["event"], line.get("reason")) for line in network.warnings(since)]


def lines(network: FaultyNetwork) -> int:
    return len(network.world.log.lines())


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("behavior", TRANSIENT.values(), ids=TRANSIENT.keys())
async def test_a_temporary_error_is_retried_without_a_log_line(
    network: FaultyNetwork, behavior: Behavior, times: int
) -> None:
    since, posts = lines(network), network.slack.count(REPLIES)
    network.slack.plan(REPLIES, [behavior] * times)
    interaction = await network.world.type(DOCUMENTED)

    assert shown(interaction) == [CARD]
    assert network.slack.count(REPLIES) - posts == times + 1
    assert warnings_since(network, since) == []
    await network.assert_works()


@pytest.mark.parametrize("behavior", TRANSIENT.values(), ids=TRANSIENT.keys())
async def test_a_persistent_error_is_logged_once_after_three_attempts(
    network: FaultyNetwork, behavior: Behavior
) -> None:
    since, posts = lines(network), network.slack.count(REPLIES)
    network.slack.always(REPLIES, behavior)
    interaction = await network.world.type(DOCUMENTED)

    assert shown(interaction) == []
    assert network.slack.count(REPLIES) - posts == 3
    ((event, reason),) = warnings_since(network, since)
    assert event == "reply.failed"
    assert reason in {"429", "500", "503"}
    network.slack.clear_plans()
    await network.assert_works()


@pytest.mark.parametrize(("behavior", "reason"), PERMANENT.values(), ids=PERMANENT.keys())
async def test_a_permanent_rejection_is_logged_once_and_not_retried(
    network: FaultyNetwork, behavior: Behavior, reason: str
) -> None:
    since, posts = lines(network), network.slack.count(REPLIES)
    network.slack.always(REPLIES, behavior)
    interaction = await network.world.type(DOCUMENTED)

    assert shown(interaction) == []
    assert network.slack.count(REPLIES) - posts == 1
    assert warnings_since(network, since) == [("reply.failed", reason)]
    network.slack.clear_plans()
    await network.assert_works()


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("behavior", UNCONFIRMED.values(), ids=UNCONFIRMED.keys())
@pytest.mark.parametrize("is_accepted", [True, False], ids=["accepted", "not accepted"])
async def test_a_message_that_may_be_delivered_is_posted_again(
    network: FaultyNetwork, behavior: Behavior, times: int, *, is_accepted: bool
) -> None:
    since = lines(network)
    network.slack.plan(
        REPLIES, [misbehaviors.after_handling(behavior) if is_accepted else behavior] * times
    )
    interaction = await network.world.type(DOCUMENTED)

    # A command's response_url replaces nothing, so a message that did arrive is there twice.
    assert shown(interaction) == [CARD] * (times + 1 if is_accepted else 1)
    assert interaction.posts[-1].status == 200
    assert warnings_since(network, since) == []
    await network.assert_works()


@pytest.mark.parametrize("behavior", UNCONFIRMED.values(), ids=UNCONFIRMED.keys())
async def test_a_slack_that_always_disconnects_is_logged_once(
    network: FaultyNetwork, behavior: Behavior
) -> None:
    since, posts = lines(network), network.slack.count(REPLIES)
    network.slack.always(REPLIES, behavior)
    interaction = await network.world.type(DOCUMENTED)

    assert shown(interaction) == []
    assert network.slack.count(REPLIES) - posts == 3
    ((event, reason),) = warnings_since(network, since)
    assert event == "reply.failed"
    assert str(reason).isalnum(), "only a status or the name of a class"
    network.slack.clear_plans()
    await network.assert_works()


@pytest.mark.parametrize("behavior", UNCONFIRMED.values(), ids=UNCONFIRMED.keys())
async def test_a_replacement_appears_once_even_if_posted_twice(
    network: FaultyNetwork, behavior: Behavior
) -> None:
    card = await network.look_up(ENDED)
    network.slack.plan(REPLIES, [misbehaviors.after_handling(behavior)])
    interaction = await network.world.slack.click(card, actions.REFRESH)
    await network.world.idle()

    assert (only(interaction).ts, only(interaction).edits) == (card.ts, 2)
    await network.assert_works()


@pytest.mark.parametrize("behavior", UNCONFIRMED.values(), ids=UNCONFIRMED.keys())
async def test_a_public_message_that_may_be_delivered_is_not_posted_again(
    network: FaultyNetwork, behavior: Behavior
) -> None:
    card = await network.look_up(ENDED)
    posts = network.slack.count(REPLIES)
    network.slack.plan(REPLIES, [misbehaviors.after_handling(behavior)])
    interaction = await network.world.slack.click(card, actions.SHARE)
    await network.world.idle()

    public = [each for each in interaction.messages if each.response_type == "in_channel"]
    assert len(public) == 1
    assert public[0].edits == 0
    assert network.slack.count(REPLIES) - posts == 2, "the card, and the note that it is shared"
    await network.assert_works()


async def test_a_refused_connection_to_slack_is_retried(
    network: FaultyNetwork,
) -> None:
    since = lines(network)
    async with network.slack.refusing_connections():
        interaction = await network.world.type(DOCUMENTED)

    assert interaction.posts == []
    assert warnings_since(network, since) == [("reply.failed", "ClientConnectorError")]
    await network.assert_works()


@pytest.mark.parametrize("behavior", ACCEPTED.values(), ids=ACCEPTED.keys())
async def test_a_200_is_a_success_whatever_the_body(
    network: FaultyNetwork, behavior: Behavior
) -> None:
    since, posts = lines(network), network.slack.count(REPLIES)
    network.slack.plan(REPLIES, [misbehaviors.after_handling(behavior)])
    interaction = await network.world.type(DOCUMENTED)

    assert shown(interaction) == [CARD]
    assert network.slack.count(REPLIES) - posts == 1
    assert warnings_since(network, since) == []
    await network.assert_works()


async def test_a_response_url_that_hangs_does_not_delay_other_users(network: FaultyNetwork) -> None:
    held = misbehaviors.HeldResponse()
    network.slack.plan(REPLIES, [held])
    slow = await network.world.slack.command(ENDED, user_id="U0WAITS")
    await held.received.wait()
    quick = await network.world.slack.command(DOCUMENTED, user_id="U0OTHER")
    card = await quick.wait_for_message()

    assert card.text.startswith(CARD)
    assert shown(slow) == []
    held.release()
    await network.world.idle()
    assert ENDED in only(slow).text
    assert len(slow.posts) == 1
