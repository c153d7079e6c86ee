"""What the buttons of a search need travels in them, and nobody but the bot can read it."""

import os
from random import Random
from typing import Final

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from bot.dev.emulator.slack.workspace import PostedMessage
from bot.signalwire.client import RetryPolicy
from bot.ui import actions, search_results
from tests.integration.click_helpers import press
from tests.integration.harness import OpenWorld, Space, World, only
from tests.integration.search_helpers import WRITTEN, Pages, listed, many, presses, with_value

pytestmark = pytest.mark.asyncio(loop_scope="module")

NEWER: Final = "the-newer-signing-secret"
BOTH: Final = {"SLACK_SIGNING_SECRET": f"{NEWER}, scenario-signing-secret"}
"""As in a rotation: Slack still signs with the one before."""
RANDOM: Final = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


async def made(world: World, action_id: str) -> PostedMessage:
    """A message with such a button, that stands for WRITTEN."""
    if action_id == actions.FIND_NUMBER:
        return only(await world.use_shortcut({"text": WRITTEN}))
    return await world.answer(f"find {WRITTEN}")


def value(message: PostedMessage, action_id: str) -> str:
    (held,) = listed(message.blocks, action_id)
    return held


@pytest.mark.parametrize("action_id", [actions.FIND_NUMBER, actions.SEARCH_OLDER])
@pytest.mark.parametrize(("first", "then"), [({}, {}), ({}, BOTH), (BOTH, {})])
async def test_a_button_of_one_process_works_on_another(
    open_world: OpenWorld, action_id: str, first: dict[str, str], then: dict[str, str]
) -> None:
    space = Space(entries=many(50, wanted=range(40)))
    one, other = [await open_world(space, environment=secrets) for secrets in (first, then)]
    theirs, ours = await made(one, action_id), await made(other, action_id)
    moved = with_value(ours, value(ours, action_id), value(theirs, action_id))
    clicked = await press(other, moved, action_id)

    # What the newer secret sealed is no use to a process that has only the one before.
    expired = first == BOTH
    assert bool(other.log.lines("search.expired")) == expired
    assert len(listed(only(clicked).blocks)) == (0 if expired else 20)
    assert only(clicked).text.startswith(search_results.EXPIRED) == expired


async def test_in_a_rotation_requests_are_admitted_that_either_secret_signed(
    open_world: OpenWorld,
) -> None:
    world = await open_world(environment=BOTH)
    statuses = [
        (await world.knock(b"command=%2Fvoicelog&text=help", secret=secret)).status_code
        for secret in (NEWER, "scenario-signing-secret", f"{NEWER}, scenario-signing-secret")
    ]

    assert statuses == [200, 200, 401]


def read_off(digits: str, posted: list[JsonValue]) -> list[str]:
    """The values in what was posted that hold five digits of a number in a row."""
    held = [press.value for node in posted for press in presses(node)]
    assert held
    fives = [digits[at : at + 5] for at in range(len(digits) - 4)]
    return [one for one in held if any(five in one for five in fives)]


@pytest_asyncio.fixture(loop_scope="module")
async def failing(open_world: OpenWorld, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world in which every search fails, and so can be tried again, and nothing is random.

    Otherwise what is sealed might have five of a number's digits in a row by chance.
    """
    monkeypatch.setattr(os, "urandom", Random(0).randbytes)  # noqa: S311 - a test of no secret
    return await open_world(Space(front=Pages(fails_from=1)), retry_policy=RetryPolicy(attempts=1))


@RANDOM
@given(st.text("0123456789", min_size=5, max_size=15).filter(lambda digits: digits.strip("0")))
async def test_no_value_shows_the_number_that_was_asked_for(failing: World, digits: str) -> None:
    exchange = await failing.type(f"find {digits}")
    posted: list[JsonValue] = [post.payload for post in exchange.posts]

    assert read_off(digits, posted) == []


@RANDOM
@given(st.from_regex("[2-9]{3}", fullmatch=True), st.from_regex("[0-9]{4}", fullmatch=True))
async def test_no_value_shows_a_number_that_stood_in_a_message(
    failing: World, exchange_code: str, line: str
) -> None:
    offer = only(await failing.use_shortcut({"text": f"call (206) {exchange_code}-{line}"}))
    if not listed(offer.blocks, actions.FIND_NUMBER):  # no number that could be somebody's
        return

    assert read_off(f"1206{exchange_code}{line}", [dict(offer.payload)]) == []
