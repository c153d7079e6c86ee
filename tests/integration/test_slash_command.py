"""`/voicelog` with IDs, help, or text without an ID."""

from bot.dev.emulator.signalwire.catalog import catalog
from tests.integration.harness import World
from tests.support import texts
from tests.support.reading import button_labels, headings, only, rendered, row_ids
from tests.support.samples import CALLER_NUMBER, DOCUMENTED, NOW

IDS = [entry.id for entry in catalog(NOW)]


async def test_documented_example(world: World) -> None:
    interaction = await world.type(DOCUMENTED)
    message = only(interaction)
    facts = (
        *(CALLER_NUMBER, "+1 206-555-3434", "$0.01", "2024-05-06 12:20:00 UTC"),
        *("10 s", "1 min", DOCUMENTED),
    )

    assert (interaction.ack_status, interaction.ack_body) == (200, "")
    assert len(interaction.posts) == 1
    assert message.payload["replace_original"] is False
    assert message.text.startswith(texts.COMPLETED)
    assert [fact for fact in facts if fact not in message.text] == []
    assert [fact for fact in facts if fact not in rendered(message)] == []
    assert button_labels(message) == texts.CARD_LABELS


async def test_ack_does_not_wait_for_signalwire(world: World) -> None:
    async with world.holding_responses():
        interaction = await world.slack.command(DOCUMENTED)

        assert (interaction.ack_status, interaction.ack_body) == (200, "")
        assert interaction.posts == []
    assert DOCUMENTED in only(interaction).text


async def test_several_ids_are_rows_in_the_order_given_without_duplicates(world: World) -> None:
    three = [IDS[3], DOCUMENTED, IDS[1]]
    interaction = await world.type(f"{three[0]}, {three[1]}\n{three[0]} {three[2]}")

    assert len(interaction.posts) == 1
    assert headings(only(interaction)) == [texts.logs_found(3, 3)]
    assert row_ids(only(interaction)) == three


async def test_truncated_id_beside_a_complete_one_is_mentioned_below_its_card(world: World) -> None:
    message = await world.ask(f"{DOCUMENTED} 57a70500…")

    assert message.text.startswith(texts.COMPLETED)
    assert "57a70500…" in message.text
