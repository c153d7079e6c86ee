import asyncio
from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

import httpx
import pytest

from bot.signalwire.errors import (
    AuthenticationError,
    LogNotFoundError,
    RateLimitedError,
    UnavailableError,
)
from bot.voicelogs.lookup import Lookup
from bot.voicelogs.results import Found, NotFound
from tests.support.fake_time_loop import run_timed
from tests.support.signalwire import client_over, new_project
from tests.support.texts import ID

OTHER = UUID("0c1bb0f8-6f0e-4d3a-9a6e-7a2f4f3f9d11")

OWN = UUID("3fa2d9f4-1f4e-4b7e-9d57-0d7b6a2b8c11")
"""The ID of a project."""
LOG = {"id": str(ID)}
CALL = {"sid": str(ID), "from": "+12065550100", "status": "busy", "sip_result_code": "486"}

Responder = Callable[[], Awaitable[httpx.Response]]


def respond_with(
    status: int = 200, body: Mapping[str, str] = LOG, after: asyncio.Event | None = None
) -> Responder:
    async def give() -> httpx.Response:
        if after is not None:
            await after.wait()
        return httpx.Response(status, json=body)

    return give


no_call = respond_with(404, {"code": "20404", "message": "Not found"})
has_call = respond_with(200, CALL)


class Space:
    """A project that counts its requests for logs, and for calls of the Compatibility API."""

    def __init__(
        self,
        name: str,
        respond: Responder,
        project_id: str = "project",
        respond_call: Responder = no_call,
    ) -> None:
        self.name = name
        self.respond = respond
        self.respond_call = respond_call
        self.requests = 0
        self.calls = 0
        self.cancelled = 0
        self.client = client_over(
            httpx.MockTransport(self._handle), new_project(name, name, project_id)
        )

    async def _handle(self, request: httpx.Request) -> httpx.Response:
        is_call = request.url.path.startswith("/api/laml/")
        self.requests += not is_call
        self.calls += is_call
        try:
            return await (self.respond_call if is_call else self.respond)()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise


async def stalled() -> httpx.Response:
    await asyncio.Event().wait()
    raise AssertionError("unreachable")


async def broken() -> httpx.Response:
    raise LookupError("not a SignalWireError")


def lookup_in(*spaces: Space) -> Lookup:
    return Lookup([space.client for space in spaces])


async def run_other_tasks() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_all_projects_are_requested_concurrently() -> None:
    spaces = [Space(name, stalled) for name in ("one", "two", "three")]
    lookup = lookup_in(*spaces)
    lookups = asyncio.create_task(lookup.get(ID))
    await run_other_tasks()
    assert [space.requests for space in spaces] == [1, 1, 1]
    await lookup.close()
    assert lookups.cancelled() or lookups.cancel()


async def test_the_first_log_is_returned_and_the_other_requests_are_cancelled() -> None:
    slow, quick, rejecting = (
        Space("slow", stalled),
        Space("quick", respond_with()),
        Space("rejecting", respond_with(404)),
    )
    result = await lookup_in(slow, quick, rejecting).get(ID)
    assert isinstance(result, Found)
    assert result.project == "quick"
    assert slow.cancelled == 1


@pytest.mark.parametrize("failing", [*map(respond_with, [401, 404, 422, 500]), broken])
@pytest.mark.parametrize("failing_first", [True, False])
async def test_a_failing_project_does_not_hide_a_found_log(
    failing: Responder, *, failing_first: bool
) -> None:
    event = asyncio.Event()
    spaces = [Space("failing", failing), Space("having", respond_with(after=event))]
    lookup = lookup_in(*(spaces if failing_first else reversed(spaces)))
    lookups = asyncio.create_task(lookup.get(ID))
    await run_other_tasks()
    assert not lookups.done()
    event.set()
    result = await lookups
    assert isinstance(result, Found)
    assert result.project == "having"


async def test_an_exception_is_raised_if_no_project_has_the_log() -> None:
    lookup = lookup_in(Space("broken", broken), Space("empty", respond_with(404)))
    with pytest.raises(LookupError, match="not a SignalWireError"):
        await lookup.get(ID)


async def test_not_found_has_each_projects_error_in_configured_order() -> None:
    event = asyncio.Event()
    lookup = lookup_in(
        Space("late", respond_with(404, after=event)),
        Space("limited", respond_with(429)),
        Space("rejecting", respond_with(401)),
        Space("down", respond_with(500)),
        Space("also-down", respond_with(500)),
    )
    lookups = asyncio.create_task(lookup.get(ID))
    await run_other_tasks()
    event.set()
    result = await lookups
    assert isinstance(result, NotFound)
    assert [(name, type(error)) for name, error in result.errors.items()] == [
        ("late", LogNotFoundError),
        ("limited", RateLimitedError),
        ("rejecting", AuthenticationError),
        ("down", UnavailableError),
        ("also-down", UnavailableError),
    ]
    assert result.outcome == "credentials_rejected+not_found+rate_limited+unavailable"


async def test_concurrent_lookups_of_an_id_share_a_request() -> None:
    event = asyncio.Event()
    space = Space("sales", respond_with(after=event))
    lookup = lookup_in(space)
    lookups = [asyncio.create_task(lookup.get(ID)) for _ in range(5)]
    await run_other_tasks()
    event.set()
    results = await asyncio.gather(*lookups)
    assert space.requests == 1
    assert all(result is results[0] for result in results)


async def test_different_ids_are_requested_separately() -> None:
    space = Space("sales", respond_with())
    lookup = lookup_in(space)
    await asyncio.gather(lookup.get(ID), lookup.get(OTHER))
    assert space.requests == 2


async def test_results_are_not_cached() -> None:
    space = Space("sales", respond_with(404))
    lookup = lookup_in(space)
    assert isinstance(await lookup.get(ID), NotFound)
    space.respond = respond_with()
    assert isinstance(await lookup.get(ID), Found)
    assert space.requests == 2


async def test_an_exception_reaches_all_waiters_and_is_not_cached() -> None:
    space = Space("sales", broken)
    lookup = lookup_in(space)
    results = await asyncio.gather(lookup.get(ID), lookup.get(ID), return_exceptions=True)
    assert [type(result) for result in results] == [LookupError, LookupError]
    space.respond = respond_with()
    assert isinstance(await lookup.get(ID), Found)


async def test_cancelling_one_lookup_does_not_cancel_the_others() -> None:
    event = asyncio.Event()
    space = Space("sales", respond_with(after=event))
    lookup = lookup_in(space)
    cancelled, other = (asyncio.create_task(lookup.get(ID)) for _ in range(2))
    await run_other_tasks()
    cancelled.cancel()
    with pytest.raises(asyncio.CancelledError):
        await cancelled
    event.set()
    assert isinstance(await other, Found)
    assert (space.requests, space.cancelled) == (1, 0)


async def test_close_cancels_abandoned_lookups() -> None:
    space = Space("sales", stalled)
    lookup = lookup_in(space)
    cancelled = asyncio.create_task(lookup.get(ID))
    await run_other_tasks()
    cancelled.cancel()
    await asyncio.wait({cancelled})
    await lookup.close()
    assert space.cancelled == 1
    await lookup.close()


def ids(count: int) -> list[UUID]:
    return [UUID(int=number) for number in range(1, count + 1)]


@pytest.mark.parametrize("given", [0, 1, 10, 11, 25])
async def test_at_most_ten_ids_are_selected(given: int) -> None:
    selected = lookup_in(Space("sales", respond_with())).select(ids(given))
    assert selected == (ids(given)[:10], ids(given)[10:])


async def test_a_project_id_is_not_selected() -> None:
    lookup = lookup_in(
        Space("one", respond_with(), "another"), Space("two", respond_with(), str(OWN).upper())
    )
    assert lookup.select([ids(1)[0], OWN, *ids(11)[1:]]) == (ids(10), ids(11)[10:])


async def test_a_lone_project_id_is_selected() -> None:
    lookup = lookup_in(Space("one", respond_with(404), str(OWN)))
    assert lookup.select([OWN]) == ([OWN], [])


async def test_a_call_without_a_log_is_found_in_the_compatibility_api() -> None:
    spaces = Space("sales", respond_with(404)), Space("support", respond_with(404))
    spaces[1].respond_call = has_call
    result = await lookup_in(*spaces).get(ID)
    assert isinstance(result, Found)
    assert (result.project, result.log_id, result.outcome) == ("support", ID, "compatibility")
    assert (result.log.id, result.log.from_, result.log.status) == (str(ID), CALL["from"], "busy")
    assert result.call is not None
    assert result.call.sip_result_code == "486"
    assert result.json is not None
    assert result.json.document["sid"] == str(ID)


@pytest.mark.parametrize("status", [401, 422, 429, 500])
async def test_the_compatibility_api_is_requested_only_if_no_project_has_the_log(
    status: int,
) -> None:
    spaces = Space("empty", respond_with(404)), Space("failing", respond_with(status))
    assert isinstance(await lookup_in(*spaces).get(ID), NotFound)
    assert [space.calls for space in spaces] == [0, 0]


@pytest.mark.parametrize(
    "failing",
    [
        *map(respond_with, [401, 429, 500, 503, 200]),
        respond_with(200, {**CALL, "sid": str(OTHER)}),
        broken,
    ],
)
async def test_a_failing_compatibility_api_does_not_change_not_found(failing: Responder) -> None:
    space = Space("sales", respond_with(404), respond_call=failing)
    result = await lookup_in(space).get(ID)
    assert isinstance(result, NotFound)
    assert result.outcome == "not_found"
    assert space.calls == 1, "it isn't requested again"


async def test_a_failing_project_does_not_hide_the_call_of_another() -> None:
    failing = Space("failing", respond_with(404), respond_call=broken)
    having = Space("having", respond_with(404), respond_call=has_call)
    assert isinstance(await lookup_in(failing, having).get(ID), Found)


def test_the_compatibility_api_times_out_after_three_seconds() -> None:
    space = Space("sales", respond_with(404), respond_call=stalled)
    result, seconds = run_timed(lambda: lookup_in(space).get(ID))
    assert isinstance(result, NotFound)
    assert result.outcome == "not_found"
    assert seconds == pytest.approx(3)


def test_the_compatibility_api_shares_the_time_limit_of_the_lookup() -> None:
    async def late() -> httpx.Response:
        await asyncio.sleep(6.5)
        return await respond_with(404)()

    space = Space("sales", late, respond_call=stalled)
    result, seconds = run_timed(lambda: lookup_in(space).get(ID))
    assert isinstance(result, NotFound)
    assert space.calls == 1
    assert seconds == pytest.approx(8)


async def test_a_project_id_is_not_requested_as_a_call() -> None:
    space = Space("one", respond_with(404), str(OWN).upper(), has_call)
    assert isinstance(await lookup_in(space).get(OWN), NotFound)
    assert space.calls == 0


async def test_close_cancels_requests_for_calls() -> None:
    spaces = [
        Space(name, respond_with(404), respond_call=stalled) for name in ("one", "two", "three")
    ]
    lookup = lookup_in(*spaces)
    lookups = asyncio.create_task(lookup.get(ID))
    await run_other_tasks()
    assert [space.calls for space in spaces] == [1, 1, 1], "all are requested concurrently"
    await lookup.close()
    assert [space.cancelled for space in spaces] == [1, 1, 1]
    assert lookups.cancelled() or lookups.cancel()
