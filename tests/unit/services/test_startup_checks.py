import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
import pytest
from pydantic import JsonValue
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from structlog.testing import capture_logs
from structlog.typing import EventDict

from bot.access import Access, Installation
from bot.runtime.http_client import URL, new_client
from bot.services.startup_checks import (
    FIRST_PAUSE_SECONDS,
    LONGEST_PAUSE_SECONDS,
    WARM_EVERY_SECONDS,
    StartupChecks,
)
from bot.signalwire.client import SignalWireClient
from bot.signalwire.project import Project

BOT_TOKEN = "xoxb-canary"
GOOD: dict[str, JsonValue] = {"ok": True, "team_id": "T1"}

SlackAnswer = dict[str, JsonValue] | Exception
SpaceAnswer = int | Exception


class Web(AsyncWebClient):
    """Slack's Web API; gives the answers in turn, the last one for good."""

    def __init__(self, answers: Sequence[SlackAnswer]) -> None:
        super().__init__()
        self.answers = list(answers)
        self.asked = 0

    async def api_call(self, *_: object, **__: object) -> AsyncSlackResponse:
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        if answer.get("ok") is False:
            raise SlackApiError("refused", self._response(answer))  # type: ignore[no-untyped-call]
        return self._response(answer)

    def _response(self, answer: dict[str, JsonValue]) -> AsyncSlackResponse:
        return AsyncSlackResponse(
            client=self,
            http_verb="POST",
            api_url="auth.test",
            req_args={},
            data=answer,
            headers={},
            status_code=200,
        )


class Network:
    """SignalWire and the reply host, by host; each gives its answers in turn."""

    def __init__(self, answers: Sequence[SpaceAnswer], warm: SpaceAnswer = 200) -> None:
        self.answers = list(answers)
        self.warm = warm
        self.checked: list[httpx.Request] = []
        self.warmed: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "HEAD":
            self.warmed.append(request)
            answer = self.warm
        else:
            self.checked.append(request)
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer, json={"links": {}, "data": []})


@dataclass
class Time:
    """Lets every pause pass at once, but the one between warm requests, which waits for `pass_`."""

    pauses: list[float] = field(default_factory=list)
    warm: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))

    async def sleep(self, seconds: float) -> None:
        if seconds == WARM_EVERY_SECONDS:
            await self.warm.acquire()
        else:
            self.pauses.append(seconds)
            await asyncio.sleep(0)


@dataclass
class Process:
    access: Access
    web: Web
    network: Network
    time: Time
    task: asyncio.Task[None]
    lines: list[EventDict]

    async def until(self, fact: Callable[[], bool]) -> None:
        async with asyncio.timeout(2):
            while not fact():  # noqa: ASYNC110 - facts of several parties, none with an event
                await asyncio.sleep(0)

    def events(self, subject: str) -> list[tuple[str, str]]:
        return [
            (str(line["event"]), str(line["log_level"]))
            for line in self.lines
            if line.get("check") == subject
        ]


@asynccontextmanager
async def running(
    *,
    slack: Sequence[SlackAnswer] = (GOOD,),
    signalwire: Sequence[SpaceAnswer] = (200,),
    warm: SpaceAnswer = 200,
    spaces: Sequence[str] = ("acme",),
) -> AsyncIterator[Process]:
    access, web, network, time = Access(), Web(slack), Network(signalwire, warm), Time()
    http = new_client(httpx.MockTransport(network))
    clients = [
        SignalWireClient(
            Project.model_validate(
                {"name": f"p{place}", "space": space, "project_id": "p", "api_token": "PTcanary"}
            ),
            http,
            semaphore=asyncio.Semaphore(1),
            now=lambda: datetime(2026, 11, 22, tzinfo=UTC),
        )
        for place, space in enumerate(spaces)
    ]
    upkeep = StartupChecks(
        access=access,
        web=web,
        bot_token=BOT_TOKEN,
        clients=clients,
        http=http,
        reply_home=URL("https://hooks.slack.com/"),
        sleep=time.sleep,
    )
    with capture_logs() as lines:
        task = asyncio.create_task(upkeep.run())
        yield Process(access, web, network, time, task, lines)
        assert not task.done(), task
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert "canary" not in repr(lines)


async def test_a_good_start_is_one_line_a_party() -> None:
    async with running() as process:
        await process.until(lambda: process.access.installation is not None)
        await process.until(lambda: bool(process.events("SignalWire p0")))
        assert process.access.installation == Installation("T1")
        assert process.events("Slack") == [("startup_check.ok", "info")]
        assert process.events("SignalWire p0") == [("startup_check.ok", "info")]
        assert process.web.asked == 1
        assert len(process.network.checked) == 1
        assert process.time.pauses == []


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError("canary"),
        TimeoutError(),
        {"ok": False, "error": "internal_error"},
        {"ok": True},
    ],
)
async def test_slacks_trouble_is_one_line_and_its_end_another(error: SlackAnswer) -> None:
    async with running(slack=[error] * 5 + [GOOD]) as process:
        await process.until(lambda: process.access.installation is not None)
        assert process.web.asked == 6
        assert process.events("Slack") == [
            ("startup_check.failed", "error"),
            ("startup_check.ok", "info"),
        ]


@pytest.mark.parametrize("error", [httpx.ConnectError("canary"), 500, 429, 400])
async def test_a_projects_trouble_is_one_line_and_its_end_another(error: SpaceAnswer) -> None:
    async with running(signalwire=[error] * 20 + [200]) as process:
        await process.until(lambda: len(process.events("SignalWire p0")) == 2)
        assert process.events("SignalWire p0") == [
            ("startup_check.failed", "error"),
            ("startup_check.ok", "info"),
        ]


async def test_pauses_grow_up_to_a_minute() -> None:
    async with running(slack=[ConnectionRefusedError()] * 8 + [GOOD]) as process:
        await process.until(lambda: process.access.installation is not None)
        assert process.time.pauses == [2, 4, 8, 16, 32, 60, 60, 60]
        assert FIRST_PAUSE_SECONDS == 2
        assert LONGEST_PAUSE_SECONDS == 60


async def test_a_refused_slack_token_is_said_once_and_not_tried_again() -> None:
    async with running(slack=[{"ok": False, "error": "invalid_auth"}]) as process:
        await process.until(lambda: bool(process.events("SignalWire p0")))
        await process.until(lambda: bool(process.events("Slack")))
        for _ in range(20):
            await asyncio.sleep(0)
        assert process.web.asked == 1
        assert process.events("Slack") == [("startup_check.failed", "error")]
        assert process.access.installation is None


@pytest.mark.parametrize("status", [401, 403])
async def test_refused_credentials_are_said_once_and_not_tried_again(status: int) -> None:
    async with running(signalwire=[status]) as process:
        await process.until(lambda: bool(process.events("SignalWire p0")))
        for _ in range(20):
            await asyncio.sleep(0)
        assert len(process.network.checked) == 1
        assert process.events("SignalWire p0") == [("startup_check.failed", "error")]


async def test_a_refusal_after_trouble_ends_the_tries() -> None:
    refused: SlackAnswer = {"ok": False, "error": "token_revoked"}
    async with running(slack=[TimeoutError(), refused]) as process:
        await process.until(lambda: process.web.asked == 2)
        for _ in range(20):
            await asyncio.sleep(0)
        assert process.web.asked == 2
        assert process.access.installation is None


async def test_each_project_is_checked_on_its_own() -> None:
    async with running(spaces=("one", "two")) as process:
        await process.until(lambda: bool(process.events("SignalWire p1")))
        await process.until(lambda: bool(process.events("SignalWire p0")))
        hosts = {request.url.host for request in process.network.checked}
        assert hosts == {"one.signalwire.com", "two.signalwire.com"}


async def test_connections_are_warmed_at_once_and_again_after_each_pause() -> None:
    async with running() as process:
        await process.until(lambda: len(process.network.warmed) == 2)
        process.time.warm.release()
        await process.until(lambda: len(process.network.warmed) == 4)
        hosts = sorted(request.url.host for request in process.network.warmed)
        assert hosts == ["acme.signalwire.com"] * 2 + ["hooks.slack.com"] * 2


async def test_a_warm_request_carries_no_credentials_and_asks_for_the_front_page() -> None:
    async with running() as process:
        await process.until(lambda: len(process.network.warmed) == 2)
        for request in process.network.warmed:
            assert "authorization" not in request.headers
            assert "cookie" not in request.headers
            assert (request.method, request.url.path, request.url.query) == ("HEAD", "/", b"")
            assert request.content == b""


async def test_projects_of_one_space_share_one_warm_request() -> None:
    async with running(spaces=("acme", "ACME", "other")) as process:
        await process.until(lambda: len(process.network.warmed) == 3)
        assert sorted(request.url.host for request in process.network.warmed) == [
            "acme.signalwire.com",
            "hooks.slack.com",
            "other.signalwire.com",
        ]


@pytest.mark.parametrize(
    "warm",
    [
        404,
        500,
        301,
        httpx.ConnectError("canary"),
        httpx.DecodingError("canary"),
        ConnectionResetError("canary"),
        TimeoutError(),
    ],
)
async def test_a_warm_request_that_fails_is_tried_again_later(warm: SpaceAnswer) -> None:
    async with running(warm=warm) as process:
        await process.until(lambda: len(process.network.warmed) == 2)
        process.time.warm.release()
        await process.until(lambda: len(process.network.warmed) == 4)
        assert all(
            line["log_level"] == "debug"
            for line in process.lines
            if str(line["event"]).startswith("keepalive.")
        )


async def test_a_fault_in_one_check_stops_neither_the_others_nor_the_warming() -> None:
    async with running(slack=[AttributeError("canary")]) as process:
        await process.until(lambda: bool(process.events("SignalWire p0")))
        await process.until(lambda: len(process.network.warmed) == 2)
        process.time.warm.release()
        await process.until(lambda: len(process.network.warmed) == 4)
        assert not process.task.done()
