"""Slack rejects a reply, or doesn't confirm it: the reply isn't lost."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import pytest
from pydantic import JsonValue

from bot.dev.emulator.slack.workspace import RecordedInteraction
from bot.ui import actions
from tests.integration.harness import only
from tests.network import misbehaviors
from tests.network.faulty_server import Act
from tests.network.harness import Outside
from tests.support.samples import CANARY, DOCUMENTED, ENDED

REPLIES = "/response/"
CARD = "Completed · 10 s"
FALSE = misbehaviors.answer(200, b'{"ok": false, "error": "no_text"}')

# What another try may overcome, and surely wasn't taken.
PASSING: Mapping[str, Act] = MappingProxyType(
    {
        "429": misbehaviors.refuse(429),
        "429 for no time": misbehaviors.ask_to_wait(429, "0"),
        "429 for a second": misbehaviors.ask_to_wait(429, "1"),
        "429 for a negative time": misbehaviors.ask_to_wait(429, "-5"),
        "429 for a time of many digits": misbehaviors.ask_to_wait(429, "9" * 400),
        "429 for more digits than Python reads": misbehaviors.ask_to_wait(429, "9" * 5000),
        "429 for an infinite time": misbehaviors.ask_to_wait(429, "inf"),
        "429 for no number": misbehaviors.ask_to_wait(429, "NaN"),
        "429 for a superscript": misbehaviors.ask_to_wait(429, "²"),
        "429 for an empty time": misbehaviors.ask_to_wait(429, ""),
        "429 until a date": misbehaviors.ask_to_wait(429, "Fri, 31 Dec 9999 23:59:59 GMT"),
        "500": misbehaviors.refuse(500),
        "503": misbehaviors.refuse(503),
        "500 of 5 MiB": misbehaviors.answer(500, bytes(5 * misbehaviors.MEBIBYTE)),
        "a bomb with 503": misbehaviors.answer(
            503, misbehaviors.PACKED, {"Content-Encoding": "gzip"}
        ),
    }
)
# What another try would not change.
LASTING: Mapping[str, tuple[Act, str]] = MappingProxyType(
    {
        "404 used_url": (misbehaviors.answer(404, b"used_url"), "404 used_url"),
        "404 expired_url": (misbehaviors.answer(404, b"expired_url"), "404 expired_url"),
        "404 with a page": (misbehaviors.refuse(404), "404"),
        "403": (misbehaviors.refuse(403), "403"),
        "410": (misbehaviors.refuse(410), "410"),
        "200 that says not ok": (FALSE, "200 no_text"),
        "a redirect": (misbehaviors.refuse(302, {"Location": f"https://{CANARY}.example/"}), "302"),
        "a redirect that keeps the method": (
            misbehaviors.refuse(307, {"Location": f"/{CANARY}"}),
            "307",
        ),
    }
)
# No answer, or none that means anything: what was sent may have been taken.
DOUBTFUL: Mapping[str, Act] = MappingProxyType(
    {
        **misbehaviors.BREAKS,
        "another protocol": misbehaviors.OTHER_PROTOCOL,
        "a header too long": misbehaviors.LONG_HEADER,
        "a gateway that got no answer": misbehaviors.refuse(502),
        "a gateway that waited in vain": misbehaviors.refuse(504),
        "a length that is no number": misbehaviors.say(
            b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n"
        ),
    }
)
TAKEN: Mapping[str, Act] = MappingProxyType(
    {
        "a page": misbehaviors.answer(200, misbehaviors.PAGE, misbehaviors.HTML),
        "nothing": misbehaviors.answer(200),
        "5 MiB": misbehaviors.answer(200, bytes(5 * misbehaviors.MEBIBYTE)),
        "a bomb": misbehaviors.answer(200, misbehaviors.PACKED, {"Content-Encoding": "gzip"}),
        "no gzip though it says so": misbehaviors.answer(
            200, misbehaviors.PAGE, {"Content-Encoding": "gzip"}
        ),
        "an encoding that wasn't requested": misbehaviors.answer(
            200, misbehaviors.PAGE, {"Content-Encoding": "br"}
        ),
    }
)


def shown(interaction: RecordedInteraction) -> Sequence[str]:
    """Return the first line of each message that the user sees now."""
    return [message.text.partition("\n")[0] for message in interaction.messages]


def troubles(outside: Outside, since: int) -> list[tuple[JsonValue, JsonValue]]:
    """Return the warnings and errors since the log had so many lines."""
    return [(line["event"], line.get("reason")) for line in outside.complaints(since)]


def lines(outside: Outside) -> int:
    return len(outside.world.log.lines())


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("act", PASSING.values(), ids=PASSING.keys())
async def test_a_temporary_error_is_retried_without_a_log_line(
    outside: Outside, act: Act, times: int
) -> None:
    since, posts = lines(outside), outside.slack.count(REPLIES)
    outside.slack.plan(REPLIES, [act] * times)
    interaction = await outside.world.type(DOCUMENTED)

    assert shown(interaction) == [CARD]
    assert outside.slack.count(REPLIES) - posts == times + 1
    assert troubles(outside, since) == []
    await outside.assert_works()


@pytest.mark.parametrize("act", PASSING.values(), ids=PASSING.keys())
async def test_a_lasting_error_is_logged_once_after_three_attempts(
    outside: Outside, act: Act
) -> None:
    since, posts = lines(outside), outside.slack.count(REPLIES)
    outside.slack.always(REPLIES, act)
    interaction = await outside.world.type(DOCUMENTED)

    assert shown(interaction) == []
    assert outside.slack.count(REPLIES) - posts == 3
    ((event, reason),) = troubles(outside, since)
    assert event == "reply.failed"
    assert reason in {"429", "500", "503"}
    outside.slack.relent()
    await outside.assert_works()


@pytest.mark.parametrize(("act", "reason"), LASTING.values(), ids=LASTING.keys())
async def test_a_permanent_rejection_is_logged_once_and_not_retried(
    outside: Outside, act: Act, reason: str
) -> None:
    since, posts = lines(outside), outside.slack.count(REPLIES)
    outside.slack.always(REPLIES, act)
    interaction = await outside.world.type(DOCUMENTED)

    assert shown(interaction) == []
    assert outside.slack.count(REPLIES) - posts == 1
    assert troubles(outside, since) == [("reply.failed", reason)]
    outside.slack.relent()
    await outside.assert_works()


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("act", DOUBTFUL.values(), ids=DOUBTFUL.keys())
@pytest.mark.parametrize("taken", [True, False], ids=["taken", "not taken"])
async def test_a_message_that_may_be_delivered_is_posted_again(
    outside: Outside, act: Act, times: int, *, taken: bool
) -> None:
    since = lines(outside)
    outside.slack.plan(REPLIES, [misbehaviors.once_taken(act) if taken else act] * times)
    interaction = await outside.world.type(DOCUMENTED)

    # A command's response_url replaces nothing, so a message that did arrive is there twice.
    assert shown(interaction) == [CARD] * (times + 1 if taken else 1)
    assert interaction.posts[-1].status == 200
    assert troubles(outside, since) == []
    await outside.assert_works()


@pytest.mark.parametrize("act", DOUBTFUL.values(), ids=DOUBTFUL.keys())
async def test_a_slack_that_always_disconnects_is_logged_once(outside: Outside, act: Act) -> None:
    since, posts = lines(outside), outside.slack.count(REPLIES)
    outside.slack.always(REPLIES, act)
    interaction = await outside.world.type(DOCUMENTED)

    assert shown(interaction) == []
    assert outside.slack.count(REPLIES) - posts == 3
    ((event, reason),) = troubles(outside, since)
    assert event == "reply.failed"
    assert str(reason).isalnum(), "a status or a class's name, and nothing that was said"
    outside.slack.relent()
    await outside.assert_works()


@pytest.mark.parametrize("act", DOUBTFUL.values(), ids=DOUBTFUL.keys())
async def test_a_replacement_appears_once_even_if_posted_twice(outside: Outside, act: Act) -> None:
    card = await outside.look_up(ENDED)
    outside.slack.plan(REPLIES, [misbehaviors.once_taken(act)])
    interaction = await outside.world.slack.click(card, actions.REFRESH)
    await outside.world.idle()

    assert (only(interaction).ts, only(interaction).edits) == (card.ts, 2)
    await outside.assert_works()


@pytest.mark.parametrize("act", DOUBTFUL.values(), ids=DOUBTFUL.keys())
async def test_a_public_message_that_may_be_delivered_is_not_posted_again(
    outside: Outside, act: Act
) -> None:
    card = await outside.look_up(ENDED)
    posts = outside.slack.count(REPLIES)
    outside.slack.plan(REPLIES, [misbehaviors.once_taken(act)])
    interaction = await outside.world.slack.click(card, actions.SHARE)
    await outside.world.idle()

    public = [each for each in interaction.messages if each.response_type == "in_channel"]
    assert len(public) == 1
    assert public[0].edits == 0
    assert outside.slack.count(REPLIES) - posts == 2, "the card, and the word that it is shared"
    await outside.assert_works()


async def test_a_refused_connection_to_slack_is_retried(
    outside: Outside,
) -> None:
    since = lines(outside)
    async with outside.slack.away():
        interaction = await outside.world.type(DOCUMENTED)

    assert interaction.posts == []
    assert troubles(outside, since) == [("reply.failed", "ClientConnectorError")]
    await outside.assert_works()


@pytest.mark.parametrize("act", TAKEN.values(), ids=TAKEN.keys())
async def test_a_200_is_a_success_whatever_the_body(outside: Outside, act: Act) -> None:
    since, posts = lines(outside), outside.slack.count(REPLIES)
    outside.slack.plan(REPLIES, [misbehaviors.once_taken(act)])
    interaction = await outside.world.type(DOCUMENTED)

    assert shown(interaction) == [CARD]
    assert outside.slack.count(REPLIES) - posts == 1
    assert troubles(outside, since) == []
    await outside.assert_works()


async def test_a_response_url_that_hangs_does_not_delay_other_users(outside: Outside) -> None:
    held = misbehaviors.Held()
    outside.slack.plan(REPLIES, [held])
    slow = await outside.world.slack.command(ENDED, user_id="U0WAITS")
    await held.reached.wait()
    quick = await outside.world.slack.command(DOCUMENTED, user_id="U0HASTY")
    card = await quick.wait_for_message()

    assert card.text.startswith(CARD)
    assert shown(slow) == []
    held.release()
    await outside.world.idle()
    assert ENDED in only(slow).text
    assert len(slow.posts) == 1
