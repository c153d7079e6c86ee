"""A request whose response URL isn't Slack's: nothing is posted there."""

import json
from urllib.parse import urlencode

import pytest

from tests.integration.harness import World
from tests.support import texts
from tests.support.samples import CANARY, CHANNEL, DOCUMENTED, SUPPORT, TEAM

FOREIGN = f"https://hooks.slack.com.{CANARY}.example/commands/1"


async def assert_works(world: World) -> None:
    assert (await world.ask(DOCUMENTED)).text.startswith(texts.COMPLETED)


@pytest.mark.parametrize("url", [FOREIGN, ""])
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
    assert (line["event"], line["level"]) == ("response_url.host_rejected", "error")
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
        "response_url": FOREIGN,
    }
    ack = await world.post_signed(urlencode({"payload": json.dumps(payload)}).encode())
    await world.idle()

    assert (ack.status_code, ack.text) == (200, "")
    assert [event for event, _ in world.log.error_lines(before)] == [
        "response_url.host_rejected",
        "reply.host_rejected",
    ]
    assert len(world.requested_ids) == requested
    await assert_works(world)
