"""The values of search buttons are sealed: only the bot's processes can read them."""

import os
from datetime import timedelta
from random import Random
from typing import Final

import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from bot.dev.emulator.slack.workspace import PostedMessage
from bot.signalwire.client import RetryPolicy
from bot.ui import actions
from tests.integration.harness import (
    IN_ONE_WORLD,
    SIGNING_SECRET,
    OpenWorld,
    Project,
    World,
    only,
    request_id_in,
)
from tests.integration.intercept import LIST_ONLY, Interceptor
from tests.integration.sample_logs import WANTED_AS_TYPED, sample_logs
from tests.integration.user_actions import click
from tests.support import texts
from tests.support.reading import buttons, row_ids, values_of, with_value
from tests.support.samples import SUPPORT

NEWER: Final = "the-newer-signing-secret"
BOTH: Final = {"SLACK_SIGNING_SECRET": f"{NEWER}, {SIGNING_SECRET}"}
"""During a rotation, Slack still signs with the older one."""
RANDOM: Final = settings(IN_ONE_WORLD, max_examples=60)


async def message_with(world: World, action_id: str) -> PostedMessage:
    """Return a message with this button."""
    if action_id == actions.FIND_NUMBER:
        return only(await world.use_shortcut({"text": WANTED_AS_TYPED}))
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
    clicked = await click(worlds[1], with_value(ours, our_value, their_value), action_id)

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
    message = await world.ask(text) if is_typed else only(await world.use_shortcut({"text": text}))
    value = values_of(message, action_id)[0]
    before = world.list_requests
    if is_forged:
        message = with_value(message, value, value.swapcase())
    else:
        world.clock.time += timedelta(days=1, seconds=1)
    told = only(await click(world, message, action_id))

    assert told.text.startswith(f"{texts.SEARCH_EXPIRED}.")
    assert told.ts != message.ts
    assert world.log.lines("search.expired", request_id=request_id_in(told), user=SUPPORT)
    assert (world.list_requests, world.view_methods) == (before, [])


def values_that_show(digits: str, posted: list[JsonValue]) -> list[str]:
    """Return the values that hold five digits of a number in a row."""
    values = [button.value for node in posted for button in buttons(node)]
    assert values
    fives = [digits[at : at + 5] for at in range(len(digits) - 4)]
    return [value for value in values if any(five in value for five in fives)]


@pytest_asyncio.fixture(loop_scope="module")
async def failing(open_world: OpenWorld, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world in which every search fails, so that it can be retried, and nothing is random.

    A random sealed value might have five digits of a number in a row by chance.
    """
    monkeypatch.setattr(os, "urandom", Random(0).randbytes)  # noqa: S311 - a test without secrets
    project = Project(front=Interceptor(LIST_ONLY).fail(503))
    return await open_world(project, retry_policy=RetryPolicy(attempts=1))


@RANDOM
@given(st.text("0123456789", min_size=5, max_size=15).filter(lambda digits: digits.strip("0")))
async def test_value_does_not_show_the_number_that_was_typed(failing: World, digits: str) -> None:
    interaction = await failing.type(f"find {digits}")
    posted: list[JsonValue] = [post.payload for post in interaction.posts]

    assert values_that_show(digits, posted) == []
