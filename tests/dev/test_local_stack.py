"""The stage: a sandbox with a real bot on it, which can be replaced while it is busy."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

import httpx
import pytest

from bot.app import Timing
from bot.dev.emulator.signalwire.catalogue import DOCUMENTED
from bot.dev.local_stack import LocalStack, StackClock, local_stack
from bot.services.search import SearchTiming
from bot.settings import SettingsError
from tests.integration.clock import Gate
from tests.integration.harness import NEVER
from tests.support.samples import NOW

PATIENCE: Final = 10


@dataclass
class Theatre:
    """A stage whose SignalWire can be held."""

    stage: LocalStack
    semaphore: Gate

    def hold(self) -> None:
        """From now on SignalWire takes requests and answers none."""
        self.stage.signalwire.latency_seconds = 1
        self.semaphore.close()

    def release(self) -> None:
        """Let SignalWire answer."""
        self.stage.signalwire.latency_seconds = 0
        self.semaphore.open()

    async def asked(self, log_id: str) -> None:
        """Wait until SignalWire was asked for it."""
        async with asyncio.timeout(PATIENCE):
            while not any(  # noqa: ASYNC110 - a request sets no event
                request.path.endswith(log_id) for request in self.stage.signalwire.requests
            ):
                await asyncio.sleep(0)

    async def answer(self) -> str:
        """Ask for a log; what the person sees in the end."""
        exchange = await self.stage.slack.command(DOCUMENTED)
        assert exchange.failed is None
        async with asyncio.timeout(PATIENCE):
            await self.stage.bot.tasks.join()
        [message] = exchange.messages
        return message.text


@pytest.fixture
async def theatre() -> AsyncIterator[Theatre]:
    semaphore = Gate()
    timing = Timing(NEVER, NEVER, SearchTiming(progress_after=NEVER))
    async with local_stack(StackClock(now=lambda: NOW, sleep=semaphore.sleep, timing=timing)) as on:
        yield Theatre(on, semaphore)
        semaphore.open()


async def test_a_command_goes_through_the_real_server_to_signalwire_and_back(
    theatre: Theatre,
) -> None:
    assert "Completed" in await theatre.answer()
    [exchange] = theatre.stage.slack.exchanges
    assert exchange.request_headers["X-Slack-Signature"].startswith("v0=")
    assert theatre.stage.slack.bot_url.endswith("/slack/events")
    assert all(
        request.authorised
        for request in theatre.stage.signalwire.requests
        if "/api/" in request.path
    )


async def test_everything_on_it_is_on_loopback(theatre: Theatre) -> None:
    for url in (theatre.stage.slack.bot_url, theatre.stage.slack.own_url):
        assert httpx.URL(url).host == "127.0.0.1"


async def test_two_stages_share_no_secret(theatre: Theatre) -> None:
    async with local_stack() as other:
        own, theirs = theatre.stage.bot.settings, other.bot.settings
        assert own.slack_signing_secret != theirs.slack_signing_secret
        assert own.slack_bot_token != theirs.slack_bot_token
        assert own.projects != theirs.projects


async def test_a_new_bot_with_other_settings_takes_the_place_of_the_old_one(
    theatre: Theatre,
) -> None:
    old, where = theatre.stage.bot, theatre.stage.slack.bot_url
    await theatre.stage.restart_with({"ALLOWED_USERS": "U0ELSEWHERE"})
    assert theatre.stage.bot is not old
    assert theatre.stage.slack.bot_url != where
    assert theatre.stage.environment == {"ALLOWED_USERS": "U0ELSEWHERE"}
    assert DOCUMENTED not in await theatre.answer()
    await theatre.stage.restart_with({})
    assert "Completed" in await theatre.answer()


async def test_what_the_old_bot_has_under_way_is_still_answered(theatre: Theatre) -> None:
    theatre.hold()
    early = await theatre.stage.slack.command(DOCUMENTED)
    await theatre.asked(DOCUMENTED)
    old = theatre.stage.bot
    assert len(old.tasks) == 1
    await theatre.stage.restart_with({"ALLOWED_USERS": "U0ELSEWHERE"})
    # The new one answers already, while the old one's answer is still to come.
    assert DOCUMENTED not in await theatre.answer()
    assert early.messages == []
    theatre.release()
    card = await early.wait_for_message()
    assert "Completed" in card.text
    assert DOCUMENTED in card.text


async def test_the_old_bot_answers_nobody_in_the_end(theatre: Theatre) -> None:
    old_url = theatre.stage.slack.bot_url
    await theatre.stage.restart_with({"MASK_NUMBERS": "always"})
    async with asyncio.timeout(PATIENCE), httpx.AsyncClient() as http:
        while True:
            try:
                await http.get(old_url)
            except httpx.TransportError:
                break
    assert "Completed" in await theatre.answer()


@pytest.mark.parametrize(
    "environment",
    [
        {"MASK_NUMBERS": "sometimes"},
        {"ALLOWED_USERS": "@somebody"},
        {"DRAIN_SECONDS": "-1"},
        {"MASK_NUMBERS": "always", "ALLOWED_TEAMS": "acme"},
    ],
)
async def test_a_bad_environment_leaves_the_bot_as_it_was(
    theatre: Theatre, environment: dict[str, str]
) -> None:
    await theatre.stage.restart_with({"MASK_NUMBERS": "always"})
    bot, where = theatre.stage.bot, theatre.stage.slack.bot_url
    with pytest.raises(SettingsError):
        await theatre.stage.restart_with(environment)
    assert theatre.stage.bot is bot
    assert theatre.stage.slack.bot_url == where
    assert theatre.stage.environment == {"MASK_NUMBERS": "always"}
    assert "Completed" in await theatre.answer()
    await theatre.stage.restart_with({})
    assert "Completed" in await theatre.answer()


async def test_nobody_can_change_the_environment_behind_the_bots_back(theatre: Theatre) -> None:
    wanted = {"MASK_NUMBERS": "always"}
    await theatre.stage.restart_with(wanted)
    wanted["MASK_NUMBERS"] = "never"
    assert theatre.stage.environment == {"MASK_NUMBERS": "always"}


async def test_many_casts_one_after_another_leave_one_bot(theatre: Theatre) -> None:
    for user in ("U1", "U2", "U3"):
        await theatre.stage.restart_with({"ALLOWED_USERS": user})
    assert DOCUMENTED not in await theatre.answer()
    await asyncio.gather(
        *(theatre.stage.restart_with({"ALLOWED_USERS": user}) for user in ("U4", "U5", "U0SUPPORT"))
    )
    assert "Completed" in await theatre.answer()
