import asyncio
from typing import cast

import pytest
from structlog.testing import capture_logs

from bot.runtime.fair_semaphore import current_user_id
from bot.services.health_probe import CACHE_SECONDS, HealthProbe
from bot.signalwire.client import DEFAULT_RETRY, SignalWireClient
from bot.signalwire.errors import UnavailableError


class Project:
    """A client whose answers are held back, and who counts what it is asked."""

    def __init__(self, name: str = "acme", error: Exception | None = None) -> None:
        self.name = name
        self.error = error
        self.parties: list[object] = []
        self.open = asyncio.Event()
        self.open.set()

    async def check(self) -> None:
        self.parties.append(current_user_id.get())
        await self.open.wait()
        if self.error is not None:
            raise self.error


class Probe(HealthProbe):
    """Under a clock that is set by hand."""

    def __init__(self, *projects: Project) -> None:
        self.passed = 0.0
        super().__init__(
            [cast("SignalWireClient", project) for project in projects],
            elapsed=lambda: self.passed,
        )


async def test_a_project_is_asked_once_in_a_while() -> None:
    project = Project()
    probe = Probe(project)
    for _ in range(100):
        await probe.probe()
    probe.passed = CACHE_SECONDS - 0.1
    await probe.probe()
    assert len(project.parties) == 1
    probe.passed = CACHE_SECONDS
    await probe.probe()
    assert len(project.parties) == 2


@pytest.mark.parametrize("error", [UnavailableError("500", 3), ValueError("broken")])
async def test_what_is_wrong_is_kept_as_well(error: Exception) -> None:
    project = Project(error=error)
    probe = Probe(project)
    with capture_logs():
        first, second = await probe.probe(), await probe.probe()
    assert len(project.parties) == 1
    assert first == second
    assert first[0].error == (error if isinstance(error, UnavailableError) else "broken")


async def test_who_comes_while_it_is_asked_waits_for_that_answer_on_nobodys_behalf() -> None:
    project = Project()
    probe = Probe(project)
    project.open.clear()
    current_user_id.set("U0ANNA")
    asking = [asyncio.create_task(probe.probe()) for _ in range(10)]
    await asyncio.sleep(0)
    asking[0].cancel()
    await asyncio.sleep(0)
    project.open.set()
    answers = await asyncio.gather(*asking[1:])
    assert project.parties == [None]
    assert all(answer == answers[0] for answer in answers)


async def test_what_is_known_is_known_of_every_project_or_not_at_all() -> None:
    slow, quick = Project("slow"), Project("quick")
    probe = Probe(slow, quick)
    assert probe.known() is None
    slow.open.clear()
    asking = asyncio.create_task(probe.probe())
    await asyncio.sleep(0.01)
    assert probe.known() is None
    slow.open.set()
    assert await asking == probe.known()
    probe.passed = CACHE_SECONDS
    assert probe.known() is None


async def test_a_stop_leaves_no_question_under_way() -> None:
    project = Project()
    probe = Probe(project)
    project.open.clear()
    asking = asyncio.create_task(probe.probe())
    await asyncio.sleep(0)
    asking.cancel()
    await probe.close()
    await asyncio.gather(asking, return_exceptions=True)
    assert asyncio.all_tasks() == {asyncio.current_task()}


def test_an_answer_is_kept_for_longer_than_it_may_take() -> None:
    assert DEFAULT_RETRY.total_seconds < CACHE_SECONDS
