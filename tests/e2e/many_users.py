"""Many users at once: each looks a different log up, and must see one message."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.dev.emulator.signalwire.fixtures import LogFixture, call
from bot.dev.emulator.slack.workspace import RecordedInteraction
from tests.e2e.bot_process import World, until
from tests.support import texts

AT_ONCE: Final = 25
"""Commands sent at the same time: each must be acknowledged within three seconds."""


def logs(count: int) -> list[LogFixture]:
    """Make different logs: lookups of the same one would share a request."""
    began = datetime.now(UTC) - timedelta(hours=1)
    ids = [f"c0de0000-0000-4000-8000-{number:012d}" for number in range(count)]
    return [LogFixture(call(log_id, began)) for log_id in ids]


def ids_of(entries: Sequence[LogFixture]) -> list[str]:
    return [entry.id for entry in entries]


async def ask(world: World, log_ids: Sequence[str]) -> dict[str, RecordedInteraction]:
    """Look each log up as another user; return once all are requested from SignalWire."""
    semaphore = asyncio.Semaphore(AT_ONCE)

    async def look_up(number: int, log_id: str) -> RecordedInteraction:
        async with semaphore:
            return await world.slack.command(log_id, user_id=f"U{number}")

    interactions = await asyncio.gather(*(look_up(*numbered) for numbered in enumerate(log_ids)))
    assert {interaction.failed for interaction in interactions} == {None}
    await until(lambda: world.asked_all(log_ids))
    return dict(zip(log_ids, interactions, strict=True))


def messages_of(interaction: RecordedInteraction) -> list[str]:
    """Return the messages that the user sees, without the notice that SignalWire is slow."""
    shown = [message.text for message in interaction.messages]
    return [text for text in shown if text != texts.SLOW_LOG]


@dataclass(frozen=True)
class Outcome:
    """The IDs whose cards were shown, and those whose users were told to ask again."""

    cards: set[str]
    told: set[str]


def outcome(asked: dict[str, RecordedInteraction]) -> Outcome:
    """Assert that each user sees one message, and return which."""
    told = set()
    for log_id, interaction in asked.items():
        [message] = messages_of(interaction)
        if message.startswith(f"{texts.RESTARTING}."):
            told.add(log_id)
        else:
            assert log_id in message
    return Outcome(cards=asked.keys() - told, told=told)
