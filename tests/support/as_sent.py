"""Messages and views as Slack gets them, and what it would reject of them."""

import json

from pydantic import JsonValue

from bot.dev.emulator.slack.block_kit import problems, view_problems
from bot.slack.response_url import ephemeral
from bot.ui.block_kit import Message, View


def as_sent(content: Message | View) -> dict[str, JsonValue]:
    payload = ephemeral(content) if isinstance(content, Message) else content
    sent: dict[str, JsonValue] = json.loads(json.dumps(payload))
    return sent


def sent_blocks(content: Message | View) -> list[JsonValue]:
    blocks = as_sent(content)["blocks"]
    assert isinstance(blocks, list)
    return blocks


def refused(content: Message | View) -> list[str]:
    check = problems if isinstance(content, Message) else view_problems
    return check(as_sent(content))
