"""Every log that the emulated SignalWire knows becomes a card and a row."""

import json
import re

import pytest

from bot.dev.emulator.signalwire.catalog import catalog
from bot.dev.emulator.signalwire.fixtures import LogFixture
from tests.integration.harness import World, only
from tests.support import texts
from tests.support.reading import row_ids, sent
from tests.support.samples import HOSTILE_TEXT, NOW

ENTRIES = catalog(NOW)


def described(start: str) -> LogFixture:
    (entry,) = [entry for entry in ENTRIES if entry.description.startswith(start)]
    return entry


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry.description for entry in ENTRIES])
async def test_log_becomes_a_card_and_a_row(world: World, entry: LogFixture) -> None:
    other = ENTRIES[entry is ENTRIES[0]]
    card, rows = await world.type(entry.id), await world.type(f"{entry.id} {other.id}")

    for interaction in (card, rows):
        message = only(interaction)
        assert [post.status for post in interaction.posts] == [200]
        assert f"`{entry.id}`" in json.dumps(message.blocks)
        assert entry.id in message.text
        assert "None" not in sent(message)
        assert "null" not in message.text
    assert only(rows).text.startswith(texts.logs_found(2, 2))
    assert row_ids(only(rows)) == [entry.id, other.id]
    assert only(card).text.startswith(texts.headline(entry.body))
    assert world.log.lines("lookup.done", id=entry.id, outcome="found")


async def test_hostile_text_stays_inert(world: World) -> None:
    message = await world.ask(HOSTILE_TEXT)
    shown = json.dumps(message.blocks)

    for active in ("<!channel>", "<!here>", "<https://", "<img", "\u202e"):
        assert active not in shown
        assert active not in message.text
    assert "https://evil.example" not in message.text


@pytest.mark.parametrize(
    ("start", "money"),
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
    world: World, start: str, money: list[str]
) -> None:
    message = await world.ask(described(start).id)

    for amount in money:
        assert re.search(re.escape(amount) + r"(?!\d)", message.text)
        assert amount in json.dumps(message.blocks)
