"""Slack rejects a message: what the user still sees, and what is logged."""

import json
from urllib.parse import urlencode

import pytest

from bot.dev.emulator.slack.workspace import FailNext
from tests.integration.harness import World, only
from tests.support import texts
from tests.support.samples import CALLER_NUMBER, CANARY, CHANNEL, DOCUMENTED, SUPPORT, TEAM

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
    f"https://hooks.slack.com:{CANARY}/",
    CANARY,
    "",
]


async def assert_works(world: World) -> None:
    assert (await world.ask(DOCUMENTED)).text.startswith(texts.COMPLETED)


@pytest.mark.parametrize("refusal", [INVALID_BLOCKS, FailNext(400, "invalid_blocks")])
async def test_rejected_blocks_are_posted_as_plain_text(world: World, refusal: FailNext) -> None:
    before = len(world.log.lines())
    world.slack.fail_next = [refusal]
    interaction = await world.type(DOCUMENTED)
    message = only(interaction)

    assert [post.status for post in interaction.posts] == [400, 200]
    assert message.blocks == []
    assert message.payload["mrkdwn"] is False
    for fact in (texts.COMPLETED, CALLER_NUMBER, "$0.01", DOCUMENTED):
        assert fact in message.text
    assert world.log.error_lines(before) == [("reply.content_rejected", "400 invalid_blocks")]
    await assert_works(world)


@pytest.mark.parametrize("url", FOREIGN)
async def test_foreign_response_url_of_a_command(world: World, url: str) -> None:
    """The user is told in the ack; nothing is sent to the URL."""
    before, requested = len(world.log.lines()), len(world.requested_ids)
    form = {
        "command": "/voicelog",
        "text": DOCUMENTED,
        "user_id": SUPPORT,
        "team_id": TEAM,
        "channel_id": CHANNEL,
        "response_url": url,
    }
    ack = await world.post_signed(urlencode(form).encode())
    await world.idle()
    (line,) = world.log.lines()[before:]

    assert ack.status_code == 200
    assert ack.json()["text"].startswith(f"{texts.INTERNAL_ERROR}.")
    assert str(line["request_id"]) in ack.json()["text"]
    assert (line["event"], line["level"]) == ("response_url.rejected_host", "error")
    assert len(world.requested_ids) == requested
    await assert_works(world)


async def test_foreign_response_url_of_a_shortcut(world: World) -> None:
    before, requested = len(world.log.lines()), len(world.requested_ids)
    payload = {
        "type": "message_action",
        "callback_id": "voicelog_lookup",
        "user": {"id": SUPPORT, "team_id": TEAM},
        "team": {"id": TEAM},
        "channel": {"id": CHANNEL},
        "message": {"text": DOCUMENTED},
        "response_url": FOREIGN[0],
    }
    ack = await world.post_signed(urlencode({"payload": json.dumps(payload)}).encode())
    await world.idle()

    assert (ack.status_code, ack.text) == (200, "")
    assert [event for event, _ in world.log.error_lines(before)] == [
        "response_url.rejected_host",
        "reply.rejected_host",
    ]
    assert len(world.requested_ids) == requested
    await assert_works(world)
