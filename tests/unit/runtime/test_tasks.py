import asyncio
from collections.abc import Iterator
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
from tests.support.fake_time_loop import seconds_taken


async def forever() -> None:
    await asyncio.Event().wait()


class Gate(asyncio.Event):
    async def work(self) -> None:
        await self.wait()


async def test_join_waits_for_tasks_started_by_tasks() -> None:
    tasks, done = BackgroundTasks(), list[str]()

    async def second() -> None:
        done.append("second")

    async def first() -> None:
        await asyncio.sleep(0)
        tasks.start(second)

    tasks.start(first)
    await tasks.join()
    assert done == ["second"]


@contextmanager
def on_behalf_of(user_id: str | None) -> Iterator[None]:
    token = current_user_id.set(user_id)
    try:
        yield
    finally:
        current_user_id.reset(token)


async def test_one_users_tasks_are_limited_and_leave_room_for_others() -> None:
    tasks, gate = BackgroundTasks(limit=10, per_user=2), Gate()

    with on_behalf_of("alice"):
        tasks.start(gate.work)
        tasks.start(gate.work)
        with pytest.raises(NotAcceptingTasksError) as caught:
            tasks.start(gate.work)
    assert (caught.value.per_user, caught.value.stopping) == (True, False)
    with on_behalf_of("bob"):
        tasks.start(gate.work)
    with on_behalf_of(None):  # the process itself
        for _ in range(7):
            tasks.start(gate.work)
        with pytest.raises(NotAcceptingTasksError) as caught:
            tasks.start(gate.work)
    assert not caught.value.per_user
    gate.set()
    await tasks.join()
    with on_behalf_of("alice"):
        tasks.start(gate.work)
    await tasks.join()


async def test_one_users_notices_have_their_own_limit() -> None:
    tasks, gate = BackgroundTasks(limit=3, per_user=2), Gate()

    with on_behalf_of("alice"):
        for _ in range(2):
            tasks.start(gate.work)
            tasks.start(gate.work, is_notice=True)
        with pytest.raises(NotAcceptingTasksError):
            tasks.start(gate.work, is_notice=True)
    with on_behalf_of("bob"):
        tasks.start(gate.work)
        tasks.start(gate.work, is_notice=True)
    gate.set()
    await tasks.drain(1)
    with on_behalf_of("alice"):
        tasks.start(gate.work, is_notice=True)
    await tasks.join()


async def test_an_exception_is_logged_and_affects_no_other_task() -> None:
    tasks, done = BackgroundTasks(), list[str]()

    async def fail() -> None:
        raise ValueError("broken")

    async def work() -> None:
        await asyncio.sleep(0)
        done.append("done")

    with capture_logs() as lines:
        tasks.start(fail)
        tasks.start(work)
        await tasks.join()
    assert done == ["done"]
    assert [(line["event"], line["log_level"]) for line in lines] == [("task.failed", "error")]


@pytest.mark.parametrize("error", [None, ValueError("broken")])
async def test_a_task_is_interrupted_at_the_deadline_and_can_still_report_it(
    error: Exception | None,
) -> None:
    """An error during cleanup counts as the interruption."""
    tasks, events = BackgroundTasks(), list[str]()

    async def work() -> None:
        try:
            async with tasks.interruptible():
                try:
                    await forever()
                finally:
                    await asyncio.sleep(0)
                    events.append("cleaned up")
                    if error is not None:
                        raise error
        except ShutdownDeadlineError:
            await asyncio.sleep(0)
            events.append("interrupted")

    tasks.start(work)
    assert await tasks.drain(0.01) == 0
    assert events == ["cleaned up", "interrupted"]


async def test_after_the_deadline_only_work_that_never_waits_finishes() -> None:
    tasks = BackgroundTasks()
    await tasks.drain(0)
    async with tasks.interruptible():
        pass
    with pytest.raises(ShutdownDeadlineError):
        async with tasks.interruptible():
            await forever()


@pytest.mark.parametrize("error", [ValueError("broken"), TimeoutError("its own")])
async def test_errors_before_the_deadline_are_raised_unchanged(error: Exception) -> None:
    with pytest.raises(type(error)) as caught:
        async with BackgroundTasks().interruptible():
            raise error
    assert caught.value is error


async def test_work_that_is_not_interruptible_continues_after_the_deadline() -> None:
    tasks, done = BackgroundTasks(), list[str]()

    async def work() -> None:
        async with tasks.interruptible():
            pass
        await asyncio.sleep(0.05)
        done.append("done")

    tasks.start(work)
    assert await tasks.drain(0) == 0
    assert done == ["done"]


def test_drain_interrupts_at_the_deadline_and_cancels_after_the_grace_period() -> None:
    cancelled = list[bool]()

    async def wait_forever() -> None:
        try:
            await forever()
        finally:
            cancelled.append(True)

    async def work() -> None:
        tasks = BackgroundTasks()
        tasks.start(wait_forever)
        tasks.start(wait_forever)
        with capture_logs() as lines:
            assert await tasks.drain(10) == 2
        assert len(tasks) == 0
        assert lines == []

    assert seconds_taken(work) == pytest.approx(10 + SHUTDOWN_GRACE_SECONDS)
    assert len(cancelled) == 2


@pytest.mark.parametrize(("notice", "seconds"), [(False, 1), (True, 8)])
def test_drain_ends_with_the_last_task_or_notice(seconds: float, *, notice: bool) -> None:
    async def work() -> None:
        tasks = BackgroundTasks()

        async def first() -> None:
            await asyncio.sleep(1)
            if notice:
                tasks.start(lambda: asyncio.sleep(7), is_notice=True)

        tasks.start(first)
        assert await tasks.drain(10) == 0

    assert seconds_taken(work) == pytest.approx(seconds)


@pytest.mark.parametrize(("stops_after", "seconds"), [(60, 7), (2, 2)])
def test_a_pause_lasts_its_full_time_unless_the_process_stops(
    stops_after: float, seconds: float
) -> None:
    async def work() -> None:
        tasks = BackgroundTasks()
        pausing = asyncio.create_task(tasks.wait_unless_stopping(asyncio.sleep(7)))
        await asyncio.wait({pausing}, timeout=stops_after)
        await tasks.drain(60)
        assert await pausing is (seconds < stops_after)

    assert seconds_taken(work) == pytest.approx(seconds)


def test_a_pause_ends_immediately_while_stopping() -> None:
    async def work() -> None:
        tasks = BackgroundTasks()
        await tasks.drain(0)
        assert not await tasks.wait_unless_stopping(asyncio.sleep(3600))

    assert seconds_taken(work) == pytest.approx(0)


async def test_an_exception_in_a_pause_is_raised() -> None:
    async def fail() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await BackgroundTasks().wait_unless_stopping(fail())


async def test_an_interrupted_pause_leaves_no_task() -> None:
    tasks, cancelled = BackgroundTasks(), list[str]()

    async def pause() -> None:
        try:
            await forever()
        finally:
            cancelled.append("cancelled")

    waiting = asyncio.create_task(tasks.wait_unless_stopping(pause()))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await tasks.drain(0)
    assert not await waiting
    await asyncio.sleep(0)
    assert cancelled == ["cancelled"]
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_cancelled_pause_leaves_no_task() -> None:
    tasks = BackgroundTasks()
    waiting = asyncio.create_task(tasks.wait_unless_stopping(forever()))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == {asyncio.current_task()}
