"""Checks the tokens and the connection to Slack and SignalWire, at startup and for `check`."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from math import ceil
from typing import Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.access import Installation
from bot.runtime import http_client
from bot.runtime.clock import Clock, utc_now
from bot.signalwire import errors
from bot.signalwire.client import SignalWireClient
from bot.slack.web_client import TRANSPORT_ERRORS, UNREADABLE
from bot.ui.errors import describe_check

SLACK_SECONDS: Final = 5.0
CLOCK_OFF: Final = timedelta(minutes=1)
"""The check warns if this machine's clock differs from Slack's by more than this."""
CLOCK_WRONG: Final = timedelta(minutes=5)
"""Beyond this, requests are rejected (docs.slack.dev, "Verifying requests from Slack")."""

# The errors that only another token resolves (docs.slack.dev, auth.test, "Errors").
_TOKEN_ERRORS: Final = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_expired", "token_revoked"}
)

_CHECK_SPACE: Final = "check SIGNALWIRE_SPACE (or the space in SIGNALWIRE_PROJECTS)"


@dataclass(frozen=True)
class CheckResult:
    """The result of one check; `message` is one line."""

    check: str
    message: str
    ok: bool
    permanent: bool = True
    """Whether repeating the check is useless until a setting is changed."""
    installation: Installation | None = None
    """Where the app is installed, if Slack said so."""

    def __str__(self) -> str:
        failure = "FAIL" if self.permanent else "WARN"
        return f"{'ok  ' if self.ok else failure} {self.check}: {self.message}"


async def slack(web: AsyncWebClient, token: str, now: Clock = utc_now) -> CheckResult:
    """Check the bot token, and this machine's clock against the response's `Date`.

    Source: docs.slack.dev, auth.test; it needs no scope.
    """
    response = await _call("Slack", "SLACK_BOT_TOKEN", web.auth_test(token=token))
    if isinstance(response, CheckResult):
        return response
    team, enterprise = response.get("team_id"), response.get("enterprise_id")
    if not isinstance(team, str):
        return _unreadable("Slack")
    organization = enterprise if isinstance(enterprise, str) and enterprise else None
    installation = Installation(team, organization, response.get("is_enterprise_install") is True)
    ahead = _clock_ahead(response.headers.get("Date"), now())
    message = f"token accepted by workspace {team}{_clock_warning(ahead)}"
    # A wrong clock isn't permanent: it can be set while the bot runs.
    return CheckResult(
        "Slack", message, ok=abs(ahead) <= CLOCK_WRONG, permanent=False, installation=installation
    )


def _clock_ahead(date: str | None, now: datetime) -> timedelta:
    """Return how far this clock is ahead of an HTTP `Date`; zero if that is unreadable."""
    try:
        return now - parsedate_to_datetime(date or "")
    except (ValueError, TypeError, OverflowError):  # no date; without a time zone; out of range
        return timedelta()


def _clock_warning(ahead: timedelta) -> str:
    if abs(ahead) <= CLOCK_OFF:
        return ""
    minutes = ceil(abs(ahead) / timedelta(minutes=1))  # 5:01 is too much, so it must not show as 5
    direction = "ahead of" if ahead > timedelta() else "behind"
    return (
        f", but this machine's clock is {minutes} minutes {direction} Slack's;"
        " requests are rejected beyond 5 minutes. Set the clock (NTP)."
    )


async def slack_socket(web: AsyncWebClient, app_token: str) -> CheckResult:
    """Check the app-level token (docs.slack.dev: apps.connections.open)."""
    subject, call = "Slack Socket Mode", web.apps_connections_open(app_token=app_token)
    response = await _call(subject, "SLACK_APP_TOKEN", call)
    if isinstance(response, CheckResult):
        return response
    return CheckResult(subject, "app-level token accepted", ok=True)


async def _call(
    subject: str, variable: str, call: Awaitable[AsyncSlackResponse]
) -> AsyncSlackResponse | CheckResult:
    """Return the response, or the result of the check if the call fails."""
    try:
        async with asyncio.timeout(SLACK_SECONDS):
            return await call
    except SlackApiError as error:
        return _slack_error(subject, variable, error)
    except TRANSPORT_ERRORS as error:
        message = f"can't be reached ({type(error).__name__})"
        return CheckResult(subject, message, ok=False, permanent=False)
    except UNREADABLE:
        return _unreadable(subject)


async def probe(client: SignalWireClient) -> errors.SignalWireError | None:
    """Return why a project can't be used; None if it is reachable and accepts the credentials."""
    try:
        await client.check()
    except errors.SignalWireError as error:
        return error
    return None


async def signalwire(client: SignalWireClient) -> CheckResult:
    """Check that a project is reachable and accepts the credentials."""
    subject = f"SignalWire {client.name}"
    host, permanent = client.origin.host, True
    match await probe(client):
        case None:
            return CheckResult(subject, "reachable, credentials accepted", ok=True)
        case errors.LogNotFoundError() | errors.InvalidResponseError(cause=errors.NOT_THE_API):
            message = f"{host} has no voice logs (404): {_CHECK_SPACE}"
        case errors.UnavailableError(cause=http_client.UNKNOWN_HOST):
            message, permanent = f"{host} can't be found: {_CHECK_SPACE}", False
        case error:
            problem = describe_check(error)
            message = f"{problem.title}. {problem.hint}"
            permanent = isinstance(error, errors.AuthenticationError)
    return CheckResult(subject, message, ok=False, permanent=permanent)


def _unreadable(subject: str) -> CheckResult:
    return CheckResult(subject, "sent an unreadable response", ok=False, permanent=False)


def _slack_error(subject: str, variable: str, error: SlackApiError) -> CheckResult:
    response = error.response
    data: object = response.data if isinstance(response, AsyncSlackResponse) else None
    reason = data.get("error") if isinstance(data, dict) else None
    if not isinstance(reason, str):
        return _unreadable(subject)
    if reason in _TOKEN_ERRORS:
        return CheckResult(subject, f"rejected the token ({reason}); check {variable}", ok=False)
    return CheckResult(subject, f"returned the error {reason}", ok=False, permanent=False)
