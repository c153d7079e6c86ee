"""Messages that replace a result show a request ID that is in the log.

`assert_request_ids_are_logged` runs after every integration test; this shows that it finds IDs.
"""

import pytest

from bot.limits import Limits
from tests.integration.harness import (
    OpenWorld,
    Project,
    everything_shown,
    request_ids_shown,
)
from tests.integration.intercept import always, no_middleware
from tests.support import texts
from tests.support.samples import NOT_FOUND


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (NOT_FOUND, texts.NOT_FOUND),
        (f"{NOT_FOUND} {NOT_FOUND[:-1]}1", texts.NOT_FOUND),
        ("recent", texts.server_error(503)),
    ],
)
async def test_error_message(open_world: OpenWorld, text: str, title: str) -> None:
    middleware = always(503) if title == texts.server_error(503) else no_middleware
    world = await open_world(Project(middleware=middleware))
    await world.type(text)

    assert title in "\n".join(everything_shown(world))
    assert len(request_ids_shown(world)) == 1


@pytest.mark.parametrize("text", ["find 5550103", "status"])
async def test_rejection(open_world: OpenWorld, text: str) -> None:
    world = await open_world(limits=Limits(tasks=0))
    await world.type(text)

    assert len(request_ids_shown(world)) == 1
