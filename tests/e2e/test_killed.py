"""A process that is killed, and the next one."""

import signal

from tests.e2e import many_users
from tests.e2e.bot_process import closed_port, open_world, serving
from tests.support import texts

USERS = 30


async def test_killed_process_can_be_replaced_at_once() -> None:
    logs = many_users.logs(USERS)
    ids = many_users.ids_of(logs)
    with closed_port() as port:
        async with open_world(logs) as world:
            async with serving(world, PORT=str(port)) as bot:
                world.hold()
                lost = await many_users.look_up_all(world, ids)
                bot.signal(signal.SIGKILL)
                assert await bot.exit_code() == -signal.SIGKILL
            world.release()
            async with serving(world, PORT=str(port)) as successor:
                again = await many_users.look_up_all(world, ids)
                successor.signal(signal.SIGTERM)
                assert await successor.exit_code() == 0
    assert many_users.outcome(again).cards == set(ids)
    # Nothing is stored, so these lookups are lost: users see at most the notice.
    shown = {message.text for interaction in lost.values() for message in interaction.messages}
    assert shown <= {texts.SLOW_LOG}
    assert successor.errors == []
