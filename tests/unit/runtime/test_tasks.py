import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import pytest
from structlog.testing import capture_logs

from bot.runtime.fair_semaphore import current_user_id
from bot.runtime.tasks import (
    SHUTDOWN_GRACE_SECONDS,
    BackgroundTasks,
    NotAcceptingTasksError,
    ShutdownDeadlineError,
)
from tests.support.fake_time_loop import SkippingLoop


def skipping_pauses(work: Callable[[], Awaitable[None]]) -> float:
    """Run `work`, every pause skipped; how many seconds it would have taken."""

    async def timed() -> float:
        loop = asyncio.get_running_loop()
        started = loop.time()
        await work()
        return loop.time() - started

    with asyncio.Runner(loop_factory=SkippingLoop) as runner:
        return runner.run(timed())


async def forever() -> None:
    await asyncio.Event().wait()


async def test_work_runs_in_the_background_and_is_then_forgotten() -> None:
    jobs, done = BackgroundTasks(), list[str]()

    async def work() -> None:
        await asyncio.sleep(0)
        done.append("done")

    jobs.start(work)
    assert (len(jobs), done) == (1, [])
    await jobs.join()
    assert (len(jobs), done) == (0, ["done"])


async def test_idle_waits_for_work_that_work_begins() -> None:
    jobs, done = BackgroundTasks(), list[str]()

    async def second() -> None:
        done.append("second")

    async def first() -> None:
        await asyncio.sleep(0)
        jobs.start(second)

    jobs.start(first)
    await jobs.join()
    assert done == ["second"]


async def test_work_beyond_the_limit_is_refused_until_there_is_room() -> None:
    jobs, semaphore = BackgroundTasks(limit=2), asyncio.Event()

    async def work() -> None:
        await semaphore.wait()

    jobs.start(work)
    jobs.start(work)
    with pytest.raises(NotAcceptingTasksError) as caught:
        jobs.start(work)
    assert not caught.value.stopping
    assert len(jobs) == 2
    semaphore.set()
    await jobs.join()
    jobs.start(work)
    await jobs.join()


@contextmanager
def on_behalf_of(party: str | None) -> Iterator[None]:
    begun = current_user_id.set(party)
    try:
        yield
    finally:
        current_user_id.reset(begun)


async def test_one_partys_work_is_bounded_and_leaves_room_for_anothers() -> None:
    jobs, semaphore = BackgroundTasks(limit=10, each=2), asyncio.Event()

    async def work() -> None:
        await semaphore.wait()

    with on_behalf_of("alice"):
        jobs.start(work)
        jobs.start(work)
        with pytest.raises(NotAcceptingTasksError) as caught:
            jobs.start(work)
    assert (caught.value.of_one, caught.value.stopping) == (True, False)
    with on_behalf_of("bob"):
        jobs.start(work)
    with on_behalf_of(None):  # the process itself
        for _ in range(7):
            jobs.start(work)
        with pytest.raises(NotAcceptingTasksError) as caught:
            jobs.start(work)
    assert not caught.value.of_one
    semaphore.set()
    await jobs.join()
    with on_behalf_of("alice"):
        jobs.start(work)
    await jobs.join()


async def test_words_to_one_party_are_bounded_too_and_take_no_place_of_work() -> None:
    jobs, semaphore = BackgroundTasks(limit=3, each=2), asyncio.Event()

    async def work() -> None:
        await semaphore.wait()

    with on_behalf_of("alice"):
        for _ in range(2):
            jobs.start(work)
            jobs.start(work, always=True)
        with pytest.raises(NotAcceptingTasksError):
            jobs.start(work, always=True)
    with on_behalf_of("bob"):
        jobs.start(work)
        jobs.start(work, always=True)
    semaphore.set()
    await jobs.drain(1)
    with on_behalf_of("alice"):
        jobs.start(work, always=True)
    await jobs.join()


async def test_there_is_always_room_for_telling_that_there_is_none() -> None:
    jobs, told = BackgroundTasks(limit=0), list[str]()

    async def tell() -> None:
        told.append("told")

    jobs.start(tell, always=True)
    await jobs.drain(1)
    jobs.start(tell, always=True)
    await jobs.join()
    assert told == ["told", "told"]


async def test_a_stopping_process_takes_no_new_work() -> None:
    jobs = BackgroundTasks()
    assert await jobs.drain(0) == 0
    with pytest.raises(NotAcceptingTasksError) as caught:
        jobs.start(forever)
    assert caught.value.stopping
    assert len(jobs) == 0


async def test_a_fault_is_logged_and_harms_no_other_work() -> None:
    jobs, done = BackgroundTasks(), list[str]()

    async def fault() -> None:
        raise ValueError("broken")

    async def work() -> None:
        await asyncio.sleep(0)
        done.append("done")

    with capture_logs() as lines:
        jobs.start(fault)
        jobs.start(work)
        await jobs.join()
    assert done == ["done"]
    assert [(line["event"], line["log_level"]) for line in lines] == [("task.failed", "error")]


async def test_draining_waits_for_what_is_under_way() -> None:
    jobs, semaphore, done = BackgroundTasks(), asyncio.Event(), list[str]()

    async def work() -> None:
        await semaphore.wait()
        done.append("done")

    jobs.start(work)
    draining = asyncio.create_task(jobs.drain(5))
    await asyncio.sleep(0.01)
    assert not draining.done()
    semaphore.set()
    assert await draining == 0
    assert done == ["done"]


async def test_a_task_is_interrupted_at_the_deadline_and_can_still_say_so() -> None:
    tasks, events = BackgroundTasks(), list[str]()

    async def work() -> None:
        try:
            async with tasks.interruptible():
                try:
                    await forever()
                finally:
                    await asyncio.sleep(0)
                    events.append("cleaned up")
        except ShutdownDeadlineError:
            await asyncio.sleep(0)
            events.append("interrupted")

    tasks.start(work)
    assert await tasks.drain(0.01) == 0
    assert events == ["cleaned up", "interrupted"]


async def test_an_error_while_cleaning_up_is_an_interruption_too() -> None:
    tasks, interrupted = BackgroundTasks(), list[bool]()

    async def work() -> None:
        try:
            async with tasks.interruptible():
                try:
                    await forever()
                finally:
                    raise ValueError("broken")
        except ShutdownDeadlineError:
            interrupted.append(True)

    tasks.start(work)
    assert await tasks.drain(0.01) == 0
    assert interrupted == [True]


async def test_what_begins_after_the_deadline_is_interrupted_at_once() -> None:
    tasks = BackgroundTasks()
    await tasks.drain(0)
    with pytest.raises(ShutdownDeadlineError):
        async with tasks.interruptible():
            await forever()


async def test_what_needs_no_wait_is_done_even_after_the_deadline() -> None:
    tasks, done = BackgroundTasks(), list[str]()
    await tasks.drain(0)
    async with tasks.interruptible():
        done.append("done")
    assert done == ["done"]


@pytest.mark.parametrize("error", [ValueError("broken"), TimeoutError("its own")])
async def test_errors_are_raised_as_they_are_before_the_deadline(error: Exception) -> None:
    with pytest.raises(type(error)) as caught:
        async with BackgroundTasks().interruptible():
            raise error
    assert caught.value is error


async def test_what_is_not_interruptible_goes_on_after_the_deadline() -> None:
    tasks, done = BackgroundTasks(), list[str]()

    async def work() -> None:
        async with tasks.interruptible():
            pass
        await asyncio.sleep(0.05)
        done.append("done")

    tasks.start(work)
    assert await tasks.drain(0) == 0
    assert done == ["done"]


def test_draining_interrupts_after_its_seconds_and_cancels_after_the_farewell() -> None:
    cancelled = list[float]()

    async def deaf() -> None:
        try:
            await forever()
        finally:
            cancelled.append(asyncio.get_running_loop().time())

    async def work() -> None:
        jobs = BackgroundTasks()
        jobs.start(deaf)
        jobs.start(deaf)
        with capture_logs() as lines:
            assert await jobs.drain(10) == 2
        assert len(jobs) == 0
        assert lines == []

    assert skipping_pauses(work) == pytest.approx(10 + SHUTDOWN_GRACE_SECONDS, abs=0.2)
    assert len(cancelled) == 2


def test_draining_does_not_wait_longer_than_the_work() -> None:
    async def work() -> None:
        jobs = BackgroundTasks()
        jobs.start(lambda: asyncio.sleep(3))
        assert await jobs.drain(10) == 0

    assert skipping_pauses(work) == pytest.approx(3, abs=0.2)


def test_what_is_told_while_draining_is_waited_for_too() -> None:
    told = list[str]()

    async def tell() -> None:
        await asyncio.sleep(7)
        told.append("told")

    async def work() -> None:
        jobs = BackgroundTasks()

        async def first() -> None:
            await asyncio.sleep(1)
            jobs.start(tell, always=True)

        jobs.start(first)
        assert await jobs.drain(10) == 0

    assert skipping_pauses(work) == pytest.approx(8, abs=0.2)
    assert told == ["told"]


async def test_the_process_is_stopping_from_the_moment_that_it_drains() -> None:
    jobs, semaphore = BackgroundTasks(), asyncio.Event()

    async def work() -> None:
        await semaphore.wait()

    jobs.start(work)
    before = jobs.is_stopping
    draining = asyncio.create_task(jobs.drain(5))
    await asyncio.sleep(0)
    during = jobs.is_stopping
    semaphore.set()
    await draining
    assert (before, during, jobs.is_stopping) == (False, True, True)


def test_a_rest_is_waited_out() -> None:
    async def work() -> None:
        assert await BackgroundTasks().wait_unless_stopping(asyncio.sleep(7))

    assert skipping_pauses(work) == pytest.approx(7, abs=0.2)


def test_a_rest_ends_with_the_beginning_of_a_stop() -> None:
    rested = list[bool]()

    async def work() -> None:
        jobs = BackgroundTasks()

        async def resting() -> None:
            rested.append(await jobs.wait_unless_stopping(asyncio.sleep(3600)))

        jobs.start(resting)
        await asyncio.sleep(2)
        assert await jobs.drain(60) == 0

    assert skipping_pauses(work) == pytest.approx(2, abs=0.2)
    assert rested == [False]


def test_there_is_no_rest_in_a_process_that_is_stopping() -> None:
    async def work() -> None:
        jobs = BackgroundTasks()
        await jobs.drain(0)
        assert not await jobs.wait_unless_stopping(asyncio.sleep(3600))

    assert skipping_pauses(work) == pytest.approx(0, abs=0.2)


async def test_what_breaks_during_a_rest_is_handed_on() -> None:
    async def fault() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await BackgroundTasks().wait_unless_stopping(fault())


async def test_a_rest_that_is_cut_short_leaves_nothing_behind() -> None:
    jobs, cut = BackgroundTasks(), list[str]()

    async def pause() -> None:
        try:
            await forever()
        finally:
            cut.append("cut")

    resting = asyncio.create_task(jobs.wait_unless_stopping(pause()))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await jobs.drain(0)
    assert not await resting
    await asyncio.sleep(0)
    assert cut == ["cut"]
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_rest_that_is_cancelled_takes_its_pause_with_it() -> None:
    jobs = BackgroundTasks()
    resting = asyncio.create_task(jobs.wait_unless_stopping(forever()))
    await asyncio.sleep(0)
    resting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await resting
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == {asyncio.current_task()}
