"""Asks Slack and each SignalWire project whether the bot could work: at start-up and by `check`."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from math import ceil
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.access import Installation
from bot.runtime import http_client
from bot.runtime.clock import Clock, utc_now
from bot.signalwire import errors
from bot.signalwire.client import SignalWireClient
from bot.signalwire.errors import (
    AuthenticationError,
    InvalidResponseError,
    LogNotFoundError,
    SignalWireError,
    UnavailableError,
)
from bot.ui.errors import describe_list

SLACK_SECONDS: Final = 5.0
CLOCK_OFF: Final = timedelta(minutes=1)
"""From here on it is worth a word."""
CLOCK_WRONG: Final = timedelta(minutes=5)
"""Slack's requests are refused (docs.slack.dev, "Verifying requests from Slack")."""

# docs.slack.dev, auth.test, "Errors": those that only another token will end.
_TOKEN_ERRORS: Final = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_expired", "token_revoked"}
)


_CHECK_SPACE: Final = "check SIGNALWIRE_SPACE (or the space in SIGNALWIRE_PROJECTS)"

_UNREACHABLE: Final = (aiohttp.ClientError, SlackClientError, OSError, TimeoutError)
# What slack_sdk lets escape when JSON isn't an object, isn't UTF-8 or is nested too deep.
_UNREADABLE: Final = (ValueError, AttributeError, TypeError, RecursionError)


@dataclass(frozen=True)
class CheckResult:
    """What one check came to, in one line.

    Attributes:
        final: whether asking again would come to the same until somebody changes a setting.
        home: where the app is installed, if Slack said so.
    """

    check: str
    message: str
    ok: bool
    permanent: bool = True
    installation: Installation | None = None

    def __str__(self) -> str:
        return f"{'ok  ' if self.ok else 'FAIL'} {self.check}: {self.message}"


async def slack(web: AsyncWebClient, token: str, now: Clock = utc_now) -> CheckResult:
    """Whether Slack takes the bot token (docs.slack.dev: auth.test; it needs no scope).

    And whether this machine's clock agrees with Slack's, which its answer tells.
    """
    try:
        async with asyncio.timeout(SLACK_SECONDS):
            answer = await web.auth_test(token=token)
    except SlackApiError as error:
        return _slack_refusal("Slack", "SLACK_BOT_TOKEN", error)
    except _UNREACHABLE as error:
        return _unreachable("Slack", error)
    except _UNREADABLE:
        return _unreadable("Slack")
    team, enterprise = answer.get("team_id"), answer.get("enterprise_id")
    if not isinstance(team, str):
        return _unreadable("Slack")
    organization = enterprise if isinstance(enterprise, str) and enterprise else None
    home = Installation(team, organization, answer.get("is_enterprise_install") is True)
    ahead = _ahead_of(answer.headers.get("Date"), now())
    said = f"token accepted by workspace {team}{_clock_said(ahead)}"
    # It isn't final: somebody sets the clock, and all is well.
    return CheckResult(
        "Slack", said, ok=abs(ahead) <= CLOCK_WRONG, permanent=False, installation=home
    )


def _ahead_of(date: str | None, now: datetime) -> timedelta:
    """How far this machine's clock is ahead of an HTTP `Date`; nothing if that can't be read."""
    try:
        theirs = parsedate_to_datetime(date or "")
        return now - theirs
    except (ValueError, TypeError, OverflowError):  # no date; without a time zone; out of range
        return timedelta()


def _clock_said(ahead: timedelta) -> str:
    if abs(ahead) <= CLOCK_OFF:
        return ""
    minutes = ceil(abs(ahead) / timedelta(minutes=1))  # six of them are wrong, not five
    direction = "ahead of" if ahead > timedelta() else "behind"
    return (
        f", but this machine's clock is {minutes} minutes {direction} Slack's;"
        " requests are refused beyond 5 minutes. Set the clock (NTP)."
    )


async def slack_socket(web: AsyncWebClient, app_token: str) -> CheckResult:
    """Whether Slack takes the app-level token (docs.slack.dev: apps.connections.open)."""
    subject = "Slack Socket Mode"
    try:
        async with asyncio.timeout(SLACK_SECONDS):
            await web.apps_connections_open(app_token=app_token)
    except SlackApiError as error:
        return _slack_refusal(subject, "SLACK_APP_TOKEN", error)
    except _UNREACHABLE as error:
        return _unreachable(subject, error)
    except _UNREADABLE:
        return _unreadable(subject)
    return CheckResult(subject, "app-level token accepted", ok=True)


async def probe(client: SignalWireClient) -> SignalWireError | None:
    """Why a project can't be reached, or doesn't take the credentials; None if all is well."""
    try:
        await client.check()
    except SignalWireError as error:
        return error
    return None


async def signalwire(client: SignalWireClient) -> CheckResult:
    """Whether a project can be reached and takes the credentials."""
    subject = f"SignalWire {client.name}"
    host = client.origin.host
    match await probe(client):
        case None:
            return CheckResult(subject, "reachable, credentials accepted", ok=True)
        case LogNotFoundError() | InvalidResponseError(cause=errors.NOT_THE_API):
            said = f"{host} has no voice logs (404): {_CHECK_SPACE}"
            return CheckResult(subject, said, ok=False)
        case UnavailableError(cause=http_client.UNKNOWN_HOST):
            return CheckResult(
                subject, f"{host} can't be found: {_CHECK_SPACE}", ok=False, permanent=False
            )
        case error:
            problem = describe_list(error)
            final = isinstance(error, AuthenticationError)
            return CheckResult(
                subject, f"{problem.title}. {problem.hint}", ok=False, permanent=final
            )


def _unreadable(subject: str) -> CheckResult:
    return CheckResult(subject, "sent an answer that couldn't be read", ok=False, permanent=False)


def _unreachable(subject: str, error: Exception) -> CheckResult:
    said = f"can't be reached ({type(error).__name__})"
    return CheckResult(subject, said, ok=False, permanent=False)


def _slack_refusal(subject: str, variable: str, error: SlackApiError) -> CheckResult:
    answer = error.response
    data: object = answer.data if isinstance(answer, AsyncSlackResponse) else None
    reason = data.get("error") if isinstance(data, dict) else None
    if not isinstance(reason, str):
        return _unreadable(subject)
    if reason in _TOKEN_ERRORS:
        return CheckResult(subject, f"refused the token ({reason}); check {variable}", ok=False)
    return CheckResult(subject, f"answered {reason}", ok=False, permanent=False)
