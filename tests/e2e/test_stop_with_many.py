"""A stop while two hundred people wait: each gets a card or is told, once, and nothing is lost."""

import signal
from collections.abc import AsyncIterator, Sequence
from typing import Final

import pytest
import pytest_asyncio

from tests.e2e import many_users
from tests.e2e.bot_process import BotProcess, World, open_world, serving

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

LOGS: Final = many_users.logs(200)
ALL: Final = many_users.ids_of(LOGS)
DRAIN: Final = "4"
"""Seconds. Longer than two hundred cards take, and over before a lookup gives up by itself."""

HOWEVER_IT_IS_STOPPED: Final = pytest.mark.parametrize(
    "signals",
    [
        pytest.param([signal.SIGTERM], id="SIGTERM"),
        pytest.param([signal.SIGTERM, signal.SIGTERM], id="SIGTERM twice"),
        pytest.param([signal.SIGINT], id="SIGINT"),
    ],
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_world() -> AsyncIterator[World]:
    """A world with a log for everybody."""
    async with open_world(LOGS) as opened:
        yield opened


async def stopped(
    world: World, bot: BotProcess, signals: Sequence[signal.Signals], answered: Sequence[str]
) -> many_users.Outcome:
    """Stop a process while everybody waits, and let SignalWire answer some of them."""
    world.hold()
    asked = await many_users.ask(world, ALL)
    bot.signal(signals[0])
    await bot.event("shutdown.started")
    for number in signals[1:]:
        bot.signal(number)
    world.let_through(answered)
    assert await bot.exit_code() == 0
    assert bot.events("shutdown.tasks_cancelled") == []
    assert bot.errors == []
    return many_users.outcome(asked)


@HOWEVER_IT_IS_STOPPED
async def test_two_hundred_who_can_be_answered_in_time_get_their_cards(
    signals: list[signal.Signals], world: World
) -> None:
    async with serving(world, DRAIN_SECONDS=DRAIN) as bot:
        seen = await stopped(world, bot, signals, ALL)
    assert seen.cards == set(ALL)


@HOWEVER_IT_IS_STOPPED
async def test_two_hundred_who_cannot_be_answered_in_time_are_told_to_ask_again(
    signals: list[signal.Signals], world: World
) -> None:
    async with serving(world, DRAIN_SECONDS="0.5") as bot:
        seen = await stopped(world, bot, signals, [])
    assert seen.told == set(ALL)


@HOWEVER_IT_IS_STOPPED
async def test_of_two_hundred_those_who_can_be_answered_get_their_cards_and_the_others_are_told(
    signals: list[signal.Signals], world: World
) -> None:
    lucky = ALL[::2]
    async with serving(world, DRAIN_SECONDS=DRAIN) as bot:
        seen = await stopped(world, bot, signals, lucky)
    assert seen.cards == set(lucky)
    assert seen.told == set(ALL) - set(lucky)
