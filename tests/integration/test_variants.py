"""Every log that the sandbox's SignalWire knows becomes a card."""

import json
import re

import pytest

from bot.dev.emulator.signalwire.catalogue import LogFixture, catalogue
from bot.dev.emulator.slack.response_urls import refusal_of
from bot.ui import labels
from tests.integration.harness import NOW, World, only

pytestmark = pytest.mark.asyncio(loop_scope="module")

ENTRIES = catalogue(NOW)


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry.description for entry in ENTRIES])
async def test_a_log_becomes_one_card_that_slack_takes(world: World, entry: LogFixture) -> None:
    exchange = await world.type(entry.id)
    message = only(exchange)
    shown = json.dumps(dict(message.payload), ensure_ascii=False)

    assert [post.status for post in exchange.posts] == [200]
    assert refusal_of(message.payload) is None
    assert f"`{entry.id}`" in json.dumps(message.blocks)
    assert entry.id in message.text
    assert "None" not in shown
    assert "null" not in message.text
    assert world.log.lines("lookup.done", id=entry.id, outcome="found")


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry.description for entry in ENTRIES])
async def test_a_log_becomes_a_row_that_slack_takes(world: World, entry: LogFixture) -> None:
    other = ENTRIES[0] if entry is not ENTRIES[0] else ENTRIES[1]
    exchange = await world.type(f"{entry.id} {other.id}")
    message = only(exchange)

    assert [post.status for post in exchange.posts] == [200]
    assert refusal_of(message.payload) is None
    assert message.text.startswith("2 of 2 voice logs found")
    assert entry.id in message.text
    assert "None" not in message.text


async def test_hostile_text_stays_inert(world: World) -> None:
    (hostile,) = [entry for entry in ENTRIES if entry.description.startswith("hostile")]
    message = await world.answer(hostile.id)
    shown = json.dumps(message.blocks)

    for alive in ("<!channel>", "<!here>", "<https://", "<img", "\u202e"):
        assert alive not in shown
        assert alive not in message.text
    assert "https://evil.example" not in message.text


async def test_a_live_call_says_that_it_is_live(world: World) -> None:
    (live,) = [entry for entry in ENTRIES if entry.description.startswith("status in-progress")]
    message = await world.answer(live.id)

    assert message.text.startswith("In progress · live, 42 s so far")
    assert "may still change" in message.text


async def test_an_unanswered_leg_is_not_called_free(world: World) -> None:
    (unanswered,) = [entry for entry in ENTRIES if entry.description.startswith("unanswered")]
    message = await world.answer(unanswered.id)

    assert message.text.startswith("No answer")
    assert "free" not in message.text.lower()
    assert labels.BILLED_TIME not in message.text


@pytest.mark.parametrize(
    ("what", "money"),
    [
        ("charge_details: two lines", ["$0.154996", "$0.121176", "$0.03382"]),
        ("billing_ms null and yet", ["$0.0004"]),
        ("over an hour long", ["$0.50415001"]),
        ("numbers sent as strings", ["$0.0100"]),
        ("relay_webrtc_call", ["$0.00"]),
        ("unanswered", ["$0.00"]),
    ],
)
async def test_money_keeps_every_digit_and_has_at_least_two(
    world: World, what: str, money: list[str]
) -> None:
    (entry,) = [entry for entry in ENTRIES if entry.description.startswith(what)]
    message = await world.answer(entry.id)

    for amount in money:
        assert re.search(re.escape(amount) + r"(?!\d)", message.text)
        assert amount in json.dumps(message.blocks)


async def test_a_deleted_log_says_when_it_was_deleted(world: World) -> None:
    (deleted,) = [entry for entry in ENTRIES if entry.description.startswith("deleted")]
    message = await world.answer(deleted.id)

    assert message.text.startswith("Deleted log")
    assert "Deleted: 2026-10-31 15:30:00 UTC" in message.text
