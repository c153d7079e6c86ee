"""The message shortcut on messages from real life; see tests/cases."""

import re
from typing import Final

import pytest

from tests.cases import MESSAGES, MessageCase
from tests.integration.harness import World
from tests.support.reading import only

UUIDS: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.mark.parametrize("case", MESSAGES, ids=lambda case: case.name)
async def test_exactly_the_ids_of_calls_in_a_message_are_looked_up(
    world: World, case: MessageCase
) -> None:
    before = len(world.requested_ids)
    message = only(await world.use_shortcut(case.message))

    assert sorted(world.requested_ids[before:]) == sorted(case.ids)
    assert [log_id for log_id in UUIDS.findall(message.text) if log_id in case.ids] == case.ids
