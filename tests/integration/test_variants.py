"""Every log that the emulated SignalWire knows becomes a card and a row."""

import json

import pytest

from bot.dev.emulator.signalwire.catalog import catalog
from bot.dev.emulator.signalwire.fixtures import LogFixture
from tests.integration.harness import World, only
from tests.support import texts
from tests.support.reading import row_ids, to_json
from tests.support.samples import HOSTILE_TEXT, NOW

ENTRIES = catalog(NOW)


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry.description for entry in ENTRIES])
async def test_log_becomes_a_card_and_a_row(world: World, entry: LogFixture) -> None:
    other = ENTRIES[entry is ENTRIES[0]]
    card, rows = await world.type(entry.id), await world.type(f"{entry.id} {other.id}")

    for interaction in (card, rows):
        message = only(interaction)
        assert [post.status for post in interaction.posts] == [200]
        assert f"`{entry.id}`" in json.dumps(message.blocks)
        assert entry.id in message.text
        assert "None" not in to_json(message)
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
