"""`check`: checks the settings, and the credentials for Slack and each SignalWire project."""

import asyncio
import re
import sys
from collections.abc import Mapping
from typing import Final

from bot.app import signalwire_clients
from bot.runtime import logging as logs
from bot.runtime.http_client import URL, new_client
from bot.services import health
from bot.services.health import CheckResult
from bot.settings import Required, Settings, secret_value

_HEX: Final = "[0-9a-fA-F]"
_SIGNING_SECRET: Final = re.compile(f"{_HEX}{{32}}")
"""The form of signing secrets; docs.slack.dev doesn't promise it."""
_UUID: Final = re.compile(f"{_HEX}{{8}}(-{_HEX}{{4}}){{3}}-{_HEX}{{12}}")
"""The form of a project ID (SignalWire docs, "Get voice log", `project_id`)."""


async def check(environment: Mapping[str, str], *, release: bool = False) -> int:
    """Print one line for the settings, one for Slack and one for each SignalWire project.

    Return 0 if the checks passed, else 1; for a `release`, 1 only if a setting must be changed.
    """
    settings = Settings.from_environment(environment, *_required(environment))
    logs.configure("console", "error", sys.stderr)  # the results are on stdout
    print("ok   settings")
    print(*(f"note settings: {note}\n" for note in _notes(settings)), sep="", end="")
    results = await _results(settings)
    print(*results, sep="\n")
    failed = [result for result in results if not result.ok]
    return 1 if any(result.permanent or not release for result in failed) else 0


def _required(environment: Mapping[str, str]) -> list[Required]:
    """Require what HTTP or Socket Mode needs, whichever is set up, or both; HTTP by default."""
    over_socket = bool(environment.get("SLACK_APP_TOKEN", "").strip())
    over_http = bool(environment.get("SLACK_SIGNING_SECRET", "").strip())
    required = [Required.SLACK_SOCKET] if over_socket else []
    required += [Required.SLACK_HTTP] if over_http or not over_socket else []
    return [*required, Required.SIGNALWIRE]


def _notes(settings: Settings) -> list[str]:
    """Describe what looks like a mistake. No request can prove that a signing secret is right."""
    notes = []
    if settings.signalwire_projects is not None and settings.signalwire_space is not None:
        notes.append("SIGNALWIRE_SPACE is ignored because SIGNALWIRE_PROJECTS is set")
    if not all(_SIGNING_SECRET.fullmatch(secret) for secret in settings.signing_secrets):
        notes.append(
            "SLACK_SIGNING_SECRET doesn't look like a signing secret (32 hexadecimal digits)"
        )
    is_list = settings.signalwire_projects is not None
    for number, project in enumerate(settings.projects, 1):
        if not _UUID.fullmatch(project.project_id):
            where = f"SIGNALWIRE_PROJECTS: the project_id of project {number}"
            variable = where if is_list else "SIGNALWIRE_PROJECT_ID"
            notes.append(f"{variable} doesn't look like a project ID (a UUID)")
    return notes


async def _results(settings: Settings) -> list[CheckResult]:
    async with new_client() as http:
        api = URL(settings.slack_api_url)
        checks = [health.slack(http, api, secret_value(settings.slack_bot_token))]
        if settings.slack_app_token is not None:
            checks.append(health.slack_socket(http, api, secret_value(settings.slack_app_token)))
        checks += [health.signalwire(client) for client in signalwire_clients(settings, http)]
        return await asyncio.gather(*checks)
