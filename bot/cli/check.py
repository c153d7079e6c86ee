"""`check`: whether the settings, Slack and each SignalWire project are in order."""

import asyncio
import sys
from collections.abc import Mapping

from bot.app import signalwire_clients
from bot.runtime import logging as logs
from bot.runtime.http_client import new_client, new_session
from bot.services import health
from bot.services.health import CheckResult
from bot.settings import Required, Settings, secret_value
from bot.slack.web_client import web_client


async def check(environment: Mapping[str, str]) -> int:
    """Print one line for the settings, Slack and each SignalWire project.

    Returns:
        0 if all is well, else 1.

    Raises:
        SettingsError: with every mistake in the settings.
    """
    settings = Settings.from_environment(environment, *_needs(environment))
    logs.configure("console", "error", sys.stderr)  # the findings say it all
    print("ok   settings")
    if settings.signalwire_projects is not None and settings.signalwire_space is not None:
        print("note settings: SIGNALWIRE_PROJECTS is used, so SIGNALWIRE_SPACE is not")
    findings = await _results(settings)
    print(*findings, sep="\n")
    return 0 if all(finding.ok for finding in findings) else 1


def _needs(environment: Mapping[str, str]) -> list[Required]:
    """Either way of reaching Slack will do; the HTTP one is asked for if there is neither."""
    over_socket = bool(environment.get("SLACK_APP_TOKEN", "").strip())
    over_http = bool(environment.get("SLACK_SIGNING_SECRET", "").strip())
    needs = [Required.SLACK_SOCKET] if over_socket else []
    needs += [Required.SLACK_HTTP] if over_http or not over_socket else []
    return [*needs, Required.SIGNALWIRE]


async def _results(settings: Settings) -> list[CheckResult]:
    async with new_session() as session, new_client() as http:
        web = web_client(settings.slack_api_url, session)
        under_way = [health.slack(web, secret_value(settings.slack_bot_token))]
        if settings.slack_app_token is not None:
            under_way.append(health.slack_socket(web, secret_value(settings.slack_app_token)))
        under_way += [health.signalwire(client) for client in signalwire_clients(settings, http)]
        return await asyncio.gather(*under_way)
