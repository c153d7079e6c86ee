"""Two thousand commands in a second while SignalWire is slow: each user gets one message."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from itertools import islice

import pytest_asyncio

from bot.limits import DEFAULT_LIMITS
from tests.load.bot_under_load import BotUnderLoad, bot_under_load
from tests.load.slack_users import TIMEOUT_SECONDS, SentRequest
from tests.support import texts

COMMANDS, SECONDS = 2000, 1.0


@pytest_asyncio.fixture(loop_scope="module")
async def load() -> AsyncIterator[BotUnderLoad]:
    async with bot_under_load() as opened:
        yield opened


async def message_of(sent: SentRequest) -> str:
    """Return the one message that the user sees, without the notice that SignalWire is slow."""
    if sent.body:
        assert sent.posts.bodies == []
        return str(json.loads(sent.body)["text"])
    await sent.post_without(texts.SLOW_LOG)
    [message] = [text for text in sent.posts.texts if text != texts.SLOW_LOG]
    return message


async def send_over(
    load: BotUnderLoad, commands: list[str], seconds: float, *, users: int
) -> list[SentRequest]:
    """Let users send commands, spread evenly over a time."""

    async def send(number: int, text: str) -> SentRequest:
        await asyncio.sleep(seconds * number / len(commands))
        return await load.users.send_command(text, f"U{number % users}")

    sent = await asyncio.gather(*(send(number, text) for number, text in enumerate(commands)))
    assert {each.status for each in sent} == {200}
    return sent


async def modal_or_message(load: BotUnderLoad, click: SentRequest) -> None:
    """Wait until a modal has opened, or the user is told that it didn't."""
    async with asyncio.timeout(TIMEOUT_SECONDS):
        while (  # noqa: ASYNC110 - either may happen
            click.trigger_id not in load.servers.slack.opened and not click.posts.bodies
        ):
            await asyncio.sleep(0.05)


def _title(message: str) -> str:
    return message.splitlines()[0].removesuffix(".")


async def test_each_of_two_thousand_commands_gets_one_message(load: BotUnderLoad) -> None:
    load.servers.signalwire.latency_seconds = 2.0
    ids = list(islice(load.users.ids(), COMMANDS))
    sent = await send_over(load, ids, SECONDS, users=500)
    titles = Counter([_title(await message_of(each)) for each in sent])
    assert set(titles) <= {texts.COMPLETED, texts.BUSY, texts.UNAVAILABLE}
    assert titles[texts.COMPLETED] >= DEFAULT_LIMITS.lookups
    # Canceled requests may be counted for a moment.
    assert load.servers.signalwire.most_in_flight <= DEFAULT_LIMITS.lookups * 1.25
    load.servers.signalwire.latency_seconds = 0.0
    [afterwards] = await send_over(load, list(islice(load.users.ids(), 1)), 0, users=1)
    assert (await message_of(afterwards)).startswith(texts.COMPLETED)
    assert load.bot.errors == []


async def test_users_flood_does_not_delay_fifty_other_users(load: BotUnderLoad) -> None:
    load.servers.signalwire.latency_seconds = 1.0
    ids = load.users.ids()
    flood = [" ".join(islice(ids, 10)) for _ in range(200)]
    flooding = [asyncio.create_task(load.users.send_command(text, "UFLOOD")) for text in flood]
    await asyncio.sleep(0.5)
    others = await send_over(load, list(islice(ids, 50)), 1.0, users=50)
    for each in others:
        assert (await message_of(each)).startswith(texts.COMPLETED)
    for task in flooding:
        sent = await task
        assert sent.status == 200
        await message_of(sent)
    assert load.bot.errors == []


async def test_each_of_1400_clicks_opens_a_modal_or_gets_a_message(load: BotUnderLoad) -> None:
    slack = load.servers.slack
    slack.views_latency_seconds = 2.0
    clicks = await asyncio.gather(
        *(
            load.users.click_details(log_id, f"U{number}")
            for number, log_id in enumerate(islice(load.users.ids(), 1400))
        )
    )
    assert {each.status for each in clicks} == {200}
    for each in clicks:
        await modal_or_message(load, each)
    assert DEFAULT_LIMITS.views <= slack.most_views_in_flight <= DEFAULT_LIMITS.views * 1.25
    assert len(slack.opened) >= DEFAULT_LIMITS.views
    slack.views_latency_seconds = 0.0
    afterwards = await load.users.click_details(next(load.users.ids()), "ULATE")
    await modal_or_message(load, afterwards)
    assert afterwards.trigger_id in slack.opened
    assert load.bot.errors == []
