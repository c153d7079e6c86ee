import json
from collections.abc import AsyncIterator
from datetime import timedelta
from email.utils import format_datetime

import aiohttp
import httpx
import pytest
from aiohttp.client_reqrep import ConnectionKey
from aiohttp.test_utils import TestServer
from aiohttp.web import Application, Request, Response
from pydantic import JsonValue
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.access import Installation
from bot.runtime.http_client import new_session
from bot.services import health
from bot.services.health import CheckResult
from bot.signalwire.client import SignalWireClient
from tests.support.signalwire import NOW, ScriptedApi, client_over, emulator, new_project

TOKEN = "xoxb-canary-token"
APP_TOKEN = "xapp-canary-token"
JSON = "application/json; charset=utf-8"
CHECK_IT = "check SIGNALWIRE_SPACE (or the space in SIGNALWIRE_PROJECTS)"


class Slack:
    """Slack's Web API over a real connection, with one response at a time."""

    def __init__(self) -> None:
        self.status = 200
        self.type = JSON
        self.body = b'{"ok":true}'
        self.date = format_datetime(NOW, usegmt=True)
        self.requests: list[tuple[str, str]] = []
        self.app = Application()
        self.app.router.add_route("*", "/{path:.*}", self._serve)

    def respond_with(
        self, body: JsonValue | bytes, status: int = 200, content_type: str = JSON
    ) -> None:
        self.body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.status, self.type = status, content_type

    async def _serve(self, request: Request) -> Response:
        self.requests.append((request.path, request.headers.get("authorization", "")))
        headers = {"content-type": self.type, "date": self.date}
        return Response(body=self.body, status=self.status, headers=headers)


@pytest.fixture
def slack() -> Slack:
    return Slack()


@pytest.fixture
async def web(slack: Slack) -> AsyncIterator[AsyncWebClient]:
    async with TestServer(slack.app) as server, new_session() as session:
        yield AsyncWebClient(base_url=str(server.make_url("/api/")), session=session)


class RaisingClient(AsyncWebClient):
    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    async def api_call(self, *_: object, **__: object) -> AsyncSlackResponse:
        raise self.error


def client_for(status: int | Exception, body: JsonValue = None) -> SignalWireClient:
    response = status if isinstance(status, Exception) else httpx.Response(status, json=body)
    return client_over(httpx.MockTransport(ScriptedApi(response)), new_project("Sales"))


async def test_an_accepted_token_names_the_workspace(slack: Slack, web: AsyncWebClient) -> None:
    slack.respond_with({"ok": True, "team_id": "T0123ABCD", "team": "Acme"})
    result = await health.slack(web, TOKEN, lambda: NOW)
    assert (result.ok, result.installation) == (True, Installation("T0123ABCD"))
    assert str(result) == "ok   Slack: token accepted by workspace T0123ABCD"
    assert slack.requests == [("/api/auth.test", f"Bearer {TOKEN}")]


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
    slack: Slack, web: AsyncWebClient, ahead: timedelta, difference: str, *, ok: bool
) -> None:
    slack.respond_with({"ok": True, "team_id": "T1"})
    result = await health.slack(web, TOKEN, lambda: NOW + ahead)
    clock = f", but this machine's clock is {difference}; requests are rejected beyond 5 minutes."
    advice = f"{clock} Set the clock (NTP)." if difference else ""
    assert result.message == f"token accepted by workspace T1{advice}"
    assert (result.ok, result.permanent and not ok, result.installation) == (
        ok,
        False,
        Installation("T1"),
    )


@pytest.mark.parametrize("date", ["", "yesterday", "Sun, 99 Nov 2026 17:00:00 GMT", "0"])
async def test_an_unreadable_date_is_not_reported_as_a_wrong_clock(
    slack: Slack, web: AsyncWebClient, date: str
) -> None:
    slack.respond_with({"ok": True, "team_id": "T1"})
    slack.date = date
    assert (await health.slack(web, TOKEN, lambda: NOW)).ok


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
    slack: Slack, web: AsyncWebClient, response: dict[str, JsonValue], home: Installation
) -> None:
    slack.respond_with({"ok": True, "team_id": "T1", **response})
    assert (await health.slack(web, TOKEN, lambda: NOW)).installation == home


@pytest.mark.parametrize(
    "reason",
    ["invalid_auth", "not_authed", "account_inactive", "token_expired", "token_revoked"],
)
async def test_a_rejected_token_is_permanent_and_names_its_variable(
    slack: Slack, web: AsyncWebClient, reason: str
) -> None:
    slack.respond_with({"ok": False, "error": reason})
    result = await health.slack(web, TOKEN, lambda: NOW)
    assert (result.ok, result.permanent, result.installation) == (False, True, None)
    assert result.message == f"rejected the token ({reason}); check SLACK_BOT_TOKEN"
    socket = await health.slack_socket(web, APP_TOKEN)
    assert (socket.ok, socket.permanent) == (False, True)
    assert socket.message == f"rejected the token ({reason}); check SLACK_APP_TOKEN"


@pytest.mark.parametrize("reason", ["ratelimited", "internal_error", "fatal_error", "new_error"])
async def test_any_other_slack_error_is_temporary(
    slack: Slack, web: AsyncWebClient, reason: str
) -> None:
    slack.respond_with({"ok": False, "error": reason})
    result = await health.slack(web, TOKEN, lambda: NOW)
    assert (result.ok, result.permanent, result.message) == (
        False,
        False,
        f"returned the error {reason}",
    )


@pytest.mark.parametrize(
    ("status", "content_type", "body"),
    [
        (200, "text/html", b"<html>"),
        (500, "text/html", b"oops"),
        (503, JSON, b"{"),
        (404, JSON, b'{"ok":false}'),
        (200, JSON, b""),
        (200, JSON, b"{}"),
        (200, JSON, b"null"),
        (200, JSON, b"{bad"),
        (200, JSON, b"[]"),
        (200, JSON, b'"text"'),
        (200, JSON, b"\xff\xfe\xfd"),
        (200, JSON, b"[" * 20_000),
        (200, JSON, b'{"ok":true}'),
        (200, JSON, b'{"ok":true,"team_id":5}'),
        (200, JSON, b'{"ok":true,"team_id":null}'),
    ],
    ids=lambda value: repr(value)[:24],
)
async def test_a_response_that_is_not_slacks_is_a_temporary_failure(
    slack: Slack, web: AsyncWebClient, status: int, content_type: str, body: bytes
) -> None:
    slack.respond_with(body, status, content_type)
    result = await health.slack(web, TOKEN, lambda: NOW)
    assert (result.ok, result.permanent, result.installation) == (False, False, None)
    if b'"ok":true' not in body:
        socket = await health.slack_socket(web, APP_TOKEN)
        assert (socket.ok, socket.permanent) == (False, False)


@pytest.mark.parametrize(
    "error",
    [
        aiohttp.ClientConnectionError("canary"),
        aiohttp.InvalidURL("canary"),
        ConnectionRefusedError("canary"),
        TimeoutError("canary"),
        SlackRequestError("canary"),
    ],
)
async def test_an_unreachable_slack_is_temporary(error: Exception) -> None:
    for result in (
        await health.slack(RaisingClient(error), TOKEN),
        await health.slack_socket(RaisingClient(error), APP_TOKEN),
    ):
        assert (result.ok, result.permanent) == (False, False)
        assert result.message == f"can't be reached ({type(error).__name__})"
        assert "canary" not in str(result)


async def test_a_response_that_the_sdk_cannot_parse_is_unreadable() -> None:
    error = SlackApiError("canary", {"body": "canary"})  # type: ignore[no-untyped-call]
    result = await health.slack(RaisingClient(error), TOKEN)
    assert (result.ok, result.permanent, result.message) == (
        False,
        False,
        "sent an unreadable response",
    )


async def test_an_accepted_app_level_token_passes(slack: Slack, web: AsyncWebClient) -> None:
    slack.respond_with({"ok": True, "url": "wss://wss-primary.slack.com/link/?ticket=canary"})
    result = await health.slack_socket(web, APP_TOKEN)
    assert str(result) == "ok   Slack Socket Mode: app-level token accepted"
    assert slack.requests == [("/api/apps.connections.open", f"Bearer {APP_TOKEN}")]


@pytest.mark.parametrize("rows", [[], [{"id": "x"}], [None, {"id": 5}]])
async def test_a_project_with_a_list_passes(rows: JsonValue) -> None:
    result = await health.signalwire(client_for(200, {"links": {}, "data": rows}))
    assert result == CheckResult("SignalWire Sales", "reachable, credentials accepted", ok=True)
    assert str(result) == "ok   SignalWire Sales: reachable, credentials accepted"


@pytest.mark.parametrize("body", [{"error": "Not Found"}, "Not Found", None])
async def test_a_space_without_voice_logs_is_named_and_permanent(body: JsonValue) -> None:
    result = await health.signalwire(client_for(404, body))
    assert (result.ok, result.permanent) == (False, True)
    assert result.message == f"acme.signalwire.com has no voice logs (404): {CHECK_IT}"


async def test_a_space_that_responds_404_in_html_is_named_and_permanent() -> None:
    space = emulator()
    space.is_absent = True
    result = await health.signalwire(
        client_over(httpx.ASGITransport(space.app), new_project("Sales"))
    )
    assert (result.ok, result.permanent) == (False, True)
    assert result.message == f"acme.signalwire.com has no voice logs (404): {CHECK_IT}"


async def test_an_unknown_host_is_named_and_temporary() -> None:
    unknown = aiohttp.ClientConnectorDNSError(
        ConnectionKey("x", 443, True, True, None, None, None),  # noqa: FBT003 - aiohttp's
        OSError(-2, "Name or service not known"),
    )
    result = await health.signalwire(client_for(unknown))
    assert (result.ok, result.permanent) == (False, False)
    assert result.message == f"acme.signalwire.com can't be found: {CHECK_IT}"


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
