"""A shutdown or a kill while two hundred users wait."""

import signal
from collections.abc import Sequence
from typing import Final

import pytest

from tests.e2e import many_users
from tests.e2e.bot_process import BotProcess, World, closed_port, serving
from tests.support import texts

LOGS: Final = many_users.logs(200)
ALL: Final = many_users.ids_of(LOGS)
DRAIN: Final = "4"
"""Seconds: enough for two hundred cards, and less than a lookup's timeout."""

EACH_SIGNAL: Final = pytest.mark.parametrize(
    "signals",
    [
        pytest.param([signal.SIGTERM], id="SIGTERM"),
        pytest.param([signal.SIGTERM, signal.SIGTERM, signal.SIGINT], id="three signals"),
        pytest.param([signal.SIGINT], id="SIGINT"),
    ],
)


async def stopped(
    world: World, bot: BotProcess, signals: Sequence[signal.Signals], answered: Sequence[str]
) -> many_users.Outcome:
    """Stop a process while all users wait, and let SignalWire return some of the logs."""
    world.hold()
    asked = await many_users.look_up_all(world, ALL)
    bot.signal(signals[0])
    await bot.event("shutdown.started")
    for number in signals[1:]:
        bot.signal(number)
    world.release_logs(answered)
    assert await bot.exit_code() == 0
    assert bot.events("shutdown.tasks_cancelled") == []
    assert len(bot.events("lookup.done")) == len(ALL)
    assert bot.errors == []
    return many_users.outcome(asked)


@EACH_SIGNAL
@pytest.mark.parametrize(
    ("answered", "drain_seconds"),
    [(ALL, DRAIN), ([], "0.5"), (ALL[::2], DRAIN)],
    ids=["all in time", "none in time", "half in time"],
)
async def test_each_of_two_hundred_users_gets_a_card_or_is_told(
    signals: list[signal.Signals], answered: list[str], drain_seconds: str, world: World
) -> None:
    async with serving(world, DRAIN_SECONDS=drain_seconds) as bot:
        seen = await stopped(world, bot, signals, answered)
    assert seen.cards == set(answered)
    assert seen.told == set(ALL) - set(answered)


async def test_killed_process_can_be_replaced_at_once(world: World) -> None:
    ids = ALL[:30]
    with closed_port() as port:
        async with serving(world, PORT=str(port)) as bot:
            world.hold()
            lost = await many_users.look_up_all(world, ids)
            bot.signal(signal.SIGKILL)
            assert await bot.exit_code() == -signal.SIGKILL
        world.release()
        async with serving(world, PORT=str(port)) as successor:
            again = await many_users.look_up_all(world, ids)
            await successor.stop()
    assert many_users.outcome(again).cards == set(ids)
    # Nothing is stored, so these lookups are lost: users see at most the notice.
    shown = {message.text for interaction in lost.values() for message in interaction.messages}
    assert shown <= {texts.SLOW_LOG}
    assert successor.errors == []
