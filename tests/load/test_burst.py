"""Two thousand commands in a second while SignalWire is slow: each user gets one message."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from itertools import islice

import pytest_asyncio

from bot.limits import DEFAULT_LIMITS
from tests.load.measurements import LoadedBot, loaded_bot
from tests.load.people import PATIENCE_SECONDS, Asked
from tests.support import texts

COMMANDS, SECONDS = 2000, 1.0


@pytest_asyncio.fixture(loop_scope="module")
async def load() -> AsyncIterator[LoadedBot]:
    async with loaded_bot() as opened:
        yield opened


async def seen(asked: Asked) -> str:
    """Return the one message that the user sees, without the notice that SignalWire is slow."""
    if asked.body:
        assert asked.inbox.posts == []
        return str(json.loads(asked.body)["text"])
    await asked.other_than(texts.SLOW_LOG)
    [message] = [text for text in asked.inbox.seen if text != texts.SLOW_LOG]
    return message


async def ask_over(load: LoadedBot, typed: list[str], seconds: float, people: int) -> list[Asked]:
    """Let so many users type commands, spread evenly over that time."""

    async def ask(number: int, text: str) -> Asked:
        await asyncio.sleep(seconds * number / len(typed))
        return await load.people.ask(text, f"U{number % people}")

    asked = await asyncio.gather(*(ask(number, text) for number, text in enumerate(typed)))
    assert {each.status for each in asked} == {200}
    return asked


async def modal_or_message(load: LoadedBot, click: Asked) -> None:
    """Wait until a modal has opened, or the user is told that it didn't."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (  # noqa: ASYNC110 - either may come about
            click.trigger_id not in load.outside.slack.opened and not click.inbox.posts
        ):
            await asyncio.sleep(0.05)


def _title(message: str) -> str:
    return message.splitlines()[0].removesuffix(".")


async def test_each_of_two_thousand_commands_gets_one_message(load: LoadedBot) -> None:
    load.outside.signalwire.latency_seconds = 2.0
    ids = list(islice(load.people.ids(), COMMANDS))
    asked = await ask_over(load, ids, SECONDS, people=500)
    titles = Counter([_title(await seen(each)) for each in asked])
    assert set(titles) <= {texts.COMPLETED, texts.BUSY, texts.UNAVAILABLE}
    assert titles[texts.COMPLETED] >= DEFAULT_LIMITS.lookups
    # Canceled requests may be counted for a moment.
    assert load.outside.signalwire.most_at_once <= DEFAULT_LIMITS.lookups * 1.25
    load.outside.signalwire.latency_seconds = 0.0
    [afterwards] = await ask_over(load, list(islice(load.people.ids(), 1)), 0, people=1)
    assert (await seen(afterwards)).startswith(texts.COMPLETED)
    assert load.bot.errors == []


async def test_users_flood_does_not_delay_fifty_other_users(
    load: LoadedBot,
) -> None:
    load.outside.signalwire.latency_seconds = 1.0
    ids = load.people.ids()
    flood = [" ".join(islice(ids, 10)) for _ in range(200)]
    flooding = [asyncio.create_task(load.people.ask(text, "UFLOOD")) for text in flood]
    await asyncio.sleep(0.5)
    others = await ask_over(load, list(islice(ids, 50)), 1.0, people=50)
    for each in others:
        assert (await seen(each)).startswith(texts.COMPLETED)
    for task in flooding:
        asked = await task
        assert asked.status == 200
        await seen(asked)
    assert load.bot.errors == []


async def test_overflow_is_rejected_before_queued_lookups_finish(
    load: LoadedBot,
) -> None:
    load.outside.signalwire.latency_seconds = 6.0
    limit = DEFAULT_LIMITS.lookups + DEFAULT_LIMITS.lookups_waiting
    asked = await ask_over(load, list(islice(load.people.ids(), limit)), 0.5, people=limit)
    [late] = await ask_over(load, list(islice(load.people.ids(), 1)), 0, people=1)
    assert (await seen(late)).startswith(f"{texts.BUSY}.")
    assert not any(texts.COMPLETED in post.decode() for each in asked for post in each.inbox.posts)
    for each in asked:
        await seen(each)


async def test_each_of_1400_clicks_opens_a_modal_or_gets_a_message(
    load: LoadedBot,
) -> None:
    slack = load.outside.slack
    slack.views_latency_seconds = 2.0
    clicks = await asyncio.gather(
        *(
            load.people.click_details(log_id, f"U{number}")
            for number, log_id in enumerate(islice(load.people.ids(), 1400))
        )
    )
    assert {each.status for each in clicks} == {200}
    for each in clicks:
        await modal_or_message(load, each)
    assert DEFAULT_LIMITS.views <= slack.most_views_at_once <= DEFAULT_LIMITS.views * 1.25
    assert len(slack.opened) >= DEFAULT_LIMITS.views
    slack.views_latency_seconds = 0.0
    afterwards = await load.people.click_details(next(load.people.ids()), "ULATE")
    await modal_or_message(load, afterwards)
    assert afterwards.trigger_id in slack.opened
    assert load.bot.errors == []


async def test_user_cannot_take_all_background_tasks(load: LoadedBot) -> None:
    load.outside.signalwire.latency_seconds = 2.0
    ids = load.people.ids()
    flood = await asyncio.gather(
        *(load.people.ask(log_id, "UFLOOD") for log_id in islice(ids, COMMANDS))
    )
    assert sum(not each.body for each in flood) == DEFAULT_LIMITS.tasks_per_user
    other = await load.people.ask(next(ids), "UOTHER")
    assert (await seen(other)).startswith(texts.COMPLETED)
    load.outside.signalwire.latency_seconds = 0.0
    for each in flood:
        await seen(each)
