"""The local stack: emulators and a real bot, which can be replaced while it is busy."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

import httpx
import pytest

from bot.app import Timing
from bot.dev.emulator.signalwire.catalog import DOCUMENTED
from bot.dev.local_stack import LocalStack, StackClock, local_stack
from bot.settings import SettingsError
from tests.integration.harness import NEVER
from tests.support.clock import Gate
from tests.support.samples import NOW

TIMEOUT_SECONDS: Final = 10


@dataclass
class HeldStack:
    """A stack whose SignalWire can be held."""

    stack: LocalStack
    gate: Gate

    def hold(self) -> None:
        self.stack.signalwire.latency_seconds = 1
        self.gate.close()

    def release(self) -> None:
        self.stack.signalwire.latency_seconds = 0
        self.gate.open()

    async def wait_until_requested(self, log_id: str) -> None:
        """Wait until SignalWire has received a request for it."""
        async with asyncio.timeout(TIMEOUT_SECONDS):
            while not any(  # noqa: ASYNC110 - there is no event for it
                request.path.endswith(log_id) for request in self.stack.signalwire.requests
            ):
                await asyncio.sleep(0)

    async def card(self) -> str:
        """Look up a log; return the text that the user sees in the end."""
        interaction = await self.stack.slack.command(DOCUMENTED)
        assert interaction.failed is None
        async with asyncio.timeout(TIMEOUT_SECONDS):
            await self.stack.bot.tasks.join()
        [message] = interaction.messages
        return message.text


@pytest.fixture
async def held() -> AsyncIterator[HeldStack]:
    gate = Gate()
    timing = Timing(NEVER, NEVER)
    async with local_stack(StackClock(now=lambda: NOW, sleep=gate.sleep, timing=timing)) as stack:
        yield HeldStack(stack, gate)
        gate.open()


async def test_two_stacks_share_no_secret(held: HeldStack) -> None:
    async with local_stack() as other:
        ours, others = held.stack.bot.settings, other.bot.settings
        assert ours.slack_signing_secret != others.slack_signing_secret
        assert ours.slack_bot_token != others.slack_bot_token
        assert ours.projects != others.projects


async def test_a_restarted_bot_has_the_new_settings_and_the_old_one_stops(held: HeldStack) -> None:
    old, old_url = held.stack.bot, held.stack.slack.bot_url
    wanted = {"ALLOWED_USERS": "U0ELSEWHERE"}
    await held.stack.restart_with(wanted)
    wanted.clear()
    assert held.stack.bot is not old
    assert held.stack.slack.bot_url != old_url
    assert held.stack.environment == {"ALLOWED_USERS": "U0ELSEWHERE"}
    assert DOCUMENTED not in await held.card()
    async with asyncio.timeout(TIMEOUT_SECONDS), httpx.AsyncClient() as http:
        while True:
            try:
                await http.get(old_url)
            except httpx.TransportError:
                break
    await held.stack.restart_with({})
    assert "Completed" in await held.card()


async def test_lookups_of_the_old_bot_still_get_their_reply(held: HeldStack) -> None:
    held.hold()
    interaction = await held.stack.slack.command(DOCUMENTED)
    await held.wait_until_requested(DOCUMENTED)
    assert len(held.stack.bot.tasks) == 1
    await held.stack.restart_with({"ALLOWED_USERS": "U0ELSEWHERE"})
    # The new bot replies, and the old bot's reply follows later.
    assert DOCUMENTED not in await held.card()
    assert interaction.messages == []
    held.release()
    card = await interaction.wait_for_message()
    assert "Completed" in card.text
    assert DOCUMENTED in card.text


@pytest.mark.parametrize(
    "environment",
    [
        {"MASK_NUMBERS": "sometimes"},
        {"MASK_NUMBERS": "always", "ALLOWED_TEAMS": "acme"},
    ],
)
async def test_invalid_settings_do_not_change_the_bot(
    held: HeldStack, environment: dict[str, str]
) -> None:
    await held.stack.restart_with({"MASK_NUMBERS": "always"})
    bot, url = held.stack.bot, held.stack.slack.bot_url
    with pytest.raises(SettingsError):
        await held.stack.restart_with(environment)
    assert (held.stack.bot, held.stack.slack.bot_url) == (bot, url)
    assert held.stack.environment == {"MASK_NUMBERS": "always"}
    assert "Completed" in await held.card()
