import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import httpx
import pytest
from pydantic import JsonValue
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from structlog.testing import capture_logs
from structlog.typing import EventDict

from bot.access import Access, Installation
from bot.services.startup_checks import StartupChecks
from tests.support.signalwire import ScriptedApi, client_over, new_project

BOT_TOKEN = "xoxb-canary"
GOOD: dict[str, JsonValue] = {"ok": True, "team_id": "T1"}

SlackAnswer = dict[str, JsonValue] | Exception
SignalWireAnswer = int | Exception


class Web(AsyncWebClient):
    """Slack's Web API; returns or raises the answers in turn, and repeats the last one."""

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


@dataclass
class Outcome:
    """What the checks did before they ended."""

    access: Access
    web: Web
    requests: list[httpx.Request]
    pauses: list[float]
    lines: list[EventDict]

    def events(self, subject: str) -> list[tuple[str, str]]:
        return [
            (str(line["event"]), str(line["log_level"]))
            for line in self.lines
            if line.get("check") == subject
        ]


def listing(status: int) -> httpx.Response:
    return httpx.Response(status, json={"links": {}, "data": []})


async def run_checks(
    *,
    slack: Sequence[SlackAnswer] = (GOOD,),
    signalwire: Sequence[SignalWireAnswer] = (200,),
    spaces: Sequence[str] = ("acme",),
) -> Outcome:
    """Run the checks to their end; every pause passes at once."""
    access, web, pauses = Access(), Web(slack), list[float]()
    answers = [
        status if isinstance(status, Exception) else listing(status) for status in signalwire
    ]
    api = ScriptedApi(*answers)
    clients = [
        client_over(httpx.MockTransport(api), new_project(f"p{place}", space))
        for place, space in enumerate(spaces)
    ]

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        await asyncio.sleep(0)

    checks = StartupChecks(
        access=access, web=web, bot_token=BOT_TOKEN, clients=clients, sleep=sleep
    )
    with capture_logs() as lines:
        async with asyncio.timeout(30):
            await checks.run()
    assert "canary" not in repr(lines)
    return Outcome(access, web, api.requests, pauses, lines)


OK, FAILED = ("startup_check.ok", "info"), ("startup_check.failed", "error")


async def test_each_check_that_passes_is_one_line_and_one_request() -> None:
    outcome = await run_checks()
    assert outcome.access.installation == Installation("T1")
    assert outcome.events("Slack") == [OK]
    assert outcome.events("SignalWire p0") == [OK]
    assert outcome.web.asked == 1
    assert len(outcome.requests) == 1
    assert outcome.pauses == []


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError("canary"),
        TimeoutError(),
        {"ok": False, "error": "internal_error"},
        {"ok": True},
    ],
)
async def test_a_temporary_error_of_slack_is_logged_once_and_so_is_its_end(
    error: SlackAnswer,
) -> None:
    outcome = await run_checks(slack=[error] * 5 + [GOOD])
    assert outcome.access.installation is not None
    assert outcome.web.asked == 6
    assert outcome.events("Slack") == [FAILED, OK]


@pytest.mark.parametrize("error", [httpx.ConnectError("canary"), 500, 429, 400])
async def test_a_temporary_error_of_a_project_is_logged_once_and_so_is_its_end(
    error: SignalWireAnswer,
) -> None:
    outcome = await run_checks(signalwire=[error] * 20 + [200])
    assert outcome.events("SignalWire p0") == [FAILED, OK]


async def test_pauses_grow_up_to_a_minute() -> None:
    outcome = await run_checks(slack=[ConnectionRefusedError()] * 8 + [GOOD])
    assert outcome.pauses == [2, 4, 8, 16, 32, 60, 60, 60]


@pytest.mark.parametrize("temporary_errors", [0, 1])
@pytest.mark.parametrize("error", ["invalid_auth", "token_revoked"])
async def test_a_rejected_slack_token_is_logged_and_not_tried_again(
    error: str, temporary_errors: int
) -> None:
    rejection: SlackAnswer = {"ok": False, "error": error}
    outcome = await run_checks(slack=[TimeoutError()] * temporary_errors + [rejection])
    assert outcome.web.asked == temporary_errors + 1
    assert outcome.events("Slack")[0] == FAILED
    assert outcome.access.installation is None
    assert outcome.events("SignalWire p0") == [OK]


@pytest.mark.parametrize("status", [401, 403])
async def test_rejected_credentials_are_logged_and_not_tried_again(status: int) -> None:
    outcome = await run_checks(signalwire=[status])
    assert len(outcome.requests) == 1
    assert outcome.events("SignalWire p0") == [FAILED]


async def test_each_project_is_checked() -> None:
    outcome = await run_checks(spaces=("one", "two"))
    assert outcome.events("SignalWire p0") == outcome.events("SignalWire p1") == [OK]
    hosts = {request.url.host for request in outcome.requests}
    assert hosts == {"one.signalwire.com", "two.signalwire.com"}


async def test_an_exception_in_one_check_does_not_end_the_others() -> None:
    outcome = await run_checks(slack=[ZeroDivisionError("canary")] * 3 + [GOOD])
    assert outcome.events("SignalWire p0") == [OK]
    assert outcome.events("Slack") == [OK]
    assert [line["event"] for line in outcome.lines].count("startup_check.crashed") == 3
