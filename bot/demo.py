"""The bot on this machine alone: a sandbox for Slack and SignalWire, and the real server between.

A person types a command in the sandbox's Slack; it reaches the bot signed, over HTTP, as any other;
what the bot posts to the response_url is printed. The only module that uses bot.sandbox.
"""

import asyncio
import logging
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final
from uuid import uuid4

from bot import logs
from bot.app import Bot, http_face
from bot.clock import utc_now
from bot.http import new_client
from bot.sandbox.catalogue import DOCUMENTED, catalogue, faults
from bot.sandbox.server import listening
from bot.sandbox.signalwire import SignalWire
from bot.sandbox.slack import Slack
from bot.settings import Need, Settings
from bot.terminal import render
from bot.web import EVENTS_PATH

COMMAND: Final = "/voicelog"
_PATIENCE_SECONDS: Final = 30.0


def list_ids() -> int:
    """Print every id that the sandbox knows, with what is special about it."""
    known = {entry.id: entry.what for entry in catalogue(utc_now())}
    known |= {fault.id: fault.what for fault in faults()}
    print(*(f"{log_id}  {what}" for log_id, what in known.items()), sep="\n")
    return 0


async def run(typed: str) -> int:
    """Send one command and print what the person sees.

    Args:
        typed: the command as in Slack; an id alone will do; empty for the documentation's example.

    Returns:
        0 once there is an answer, 1 if there is none.
    """
    text = typed.strip().removeprefix(COMMAND).strip() if typed.strip() else DOCUMENTED
    logs.configure("console", "error", sys.stderr)
    logging.getLogger(logs.AUDIT).setLevel(logging.ERROR)  # nobody audits a sandbox
    async with _sandbox() as (slack, bot):
        exchange = await slack.command(text)
        print(f"{COMMAND} {text}".rstrip())
        if exchange.failed is not None:
            print(exchange.failed, file=sys.stderr)
            return 1
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await bot.jobs.idle()
        for message in exchange.messages:
            print(f"\nVoiceLog (only visible to you)\n{render(message.blocks)}")
        return 0 if exchange.messages else 1


@asynccontextmanager
async def _sandbox() -> AsyncIterator[tuple[Slack, Bot]]:
    """A loopback SignalWire and Slack, and the bot serving HTTP between them."""
    project_id, api_token = str(uuid4()), f"PT{secrets.token_hex(24)}"
    signing_secret, bot_token = secrets.token_hex(16), f"xoxb-{secrets.token_hex(12)}"
    async with AsyncExitStack() as stack:
        signalwire = SignalWire(
            project_id=project_id, api_token=api_token, clock=utc_now, sleep=asyncio.sleep
        )
        slack = Slack(
            signing_secret=signing_secret,
            bot_token=bot_token,
            app_token="",
            bot_url="",
            http=await stack.enter_async_context(new_client()),
        )
        slack.own_url = await stack.enter_async_context(listening(slack.app))
        settings = Settings.from_environment(
            {
                "SLACK_SIGNING_SECRET": signing_secret,
                "SLACK_BOT_TOKEN": bot_token,
                "SLACK_API_URL": f"{slack.own_url}/api/",
                "SIGNALWIRE_SPACE": await stack.enter_async_context(listening(signalwire.app)),
                "SIGNALWIRE_PROJECT_ID": project_id,
                "SIGNALWIRE_API_TOKEN": api_token,
            },
            Need.SLACK_HTTP,
            Need.SIGNALWIRE,
        )
        bot = Bot(settings)
        slack.bot_url = await stack.enter_async_context(listening(http_face(bot))) + EVENTS_PATH
        yield slack, bot
