"""What whoever runs the bot does from a terminal: check it, and look a log up without Slack."""

import asyncio
import json
import sys
from collections.abc import Mapping

from bot.app import new_request_id, signalwire_clients
from bot.cli.terminal import show
from bot.runtime import logging as logs
from bot.runtime.http_client import new_client, new_session
from bot.services import health
from bot.services.health import CheckResult
from bot.settings import Required, Settings, secret_value
from bot.ui.help import no_id
from bot.ui.lookup_result import lookup_result
from bot.voicelogs import ids, masking
from bot.voicelogs.lookup import Lookup
from bot.voicelogs.results import Found


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
        web = health.web_client(settings.slack_api_url, session)
        under_way = [health.slack(web, secret_value(settings.slack_bot_token))]
        if settings.slack_app_token is not None:
            under_way.append(health.slack_socket(web, secret_value(settings.slack_app_token)))
        under_way += [health.signalwire(client) for client in signalwire_clients(settings, http)]
        return await asyncio.gather(*under_way)


async def lookup(environment: Mapping[str, str], text: str, *, as_json: bool) -> int:
    """Print the message that `/voicelog text` would be answered with.

    Returns:
        0 if every log was found, 1 if one wasn't, 2 if the text holds no id.

    Raises:
        SettingsError: the project's variables are missing or wrong.
    """
    settings = Settings.from_environment(environment, Required.SIGNALWIRE)
    logs.configure("console", "error", sys.stderr)  # standard output is the message's
    found = ids.in_text(text)
    if not found.complete:
        show(no_id(found.truncated), sys.stderr)
        return 2
    async with new_client() as http:
        voice_logs = Lookup(signalwire_clients(settings, http))
        chosen = voice_logs.select(found.complete)
        results = await asyncio.gather(*(voice_logs.get(log_id) for log_id in chosen.ids))
    # A terminal is one person's own, as a message to them alone is.
    masked = settings.mask_numbers.applies(public=False)
    message = lookup_result(
        [masking.mask_result(result) if masked else result for result in results],
        request_id=new_request_id(),
        name_project=voice_logs.has_several_projects,
        left_out=chosen.skipped,
        cut_short=found.truncated,
    )
    if as_json:
        print(json.dumps({"text": message.text, "blocks": message.blocks}, ensure_ascii=False))
    else:
        show(message, sys.stdout)
    return 0 if all(isinstance(result, Found) for result in results) else 1
