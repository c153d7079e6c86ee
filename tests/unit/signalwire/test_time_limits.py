"""Time limits of requests, and pauses that SignalWire requests with Retry-After."""

import asyncio
import json

import httpx
import pytest

from bot.app import signalwire_clients
from bot.limits import DEFAULT_LIMITS
from bot.runtime.http_client import Client
from bot.settings import Required, Settings
from bot.signalwire.client import DEFAULT_RETRY, RetryPolicy
from bot.signalwire.errors import RateLimitedError, SignalWireError, UnavailableError
from bot.ui import errors as error_texts
from tests.support.fake_time_loop import run_timed
from tests.support.signalwire import client_over
from tests.support.texts import ID

BRIEF = RetryPolicy(total_seconds=0.05)
NEVER = 3600.0


class Api:
    """Returns the responses in order, each after its delay, and repeats the last one."""

    def __init__(self, *responses: httpx.Response | tuple[float, httpx.Response]) -> None:
        self.responses = [it if isinstance(it, tuple) else (0.0, it) for it in responses]
        self.count = 0

    async def __call__(self, _request: httpx.Request) -> httpx.Response:
        self.count += 1
        seconds, response = self.responses.pop(0) if len(self.responses) > 1 else self.responses[0]
        await asyncio.sleep(seconds)
        return response


def after(seconds: str, status: int = 503) -> httpx.Response:
    return httpx.Response(status, headers={"retry-after": seconds})


def found() -> httpx.Response:
    return httpx.Response(200, json={"id": str(ID)})


async def look_up(api: Api, *, locked_seconds: float = 0.0) -> SignalWireError | None:
    """Return the error of one lookup, if any; at first the semaphore is locked."""
    semaphore = asyncio.Semaphore(1)
    if locked_seconds:
        await semaphore.acquire()
        asyncio.get_running_loop().call_later(locked_seconds, semaphore.release)
    client = client_over(httpx.MockTransport(api), semaphore=semaphore)
    try:
        assert (await client.get_voice_log(ID)).log.id == str(ID)
    except SignalWireError as error:
        return error
    return None


def timed_lookup(api: Api, *, locked_seconds: float = 0.0) -> tuple[SignalWireError | None, float]:
    """Return the error of one lookup, if any, and the seconds it takes."""
    return run_timed(lambda: look_up(api, locked_seconds=locked_seconds))


@pytest.mark.parametrize("status", [429, 502, 503, 504])
@pytest.mark.parametrize("header", ["5", "Sun, 22 Nov 2026 17:00:05 GMT"])
def test_retry_after_is_honored(status: int, header: str) -> None:
    api = Api(after(header, status), found())
    error, seconds = timed_lookup(api)
    assert error is None
    assert seconds == pytest.approx(5)
    assert api.count == 2


@pytest.mark.parametrize(
    "header",
    ["8", "120", "999999999", "Sun, 22 Nov 2026 18:00:00 GMT", "Tue, 22 Nov 2044 17:00:00 GMT"],
)
def test_a_retry_after_beyond_the_deadline_fails_at_once(header: str) -> None:
    api = Api(after(header), found())
    error, seconds = timed_lookup(api)
    assert isinstance(error, UnavailableError)
    assert (error.cause, error.attempts) == ("503", 1)
    assert seconds < 0.2
    assert api.count == 1


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("first", "locked_seconds", "seconds", "count"),
    [(0, 0, 5, 2), (0, 4, 4, 1), (3, 0, 3, 1)],
    ids=["a second Retry-After", "a wait for the semaphore", "a slow response"],
)
def test_retry_after_must_fit_into_the_remaining_time(
    status: int, first: float, locked_seconds: float, seconds: float, count: int
) -> None:
    api = Api((first, after("5", status)), after("5", status), found())
    error, taken = timed_lookup(api, locked_seconds=locked_seconds)
    assert isinstance(error, UnavailableError | RateLimitedError)
    assert error.retry_after_seconds == 5
    assert taken == pytest.approx(seconds)
    assert api.count == count


def test_pauses_between_attempts_are_short_and_not_zero() -> None:
    api = Api(httpx.Response(503))
    _, seconds = timed_lookup(api)
    assert 0.3 <= seconds <= 1.0
    assert api.count == 3


def test_a_lookup_from_a_server_that_never_responds_takes_eight_seconds() -> None:
    api = Api((NEVER, found()))
    error, seconds = timed_lookup(api)
    assert isinstance(error, UnavailableError)
    assert error.cause == "timeout"
    assert seconds == pytest.approx(8)
    assert api.count == 2, "a second remains for a new connection"


@pytest.mark.parametrize(
    ("early", "slow", "locked_seconds", "seconds"),
    [
        *(([], slow, 0, pytest.approx(slow)) for slow in (3.0, 4.0, 6.0, 6.9)),
        # After an early error, and a pause with jitter.
        *(([httpx.Response(503)], slow, 0, pytest.approx(slow + 0.2, abs=0.1)) for slow in (4, 6)),
        ([], 0, 7, pytest.approx(7)),
    ],
)
def test_a_late_response_within_the_deadline_is_accepted(
    early: list[httpx.Response], slow: float, locked_seconds: float, seconds: float
) -> None:
    api = Api(*early, (slow, found()))
    assert timed_lookup(api, locked_seconds=locked_seconds) == (None, seconds)
    assert api.count == len(early) + 1


def test_a_connection_that_hangs_once_is_replaced() -> None:
    error, seconds = timed_lookup(Api((NEVER, found()), found()))
    assert error is None
    assert seconds < 8


def test_the_semaphore_and_the_response_share_one_deadline() -> None:
    error, seconds = timed_lookup(Api((NEVER, found())), locked_seconds=6)
    assert isinstance(error, UnavailableError)
    assert seconds <= DEFAULT_RETRY.total_seconds + 0.2


def test_a_semaphore_that_stays_locked_fails_at_the_deadline_without_a_request() -> None:
    api = Api(found())
    error, seconds = timed_lookup(api, locked_seconds=3600)
    assert isinstance(error, UnavailableError)
    assert error.attempts == 0
    assert seconds == pytest.approx(DEFAULT_RETRY.total_seconds)
    assert api.count == 0
    problem = error_texts.describe(error)
    assert problem.title == error_texts.BUSY.title
    assert "SignalWire" not in problem.title + problem.detail + problem.hint
    assert "0 times" not in problem.detail


async def test_a_lookup_that_times_out_waiting_takes_no_slot() -> None:
    semaphore = asyncio.Semaphore(1)
    api = Api(found())
    transport = httpx.MockTransport(api)
    async with semaphore:
        with pytest.raises(UnavailableError):
            await client_over(transport, semaphore=semaphore, retry_policy=BRIEF).get_voice_log(ID)
    log = (await client_over(transport, semaphore=semaphore).get_voice_log(ID)).log
    assert log.id == str(ID)
    assert not semaphore.locked()


def settings(*names: str) -> Settings:
    projects = [
        {"name": name, "space": name, "project_id": name, "api_token": "PTtoken"} for name in names
    ]
    environment = {"SIGNALWIRE_PROJECTS": json.dumps(projects)}
    return Settings.from_environment(environment, Required.SIGNALWIRE)


async def test_a_project_that_hangs_does_not_delay_another() -> None:
    release, all_sent = asyncio.Event(), asyncio.Event()
    places = DEFAULT_LIMITS.lookups // 2
    counts: dict[str, int] = {"slow": 0, "quick": 0}

    async def answer(request: httpx.Request) -> httpx.Response:
        name = request.url.host.partition(".")[0]
        counts[name] += 1
        if name == "slow":
            if counts[name] == places:
                all_sent.set()
            await release.wait()
        return found()

    async with httpx.MockTransport(answer) as pool:
        http = Client(pool)
        slow, quick = signalwire_clients(settings("slow", "quick"), http)
        waiting = [asyncio.create_task(slow.get_voice_log(ID)) for _ in range(places + 5)]
        await all_sent.wait()
        assert (await quick.get_voice_log(ID)).log.id == str(ID)
        assert counts == {"slow": places, "quick": 1}
        release.set()
        await asyncio.gather(*waiting)
    assert counts["slow"] == places + 5
