"""Sends commands to a program, sequentially or from many clients at once."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench.processes import RunningProgram
from tests.load.slack_users import SentRequest


@dataclass(frozen=True)
class Timings:
    """The times of a series of commands, in seconds."""

    acks: Sequence[float]
    """From each command to its ack."""
    cards: Sequence[float]
    """From each command to its card, or to its ack if the program posts none."""
    total: float
    """From the first command to the last card."""

    @property
    def per_second(self) -> float:
        """The number of commands handled per second."""
        return len(self.acks) / self.total

    def ack(self, quantile: float) -> float:
        """Return a quantile of the times to the ack, such as 0.99."""
        return _quantile(self.acks, quantile)

    def card(self, quantile: float) -> float:
        """Return a quantile of the times to the card."""
        return _quantile(self.cards, quantile)


def _quantile(seconds: Sequence[float], quantile: float) -> float:
    return sorted(seconds)[min(int(len(seconds) * quantile), len(seconds) - 1)]


async def send_sequentially(bot: RunningProgram, count: int) -> Timings:
    """Send commands from one client, each after the card of the one before."""
    return await send_concurrently(bot, 1, count)


async def send_concurrently(bot: RunningProgram, clients: int, count: int) -> Timings:
    """Send `count` commands in all; each client sends one after the card of its last one."""
    ids = bot.users.ids()
    acks: list[float] = []
    cards: list[float] = []

    async def run_client(commands: int) -> None:
        for _ in range(commands):
            started = time.perf_counter()
            sent = await send(bot, next(ids))
            acks.append(sent.ack_seconds)
            cards.append(time.perf_counter() - started)

    shares = [count // clients + (client < count % clients) for client in range(clients)]
    started = time.perf_counter()
    await asyncio.gather(*(run_client(share) for share in shares))
    total = time.perf_counter() - started
    bot.users.discard_posts()
    return Timings(acks, cards, total)


async def send(bot: RunningProgram, text: str, user_id: str = "U0SUPPORT") -> SentRequest:
    """Send one command, and wait for its ack and its card.

    Raises:
        RuntimeError: it wasn't acknowledged.
    """
    sent = await bot.users.send_command(text, user_id)
    if sent.status != 200:
        raise RuntimeError(f"{bot.program.name} acknowledged with {sent.status}")
    if bot.program.posts_cards:
        await sent.card()
    return sent
