"""Asks Slack and each SignalWire project whether the bot could work: at start-up and by `check`."""

import asyncio
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.access import Home
from bot.cards.list_problems import explain
from bot.signalwire.client import SignalWireClient
from bot.signalwire.errors import CredentialsRefusedError, LogNotFoundError, SignalWireError

SLACK_SECONDS: Final = 5.0

# No log has this id, so asking for it shows that the credentials are good and reads no call record.
_NOBODYS_ID: Final = UUID(int=0)

# docs.slack.dev, auth.test, "Errors": those that only another token will end.
_TOKEN_ERRORS: Final = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_expired", "token_revoked"}
)


_UNREACHABLE: Final = (aiohttp.ClientError, SlackClientError, OSError, TimeoutError)
# What slack_sdk lets escape when JSON isn't an object, isn't UTF-8 or is nested too deep.
_UNREADABLE: Final = (ValueError, AttributeError, TypeError, RecursionError)


@dataclass(frozen=True)
class Finding:
    """What one check came to, in one line.

    Attributes:
        final: whether asking again would come to the same until somebody changes a setting.
        home: where the app is installed, if Slack said so.
    """

    subject: str
    said: str
    ok: bool
    final: bool = True
    home: Home | None = None

    def __str__(self) -> str:
        return f"{'ok  ' if self.ok else 'FAIL'} {self.subject}: {self.said}"


def web_client(api_url: str, session: aiohttp.ClientSession | None = None) -> AsyncWebClient:
    """A client for Slack's Web API that, like all of the bot's clients, uses no proxy.

    Nor does it try anything again by itself: whoever calls knows what may be done twice.
    """
    web = AsyncWebClient(base_url=api_url, session=session, retry_handlers=[])
    web.proxy = None  # it reads HTTP_PROXY by itself
    return web


async def slack(web: AsyncWebClient, token: str) -> Finding:
    """Whether Slack takes the bot token (docs.slack.dev: auth.test; it needs no scope)."""
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
    home = Home(team, organization, answer.get("is_enterprise_install") is True)
    return Finding("Slack", f"token accepted by workspace {team}", ok=True, home=home)


async def slack_socket(web: AsyncWebClient, app_token: str) -> Finding:
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
    return Finding(subject, "app-level token accepted", ok=True)


async def probe(client: SignalWireClient) -> SignalWireError | None:
    """Why a project can't be reached, or doesn't take the credentials; None if all is well."""
    try:
        await client.voice_log(_NOBODYS_ID)
    except LogNotFoundError:
        return None
    except SignalWireError as error:
        return error
    return None


async def signalwire(client: SignalWireClient) -> Finding:
    """Whether a project can be reached and takes the credentials."""
    subject = f"SignalWire {client.name}"
    error = await probe(client)
    if error is not None:
        problem = explain(error)
        final = isinstance(error, CredentialsRefusedError)
        return Finding(subject, f"{problem.title}. {problem.next_step}", ok=False, final=final)
    return Finding(subject, "reachable, credentials accepted", ok=True)


def _unreadable(subject: str) -> Finding:
    return Finding(subject, "sent an answer that couldn't be read", ok=False, final=False)


def _unreachable(subject: str, error: Exception) -> Finding:
    said = f"can't be reached ({type(error).__name__})"
    return Finding(subject, said, ok=False, final=False)


def _slack_refusal(subject: str, variable: str, error: SlackApiError) -> Finding:
    answer = error.response
    data: object = answer.data if isinstance(answer, AsyncSlackResponse) else None
    reason = data.get("error") if isinstance(data, dict) else None
    if not isinstance(reason, str):
        return _unreadable(subject)
    if reason in _TOKEN_ERRORS:
        return Finding(subject, f"refused the token ({reason}); check {variable}", ok=False)
    return Finding(subject, f"answered {reason}", ok=False, final=False)
