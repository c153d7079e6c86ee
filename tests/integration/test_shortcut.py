"""The message shortcut: IDs anywhere in a message; only the user sees the result."""

import pytest
from pydantic import JsonValue

from bot.dev.emulator.signalwire.catalog import catalog
from tests.integration.harness import World, only, request_id_in
from tests.support import texts
from tests.support.samples import DOCUMENTED, NOT_FOUND, NOW

IDS = [entry.id for entry in catalog(NOW)]
LINK = f"https://acme.signalwire.com/logs/voice/{DOCUMENTED}"
LEAF: JsonValue = {"type": "text", "text": DOCUMENTED}


def section(text: str) -> JsonValue:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def rich_text(*leaves: JsonValue) -> JsonValue:
    section: JsonValue = {"type": "rich_text_section", "elements": [*leaves]}
    return {"type": "rich_text", "elements": [section]}


FORWARDED: JsonValue = {"message": {"blocks": [rich_text(LEAF)]}}
MESSAGES: dict[str, dict[str, JsonValue]] = {
    "text": {"text": f"have a look at {DOCUMENTED}"},
    "rich text": {"blocks": [rich_text({"type": "text", "text": "see "}, LEAF)]},
    "link": {"blocks": [section(f"<{LINK}|call>")]},
    "forwarded message": {"attachments": [{"is_share": True, "message_blocks": [FORWARDED]}]},
    "file": {"files": [{"id": "F1", "name": f"{DOCUMENTED}.wav"}]},
}
"""tests/unit/slack/test_message_text.py has all others."""


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)
async def test_id_is_found_anywhere_in_a_message(
    world: World, message: dict[str, JsonValue]
) -> None:
    interaction = await world.use_shortcut({"text": "", **message})

    assert only(interaction).text.startswith(texts.COMPLETED)
    assert (interaction.ack_status, interaction.ack_body) == (200, "")
    assert len(interaction.posts) == 1


@pytest.mark.parametrize(
    ("message", "title"),
    [
        ({"text": "the call from this morning"}, texts.NO_ID_IN_MESSAGE),
        ({"text": "call b7182dc2…"}, texts.CUT_ID),
    ],
    ids=["text", "cut ID"],
)
async def test_message_without_a_whole_id(
    world: World, message: dict[str, JsonValue], title: str
) -> None:
    told = only(await world.use_shortcut(message))

    assert told.text.startswith(f"{title}.")
    assert title == texts.NO_ID_IN_MESSAGE or "b7182dc2…" in told.text


async def test_ids_from_all_over_a_message_are_rows_without_duplicates(world: World) -> None:
    interaction = await world.use_shortcut(
        {
            "text": f"{IDS[0]} and {IDS[1]}",
            "blocks": [section(f"{IDS[0]} and {IDS[1]}")],
            "attachments": [{"text": IDS[2]}],
            "files": [{"name": f"{IDS[3]}.txt"}],
        }
    )
    title, *lines = only(interaction).text.splitlines()

    assert title == texts.logs_found(4, 4)
    assert [log_id for line in lines for log_id in IDS if log_id in line] == IDS[:4]


async def test_failed_lookup(world: World) -> None:
    message = only(await world.use_shortcut({"text": NOT_FOUND}))

    assert message.text.startswith(f"{texts.NOT_FOUND}.")
    assert world.log.lines("lookup.done", request_id=request_id_in(message), outcome="not_found")


@pytest.mark.parametrize("letters", ["\U0001f600" * 12_000, "\u65e5" * 40_000])
async def test_id_at_the_end_of_the_longest_message_is_found(world: World, letters: str) -> None:
    """Slack takes 40,000 characters at most, and sends them as text and as blocks."""
    text = f"{letters[:39_900]} {DOCUMENTED}"
    message: dict[str, JsonValue] = {
        "text": text,
        "blocks": [rich_text({"type": "text", "text": text})],
    }
    interaction = await world.use_shortcut(message)

    assert len(interaction.request_body) > 256 * 1024
    assert (interaction.ack_status, interaction.ack_body) == (200, "")
    assert only(interaction).text.startswith(texts.COMPLETED)
