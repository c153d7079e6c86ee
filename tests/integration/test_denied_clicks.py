"""Each click is authorized: users who may not look voice logs up are told, and nothing is done."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.integration.clickable import (
    ELSEWHERE,
    METADATA,
    Click,
    click_in,
    click_on,
    in_messages,
    in_modals,
    message_with,
    modal_with,
    shown,
    work_done,
)
from tests.integration.harness import World, a_world, only, request_id_in
from tests.support import texts
from tests.support.reading import button_values
from tests.support.samples import (
    CHANNEL,
    COLLEAGUE,
    SUPPORT,
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def strict_world() -> AsyncIterator[World]:
    """A world in which only one user may look voice logs up, and only in one channel."""
    environment = {"ALLOWED_USERS": SUPPORT, "ALLOWED_CHANNELS": CHANNEL}
    async with a_world(environment=environment) as world:
        yield world


@in_messages
@pytest.mark.parametrize("is_public", [True, False], ids=["public", "private"])
async def test_denied_user_is_told_beside_the_message(
    strict_world: World,
    clicked: Click,
    is_public: bool,  # noqa: FBT001
) -> None:
    before = work_done(strict_world)
    message = message_with(strict_world, clicked, is_public=is_public)
    interaction = await click_on(strict_world, message, clicked, COLLEAGUE)
    told = only(interaction)

    assert told.text.startswith(f"{texts.DENIED}.")
    assert told.ts != message.ts
    assert told.payload["replace_original"] is False
    assert button_values(told) == []
    assert work_done(strict_world) == before
    (line,) = strict_world.log.lines(request_id=request_id_in(told))
    assert (str(line["event"]).partition(".")[2], line["outcome"]) == ("denied", "user")


@in_modals
@pytest.mark.parametrize(
    ("user_id", "metadata"), [(COLLEAGUE, METADATA), (SUPPORT, ELSEWHERE)], ids=["user", "channel"]
)
async def test_denied_user_is_told_in_the_modal(
    strict_world: World, clicked: Click, user_id: str, metadata: str
) -> None:
    """The channel is the one from which the modal was opened."""
    requests = len(strict_world.signalwire.requests)
    view = modal_with(strict_world, clicked, user_id=user_id, metadata=metadata)
    interaction = await click_in(strict_world, view, clicked)

    assert texts.DENIED in shown(strict_world, user_id)
    assert interaction.posts == []
    assert len(strict_world.signalwire.requests) == requests
    strict_world.slack.views.clear(user_id)
