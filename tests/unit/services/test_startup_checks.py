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
ACCEPTED: dict[str, JsonValue] = {"ok": True, "team_id": "T1"}

SlackResponse = dict[str, JsonValue] | Exception
SignalWireResponse = int | Exception


class Web(AsyncWebClient):
    """Slack's Web API; returns or raises the responses in order, and repeats the last one."""

    def __init__(self, responses: Sequence[SlackResponse]) -> None:
        super().__init__()
        self.responses = list(responses)
        self.requests_sent = 0

    async def api_call(self, *_: object, **__: object) -> AsyncSlackResponse:
        self.requests_sent += 1
        response = self.responses.pop(0) if len(self.responses) > 1 else self.responses[0]
        if isinstance(response, Exception):
            raise response
        if response.get("ok") is False:
            raise SlackApiError("refused", self._response(response))  # type: ignore[no-untyped-call]
        return self._response(response)

    def _response(self, response: dict[str, JsonValue]) -> AsyncSlackResponse:
        return AsyncSlackResponse(
            client=self,
            http_verb="POST",
            api_url="auth.test",
            req_args={},
            data=response,
            headers={},
            status_code=200,
        )


@dataclass
class Outcome:
    """What the checks did."""

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


def log_list(status: int) -> httpx.Response:
    return httpx.Response(status, json={"links": {}, "data": []})


async def run_checks(
    *,
    slack: Sequence[SlackResponse] = (ACCEPTED,),
    signalwire: Sequence[SignalWireResponse] = (200,),
    spaces: Sequence[str] = ("acme",),
) -> Outcome:
    """Run the checks to their end; pauses take no time."""
    access, web, pauses = Access(), Web(slack), list[float]()
    responses = [
        status if isinstance(status, Exception) else log_list(status) for status in signalwire
    ]
    api = ScriptedApi(*responses)
    clients = [
        client_over(httpx.MockTransport(api), new_project(f"p{number}", space))
        for number, space in enumerate(spaces)
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
    assert outcome.web.requests_sent == 1
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
async def test_a_temporary_error_of_slack_and_its_end_are_logged_once(
    error: SlackResponse,
) -> None:
    outcome = await run_checks(slack=[error] * 5 + [ACCEPTED])
    assert outcome.access.installation is not None
    assert outcome.web.requests_sent == 6
    assert outcome.events("Slack") == [FAILED, OK]


@pytest.mark.parametrize("error", [httpx.ConnectError("canary"), 500, 429, 400])
async def test_a_temporary_error_of_a_project_and_its_end_are_logged_once(
    error: SignalWireResponse,
) -> None:
    outcome = await run_checks(signalwire=[error] * 20 + [200])
    assert outcome.events("SignalWire p0") == [FAILED, OK]


async def test_pauses_grow_up_to_a_minute() -> None:
    outcome = await run_checks(slack=[ConnectionRefusedError()] * 8 + [ACCEPTED])
    assert outcome.pauses == [2, 4, 8, 16, 32, 60, 60, 60]


@pytest.mark.parametrize("temporary_errors", [0, 1])
@pytest.mark.parametrize("error", ["invalid_auth", "token_revoked"])
async def test_a_rejected_slack_token_is_logged_and_not_retried(
    error: str, temporary_errors: int
) -> None:
    rejection: SlackResponse = {"ok": False, "error": error}
    outcome = await run_checks(slack=[TimeoutError()] * temporary_errors + [rejection])
    assert outcome.web.requests_sent == temporary_errors + 1
    assert outcome.events("Slack")[0] == FAILED
    assert outcome.access.installation is None
    assert outcome.events("SignalWire p0") == [OK]


@pytest.mark.parametrize("status", [401, 403])
async def test_rejected_credentials_are_logged_and_not_retried(status: int) -> None:
    outcome = await run_checks(signalwire=[status])
    assert len(outcome.requests) == 1
    assert outcome.events("SignalWire p0") == [FAILED]


async def test_each_project_is_checked() -> None:
    outcome = await run_checks(spaces=("one", "two"))
    assert outcome.events("SignalWire p0") == outcome.events("SignalWire p1") == [OK]
    hosts = {request.url.host for request in outcome.requests}
    assert hosts == {"one.signalwire.com", "two.signalwire.com"}


async def test_an_exception_in_one_check_does_not_end_the_others() -> None:
    outcome = await run_checks(slack=[ZeroDivisionError("canary")] * 3 + [ACCEPTED])
    assert outcome.events("SignalWire p0") == [OK]
    assert outcome.events("Slack") == [OK]
    assert [line["event"] for line in outcome.lines].count("startup_check.crashed") == 3
