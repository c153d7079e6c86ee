"""The bot as a process, between the stubs of SignalWire and Slack, and its users."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import psutil

from tests.e2e.bot_process import BotProcess, bot_process
from tests.load.slack_users import SlackUsers, slack_users
from tests.load.stub_servers import StubServers, stub_servers

LONG_TIMEOUT_SECONDS = 600.0
"""The benchmark measures Slack's three seconds; a slow machine must not break a test."""


@dataclass(frozen=True)
class BotUnderLoad:
    """A bot under load."""

    servers: StubServers
    users: SlackUsers
    bot: BotProcess
    process: psutil.Process


@asynccontextmanager
async def bot_under_load(**environment: str) -> AsyncIterator[BotUnderLoad]:
    """Run a bot whose startup checks have passed."""
    async with stub_servers() as servers:
        settings = {**servers.settings, "PORT": "0", "LOG_FORMAT": "json", **environment}
        async with bot_process(environment=settings) as bot:
            url = f"http://127.0.0.1:{await bot.port()}/slack/events"
            await bot.event("startup_check.ok", count=2)
            async with slack_users(servers, url, ack_timeout=LONG_TIMEOUT_SECONDS) as users:
                yield BotUnderLoad(servers, users, bot, psutil.Process(bot.pid))
