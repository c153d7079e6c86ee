"""The notice that SignalWire is slow, and the message that follows it."""

import pytest

from bot.dev.emulator.slack.workspace import FailNext
from tests.integration.harness import OpenWorld
from tests.support import texts
from tests.support.reading import message_below_notice, only
from tests.support.samples import DOCUMENTED, ENDED, NOT_FOUND


@pytest.mark.parametrize(
    ("text", "notice", "title"),
    [
        (DOCUMENTED, texts.SLOW_LOG, texts.COMPLETED),
        (f"{DOCUMENTED} {ENDED}", texts.SLOW_LOGS, texts.logs_found(2, 2)),
        (NOT_FOUND, texts.SLOW_LOG, texts.NOT_FOUND),
        ("find inbound", texts.SLOW_CALLS, ""),
        ("recent 3", texts.SLOW_CALLS, ""),
        ("shortcut", texts.SLOW_LOG, texts.COMPLETED),
    ],
)
async def test_slow_result_is_below_one_notice(
    open_world: OpenWorld, text: str, notice: str, title: str
) -> None:
    """Nothing relies on replacing a message: Slack allows it only after a click on it."""
    world = await open_world(progress_after=0.01)
    async with world.holding_responses():
        interaction = await (
            world.slack.message_shortcut({"text": DOCUMENTED})
            if text == "shortcut"
            else world.slack.command(text)
        )
        first = await interaction.wait_for_message()

    assert first.text == notice
    assert message_below_notice(interaction).text.startswith(title)
    assert interaction.messages[0] == first
    replaces = [posted.payload["replace_original"] for posted in interaction.accepted]
    assert replaces == [False, False]


async def test_audit_line_has_the_whole_time(open_world: OpenWorld) -> None:
    world = await open_world(progress_after=0.01)
    async with world.holding_responses():
        interaction = await world.slack.command(DOCUMENTED, user_id="U0PATIENT")
        await interaction.wait_for_message()

    (line,) = world.log.lines("lookup.done", user="U0PATIENT")
    assert isinstance(line["duration_ms"], int)
    assert line["duration_ms"] >= 9


async def test_rejected_notice_does_not_prevent_the_card(open_world: OpenWorld) -> None:
    world = await open_world(progress_after=0.01)
    async with world.holding_responses():
        world.slack.fail_next = [FailNext(500)]
        interaction = await world.slack.command(DOCUMENTED)
        await world.log.line("reply.failed", reason="500")

    assert [post.status for post in interaction.posts] == [500, 200]
    assert only(interaction).text.startswith(texts.COMPLETED)
    assert only(interaction).payload["replace_original"] is False
