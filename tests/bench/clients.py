"""How the people of the benchmark ask: one after the other, or so many at once."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench.processes import Standing
from tests.load.people import Asked


@dataclass(frozen=True)
class Series:
    """Some commands, each acknowledged and, where the contender gives cards, answered.

    Attributes:
        acks: seconds from each command to its acknowledgment.
        cards: seconds from each command to its card.
        seconds: from the first command to the last answer.
    """

    acks: Sequence[float]
    cards: Sequence[float]
    seconds: float

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return len(self.acks) / self.seconds

    def ack(self, share: float) -> float:
        """The seconds that such a share of the acknowledgments (0.5, 0.99) took at most."""
        return _quantile(self.acks, share)

    def card(self, share: float) -> float:
        """The seconds that such a share of the cards took at most."""
        return _quantile(self.cards, share)


def _quantile(seconds: Sequence[float], share: float) -> float:
    return sorted(seconds)[min(int(len(seconds) * share), len(seconds) - 1)]


async def in_turn(contender: Standing, count: int) -> Series:
    """One person, who asks again when the answer is there."""
    return await at_once(contender, 1, count)


async def at_once(contender: Standing, clients: int, count: int) -> Series:
    """So many people, each of whom asks again when the answer is there; `count` commands in all."""
    ids = contender.people.ids()
    acks: list[float] = []
    cards: list[float] = []

    async def ask_on(commands: int) -> None:
        for _ in range(commands):
            asked_at = time.perf_counter()
            asked = await ask(contender, next(ids))
            acks.append(asked.ack_seconds)
            cards.append(time.perf_counter() - asked_at)

    shares = [count // clients + (client < count % clients) for client in range(clients)]
    began = time.perf_counter()
    await asyncio.gather(*(ask_on(share) for share in shares))
    seconds = time.perf_counter() - began
    contender.people.forget()
    return Series(acks, cards, seconds)


async def ask(contender: Standing, text: str, user_id: str = "U0SUPPORT") -> Asked:
    """One command, acknowledged and answered.

    Raises:
        RuntimeError: it wasn't.
    """
    asked = await contender.people.ask(text, user_id)
    if asked.status != 200:
        raise RuntimeError(f"{contender.name} acknowledged with {asked.status}")
    if contender.gives_cards:
        await asked.card()
    return asked
