"""Clicks, modals, the Home tab and following in the real process."""

import json
import signal
import time
from datetime import UTC, datetime
from typing import Final

from bot.dev.emulator.signalwire.catalog import catalog
from bot.dev.emulator.slack.workspace import OpenView, PostedMessage, RecordedInteraction
from bot.ui import actions, notices
from tests.e2e.bot_process import SECRETS, BotProcess, World, serving
from tests.support import texts
from tests.support.samples import DOCUMENTED

QUICKLY: Final = 5.0
"""Seconds: half of DRAIN_SECONDS."""

IN_PROGRESS: Final = next(
    entry.id for entry in catalog(datetime.now(UTC)) if entry.description == "status in-progress"
)
"""The ID of a log that stays live."""


async def connect(world: World, bot: BotProcess) -> None:
    world.slack.bot_url = f"http://127.0.0.1:{await bot.port()}/slack/events"


async def card_of(world: World, log_id: str, user_id: str) -> PostedMessage:
    interaction = await world.slack.command(log_id, user_id=user_id)
    return await interaction.wait_for_message()


async def click(
    world: World, message: PostedMessage, action_id: str, user_id: str
) -> RecordedInteraction:
    interaction = await world.slack.click(message, action_id, user_id=user_id)
    assert interaction.failed is None
    assert (interaction.ack_status, interaction.ack_body) == (200, "")
    return interaction


async def filled(world: World, user_id: str) -> OpenView:
    """Wait for the filled modal."""
    return await world.slack.wait_for_modal(user_id, lambda view: "Timeline" in texts_of(view))


def texts_of(view: OpenView) -> str:
    return json.dumps(view.blocks, ensure_ascii=False)


async def test_home_tab_is_filled(shared_world: World, shared_bot: BotProcess) -> None:
    await connect(shared_world, shared_bot)
    interaction = await shared_world.slack.open_home()
    assert (interaction.failed, interaction.ack_status) == (None, 200)
    home = await shared_world.slack.wait_for_home(
        until=lambda view: "✅ SignalWire" in texts_of(view)
    )
    assert texts.STATUS in texts_of(home)
    assert texts.ALLOWED in texts_of(home)


async def test_following_ends_at_once_on_shutdown(world: World) -> None:
    async with serving(world) as bot:
        card = await card_of(world, IN_PROGRESS, "U0FOLLOWER")
        interaction = await click(world, card, actions.FOLLOW, "U0FOLLOWER")
        assert notices.FOLLOWING in (await interaction.wait_for_message()).text
        started = time.monotonic()
        bot.signal(signal.SIGTERM)
        assert await bot.exit_code() == 0
        assert time.monotonic() - started < QUICKLY
    [message] = interaction.messages
    assert message.ts == card.ts
    assert notices.stopped_following(texts.RESTARTING) in message.text
    assert interaction.uses == 2
    [ended] = bot.events("follow.ended")
    assert (ended["id"], ended["outcome"]) == (IN_PROGRESS, "restart")
    assert bot.events("shutdown.tasks_cancelled") == bot.events("interaction.failed") == []
    assert bot.errors == []


async def test_log_has_nothing_private_about_clicks(world: World) -> None:
    async with serving(world) as bot:
        card = await card_of(world, DOCUMENTED, "U0PRESSER")
        interactions = [
            await click(world, card, action_id, "U0PRESSER")
            for action_id in (actions.DETAILS, actions.REFRESH, actions.SHARE)
        ]
        view = await filled(world, "U0PRESSER")
        assert DOCUMENTED in texts_of(view)
        await interactions[2].wait_for_message(count=2)
        bot.signal(signal.SIGTERM)
        assert await bot.exit_code() == 0
    printed = "\n".join([*bot.output, *bot.errors])
    hidden = [*SECRETS, "2065551212", "555-1212", "555-3434"]
    hidden += [text for made in interactions for text in (made.response_url, made.trigger_id)]
    assert [text for text in hidden if text in printed] == []
    done = {str(line["event"]) for line in bot.log}
    assert {"details.done", "refresh.done", "share.published"} <= done
