"""The values of search buttons are sealed: only the bot's processes can read them."""

from datetime import timedelta
from typing import Final

import pytest

from bot.dev.emulator.slack.workspace import PostedMessage
from bot.ui import actions
from tests.integration.harness import OpenWorld, Project, World
from tests.integration.sample_logs import WANTED_AS_TYPED, sample_logs
from tests.support import texts
from tests.support.raw_requests import SIGNING_SECRET
from tests.support.reading import only, request_id_in, row_ids, values_of, with_value
from tests.support.samples import SUPPORT

NEWER: Final = "the-newer-signing-secret"
BOTH: Final = {"SLACK_SIGNING_SECRET": f"{NEWER}, {SIGNING_SECRET}"}
"""During a rotation, Slack still signs with the older one."""


async def message_with(world: World, action_id: str) -> PostedMessage:
    """Return a message with this button."""
    if action_id == actions.FIND_NUMBER:
        return await world.reply_to(WANTED_AS_TYPED)
    return await world.ask(f"find {WANTED_AS_TYPED}")


@pytest.mark.parametrize("action_id", [actions.FIND_NUMBER, actions.SEARCH_OLDER])
@pytest.mark.parametrize(("first", "second"), [({}, {}), ({}, BOTH), (BOTH, {})])
async def test_button_of_one_process_works_in_another(
    open_world: OpenWorld, action_id: str, first: dict[str, str], second: dict[str, str]
) -> None:
    project = Project(entries=sample_logs(50, wanted=range(40)))
    worlds = [await open_world(project, environment=secrets) for secrets in (first, second)]
    theirs, ours = [await message_with(world, action_id) for world in worlds]
    (their_value,), (our_value,) = [values_of(message, action_id) for message in (theirs, ours)]
    clicked = await worlds[1].click(with_value(ours, our_value, their_value), action_id)

    # A process with only the older secret can't read what the newer one sealed.
    expired = first == BOTH
    assert bool(worlds[1].log.lines("search.expired")) == expired
    assert len(row_ids(only(clicked))) == (0 if expired else 20)
    assert only(clicked).text.startswith(texts.SEARCH_EXPIRED) == expired


async def test_either_secret_is_accepted_during_a_rotation(open_world: OpenWorld) -> None:
    world = await open_world(environment=BOTH)
    statuses = [
        (await world.post_signed(b"command=%2Fvoicelog&text=help", secret=secret)).status_code
        for secret in (NEWER, SIGNING_SECRET, f"{NEWER}, {SIGNING_SECRET}")
    ]

    assert statuses == [200, 200, 401]


@pytest.mark.parametrize(
    ("text", "action_id"),
    [
        ("find inbound", actions.SEARCH_OLDER),
        ("find inbound", actions.CHANGE_SEARCH),
        ("find 5550103 2", actions.TYPED_SEARCH),
        ("find 5550103 2", actions.FIND_FORM),
        (WANTED_AS_TYPED, actions.FIND_NUMBER),
    ],
)
@pytest.mark.parametrize("is_forged", [True, False], ids=["forged", "a day old"])
async def test_forged_or_expired_value_starts_no_search(
    open_world: OpenWorld, text: str, action_id: str, *, is_forged: bool
) -> None:
    world = await open_world(Project(entries=sample_logs(50)))
    is_typed = action_id != actions.FIND_NUMBER
    message = await (world.ask(text) if is_typed else world.reply_to(text))
    value = values_of(message, action_id)[0]
    before = world.list_requests
    if is_forged:
        message = with_value(message, value, value.swapcase())
    else:
        world.clock.time += timedelta(days=1, seconds=1)
    reply = only(await world.click(message, action_id))

    assert reply.text.startswith(f"{texts.SEARCH_EXPIRED}.")
    assert reply.ts != message.ts
    assert world.log.lines("search.expired", request_id=request_id_in(reply), user=SUPPORT)
    assert (world.list_requests, world.view_methods) == (before, [])
