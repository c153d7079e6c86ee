import asyncio
from typing import cast

import pytest
from structlog.testing import capture_logs

from bot.runtime.fair_semaphore import current_user_id
from bot.services.health_probe import CACHE_SECONDS, HealthProbe
from bot.signalwire.client import DEFAULT_RETRY, SignalWireClient
from bot.signalwire.errors import UnavailableError


class Project:
    """A client whose checks wait for `open`, and that records their users."""

    def __init__(self, name: str = "acme", error: Exception | None = None) -> None:
        self.name = name
        self.error = error
        self.user_ids: list[object] = []
        self.open = asyncio.Event()
        self.open.set()

    async def check(self) -> None:
        self.user_ids.append(current_user_id.get())
        await self.open.wait()
        if self.error is not None:
            raise self.error


class Probe(HealthProbe):
    """A HealthProbe with a fake clock."""

    def __init__(self, *projects: Project) -> None:
        self.now = 0.0
        super().__init__(
            [cast("SignalWireClient", project) for project in projects],
            elapsed=lambda: self.now,
        )


@pytest.mark.parametrize("error", [UnavailableError("500", 3), ValueError("broken")])
async def test_a_failure_is_cached_too(error: Exception) -> None:
    project = Project(error=error)
    probe = Probe(project)
    with capture_logs():
        first, second = await probe.probe(), await probe.probe()
    assert len(project.user_ids) == 1
    assert first == second
    assert first[0].error == (error if isinstance(error, UnavailableError) else "internal_error")


async def test_concurrent_calls_share_a_check_without_a_user() -> None:
    project = Project()
    probe = Probe(project)
    project.open.clear()
    current_user_id.set("U0ANNA")
    calls = [asyncio.create_task(probe.probe()) for _ in range(10)]
    await asyncio.sleep(0)
    calls[0].cancel()
    await asyncio.sleep(0)
    project.open.set()
    results = await asyncio.gather(*calls[1:])
    assert project.user_ids == [None]
    assert all(result == results[0] for result in results)


async def test_known_needs_a_result_of_every_project() -> None:
    slow, quick = Project("slow"), Project("quick")
    probe = Probe(slow, quick)
    assert probe.cached() is None
    slow.open.clear()
    calls = asyncio.create_task(probe.probe())
    await asyncio.sleep(0.01)
    assert probe.cached() is None
    slow.open.set()
    assert await calls == probe.cached()
    probe.now = CACHE_SECONDS
    assert probe.cached() is None


async def test_close_cancels_running_checks() -> None:
    project = Project()
    probe = Probe(project)
    project.open.clear()
    calls = asyncio.create_task(probe.probe())
    await asyncio.sleep(0)
    calls.cancel()
    await probe.close()
    await asyncio.gather(calls, return_exceptions=True)
    assert asyncio.all_tasks() == {asyncio.current_task()}


def test_a_result_is_cached_for_longer_than_a_check_may_take() -> None:
    assert DEFAULT_RETRY.total_seconds < CACHE_SECONDS
