import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import httpx
import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from bot.access import Access, Installation
from bot.services.startup_checks import StartupChecks
from tests.support.signalwire import ScriptedApi, client_over, new_project
from tests.support.slack import API, Scripted, ScriptedSlack, error_body

BOT_TOKEN = "xoxb-canary"
ACCEPTED: Scripted = (200, '{"ok": true, "team_id": "T1"}')

SignalWireResponse = int | Exception


@dataclass
class Outcome:
    """What the checks did."""

    access: Access
    slack: ScriptedSlack
    requests: list[httpx.Request]
    pauses: list[float]
    lines: list[EventDict]

    def events(self, subject: str) -> list[tuple[str, str]]:
        return [
            (str(line["event"]), str(line["log_level"]))
            for line in self.lines
            if line.get("check") == subject
        ]


async def run_checks(
    *,
    slack: Sequence[Scripted] = (ACCEPTED,),
    signalwire: Sequence[SignalWireResponse] = (200,),
    spaces: Sequence[str] = ("acme",),
) -> Outcome:
    """Run the checks to their end; pauses take no time."""
    access, web, pauses = Access(), ScriptedSlack(*slack), list[float]()
    api = ScriptedApi(
        *(
            each
            if isinstance(each, Exception)
            else httpx.Response(each, json={"links": {}, "data": []})
            for each in signalwire
        )
    )
    clients = [
        client_over(httpx.MockTransport(api), new_project(f"p{number}", space))
        for number, space in enumerate(spaces)
    ]

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        await asyncio.sleep(0)

    checks = StartupChecks(
        access=access,
        http=web.http,
        api=API,
        bot_token=BOT_TOKEN,
        clients=clients,
        sleep=sleep,
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
    assert len(outcome.slack.requests) == 1
    assert len(outcome.requests) == 1
    assert outcome.pauses == []


@pytest.mark.parametrize(
    ("of_slack", "of_signalwire"),
    [
        (ConnectionRefusedError("canary"), httpx.ConnectError("canary")),
        (TimeoutError(), 500),
        ((200, error_body("internal_error")), 429),
        ((200, '{"ok": true}'), 400),
    ],
)
async def test_a_temporary_error_and_its_end_are_logged_once(
    of_slack: Scripted, of_signalwire: SignalWireResponse
) -> None:
    outcome = await run_checks(
        slack=[of_slack] * 5 + [ACCEPTED], signalwire=[of_signalwire] * 20 + [200]
    )
    assert outcome.access.installation is not None
    assert len(outcome.slack.requests) == 6
    assert outcome.events("Slack") == [FAILED, OK]
    assert outcome.events("SignalWire p0") == [FAILED, OK]


async def test_pauses_grow_up_to_a_minute() -> None:
    outcome = await run_checks(slack=[ConnectionRefusedError()] * 8 + [ACCEPTED])
    assert outcome.pauses == [2, 4, 8, 16, 32, 60, 60, 60]


@pytest.mark.parametrize("temporary_errors", [0, 1])
@pytest.mark.parametrize("error", ["invalid_auth", "token_revoked"])
async def test_a_rejected_slack_token_is_logged_and_not_retried(
    error: str, temporary_errors: int
) -> None:
    rejection: Scripted = (200, error_body(error))
    outcome = await run_checks(slack=[TimeoutError()] * temporary_errors + [rejection])
    assert len(outcome.slack.requests) == temporary_errors + 1
    assert outcome.events("Slack") == [FAILED]
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
