"""What is pressed, opened and followed, as the real process sees to it."""

import json
import signal
import time
from datetime import UTC, datetime
from typing import Final

import pytest

from bot import __version__
from bot.dev.emulator.signalwire.catalogue import DOCUMENTED, catalogue
from bot.dev.emulator.slack.workspace import OpenView, PostedMessage, RecordedInteraction
from bot.ui import actions
from bot.ui import status as status_ui
from tests.e2e.bot_process import SECRETS, BotProcess, World, serving

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

QUICKLY: Final = 5.0
"""Seconds; half of what DRAIN_SECONDS would allow."""


IN_PROGRESS: Final = next(
    entry.id for entry in catalogue(datetime.now(UTC)) if entry.description == "status in-progress"
)
"""The id of a log that stays live for as long as the sandbox runs."""


async def reached(world: World, bot: BotProcess) -> None:
    world.slack.bot_url = f"http://127.0.0.1:{await bot.port()}/slack/events"


async def card_of(world: World, log_id: str, user_id: str) -> PostedMessage:
    exchange = await world.slack.command(log_id, user_id=user_id)
    return await exchange.wait_for_message()


async def pressed(
    world: World, message: PostedMessage, action_id: str, user_id: str
) -> RecordedInteraction:
    exchange = await world.slack.click(message, action_id, user_id=user_id)
    assert exchange.failed is None
    assert (exchange.ack_status, exchange.ack_body) == (200, "")
    return exchange


async def filled(world: World, user_id: str) -> OpenView:
    """The window that somebody sees, once it shows a log."""
    return await world.slack.wait_for_modal(user_id, lambda view: "Timeline" in said(view))


def said(view: OpenView) -> str:
    return json.dumps(view.blocks, ensure_ascii=False)


async def test_a_press_on_details_opens_a_window_and_fills_it(
    shared_world: World, shared_bot: BotProcess
) -> None:
    await reached(shared_world, shared_bot)
    card = await card_of(shared_world, DOCUMENTED, "U0READER")
    before = len(shared_world.slack.view_calls)
    exchange = await pressed(shared_world, card, actions.DETAILS, "U0READER")
    window = await filled(shared_world, "U0READER")
    assert DOCUMENTED in said(window)
    assert "Call answered" in said(window)
    assert exchange.posts == []
    first, *further = [call.method for call in shared_world.slack.view_calls[before:]]
    assert (first, {*further}) == ("views.open", {"views.update"})


async def test_the_home_tab_is_filled_when_somebody_opens_it(
    shared_world: World, shared_bot: BotProcess
) -> None:
    await reached(shared_world, shared_bot)
    exchange = await shared_world.slack.open_home()
    assert (exchange.failed, exchange.ack_status) == (None, 200)
    home = await shared_world.slack.wait_for_home(until=lambda view: "reachable" in said(view))
    assert f"VoiceLog {__version__}" in said(home)
    assert status_ui.ALLOWED in said(home)


async def test_following_ends_with_a_word_and_at_once_when_the_process_stops(world: World) -> None:
    async with serving(world) as bot:
        card = await card_of(world, IN_PROGRESS, "U0FOLLOWER")
        exchange = await pressed(world, card, actions.FOLLOW, "U0FOLLOWER")
        assert "Following: this card changes by itself" in (await exchange.wait_for_message()).text
        began = time.monotonic()
        bot.signal(signal.SIGTERM)
        assert await bot.exit_code() == 0
        assert time.monotonic() - began < QUICKLY
    [message] = exchange.messages
    assert message.ts == card.ts, "it is still the card that was pressed"
    assert "Following stopped: the bot is restarting." in message.text
    assert "Press Follow to resume." in message.text
    assert exchange.uses == 2
    [ended] = bot.events("follow.ended")
    assert (ended["id"], ended["outcome"]) == (IN_PROGRESS, "restart")
    assert bot.events("shutdown.tasks_cancelled") == bot.events("interaction.failed") == []
    assert bot.errors == []


async def test_nothing_secret_is_printed_of_what_is_pressed(world: World) -> None:
    async with serving(world) as bot:
        card = await card_of(world, DOCUMENTED, "U0PRESSER")
        exchanges = [
            await pressed(world, card, action_id, "U0PRESSER")
            for action_id in (actions.DETAILS, actions.REFRESH, actions.SHARE)
        ]
        await filled(world, "U0PRESSER")
        await exchanges[2].wait_for_message(count=2)
        bot.signal(signal.SIGTERM)
        assert await bot.exit_code() == 0
    printed = "\n".join([*bot.output, *bot.errors])
    hidden = [*SECRETS, "2065551212", "555-1212", "555-3434"]
    hidden += [text for made in exchanges for text in (made.response_url, made.trigger_id)]
    assert [text for text in hidden if text in printed] == []
    done = {str(line["event"]) for line in bot.log}
    assert {"details.done", "refresh.done", "share.published"} <= done
