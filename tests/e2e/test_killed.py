"""A process that is killed without a word, and the one that takes its place."""

import signal

import pytest

from bot.dev.emulator.slack.workspace import RecordedInteraction
from tests.e2e import many_users
from tests.e2e.bot_process import closed_port, open_world, serving

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

PEOPLE = 30


async def test_after_a_kill_the_port_is_free_at_once_and_who_asks_again_is_answered() -> None:
    logs = many_users.logs(PEOPLE)
    ids = many_users.ids_of(logs)
    with closed_port() as port:
        async with open_world(logs) as world:
            async with serving(world, PORT=str(port)) as bot:
                world.hold()
                lost = await many_users.ask(world, ids)
                bot.signal(signal.SIGKILL)
                assert await bot.exit_code() == -signal.SIGKILL
            world.release()
            async with serving(world, PORT=str(port)) as successor:
                again = await many_users.ask(world, ids)
                successor.signal(signal.SIGTERM)
                assert await successor.exit_code() == 0
    assert many_users.outcome(again).cards == set(ids)
    # What was under way is lost: nothing is stored anywhere, so the successor knows nothing of it.
    # The people see at most that they were being served, and have to ask again.
    assert said(lost) <= {many_users.SLOW}
    assert successor.errors == []


def said(exchanges: dict[str, RecordedInteraction]) -> set[str]:
    return {message.text for exchange in exchanges.values() for message in exchange.messages}
