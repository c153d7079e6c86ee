"""The notice that SignalWire is slow, and the message that follows it."""

import pytest

from bot.dev.emulator.slack.workspace import FailNext
from bot.ui import actions
from tests.integration.harness import OpenWorld
from tests.support import texts
from tests.support.reading import last_message, message_below_notice, only
from tests.support.samples import DOCUMENTED, ENDED, NOT_FOUND, UNAVAILABLE

STAYING = {actions.CARD, actions.SEARCH_OLDER}
"""Results of a click on these are posted beside the message that has them."""


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


@pytest.mark.parametrize(
    ("text", "action_id", "notice", "title"),
    [
        (f"{DOCUMENTED} {ENDED}", actions.CARD, texts.SLOW_LOG, texts.COMPLETED),
        ("find inbound", actions.SEARCH_OLDER, texts.SLOW_CALLS, ""),
        (UNAVAILABLE, actions.RETRY, texts.SLOW_LOG, texts.server_error(503)),
        ("(206) 555-3434", actions.FIND_NUMBER, texts.SLOW_CALLS, "1 call "),
    ],
)
async def test_slow_result_of_a_click_is_where_its_notice_was(
    open_world: OpenWorld, text: str, action_id: str, notice: str, title: str
) -> None:
    """Rows and results stay; an error or an offer is replaced by the notice, and that in turn."""
    world = await open_world(progress_after=0.01)
    is_offer, stays = action_id == actions.FIND_NUMBER, action_id in STAYING
    interaction = await (world.use_shortcut({"text": text}) if is_offer else world.type(text))
    clicked_message = last_message(interaction)
    async with world.holding_responses():
        clicked = await world.slack.click(clicked_message, action_id)
        await clicked.wait_for_message()

    first, last = clicked.accepted
    assert (first.text, last.text.startswith(title)) == (notice, True)
    assert [one.payload["replace_original"] for one in clicked.accepted] == [not stays] * 2
    assert (clicked_message in world.slack.messages.messages) == stays
    assert ({first.ts, last.ts} == {clicked_message.ts}) == (not stays)


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
