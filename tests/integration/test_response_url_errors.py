"""Slack doesn't take an answer: what still reaches the person, and what the log says of it."""

import json
from urllib.parse import urlencode

import pytest
from pydantic import JsonValue

from bot.dev.emulator.slack.workspace import FailNext
from bot.ui import errors as error_texts
from tests.integration.harness import CANARY, DOCUMENTED, World, only

pytestmark = pytest.mark.asyncio(loop_scope="module")

INVALID_BLOCKS = FailNext(400, json.dumps({"ok": False, "error": "invalid_blocks"}))
FOREIGN = [
    f"https://hooks.slack.com.{CANARY}.example/commands/1",
    f"https://{CANARY}.example/hooks.slack.com/commands",
    f"https://hooks.slack.com@{CANARY}.example/commands",
    f"https://{CANARY}@hooks.slack.com/commands",
    f"http://hooks.slack.com/{CANARY}",
    f"https://hooks.slack.com:8443/{CANARY}",
    f"https://notslack.com/{CANARY}",
    f"ftp://hooks.slack.com/{CANARY}",
    f"https://127.0.0.1:1/{CANARY}",
    f"//hooks.slack.com/{CANARY}",
    f"https://[{CANARY}",
    CANARY,
    "",
]


async def assert_works(world: World) -> None:
    assert (await world.answer(DOCUMENTED)).text.startswith("Completed · 9 s")


def errors_since(world: World, lines: int) -> list[tuple[JsonValue, JsonValue]]:
    return [
        (line["event"], line.get("reason"))
        for line in world.log.lines()[lines:]
        if line["level"] == "error"
    ]


@pytest.mark.parametrize("refusal", [INVALID_BLOCKS, FailNext(400, "invalid_blocks")])
async def test_refused_blocks_are_sent_again_as_plain_text(world: World, refusal: FailNext) -> None:
    before = len(world.log.lines())
    world.slack.fail_next = [refusal]
    exchange = await world.type(DOCUMENTED)
    message = only(exchange)

    assert [post.status for post in exchange.posts] == [400, 200]
    assert message.blocks == []
    assert message.payload["mrkdwn"] is False
    for words in ("Completed · 9 s", "+1 206-555-1212", "$0.01", DOCUMENTED):
        assert words in message.text
    assert errors_since(world, before) == [("reply.content_rejected", "400 invalid_blocks")]
    await assert_works(world)


async def test_plain_text_that_is_refused_too_is_an_error_in_the_log(world: World) -> None:
    before = len(world.log.lines())
    world.slack.fail_next = [INVALID_BLOCKS, INVALID_BLOCKS]
    exchange = await world.type(DOCUMENTED)

    assert [post.status for post in exchange.posts] == [400, 400]
    assert errors_since(world, before) == [
        ("reply.content_rejected", "400 invalid_blocks"),
        ("reply.failed", "400 invalid_blocks"),
    ]
    await assert_works(world)


@pytest.mark.parametrize("word", ["used_url", "expired_url"])
@pytest.mark.parametrize("as_json", [True, False])
async def test_a_response_url_that_is_over_is_an_error_and_is_not_tried_again(
    world: World,
    word: str,
    as_json: bool,  # noqa: FBT001
) -> None:
    before = len(world.log.lines())
    body = json.dumps({"ok": False, "error": word}) if as_json else word
    world.slack.fail_next = [FailNext(404, body)]
    exchange = await world.type(DOCUMENTED)

    assert [post.status for post in exchange.posts] == [404]
    assert errors_since(world, before) == [("reply.failed", f"404 {word}")]
    await assert_works(world)


@pytest.mark.parametrize(
    "failures",
    [
        [FailNext(500), FailNext(503)],
        [FailNext(502, "<html>bad gateway</html>")],
        [FailNext(429, "rate_limited", {"Retry-After": "1"})],
        [FailNext(429), FailNext(500)],
    ],
    ids=["500 and 503", "502", "429", "429 and 500"],
)
async def test_a_passing_refusal_is_overcome(world: World, failures: list[FailNext]) -> None:
    before = len(world.log.lines())
    world.slack.fail_next = [*failures]
    exchange = await world.type(DOCUMENTED)

    assert [post.status for post in exchange.posts] == [*(f.status for f in failures), 200]
    assert only(exchange).text.startswith("Completed · 9 s")
    assert errors_since(world, before) == []


@pytest.mark.parametrize("status", [500, 503, 429])
async def test_a_lasting_refusal_is_given_up_after_three_tries_and_logged(
    world: World, status: int
) -> None:
    before = len(world.log.lines())
    world.slack.fail_next = [FailNext(status, f"<html>{CANARY}</html>")] * 3
    exchange = await world.type(DOCUMENTED)

    assert [post.status for post in exchange.posts] == [status] * 3
    assert errors_since(world, before) == [("reply.failed", str(status))]
    await assert_works(world)


async def test_a_200_that_says_not_ok_is_noticed(world: World) -> None:
    before = len(world.log.lines())
    world.slack.fail_next = [FailNext(200, json.dumps({"ok": False, "error": "no_text"}))]
    await world.type(DOCUMENTED)

    assert errors_since(world, before) == [("reply.failed", "200 no_text")]
    await assert_works(world)


@pytest.mark.parametrize("url", FOREIGN)
async def test_a_foreign_response_url_is_told_in_the_ack_and_gets_nothing(
    world: World, url: str
) -> None:
    before, asked = len(world.log.lines()), len(world.asked_for)
    form = {
        "command": "/voicelog",
        "text": DOCUMENTED,
        "user_id": "U0SUPPORT",
        "team_id": "T0ACME",
        "channel_id": "C0SUPPORT",
        "response_url": url,
    }
    answer = await world.knock(urlencode(form).encode())
    await world.idle()
    (line,) = world.log.lines()[before:]

    assert answer.status_code == 200
    assert answer.json()["text"].startswith(error_texts.INTERNAL_ERROR.title)
    assert f"Reference {line['ref']}." in answer.json()["text"]
    assert (line["event"], line["level"]) == ("response_url.rejected_host", "error")
    assert len(world.asked_for) == asked
    await assert_works(world)


async def test_a_shortcut_with_a_foreign_response_url_sends_nothing_there(world: World) -> None:
    before, asked = len(world.log.lines()), len(world.asked_for)
    payload: JsonValue = {
        "type": "message_action",
        "callback_id": "voicelog_lookup",
        "user": {"id": "U0SUPPORT", "team_id": "T0ACME"},
        "team": {"id": "T0ACME"},
        "channel": {"id": "C0SUPPORT"},
        "message": {"text": DOCUMENTED},
        "response_url": FOREIGN[0],
    }
    answer = await world.knock(urlencode({"payload": json.dumps(payload)}).encode())
    await world.idle()

    assert (answer.status_code, answer.text) == (200, "")
    assert errors_since(world, before) == [
        ("response_url.rejected_host", None),
        ("reply.rejected_host", None),
    ]
    assert len(world.asked_for) == asked
    await assert_works(world)
