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
        acks: seconds from each command to its acknowledgement.
        seconds: from the first command to the last answer.
    """

    acks: Sequence[float]
    seconds: float

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return len(self.acks) / self.seconds

    def ack(self, share: float) -> float:
        """The acknowledgement that such a share of them (0.5, 0.99) was no slower than."""
        return sorted(self.acks)[min(int(len(self.acks) * share), len(self.acks) - 1)]


async def in_turn(contender: Standing, count: int) -> Series:
    """One person, who asks again when the answer is there."""
    return await at_once(contender, 1, count)


async def at_once(contender: Standing, clients: int, count: int) -> Series:
    """So many people, each of whom asks again when the answer is there; `count` commands in all."""
    ids = contender.people.ids()
    asked: list[Asked] = []

    async def ask_on(commands: int) -> None:
        asked.extend([await ask(contender, next(ids)) for _ in range(commands)])

    shares = [count // clients + (client < count % clients) for client in range(clients)]
    began = time.perf_counter()
    await asyncio.gather(*(ask_on(share) for share in shares))
    seconds = time.perf_counter() - began
    contender.people.forget()
    return Series([each.ack_seconds for each in asked], seconds)


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
