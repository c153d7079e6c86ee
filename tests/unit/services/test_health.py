import json
from collections.abc import Mapping
from datetime import timedelta
from email.utils import format_datetime

import aiohttp
import httpx
import pytest
from aiohttp.client_reqrep import ConnectionKey
from pydantic import JsonValue

from bot.access import Installation
from bot.services import health
from bot.services.health import CheckResult
from bot.signalwire.client import SignalWireClient
from tests.support.signalwire import NOW, ScriptedApi, client_over, emulator, new_project
from tests.support.slack import API, Scripted, ScriptedSlack, error_body

TOKEN = "xoxb-canary-token"
APP_TOKEN = "xapp-canary-token"
CHECK_IT = "check SIGNALWIRE_SPACE (or the space in SIGNALWIRE_PROJECTS)"


DATED = {"date": format_datetime(NOW, usegmt=True)}


def slack_with(sent: JsonValue | str, headers: Mapping[str, str] = DATED) -> ScriptedSlack:
    body = sent if isinstance(sent, str) else json.dumps(sent)
    return ScriptedSlack((200, body, dict(headers)))


async def check(slack: ScriptedSlack, ahead: timedelta = timedelta()) -> CheckResult:
    """Check the bot token, with a clock that is ahead of Slack's."""
    return await health.slack(slack.http, API, TOKEN, lambda: NOW + ahead)


async def check_socket(slack: ScriptedSlack) -> CheckResult:
    return await health.slack_socket(slack.http, API, APP_TOKEN)


def client_for(status: int | Exception, body: JsonValue = None) -> SignalWireClient:
    response = status if isinstance(status, Exception) else httpx.Response(status, json=body)
    return client_over(httpx.MockTransport(ScriptedApi(response)), new_project("Sales"))


@pytest.mark.parametrize(
    ("ahead", "ok", "difference"),
    [
        (timedelta(), True, ""),
        (timedelta(seconds=60), True, ""),
        (timedelta(seconds=-60), True, ""),
        (timedelta(seconds=61), True, "2 minutes ahead of Slack's"),
        (timedelta(minutes=-3), True, "3 minutes behind Slack's"),
        (timedelta(minutes=5), True, "5 minutes ahead of Slack's"),
        (timedelta(minutes=5, seconds=1), False, "6 minutes ahead of Slack's"),
        (timedelta(minutes=-7), False, "7 minutes behind Slack's"),
        (timedelta(days=365), False, "525600 minutes ahead of Slack's"),
    ],
)
async def test_a_wrong_clock_is_reported_and_is_not_a_permanent_error(
    ahead: timedelta, difference: str, *, ok: bool
) -> None:
    result = await check(slack_with({"ok": True, "team_id": "T1"}), ahead)
    clock = f", but this machine's clock is {difference}; requests are rejected beyond 5 minutes."
    advice = f"{clock} Set the clock (NTP)." if difference else ""
    assert result.message == f"token accepted by workspace T1{advice}"
    assert (result.ok, result.permanent and not ok, result.installation) == (
        ok,
        False,
        Installation("T1"),
    )


@pytest.mark.parametrize("date", [None, "", "yesterday", "Sun, 99 Nov 2026 17:00:00 GMT", "0"])
async def test_an_unreadable_date_is_not_reported_as_a_wrong_clock(date: str | None) -> None:
    headers = {} if date is None else {"date": date}
    assert (await check(slack_with({"ok": True, "team_id": "T1"}, headers))).ok


@pytest.mark.parametrize(
    ("response", "home"),
    [
        (
            {"enterprise_id": "E1", "is_enterprise_install": True},
            Installation("T1", "E1", is_enterprise_install=True),
        ),
        ({"enterprise_id": "E1", "is_enterprise_install": False}, Installation("T1", "E1")),
        ({"enterprise_id": "E1"}, Installation("T1", "E1")),
        ({"enterprise_id": "E1", "is_enterprise_install": "true"}, Installation("T1", "E1")),
        ({"enterprise_id": None, "is_enterprise_install": False}, Installation("T1")),
        ({"enterprise_id": 5}, Installation("T1")),
        ({"enterprise_id": ""}, Installation("T1")),
    ],
)
async def test_the_installation_may_be_in_an_organization(
    response: dict[str, JsonValue], home: Installation
) -> None:
    result = await check(slack_with({"ok": True, "team_id": "T1", **response}))
    assert result.installation == home


@pytest.mark.parametrize(
    "reason",
    [
        *("invalid_auth", "not_authed", "account_inactive", "token_expired", "token_revoked"),
        *("missing_scope", "not_allowed_token_type"),
    ],
)
async def test_a_rejected_token_is_permanent_and_names_its_variable(reason: str) -> None:
    slack = slack_with({"ok": False, "error": reason})
    for result, variable in (
        (await check(slack), "SLACK_BOT_TOKEN"),
        (await check_socket(slack), "SLACK_APP_TOKEN"),
    ):
        assert (result.ok, result.permanent, result.installation) == (False, True, None)
        assert result.message == f"rejected the token ({reason}); check {variable}"


UNREADABLE = "sent an unreadable response"


@pytest.mark.parametrize(
    ("response", "message"),
    [
        *(
            ((200, error_body(code)), f"returned the error {code}")
            for code in ("ratelimited", "internal_error", "fatal_error", "new_error")
        ),
        ((503, error_body("fatal_error")), "returned the error fatal_error"),
        *(((200, body), UNREADABLE) for body in ("<html>", "", "{}", "null", "[]", '"text"')),
        ((500, "Oops"), UNREADABLE),
        ((404, '{"ok":false}'), UNREADABLE),
        (httpx.ConnectError("canary"), "can't be reached (ConnectError)"),
        (ConnectionResetError("canary"), "can't be reached (ConnectionResetError)"),
        (TimeoutError("canary"), "can't be reached (TimeoutError)"),
    ],
    ids=repr,
)
async def test_any_other_failure_is_temporary(response: Scripted, message: str) -> None:
    for result in (
        await check(ScriptedSlack(response)),
        await check_socket(ScriptedSlack(response)),
    ):
        assert (result.ok, result.permanent, result.installation) == (False, False, None)
        assert result.message == message


@pytest.mark.parametrize(
    "response",
    [
        *({"ok": True, "team_id": team} for team in (5, None, ["T1"], "", "T1\nok   Slack")),
        *({"ok": True, "team_id": team} for team in ("\ud800", "T" * 99)),
        *({"team_id": "T1", **ok} for ok in ({}, {"ok": None}, {"ok": "false"}, {"ok": 1})),
    ],
)
async def test_a_token_is_accepted_only_if_slack_says_so_and_names_the_workspace(
    response: dict[str, JsonValue],
) -> None:
    result = await check(slack_with(response))
    assert (result.ok, result.permanent, result.message) == (False, False, UNREADABLE)


@pytest.mark.parametrize("rows", [[], [{"id": "x"}], [None, {"id": 5}]])
async def test_a_project_with_a_list_passes(rows: JsonValue) -> None:
    result = await health.signalwire(client_for(200, {"links": {}, "data": rows}))
    assert result == CheckResult("SignalWire Sales", "reachable, credentials accepted", ok=True)
    assert str(result) == "ok   SignalWire Sales: reachable, credentials accepted"


def absent_space() -> SignalWireClient:
    """Create a client of a space that responds 404 in HTML, as one that doesn't exist."""
    space = emulator()
    space.is_absent = True
    return client_over(httpx.ASGITransport(space.app), new_project("Sales"))


UNKNOWN_HOST = aiohttp.ClientConnectorDNSError(
    ConnectionKey("x", 443, True, True, None, None, None),  # noqa: FBT003 - aiohttp's
    OSError(-2, "Name or service not known"),
)


@pytest.mark.parametrize(
    ("client", "permanent", "problem"),
    [
        (client_for(404, {"error": "Not Found"}), True, "has no voice logs (404)"),
        (client_for(404, "Not Found"), True, "has no voice logs (404)"),
        (client_for(404), True, "has no voice logs (404)"),
        (absent_space(), True, "has no voice logs (404)"),
        (client_for(UNKNOWN_HOST), False, "can't be found"),
    ],
)
async def test_a_space_that_is_wrong_is_named(
    client: SignalWireClient, problem: str, *, permanent: bool
) -> None:
    result = await health.signalwire(client)
    assert (result.ok, result.permanent) == (False, permanent)
    assert result.message == f"acme.signalwire.com {problem}: {CHECK_IT}"


@pytest.mark.parametrize(
    ("status", "permanent"),
    [
        (401, True),
        (403, True),
        (400, False),
        (422, False),
        (429, False),
        (500, False),
        (503, False),
        (302, False),
        (httpx.ConnectError("canary"), False),
    ],
)
async def test_only_rejected_credentials_are_permanent(
    status: int | Exception, *, permanent: bool
) -> None:
    result = await health.signalwire(client_for(status))
    assert (result.ok, result.permanent) == (False, permanent)
    line = str(result)
    assert line.startswith(f"{'FAIL' if permanent else 'WARN'} SignalWire Sales: ")
    assert "\n" not in line
    assert "canary" not in line


async def test_a_project_is_checked_with_the_shortest_list() -> None:
    space = emulator()
    await health.signalwire(client_over(httpx.ASGITransport(space.app), new_project("Sales")))
    (request,) = space.requests
    assert (request.path, dict(request.query)) == ("/api/voice/logs", {"page_size": "1"})
    result = await health.signalwire(client_for(200, {"data": [{"id": {}, "from": "canary"}]}))
    assert (result.ok, "canary" in str(result)) == (True, False)
