"""Many concurrent users, each of whom looks up a different log and must see one message."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.dev.emulator.signalwire.fixtures import LogFixture, call
from bot.dev.emulator.slack.workspace import RecordedInteraction
from tests.e2e.bot_process import World, until
from tests.support import texts

CONCURRENCY: Final = 25
"""Commands sent at the same time: each must be acknowledged within three seconds."""


def logs(count: int) -> list[LogFixture]:
    """Make different logs: lookups of the same one would share a request."""
    started = datetime.now(UTC) - timedelta(hours=1)
    ids = [f"c0de0000-0000-4000-8000-{number:012d}" for number in range(count)]
    return [LogFixture(call(log_id, started)) for log_id in ids]


def ids_of(entries: Sequence[LogFixture]) -> list[str]:
    return [entry.id for entry in entries]


async def look_up_all(world: World, log_ids: Sequence[str]) -> dict[str, RecordedInteraction]:
    """Look up each log as another user; return once all are requested from SignalWire."""
    semaphore = asyncio.Semaphore(CONCURRENCY)

    async def look_up(number: int, log_id: str) -> RecordedInteraction:
        async with semaphore:
            return await world.slack.command(log_id, user_id=f"U{number}")

    interactions = await asyncio.gather(*(look_up(*numbered) for numbered in enumerate(log_ids)))
    assert {interaction.failed for interaction in interactions} == {None}
    await until(lambda: world.all_requested(log_ids))
    return dict(zip(log_ids, interactions, strict=True))


def messages_of(interaction: RecordedInteraction) -> list[str]:
    """Return the messages that the user sees, without the notice that SignalWire is slow."""
    shown = [message.text for message in interaction.messages]
    return [text for text in shown if text != texts.SLOW_LOG]


@dataclass(frozen=True)
class Outcome:
    """The IDs whose cards were shown, and those whose users were told to try again."""

    cards: set[str]
    told: set[str]


def outcome(interactions: dict[str, RecordedInteraction]) -> Outcome:
    """Assert that each user sees one message, and return which."""
    told = set()
    for log_id, interaction in interactions.items():
        [message] = messages_of(interaction)
        if message.startswith(f"{texts.RESTARTING}."):
            told.add(log_id)
        else:
            assert log_id in message
    return Outcome(cards=interactions.keys() - told, told=told)
