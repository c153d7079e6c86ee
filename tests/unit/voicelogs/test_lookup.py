import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import httpx
import pytest

from bot.runtime.http_client import new_client
from bot.signalwire.client import SignalWireClient
from bot.signalwire.errors import (
    AuthenticationError,
    LogNotFoundError,
    RateLimitedError,
    UnavailableError,
)
from bot.signalwire.project import Project
from bot.voicelogs.lookup import MAX_IDS, Lookup
from bot.voicelogs.results import Found, NotFound

LOG_ID = UUID("b7182dc2-00f3-40e4-a5ce-20f164b329df")
OTHER_ID = UUID("0c1bb0f8-6f0e-4d3a-9a6e-7a2f4f3f9d11")

Answering = Callable[[], Awaitable[httpx.Response]]


def answer(status: int = 200) -> Answering:
    async def give() -> httpx.Response:
        return httpx.Response(status, json={"id": str(LOG_ID)})

    return give


class Space:
    """One project's side of the wire."""

    def __init__(self, name: str, answering: Answering, project_id: str = "project") -> None:
        self.name = name
        self.answering = answering
        self.asked = 0
        self.cancelled = 0
        project = Project.model_validate(
            {"name": name, "space": name, "project_id": project_id, "api_token": "PTtoken"}
        )
        self.client = SignalWireClient(
            project,
            new_client(httpx.MockTransport(self._handle)),
            semaphore=asyncio.Semaphore(100),
            now=lambda: pytest.fail("no date was given"),
        )

    async def _handle(self, _request: httpx.Request) -> httpx.Response:
        self.asked += 1
        try:
            return await self.answering()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise


async def stalling() -> httpx.Response:
    await asyncio.Event().wait()
    raise AssertionError("unreachable")


async def breaking() -> httpx.Response:
    raise LookupError("not a SignalWireError")


def after(semaphore: asyncio.Event, status: int = 200) -> Answering:
    async def give() -> httpx.Response:
        await semaphore.wait()
        return await answer(status)()

    return give


def lookup_in(*spaces: Space) -> Lookup:
    return Lookup([space.client for space in spaces])


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_the_only_projects_log_is_found() -> None:
    report = await lookup_in(Space("sales", answer())).get(LOG_ID)
    assert isinstance(report, Found)
    assert (report.project, report.log_id, report.log.id) == ("sales", LOG_ID, str(LOG_ID))
    assert report.outcome == "found"


async def test_all_projects_are_asked_at_once() -> None:
    spaces = [Space(name, stalling) for name in ("one", "two", "three")]
    lookup = lookup_in(*spaces)
    finding = asyncio.create_task(lookup.get(LOG_ID))
    await settle()
    assert [space.asked for space in spaces] == [1, 1, 1]
    await lookup.close()
    assert finding.cancelled() or finding.cancel()


async def test_the_first_project_that_has_it_wins_and_the_others_are_cancelled() -> None:
    slow, quick, refusing = (
        Space("slow", stalling),
        Space("quick", answer()),
        Space("refusing", answer(404)),
    )
    report = await lookup_in(slow, quick, refusing).get(LOG_ID)
    assert isinstance(report, Found)
    assert report.project == "quick"
    assert slow.cancelled == 1


@pytest.mark.parametrize("status", [401, 404, 422, 500])
@pytest.mark.parametrize("failing_first", [True, False])
async def test_one_projects_failure_never_hides_anothers_answer(
    status: int, *, failing_first: bool
) -> None:
    semaphore = asyncio.Event()
    spaces = [Space("failing", answer(status)), Space("having", after(semaphore))]
    lookup = lookup_in(*(spaces if failing_first else reversed(spaces)))
    finding = asyncio.create_task(lookup.get(LOG_ID))
    await settle()
    assert not finding.done()
    semaphore.set()
    report = await finding
    assert isinstance(report, Found)
    assert report.project == "having"


@pytest.mark.parametrize("broken_first", [True, False])
async def test_an_unexpected_exception_does_not_hide_an_answer(*, broken_first: bool) -> None:
    semaphore = asyncio.Event()
    spaces = [Space("broken", breaking), Space("having", after(semaphore))]
    finding = asyncio.create_task(
        lookup_in(*(spaces if broken_first else reversed(spaces))).get(LOG_ID)
    )
    await settle()
    semaphore.set()
    assert isinstance(await finding, Found)


async def test_an_unexpected_exception_is_raised_when_no_project_has_the_log() -> None:
    lookup = lookup_in(Space("broken", breaking), Space("empty", answer(404)))
    with pytest.raises(LookupError, match="not a SignalWireError"):
        await lookup.get(LOG_ID)


async def test_a_miss_says_what_each_project_answered_in_the_configured_order() -> None:
    semaphore = asyncio.Event()
    lookup = lookup_in(
        Space("late", after(semaphore, 404)),
        Space("limited", answer(429)),
        Space("refusing", answer(401)),
        Space("down", answer(500)),
    )
    finding = asyncio.create_task(lookup.get(LOG_ID))
    await settle()
    semaphore.set()
    report = await finding
    assert isinstance(report, NotFound)
    assert [(name, type(error)) for name, error in report.errors.items()] == [
        ("late", LogNotFoundError),
        ("limited", RateLimitedError),
        ("refusing", AuthenticationError),
        ("down", UnavailableError),
    ]
    assert report.outcome == "credentials_refused+not_found+rate_limited+unavailable"


async def test_the_same_failure_everywhere_is_one_outcome() -> None:
    report = await lookup_in(Space("one", answer(404)), Space("two", answer(404))).get(LOG_ID)
    assert report.outcome == "not_found"


async def test_the_same_id_at_the_same_time_is_asked_for_once() -> None:
    semaphore = asyncio.Event()
    space = Space("sales", after(semaphore))
    lookup = lookup_in(space)
    finding = [asyncio.create_task(lookup.get(LOG_ID)) for _ in range(5)]
    await settle()
    semaphore.set()
    reports = await asyncio.gather(*finding)
    assert space.asked == 1
    assert all(report is reports[0] for report in reports)


async def test_different_ids_are_asked_for_on_their_own() -> None:
    space = Space("sales", answer())
    lookup = lookup_in(space)
    await asyncio.gather(lookup.get(LOG_ID), lookup.get(OTHER_ID))
    assert space.asked == 2


async def test_nothing_is_kept_after_the_answer() -> None:
    space = Space("sales", answer(404))
    lookup = lookup_in(space)
    assert isinstance(await lookup.get(LOG_ID), NotFound)
    space.answering = answer()
    assert isinstance(await lookup.get(LOG_ID), Found)
    assert space.asked == 2


async def test_a_fault_reaches_all_who_wait_and_is_not_kept() -> None:
    space = Space("sales", breaking)
    lookup = lookup_in(space)
    results = await asyncio.gather(lookup.get(LOG_ID), lookup.get(LOG_ID), return_exceptions=True)
    assert [type(result) for result in results] == [LookupError, LookupError]
    space.answering = answer()
    assert isinstance(await lookup.get(LOG_ID), Found)


async def test_one_persons_cancellation_leaves_the_others_their_answer() -> None:
    semaphore = asyncio.Event()
    space = Space("sales", after(semaphore))
    lookup = lookup_in(space)
    leaving, staying = (asyncio.create_task(lookup.get(LOG_ID)) for _ in range(2))
    await settle()
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    semaphore.set()
    assert isinstance(await staying, Found)
    assert (space.asked, space.cancelled) == (1, 0)


async def test_closing_cancels_the_lookups_nobody_waits_for() -> None:
    space = Space("sales", stalling)
    lookup = lookup_in(space)
    leaving = asyncio.create_task(lookup.get(LOG_ID))
    await settle()
    leaving.cancel()
    await asyncio.wait({leaving})
    await lookup.close()
    assert space.cancelled == 1
    await lookup.close()


def ids(count: int) -> list[UUID]:
    return [UUID(int=number) for number in range(1, count + 1)]


@pytest.mark.parametrize(("given", "left_out"), [(0, 0), (1, 0), (10, 0), (11, 1), (25, 15)])
async def test_ten_ids_are_looked_up_at_once_and_the_rest_is_kept(
    given: int, left_out: int
) -> None:
    choice = lookup_in(Space("sales", answer())).select(ids(given))
    assert MAX_IDS == 10
    assert list(choice.ids) == ids(given)[:10]
    assert list(choice.rest) == ids(given)[10:]
    assert len(choice.rest) == left_out


async def test_a_projects_own_id_is_dropped_and_frees_its_place() -> None:
    own = UUID("3fa2d9f4-1f4e-4b7e-9d57-0d7b6a2b8c11")
    lookup = lookup_in(Space("one", answer(), "another"), Space("two", answer(), str(own).upper()))
    choice = lookup.select([ids(1)[0], own, *ids(11)[1:]])
    assert list(choice.ids) == ids(10)
    assert list(choice.rest) == ids(11)[10:]


async def test_a_projects_own_id_alone_is_looked_up() -> None:
    own = UUID("3fa2d9f4-1f4e-4b7e-9d57-0d7b6a2b8c11")
    lookup = lookup_in(Space("one", answer(404), str(own)))
    assert list(lookup.select([own]).ids) == [own]


async def test_a_lookup_knows_whether_it_must_name_the_project() -> None:
    one, two = Space("one", answer()), Space("two", answer())
    assert not lookup_in(one).has_several_projects
    assert lookup_in(one, two).has_several_projects
