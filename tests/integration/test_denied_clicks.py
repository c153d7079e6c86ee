"""Each click is authorized: users without access get an error, and nothing else happens."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.integration.clickable import (
    ELSEWHERE,
    METADATA,
    Click,
    activity,
    click_in,
    click_on,
    in_messages,
    in_modals,
    message_with,
    modal_with,
    rendered_modal,
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
    """A world in which only one user may look up voice logs, and only in one channel."""
    environment = {"ALLOWED_USERS": SUPPORT, "ALLOWED_CHANNELS": CHANNEL}
    async with a_world(environment=environment) as world:
        yield world


@in_messages
@pytest.mark.parametrize("is_public", [True, False], ids=["public", "private"])
async def test_denied_user_gets_an_ephemeral_error(
    strict_world: World,
    clicked: Click,
    is_public: bool,  # noqa: FBT001
) -> None:
    before = activity(strict_world)
    message = message_with(strict_world, clicked, is_public=is_public)
    interaction = await click_on(strict_world, message, clicked, COLLEAGUE)
    reply = only(interaction)

    assert reply.text.startswith(f"{texts.DENIED}.")
    assert reply.ts != message.ts
    assert reply.payload["replace_original"] is False
    assert button_values(reply) == []
    assert activity(strict_world) == before
    (line,) = strict_world.log.lines(request_id=request_id_in(reply))
    assert (str(line["event"]).partition(".")[2], line["outcome"]) == ("denied", "user")


@in_modals
@pytest.mark.parametrize(
    ("user_id", "metadata"), [(COLLEAGUE, METADATA), (SUPPORT, ELSEWHERE)], ids=["user", "channel"]
)
async def test_denied_user_gets_an_error_in_the_modal(
    strict_world: World, clicked: Click, user_id: str, metadata: str
) -> None:
    """Its channel is the one in which it was opened."""
    requests = len(strict_world.signalwire.requests)
    view = modal_with(strict_world, clicked, user_id=user_id, metadata=metadata)
    interaction = await click_in(strict_world, view, clicked)

    assert texts.DENIED in rendered_modal(strict_world, user_id)
    assert interaction.posts == []
    assert len(strict_world.signalwire.requests) == requests
    strict_world.slack.views.clear(user_id)
