"""A bot as a process, with a light SignalWire and Slack and many users."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import psutil

from tests.e2e.bot_process import BotProcess, bot_process
from tests.load.outside import Outside, an_outside
from tests.load.people import People, some_people

NEVER = 600.0
"""Seconds. The benchmark measures Slack's three; a slow machine must not break a test."""


@dataclass(frozen=True)
class LoadedBot:
    """A bot under load.

    Attributes:
        outside: SignalWire and Slack.
        people: the users.
        bot: the process.
        process: the same, for memory and files.
    """

    outside: Outside
    people: People
    bot: BotProcess
    process: psutil.Process


@asynccontextmanager
async def loaded_bot(**environment: str) -> AsyncIterator[LoadedBot]:
    """Run a bot whose startup checks have passed."""
    async with an_outside() as outside:
        settings = {**outside.settings, "PORT": "0", "LOG_FORMAT": "json", **environment}
        async with bot_process(environment=settings) as bot:
            url = f"http://127.0.0.1:{await bot.port()}/slack/events"
            await bot.event("startup_check.ok", count=2)
            async with some_people(outside, url, retry_policy=NEVER) as people:
                yield LoadedBot(outside, people, bot, psutil.Process(bot.pid))
