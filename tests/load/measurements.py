"""A bot as a process between a light outside world and many people, as the storms have it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import psutil

from tests.e2e.bot_process import BotProcess, bot_process
from tests.load.outside import Outside, an_outside
from tests.load.people import People, some_people

NEVER = 600.0
"""Seconds; Slack's three are for the benchmark: a slow machine must not break a claim."""


@dataclass(frozen=True)
class Storm:
    """Everything there is.

    Attributes:
        outside: SignalWire and Slack.
        people: who ask.
        bot: the process that they ask.
        process: the same, as the operating system sees it.
    """

    outside: Outside
    people: People
    bot: BotProcess
    process: psutil.Process


@asynccontextmanager
async def a_storm(**environment: str) -> AsyncIterator[Storm]:
    """A bot that is ready, with its two checks behind it."""
    async with an_outside() as outside:
        settings = {**outside.settings, "PORT": "0", "LOG_FORMAT": "json", **environment}
        async with bot_process(environment=settings) as bot:
            url = f"http://127.0.0.1:{await bot.port()}/slack/events"
            await bot.event("startup_check.ok", count=2)
            async with some_people(outside, url, retry_policy=NEVER) as people:
                yield Storm(outside, people, bot, psutil.Process(bot.pid))
