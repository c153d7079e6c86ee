"""The message shortcut: IDs anywhere in a message; only the user sees the result."""

import pytest
from pydantic import JsonValue

from bot.dev.emulator.signalwire.catalogue import catalogue
from bot.ui.help import left_out
from tests.integration.harness import World, only, request_id_in
from tests.support import texts
from tests.support.samples import DOCUMENTED, NOT_FOUND, NOW

IDS = [entry.id for entry in catalogue(NOW)]
LINK = f"https://acme.signalwire.com/logs/voice/{DOCUMENTED}"
LEAF: JsonValue = {"type": "text", "text": DOCUMENTED}
SECTION: JsonValue = {"type": "rich_text_section", "elements": [LEAF]}


def section(text: str) -> JsonValue:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def rich_text(*leaves: JsonValue, kind: str = "rich_text_section") -> JsonValue:
    return {"type": "rich_text", "elements": [{"type": kind, "elements": [*leaves]}]}


BLOCKS: dict[str, JsonValue] = {
    "rich text": rich_text({"type": "text", "text": "see "}, LEAF),
    "rich text code": rich_text(LEAF, kind="rich_text_preformatted"),
    "rich text link": rich_text({"type": "link", "url": LINK, "text": "this call"}),
    "rich text list": rich_text(SECTION, kind="rich_text_list"),
    "section": section(f"<{LINK}|call>"),
    "section fields": {
        "type": "section",
        "fields": [{"type": "mrkdwn", "text": f"*Id*\n{DOCUMENTED}"}],
    },
    "context": {"type": "context", "elements": [{"type": "mrkdwn", "text": DOCUMENTED}]},
    "markdown": {"type": "markdown", "text": f"**{DOCUMENTED}**"},
    "table": {"type": "table", "rows": [[{"type": "raw_text", "text": DOCUMENTED}]]},
}
ATTACHMENTS: dict[str, JsonValue] = {
    "attachment text": {"text": f"call {DOCUMENTED}"},
    "attachment title": {"title": DOCUMENTED},
    "attachment title link": {"title": "call", "title_link": LINK},
    "attachment fallback": {"fallback": DOCUMENTED},
    "attachment field": {"fields": [{"title": "Call", "value": DOCUMENTED}]},
    "attachment blocks": {"blocks": [section(DOCUMENTED)]},
    "forwarded message": {
        "is_share": True,
        "message_blocks": [{"team": "T0ACME", "message": {"blocks": [rich_text(LEAF)]}}],
    },
}
MESSAGES: dict[str, dict[str, JsonValue]] = {
    "text": {"text": f"have a look at {DOCUMENTED}"},
    **{name: {"blocks": [block]} for name, block in BLOCKS.items()},
    **{name: {"attachments": [one]} for name, one in ATTACHMENTS.items()},
    "file title": {"files": [{"id": "F1", "title": f"call {DOCUMENTED}"}]},
    "file name": {"files": [{"id": "F1", "name": f"{DOCUMENTED}.wav"}]},
}


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
        ({"text": "hi", "client_msg_id": IDS[1]}, texts.NO_ID_IN_MESSAGE),
        (
            {"text": "hi", "blocks": [{"block_id": IDS[2], "type": "rich_text", "elements": []}]},
            texts.NO_ID_IN_MESSAGE,
        ),
        ({"text": "call b7182dc2…"}, texts.CUT_ID),
    ],
    ids=["text", "client_msg_id", "block_id", "cut ID"],
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


async def test_only_the_first_ten_ids_are_looked_up(world: World) -> None:
    before = len(world.requested_ids)
    message = only(await world.use_shortcut({"text": "\n".join(IDS[:12])}))

    assert message.text.startswith(texts.logs_found(10, 10))
    assert left_out(2) in message.text
    assert sorted(world.requested_ids[before:]) == sorted(IDS[:10])


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
