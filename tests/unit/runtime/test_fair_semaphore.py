"""One user's backlog doesn't delay another user's request, and no slot is ever lost."""

import asyncio
from collections.abc import Hashable

import pytest

from bot.runtime.fair_semaphore import USER_SLOTS, FairSemaphore, QueueFullError, current_user_id

ALICE, BOB, CAROL, DAVE = "U0ALICE", "U0BOB", "U0CAROL", "U0DAVE"


class Requests:
    """Requests that hold a slot of `semaphore` until they are finished.

    Attributes:
        started: the user of each request that got a slot, in this order.
        running: how many hold a slot now.
    """

    def __init__(self, limit: int, max_waiting: int | None = None) -> None:
        self.semaphore = FairSemaphore(limit, max_waiting=max_waiting)
        self.started: list[Hashable] = []
        self.running = 0
        self._finishing = asyncio.Semaphore(0)

    async def start(self, *user_ids: Hashable) -> list[asyncio.Task[None]]:
        """Start a request for each user in order; each holds a slot or waits."""
        tasks = []
        for user_id in user_ids:
            token = current_user_id.set(user_id)
            tasks.append(asyncio.create_task(self._hold(user_id)))
            current_user_id.reset(token)
            await asyncio.sleep(0)
        return tasks

    async def finish(self, count: int = 1) -> None:
        """Finish `count` requests; those that get their slots have started."""
        for _ in range(count):
            self._finishing.release()
            for _ in range(5):
                await asyncio.sleep(0)

    async def _hold(self, user_id: Hashable) -> None:
        async with self.semaphore:
            self.started.append(user_id)
            self.running += 1
            await self._finishing.acquire()
            self.running -= 1

    async def assert_all_slots_are_free(self, limit: int) -> None:
        await self.start(*(f"U{number}" for number in range(limit)))
        assert self.running == limit


async def test_no_more_requests_run_than_there_are_slots() -> None:
    requests = Requests(3)
    await requests.start(*(f"U{number}" for number in range(50)))
    assert requests.running == 3
    for _ in range(47):
        await requests.finish()
        assert requests.running == 3
    assert len(set(requests.started)) == 50


async def test_one_users_backlog_does_not_delay_another_user() -> None:
    requests = Requests(2)
    await requests.start(CAROL, *[ALICE] * 50, BOB)
    await requests.finish()
    assert requests.started == [CAROL, ALICE, BOB]


async def test_users_take_turns_for_a_single_slot() -> None:
    requests = Requests(1)
    await requests.start(CAROL, ALICE, ALICE, ALICE, BOB, BOB, CAROL)
    await requests.finish(6)
    assert requests.started == [CAROL, ALICE, BOB, CAROL, ALICE, BOB, ALICE]


@pytest.mark.parametrize(
    ("limit", "of_one_user"), [(1, 1), (4, 2), (5, 3), (512, USER_SLOTS), (128, USER_SLOTS)]
)
async def test_one_user_holds_few_slots_and_at_most_half(limit: int, of_one_user: int) -> None:
    requests = Requests(limit)
    await requests.start(*[ALICE] * 50)
    assert requests.running == of_one_user
    await requests.finish()
    assert requests.running == of_one_user
    await requests.start(*[BOB] * 50)
    assert requests.running == min(2 * of_one_user, limit)


async def test_work_without_a_user_is_not_capped() -> None:
    requests = Requests(40, max_waiting=10)
    await requests.start(*[None] * 50)
    assert requests.running == 40
    await requests.finish(10)
    assert len(requests.started) == 50


async def test_it_is_locked_while_a_request_waits_or_would_have_to() -> None:
    requests = Requests(2)
    await requests.start(ALICE)
    assert not requests.semaphore.locked()
    await requests.start(ALICE)  # waits for her own slot, although another one is free
    assert requests.semaphore.locked()
    await requests.finish()
    assert not requests.semaphore.locked()
    await requests.start(BOB)
    assert requests.semaphore.locked()


async def test_a_request_beyond_the_queue_is_rejected_at_once() -> None:
    requests = Requests(1, max_waiting=2)
    await requests.start(ALICE, BOB, CAROL)
    [late] = await requests.start(DAVE)
    with pytest.raises(QueueFullError):
        await late
    await requests.finish()
    await requests.start(DAVE)
    await requests.finish(2)
    assert requests.started == [ALICE, BOB, CAROL, DAVE]


async def test_one_user_fills_at_most_half_of_the_queue() -> None:
    requests = Requests(1, max_waiting=4)
    flood = await requests.start(*[ALICE] * 20)
    await asyncio.sleep(0)
    assert sum(each.done() for each in flood) == 17
    await requests.start(BOB, CAROL)
    await requests.finish(5)
    assert requests.started == [ALICE, BOB, CAROL, ALICE, ALICE]
    await asyncio.gather(*flood, return_exceptions=True)


async def test_a_cancelled_waiter_does_not_block_others() -> None:
    requests = Requests(1, max_waiting=2)
    await requests.start(ALICE)
    cancelled, _ = await requests.start(BOB, CAROL)
    cancelled.cancel()
    await asyncio.wait({cancelled})
    await requests.start(DAVE)
    await requests.finish(2)
    assert requests.started == [ALICE, CAROL, DAVE]


async def test_a_request_cancelled_in_its_users_queue_does_not_block_others() -> None:
    requests = Requests(4)
    await requests.start(ALICE, ALICE)
    cancelled, _ = await requests.start(ALICE, ALICE)
    cancelled.cancel()
    await requests.finish()
    assert requests.started == [ALICE] * 3


async def test_a_request_cancelled_in_the_common_queue_frees_its_users_slot() -> None:
    requests = Requests(4)
    await requests.start(BOB, BOB, CAROL, CAROL)
    first, second, _ = await requests.start(ALICE, ALICE, ALICE)
    first.cancel()
    second.cancel()
    await requests.finish()
    assert requests.started[4:] == [ALICE]


@pytest.mark.parametrize("before", [True, False], ids=["just before", "just after"])
async def test_a_slot_granted_as_its_waiter_is_cancelled_goes_to_the_next(*, before: bool) -> None:
    requests = Requests(1)
    async with requests.semaphore:
        cancelled, _ = await requests.start(BOB, CAROL)
        if before:
            cancelled.cancel()
    cancelled.cancel()  # the slot is granted by now, but the task hasn't run since
    await asyncio.wait({cancelled})
    assert cancelled.cancelled()
    await asyncio.sleep(0)
    assert requests.started == [CAROL]


async def test_a_slot_released_as_the_last_waiter_is_cancelled_is_free() -> None:
    requests = Requests(1)
    async with requests.semaphore:
        [cancelled] = await requests.start(BOB)
        cancelled.cancel()
    await asyncio.wait({cancelled})
    await requests.assert_all_slots_are_free(1)


async def test_requests_that_time_out_free_their_slots_and_users() -> None:
    requests = Requests(8, max_waiting=64)

    async def hang(user_id: str) -> None:
        current_user_id.set(user_id)
        async with asyncio.timeout(0.05), requests.semaphore:
            await asyncio.sleep(3600)

    users = [f"U{number % 5}" for number in range(60)]
    ends = await asyncio.gather(*map(hang, users), return_exceptions=True)
    assert {type(end) for end in ends} == {TimeoutError}
    assert not requests.semaphore._users  # noqa: SLF001 - not visible otherwise
    await requests.assert_all_slots_are_free(8)
