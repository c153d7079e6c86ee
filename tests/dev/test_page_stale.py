"""Actions on outdated messages and modals, and what is rendered again."""

from typing import Final

import pytest
from pydantic import JsonValue

from bot.dev.emulator.slack.workspace import PostedMessage, RecordedInteraction
from bot.dev.playground.web.pages import Pages
from tests.dev.emulator_harness import action_of, actions, button, inner
from tests.dev.page_harness import DONE, GONE, Page, do, posted

SHOWN: Final = 200


def wind_button(value: str) -> JsonValue:
    """Return a block with a button of this value."""
    return actions(button("wind", value=value))


async def replace_message(page: Page, message: PostedMessage, times: int) -> RecordedInteraction:
    """Have the app replace a message; its button's value is the number of the edit.

    Return the interaction in which the last one was posted.
    """
    interaction = page.world.slack.interactions[-1]
    for edit in range(1, times + 1):
        if edit % 4 == 1:  # a response_url has five uses
            interaction = await page.world.slack.click(message, "wind", user_id="U0ME")
        blocks = [wind_button(str(edit))]
        response = await page.world.post(
            interaction, text="x", blocks=blocks, replace_original=True
        )
        assert response.text == "ok"
    return interaction


async def sent_value(page: Page, message: PostedMessage, edits: int) -> JsonValue:
    """Return the value that a click on that version sends to the app; None if nothing is sent."""
    before = len(page.world.slack.interactions)
    outcome = await do(page, act="click", ts=message.ts, action_id="wind", edits=edits)
    sent = page.world.slack.interactions[before:]
    assert outcome == (DONE if sent else GONE)
    return action_of(sent[0])["value"] if sent else None


async def test_a_click_uses_the_visible_version(page: Page) -> None:
    await do(page, act="type", text="/weather Oslo")
    blocks: JsonValue = [wind_button("0")]
    message = await page.world.posted(
        page.world.slack.interactions[-1], blocks=blocks, response_type="in_channel"
    )
    await replace_message(page, message, 3)
    for edits in range(4):
        assert await sent_value(page, message, edits) == str(edits)
        message_sent = inner(page.world.slack.interactions[-1].payload, "message")
        assert f"'value': '{edits}'" in str(message_sent["blocks"])
        assert message_sent["ts"] == message.ts
    for invalid in (4, -1):
        assert await sent_value(page, message, invalid) is None


async def test_a_response_replaces_the_current_version(page: Page) -> None:
    message = await posted(page, wind_button("0"))
    await replace_message(page, message, 2)
    await sent_value(page, message, 0)
    await page.world.post(page.world.slack.interactions[-1], text="done")
    [now] = page.world.slack.messages.messages
    assert (now.ts, now.text, now.edits) == (message.ts, "done", 3)


@pytest.mark.parametrize("times", [4, 5, 9])
async def test_a_click_on_a_version_replaced_more_than_three_times_is_rejected(
    page: Page, times: int
) -> None:
    message = await posted(page, wind_button("0"))
    await replace_message(page, message, times)
    assert await sent_value(page, message, times - 4) is None
    assert await sent_value(page, message, times - 3) == str(times - 3)


async def test_a_click_on_a_deleted_message_is_rejected(page: Page) -> None:
    message = await posted(page, wind_button("0"))
    interaction = await replace_message(page, message, 1)
    await page.world.post(interaction, delete_original=True)
    assert page.world.slack.messages.messages == []
    for edits in (0, 1):
        assert await sent_value(page, message, edits) is None


async def test_an_unchanged_message_is_not_rendered_again(page: Page) -> None:
    slack, content = page.world.slack, {"text": "before"}
    pages = Pages(page.config, slack)
    message = PostedMessage(slack.new_ts(), "C0HERE", "in_channel", content)
    slack.messages.show(message)
    assert "before" in pages.live()
    content["text"] = "after"
    await do(page, act="type", text="another")
    assert "another" in pages.live()
    assert "before" in pages.live(), "only changed messages are rendered"
    slack.messages.show(message, instead_of=message.ts)
    assert "before" not in pages.live()


async def test_a_message_that_has_become_a_reply_is_rendered_again(page: Page) -> None:
    slack = page.world.slack
    pages = Pages(page.config, slack)
    root, reply = slack.new_ts(), slack.new_ts()
    slack.messages.show(PostedMessage(reply, "C0HERE", "in_channel", {"text": "yes"}, root), "x")
    assert "replied" not in pages.live()
    slack.messages.show(PostedMessage(root, "C0HERE", "in_channel", {"text": "Is it?"}), "x")
    assert "replied" in pages.live()


async def test_the_page_has_the_last_two_hundred_messages(page: Page) -> None:
    slack = page.world.slack
    for number in range(500):
        if number % 2:
            what: dict[str, JsonValue] = {"text": f"number {number}."}
            slack.messages.show(PostedMessage(slack.new_ts(), "C0HERE", "in_channel", what), "x")
        else:
            await do(page, act="type", text=f"number {number}.")
    live = Pages(page.config, slack).live()
    assert live.count("data-ts=") == SHOWN
    for number in range(500):
        assert (f"number {number}." in live) is (number >= 500 - SHOWN), number
