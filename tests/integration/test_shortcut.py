"""The message shortcut: IDs anywhere in a message; only the user sees the result."""

import re

import pytest
from pydantic import JsonValue

from bot.dev.emulator.signalwire.catalog import catalog
from tests.cases import MESSAGES, MessageCase
from tests.integration.harness import World
from tests.support import texts
from tests.support.reading import only
from tests.support.samples import DOCUMENTED, NOW

UUIDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
IDS = [entry.id for entry in catalog(NOW)]


def rich_text(text: str) -> JsonValue:
    section: JsonValue = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}


async def test_all_ids_of_a_message_are_rows_without_duplicates(world: World) -> None:
    interaction = await world.use_shortcut(
        {
            "text": f"{IDS[0]} and {IDS[1]}",
            "blocks": [rich_text(f"{IDS[0]} and {IDS[1]}")],
            "attachments": [{"text": IDS[2]}],
            "files": [{"name": f"{IDS[3]}.txt"}],
        }
    )
    title, *lines = only(interaction).text.splitlines()

    assert title == texts.logs_found(4, 4)
    assert [log_id for line in lines for log_id in IDS if log_id in line] == IDS[:4]


@pytest.mark.parametrize("letters", ["\U0001f600" * 12_000, "\u65e5" * 40_000])
async def test_id_at_the_end_of_the_longest_message_is_found(world: World, letters: str) -> None:
    """Slack allows 40,000 characters, and sends them as text and as blocks."""
    text = f"{letters[:39_900]} {DOCUMENTED}"
    message: dict[str, JsonValue] = {
        "text": text,
        "blocks": [rich_text(text)],
    }
    interaction = await world.use_shortcut(message)

    assert len(interaction.request_body) > 256 * 1024
    assert (interaction.ack_status, interaction.ack_body) == (200, "")
    assert only(interaction).text.startswith(texts.COMPLETED)


@pytest.mark.parametrize("case", MESSAGES, ids=lambda case: case.name)
async def test_exactly_the_ids_of_calls_in_a_message_are_looked_up(
    world: World, case: MessageCase
) -> None:
    message = only(await world.use_shortcut(case.message))

    assert sorted(world.requested_ids) == sorted(case.ids)
    assert [log_id for log_id in UUIDS.findall(message.text) if log_id in case.ids] == case.ids
