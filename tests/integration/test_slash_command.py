"""`/voicelog` with IDs, help, or text without an ID."""

import json

import pytest

from bot.dev.emulator.signalwire.catalog import catalog
from bot.ui.help import left_out
from tests.integration.harness import World, only, request_id_in
from tests.support import texts
from tests.support.reading import button_labels, headings, rendered, row_ids
from tests.support.samples import CALLER_NUMBER, DOCUMENTED, NOW, UNAUTHORIZED, UNAVAILABLE

HEX = DOCUMENTED.replace("-", "")
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
    world.hold_responses()
    interaction = await world.slack.command(DOCUMENTED)

    assert (interaction.ack_status, interaction.ack_body) == (200, "")
    assert interaction.posts == []
    world.release_responses()
    await world.idle()
    assert DOCUMENTED in only(interaction).text


@pytest.mark.parametrize("text", ["", "   ", "help", "HELP", " Help "])
async def test_help_is_in_the_ack(world: World, text: str) -> None:
    before = len(world.requested_ids)
    interaction = await world.type(text)
    message = only(interaction)

    assert json.loads(interaction.ack_body)["response_type"] == "ephemeral"
    assert interaction.posts == []
    assert len(world.requested_ids) == before
    assert message.text.startswith(f"{texts.HELP}.")
    assert "/voicelog" in message.text
    assert DOCUMENTED in message.text


@pytest.mark.parametrize("text", ["b7182dc2…", "b7182dc2...", "b7182dc2-00f3-40e4"])
async def test_text_without_a_whole_id(world: World, text: str) -> None:
    interaction = await world.type(text)

    assert interaction.posts == []
    assert only(interaction).text.startswith(f"{texts.CUT_ID}.")
    assert DOCUMENTED in only(interaction).text
    assert text in only(interaction).text


@pytest.mark.parametrize(
    "text",
    [
        HEX.upper(),
        f"```{DOCUMENTED}```",
        f"<https://acme.signalwire.com/logs/voice/{DOCUMENTED}?page=2|the call>",
        DOCUMENTED.replace("-", "‑"),  # noqa: RUF001 - a dash that does not break
        f"{DOCUMENTED} {DOCUMENTED.upper()} {HEX}",
    ],
)
async def test_id_is_found_however_it_is_written(world: World, text: str) -> None:
    """tests/unit/voicelogs/test_ids.py has all other ways."""
    before = len(world.requested_ids)
    message = await world.ask(text)

    assert world.requested_ids[before:] == [DOCUMENTED]
    assert message.text.startswith(texts.COMPLETED)


async def test_several_ids_are_rows_in_the_order_given_without_duplicates(world: World) -> None:
    three = [IDS[3], DOCUMENTED, IDS[1]]
    interaction = await world.type(f"{three[0]}, {three[1]}\n{three[0]} {three[2]}")

    assert len(interaction.posts) == 1
    assert headings(only(interaction)) == [texts.logs_found(3, 3)]
    assert row_ids(only(interaction)) == three


@pytest.mark.parametrize("count", [10, 11, 13])
async def test_ids_beyond_ten_are_counted_and_not_looked_up(world: World, count: int) -> None:
    before = len(world.requested_ids)
    message = await world.ask(" ".join(IDS[:count]))

    assert sorted(world.requested_ids[before:]) == sorted(IDS[:10])
    assert headings(message) == [texts.logs_found(10, 10)]
    assert len(row_ids(message)) == 10
    assert [left_out(number) in message.text for number in (1, 3)] == [count == 11, count == 13]


async def test_each_failure_has_a_row_with_its_reason(world: World) -> None:
    message = await world.ask(f"{UNAVAILABLE} {DOCUMENTED} {UNAUTHORIZED}")
    failed, found, refused = message.text.splitlines()[1:4]

    assert headings(message) == [texts.logs_found(1, 3)]
    assert (texts.server_error(503) in failed, UNAVAILABLE in failed) == (True, True)
    assert texts.COMPLETED in found
    assert (texts.UNAUTHORIZED in refused, UNAUTHORIZED in refused) == (True, True)
    assert {line["outcome"] for line in world.log.lines(request_id=request_id_in(message))} == {
        *("unavailable", "found", "credentials_rejected")
    }


async def test_cut_id_next_to_a_whole_one_is_mentioned_below_its_card(world: World) -> None:
    message = await world.ask(f"{DOCUMENTED} 57a70500…")

    assert message.text.startswith(texts.COMPLETED)
    assert "57a70500…" in message.text
