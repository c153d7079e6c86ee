"""Many people at once: each asks for a log of their own, and is to see one answer."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.dev.emulator.signalwire.fixtures import LogFixture, call
from bot.dev.emulator.slack.workspace import RecordedInteraction
from bot.ui import errors as error_texts
from tests.e2e.bot_process import World, until

RESTARTING: Final = f"{error_texts.RESTARTING.title}."
SLOW: Final = "SignalWire is responding slowly; the log will appear here."
COMING_IN: Final = 25
"""How many knock at the same time: Slack gives each three seconds, on a busy machine too."""


def logs(count: int) -> list[LogFixture]:
    """So many logs, of which no two are alike: lookups of the same one would share a request."""
    began = datetime.now(UTC) - timedelta(hours=1)
    ids = [f"c0de0000-0000-4000-8000-{number:012d}" for number in range(count)]
    return [LogFixture(log_id, "one of many", call(log_id, began)) for log_id in ids]


def ids_of(entries: Sequence[LogFixture]) -> list[str]:
    return [entry.id for entry in entries]


async def ask(world: World, log_ids: Sequence[str]) -> dict[str, RecordedInteraction]:
    """Everybody asks, each for one of these logs, and is acknowledged; SignalWire hears of all."""
    door = asyncio.Semaphore(COMING_IN)

    async def come(number: int, log_id: str) -> RecordedInteraction:
        async with door:
            return await world.slack.command(log_id, user_id=f"U{number}")

    exchanges = await asyncio.gather(*(come(*numbered) for numbered in enumerate(log_ids)))
    assert {exchange.failed for exchange in exchanges} == {None}
    await until(lambda: world.asked_all(log_ids))
    return dict(zip(log_ids, exchanges, strict=True))


def answers(exchange: RecordedInteraction) -> list[str]:
    """What a person sees of it, beside the word that SignalWire is slow."""
    texts = [message.text for message in exchange.messages]
    return [text for text in texts if text != SLOW]


@dataclass(frozen=True)
class Outcome:
    """What came of it: the ids whose cards were shown, and those that are to be asked again."""

    cards: set[str]
    told: set[str]


def outcome(asked: dict[str, RecordedInteraction]) -> Outcome:
    """What everybody sees in the end, which is one answer: their card, or a word to ask again."""
    told = set()
    for log_id, exchange in asked.items():
        [answer] = answers(exchange)
        if answer.startswith(RESTARTING):
            assert "Try again in a few seconds." in answer
            told.add(log_id)
        else:
            assert answer.startswith("Completed"), answer
            assert log_id in answer
    return Outcome(cards=asked.keys() - told, told=told)
