import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from uuid import UUID

import httpx
import pytest
import stamina

from bot.app import DEFAULT_LIMITS, signalwire_clients
from bot.runtime.http_client import Client, new_client
from bot.settings import Required, Settings
from bot.signalwire.client import DEFAULT_RETRY, RetryPolicy, SignalWireClient
from bot.signalwire.errors import RateLimitedError, SignalWireError, UnavailableError
from bot.signalwire.project import Project
from bot.ui import errors as error_texts
from tests.support.fake_time_loop import SkippingLoop

NOW = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
LOG_ID = UUID("b7182dc2-00f3-40e4-a5ce-20f164b329df")
LOG = {"id": str(LOG_ID)}
BRIEF = RetryPolicy(total_seconds=0.05)


def seconds_taken(work: Callable[[], Awaitable[object]]) -> float:
    """Return the seconds that `work` would take; its pauses are skipped."""

    async def timed() -> float:
        loop = asyncio.get_running_loop()
        started = loop.time()
        await work()
        return loop.time() - started

    with stamina.set_testing(testing=False), asyncio.Runner(loop_factory=SkippingLoop) as runner:
        return runner.run(timed())


class Api:
    """Returns the responses in turn, and repeats the last one; the first may be slow."""

    def __init__(self, *answers: httpx.Response, seconds: float = 0.0) -> None:
        self.answers = list(answers)
        self.seconds = seconds
        self.asked = 0

    async def __call__(self, _request: httpx.Request) -> httpx.Response:
        self.asked += 1
        if self.asked == 1 and self.seconds:
            await asyncio.sleep(self.seconds)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def after(seconds: str, status: int = 503) -> httpx.Response:
    return httpx.Response(status, headers={"retry-after": seconds})


def found() -> httpx.Response:
    return httpx.Response(200, json=LOG)


def client_over(
    http: Client,
    *,
    semaphore: asyncio.Semaphore | None = None,
    retry_policy: RetryPolicy = DEFAULT_RETRY,
) -> SignalWireClient:
    project = Project.model_validate(
        {"name": "acme", "space": "acme", "project_id": "project", "api_token": "PTtoken"}
    )
    semaphore = semaphore or asyncio.Semaphore(1)
    return SignalWireClient(
        project, http, semaphore=semaphore, now=lambda: NOW, retry_policy=retry_policy
    )


async def ask(api: Api, *, locked_seconds: float = 0.0) -> SignalWireError | None:
    """Return the error of one lookup, if any; the semaphore is locked for a while first."""
    semaphore = asyncio.Semaphore(1)
    async with new_client(httpx.MockTransport(api)) as http:
        if locked_seconds:
            await semaphore.acquire()
            asyncio.get_running_loop().call_later(locked_seconds, semaphore.release)
        try:
            log = (await client_over(http, semaphore=semaphore).get_voice_log(LOG_ID)).log
        except SignalWireError as error:
            return error
        assert log.id == str(LOG_ID)
        return None


def asked(api: Api, *, locked_seconds: float = 0.0) -> tuple[SignalWireError | None, float]:
    """Return the error of one lookup, if any, and the seconds it takes."""
    errors: list[SignalWireError | None] = []

    async def work() -> None:
        errors.append(await ask(api, locked_seconds=locked_seconds))

    seconds = seconds_taken(work)
    return errors[0], seconds


@pytest.mark.parametrize("status", [502, 503, 504])
@pytest.mark.parametrize("header", ["5", "Sun, 22 Nov 2026 17:00:05 GMT"])
def test_retry_after_is_honored_if_signalwire_is_unavailable(status: int, header: str) -> None:
    api = Api(after(header, status), found())
    error, seconds = asked(api)
    assert error is None
    assert seconds == pytest.approx(5, abs=0.2)
    assert api.asked == 2


@pytest.mark.parametrize("header", ["8", "120", "Sun, 22 Nov 2026 18:00:00 GMT"])
def test_a_retry_after_beyond_the_deadline_fails_at_once(header: str) -> None:
    api = Api(after(header), found())
    error, seconds = asked(api)
    assert isinstance(error, UnavailableError)
    assert (error.cause, error.attempts) == ("503", 1)
    assert seconds < 0.2
    assert api.asked == 1


@pytest.mark.parametrize("header", ["7.5", "soon", "-1", ""])
def test_an_unreadable_retry_after_is_ignored(header: str) -> None:
    api = Api(after(header), found())
    error, seconds = asked(api)
    assert error is None
    assert seconds < 1
    assert api.asked == 2


@pytest.mark.parametrize("status", [500, 501, 599])
def test_a_permanent_error_is_not_retried_despite_a_retry_after(
    status: int,
) -> None:
    api = Api(after("1", status), found())
    error, seconds = asked(api)
    assert isinstance(error, UnavailableError)
    assert seconds < 0.2
    assert api.asked == 1


@pytest.mark.parametrize("status", [429, 503])
def test_a_second_retry_after_beyond_the_deadline_fails_at_once(status: int) -> None:
    api = Api(after("4", status), after("4", status), found())
    error, seconds = asked(api)
    assert isinstance(error, UnavailableError | RateLimitedError)
    assert error.retry_after_seconds == 4
    assert seconds == pytest.approx(4, abs=0.2)
    assert api.asked == 2


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_must_fit_what_the_wait_for_the_semaphore_left(status: int) -> None:
    api = Api(after("5", status), found())
    error, seconds = asked(api, locked_seconds=4)
    assert isinstance(error, UnavailableError | RateLimitedError)
    assert seconds == pytest.approx(4, abs=0.2)
    assert api.asked == 1


def test_retry_after_must_fit_what_a_slow_response_left() -> None:
    api = Api(after("5"), found(), seconds=3)
    error, seconds = asked(api)
    assert isinstance(error, UnavailableError)
    assert seconds == pytest.approx(3, abs=0.2)
    assert api.asked == 1


def test_the_semaphore_and_the_response_share_one_deadline() -> None:
    api = Api(found(), seconds=3600)
    api.answers = [after("3600")]
    error, seconds = asked(api, locked_seconds=6)
    assert isinstance(error, UnavailableError)
    assert seconds <= DEFAULT_RETRY.total_seconds + 0.2


def test_a_request_succeeds_after_waiting_for_the_semaphore() -> None:
    api = Api(found())
    error, seconds = asked(api, locked_seconds=7)
    assert error is None
    assert seconds == pytest.approx(7, abs=0.2)


def test_a_semaphore_that_stays_locked_fails_at_the_deadline_without_a_request() -> None:
    api = Api(found())
    error, seconds = asked(api, locked_seconds=3600)
    assert isinstance(error, UnavailableError)
    assert error.attempts == 0
    assert seconds == pytest.approx(DEFAULT_RETRY.total_seconds, abs=0.2)
    assert api.asked == 0
    problem = error_texts.describe(error)
    assert problem.title == error_texts.BUSY.title
    assert "SignalWire" not in problem.title + problem.detail + problem.hint
    assert "0 times" not in problem.detail


async def test_a_lookup_that_gives_up_waiting_takes_no_slot() -> None:
    semaphore = asyncio.Semaphore(1)
    api = Api(found())
    async with new_client(httpx.MockTransport(api)) as http:
        client = client_over(http, semaphore=semaphore, retry_policy=BRIEF)
        async with semaphore:
            with pytest.raises(UnavailableError):
                await client.get_voice_log(LOG_ID)
        assert (await client_over(http, semaphore=semaphore).get_voice_log(LOG_ID)).log.id == str(
            LOG_ID
        )
    assert not semaphore.locked()


def settings(*names: str) -> Settings:
    projects = [
        {"name": name, "space": name, "project_id": name, "api_token": "PTtoken"} for name in names
    ]
    environment = {"SIGNALWIRE_PROJECTS": json.dumps(projects)}
    return Settings.from_environment(environment, Required.SIGNALWIRE)


async def test_a_project_that_hangs_does_not_delay_another() -> None:
    build, all_in = asyncio.Event(), asyncio.Event()
    room = DEFAULT_LIMITS.lookups // 2
    asked_of: dict[str, int] = {"slow": 0, "quick": 0}

    async def answer(request: httpx.Request) -> httpx.Response:
        name = request.url.host.partition(".")[0]
        asked_of[name] += 1
        if name == "slow":
            if asked_of[name] == room:
                all_in.set()
            await build.wait()
        return found()

    async with new_client(httpx.MockTransport(answer)) as http:
        slow, quick = signalwire_clients(settings("slow", "quick"), http)
        waiting = [asyncio.create_task(slow.get_voice_log(LOG_ID)) for _ in range(room + 5)]
        await all_in.wait()
        assert (await quick.get_voice_log(LOG_ID)).log.id == str(LOG_ID)
        assert asked_of == {"slow": room, "quick": 1}
        build.set()
        await asyncio.gather(*waiting)
    assert asked_of["slow"] == room + 5
