"""Checks the tokens and the connection to Slack and SignalWire, at startup and for `check`."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from math import ceil
from typing import Final

from bot.access import Installation
from bot.runtime import http_client
from bot.runtime.clock import Clock, utc_now
from bot.runtime.http_client import URL, Client
from bot.signalwire import errors
from bot.signalwire.client import SignalWireClient
from bot.slack.post import NO_RESPONSE, SlackError, post
from bot.ui.errors import describe_check

CLOCK_OFF: Final = timedelta(minutes=1)
"""The check warns if this machine's clock differs from Slack's by more than this."""
CLOCK_WRONG: Final = timedelta(minutes=5)
"""Beyond this, requests are rejected (docs.slack.dev, "Verifying requests from Slack")."""

# The errors that only another token resolves (docs.slack.dev: auth.test and apps.connections.open,
# "Errors"). An app-level token without connections:write has a missing_scope.
_TOKEN_ERRORS: Final = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "token_expired",
        "token_revoked",
        "missing_scope",
        "not_allowed_token_type",
    }
)

_TEAM_ID: Final = re.compile(r"[A-Z0-9_]{1,32}")
"""The form of a workspace's ID. Anything else could add lines to the output of `check`."""

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


async def slack(http: Client, api: URL, token: str, now: Clock = utc_now) -> CheckResult:
    """Check the bot token, and this machine's clock against the response's `Date`.

    Source: docs.slack.dev, auth.test; it needs no scope.
    """
    try:
        response = await post(http, api.join("auth.test"), {}, token)
    except SlackError as error:
        return _slack_error("Slack", "SLACK_BOT_TOKEN", error)
    payload = response.payload
    team, enterprise = payload.get("team_id"), payload.get("enterprise_id")
    if payload.get("ok") is not True or not isinstance(team, str) or not _TEAM_ID.fullmatch(team):
        return _unreadable("Slack")
    organization = enterprise if isinstance(enterprise, str) and enterprise else None
    installation = Installation(team, organization, payload.get("is_enterprise_install") is True)
    ahead = _clock_ahead(response.date, now())
    message = f"token accepted by workspace {team}{_clock_warning(ahead)}"
    # A wrong clock isn't permanent: it can be set while the bot runs.
    return CheckResult(
        "Slack", message, ok=abs(ahead) <= CLOCK_WRONG, permanent=False, installation=installation
    )


def _clock_ahead(date: str, now: datetime) -> timedelta:
    """Return how far this clock is ahead of an HTTP `Date`; zero if that is unreadable."""
    try:
        return now - parsedate_to_datetime(date)
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


async def slack_socket(http: Client, api: URL, app_token: str) -> CheckResult:
    """Check the app-level token (docs.slack.dev: apps.connections.open)."""
    subject = "Slack Socket Mode"
    try:
        response = await post(http, api.join("apps.connections.open"), {}, app_token)
    except SlackError as error:
        return _slack_error(subject, "SLACK_APP_TOKEN", error)
    if response.payload.get("ok") is not True:
        return _unreadable(subject)
    return CheckResult(subject, "app-level token accepted", ok=True)


def _slack_error(subject: str, variable: str, error: SlackError) -> CheckResult:
    if error.code in _TOKEN_ERRORS:
        message = f"rejected the token ({error.code}); check {variable}"
        return CheckResult(subject, message, ok=False)
    if not error.code:
        return _unreadable(subject)
    is_unreachable = error.status == NO_RESPONSE
    message = (
        f"can't be reached ({error.code})" if is_unreachable else f"returned the error {error.code}"
    )
    return CheckResult(subject, message, ok=False, permanent=False)


def _unreadable(subject: str) -> CheckResult:
    return CheckResult(subject, "sent an unreadable response", ok=False, permanent=False)


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
