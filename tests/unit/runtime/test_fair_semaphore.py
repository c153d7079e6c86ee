"""Places are given out in turn among those who wait, not in the order in which they came."""

import asyncio
from collections.abc import Hashable

import pytest

from bot.runtime.fair_semaphore import FairSemaphore, QueueFullError, current_user_id

ALICE, BOB, CAROL = "U0ALICE", "U0BOB", "U0CAROL"


class Room:
    """Where people go through a gate and stay until they are told to leave.

    Attributes:
        came_in: who, in this order.
        inside: how many are in there now.
    """

    def __init__(self, turns: FairSemaphore) -> None:
        self.turns = turns
        self.came_in: list[Hashable] = []
        self.inside = 0
        self._leaving = asyncio.Semaphore(0)

    async def visit(self, party: Hashable) -> asyncio.Task[None]:
        """Somebody comes to the gate, and stands there or is inside when this returns."""
        token = current_user_id.set(party)
        task = asyncio.create_task(self._stay(party))
        current_user_id.reset(token)
        await asyncio.sleep(0)
        return task

    async def one_leaves(self) -> None:
        """One who is inside goes; whoever is let in for it is there when this returns."""
        self._leaving.release()
        for _ in range(5):
            await asyncio.sleep(0)

    async def _stay(self, party: Hashable) -> None:
        async with self.turns:
            self.came_in.append(party)
            self.inside += 1
            await self._leaving.acquire()
            self.inside -= 1


async def test_whoever_finds_room_goes_in() -> None:
    room = Room(FairSemaphore(4))
    for party in (ALICE, ALICE, BOB):
        await room.visit(party)
    assert room.came_in == [ALICE, ALICE, BOB]


async def test_no_more_are_inside_than_there_are_places() -> None:
    room = Room(FairSemaphore(3))
    for number in range(50):
        await room.visit(f"U{number}")
    assert room.inside == 3
    for _ in range(47):
        await room.one_leaves()
        assert room.inside == 3
    assert len(set(room.came_in)) == 50


async def test_fifty_of_one_let_the_one_of_another_go_before_them() -> None:
    room = Room(FairSemaphore(2))
    await room.visit(CAROL)
    for _ in range(50):
        await room.visit(ALICE)
    await room.visit(BOB)
    await room.one_leaves()
    assert room.came_in == [CAROL, ALICE, BOB]


async def test_those_who_wait_take_turns() -> None:
    room = Room(FairSemaphore(1))
    for party in (CAROL, ALICE, ALICE, ALICE, BOB, BOB, CAROL):
        await room.visit(party)
    for _ in range(6):
        await room.one_leaves()
    assert room.came_in == [CAROL, ALICE, BOB, CAROL, ALICE, BOB, ALICE]


async def test_one_person_has_half_of_the_places_at_most() -> None:
    room = Room(FairSemaphore(4))
    for _ in range(10):
        await room.visit(ALICE)
    assert room.came_in == [ALICE, ALICE]
    await room.visit(BOB)
    assert room.came_in == [ALICE, ALICE, BOB]
    await room.one_leaves()
    assert room.inside == 3


async def test_what_nobody_asked_for_may_have_every_place() -> None:
    room = Room(FairSemaphore(4))
    for _ in range(10):
        await room.visit(None)
    assert room.inside == 4
    for _ in range(6):
        await room.one_leaves()
    assert len(room.came_in) == 10


async def test_a_gate_of_one_place_lets_everyone_through() -> None:
    room = Room(FairSemaphore(1))
    await room.visit(ALICE)
    assert room.came_in == [ALICE]


async def test_it_is_locked_while_whoever_comes_may_have_to_wait() -> None:
    turns = FairSemaphore(2)
    room = Room(turns)
    await room.visit(ALICE)
    assert not turns.locked()
    await room.visit(ALICE)  # who has her half, and waits although there is a place
    assert turns.locked()
    await room.one_leaves()
    assert not turns.locked()
    await room.visit(BOB)
    assert turns.locked()


async def test_beyond_the_most_who_may_wait_one_is_turned_away_at_once() -> None:
    room = Room(FairSemaphore(1, max_waiting=2))
    for party in (ALICE, BOB, CAROL):
        await room.visit(party)
    late = await room.visit("U0DAVE")
    with pytest.raises(QueueFullError):
        await late
    await room.one_leaves()
    await room.visit("U0DAVE")
    for _ in range(2):
        await room.one_leaves()
    assert room.came_in == [ALICE, BOB, CAROL, "U0DAVE"]


async def test_somebody_who_floods_the_gate_leaves_room_for_others_to_wait() -> None:
    room = Room(FairSemaphore(1, max_waiting=4))
    flood = [await room.visit(ALICE) for _ in range(20)]
    await asyncio.sleep(0)
    assert sum(each.done() for each in flood) == 17
    await room.visit(BOB)
    await room.visit(CAROL)
    for _ in range(4):
        await room.one_leaves()
    assert room.came_in == [ALICE, BOB, CAROL, ALICE, ALICE]
    await room.one_leaves()
    await asyncio.gather(*flood, return_exceptions=True)


async def test_who_gives_up_waiting_holds_up_nobody() -> None:
    room = Room(FairSemaphore(1, max_waiting=2))
    await room.visit(ALICE)
    impatient = await room.visit(BOB)
    await room.visit(CAROL)
    impatient.cancel()
    await asyncio.wait({impatient})
    await room.visit("U0DAVE")
    await room.one_leaves()
    await room.one_leaves()
    assert room.came_in == [ALICE, CAROL, "U0DAVE"]


async def test_a_place_given_in_the_moment_of_giving_up_goes_to_the_next() -> None:
    turns = FairSemaphore(1)
    room = Room(turns)
    async with turns:
        impatient = await room.visit(BOB)
        await room.visit(CAROL)
    # The place is Bob's since the line above, and he hasn't run since.
    impatient.cancel()
    await asyncio.wait({impatient})
    assert room.came_in == [CAROL]


async def test_a_place_is_not_given_to_who_has_given_up_in_the_same_moment() -> None:
    turns = FairSemaphore(1)
    room = Room(turns)
    async with turns:
        impatient = await room.visit(BOB)
        await room.visit(CAROL)
        impatient.cancel()  # and the place is free before his task has run
    await asyncio.wait({impatient})
    assert impatient.cancelled()
    assert room.came_in == [CAROL]


async def test_the_last_who_waits_may_give_up_in_the_moment_that_a_place_is_free() -> None:
    turns = FairSemaphore(1)
    room = Room(turns)
    async with turns:
        impatient = await room.visit(BOB)
        impatient.cancel()
    await asyncio.wait({impatient})
    await room.visit(CAROL)
    assert room.came_in == [CAROL]


async def test_when_everyone_gives_up_at_the_same_deadline_no_place_is_lost() -> None:
    turns, hours = FairSemaphore(8, max_waiting=64), 3600

    async def hang() -> None:
        async with asyncio.timeout(0.05), turns:
            await asyncio.sleep(hours)

    async def hang_for(party: str) -> None:
        current_user_id.set(party)
        await hang()

    parties = [f"U{number % 5}" for number in range(60)]
    ends = await asyncio.gather(*map(hang_for, parties), return_exceptions=True)
    assert {type(end) for end in ends} == {TimeoutError}
    room = Room(turns)
    for number in range(8):
        await room.visit(f"U{number}")
    assert room.inside == 8


async def test_what_breaks_inside_gives_its_place_back() -> None:
    turns = FairSemaphore(1)
    with pytest.raises(LookupError):
        async with turns:
            raise LookupError
    room = Room(turns)
    await room.visit(ALICE)
    assert room.inside == 1
