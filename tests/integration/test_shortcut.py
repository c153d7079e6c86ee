"""The message shortcut: ids wherever a message may hold them, answered to the person alone."""

import re

import pytest
from pydantic import JsonValue

from bot.dev.emulator.signalwire.catalogue import catalogue
from bot.ui import errors as error_texts
from bot.ui import help as help_
from tests.cases import MESSAGES, MessageCase
from tests.integration.harness import DOCUMENTED, NOW, World, only, reference_in

pytestmark = pytest.mark.asyncio(loop_scope="module")

IDS = [entry.id for entry in catalogue(NOW)]
UUIDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LINK = f"https://acme.signalwire.com/logs/voice/{DOCUMENTED}"


def section(text: str) -> JsonValue:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def rich(*leaves: JsonValue, kind: str = "rich_text_section") -> JsonValue:
    return {"type": "rich_text", "elements": [{"type": kind, "elements": [*leaves]}]}


def leaf(text: str) -> JsonValue:
    return {"type": "text", "text": text}


PLACES: dict[str, dict[str, JsonValue]] = {
    "text": {"text": f"have a look at {DOCUMENTED}"},
    "rich text": {"blocks": [rich(leaf("see "), leaf(DOCUMENTED))]},
    "rich text code": {"blocks": [rich(leaf(DOCUMENTED), kind="rich_text_preformatted")]},
    "rich text link": {"blocks": [rich({"type": "link", "url": LINK, "text": "this call"})]},
    "rich text list": {
        "blocks": [
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_list",
                        "style": "bullet",
                        "elements": [
                            {"type": "rich_text_section", "elements": [leaf(DOCUMENTED)]},
                        ],
                    }
                ],
            }
        ]
    },
    "section": {"blocks": [section(f"<{LINK}|call>")]},
    "section fields": {
        "blocks": [
            {"type": "section", "fields": [{"type": "mrkdwn", "text": f"*Id*\n{DOCUMENTED}"}]}
        ]
    },
    "context": {
        "blocks": [{"type": "context", "elements": [{"type": "mrkdwn", "text": DOCUMENTED}]}]
    },
    "markdown": {"blocks": [{"type": "markdown", "text": f"**{DOCUMENTED}**"}]},
    "table": {"blocks": [{"type": "table", "rows": [[{"type": "raw_text", "text": DOCUMENTED}]]}]},
    "attachment text": {"attachments": [{"text": f"call {DOCUMENTED}"}]},
    "attachment title": {"attachments": [{"title": DOCUMENTED}]},
    "attachment title link": {"attachments": [{"title": "call", "title_link": LINK}]},
    "attachment fallback": {"attachments": [{"fallback": DOCUMENTED}]},
    "attachment field": {"attachments": [{"fields": [{"title": "Call", "value": DOCUMENTED}]}]},
    "attachment blocks": {"attachments": [{"blocks": [section(DOCUMENTED)]}]},
    "forwarded message": {
        "attachments": [
            {
                "is_share": True,
                "message_blocks": [
                    {"team": "T0ACME", "message": {"blocks": [rich(leaf(DOCUMENTED))]}}
                ],
            }
        ]
    },
    "file title": {"files": [{"id": "F1", "title": f"call {DOCUMENTED}"}]},
    "file name": {"files": [{"id": "F1", "name": f"{DOCUMENTED}.wav"}]},
}


@pytest.mark.parametrize("place", PLACES)
async def test_an_id_is_found_in_every_place_of_a_message(world: World, place: str) -> None:
    exchange = await world.use_shortcut({"text": "", **PLACES[place]})

    assert only(exchange).text.startswith("Completed · 9 s")
    assert (exchange.ack_status, exchange.ack_body) == (200, "")
    assert len(exchange.posts) == 1


@pytest.mark.parametrize("case", MESSAGES, ids=lambda case: case.name)
async def test_exactly_the_ids_of_calls_in_a_message_are_looked_up(
    world: World, case: MessageCase
) -> None:
    before = len(world.asked_for)
    message = only(await world.use_shortcut(case.message))

    assert sorted(world.asked_for[before:]) == sorted(case.ids)
    assert [log_id for log_id in UUIDS.findall(message.text) if log_id in case.ids] == case.ids


async def test_the_bookkeeping_of_a_message_is_not_searched(world: World) -> None:
    exchange = await world.use_shortcut(
        {
            "text": "hello",
            "client_msg_id": IDS[1],
            "blocks": [{"block_id": IDS[2], "type": "rich_text", "elements": []}],
        }
    )

    assert only(exchange).text.startswith(help_.NO_ID_IN_MESSAGE)


async def test_ids_all_over_a_message_are_rows_each_once(world: World) -> None:
    exchange = await world.use_shortcut(
        {
            "text": f"{IDS[0]} and {IDS[1]}",
            "blocks": [section(f"{IDS[0]} and {IDS[1]}")],
            "attachments": [{"text": IDS[2]}],
            "files": [{"name": f"{IDS[3]}.txt"}],
        }
    )
    lines = only(exchange).text.splitlines()

    assert lines[0] == "4 of 4 voice logs found"
    assert [log_id for line in lines[1:] for log_id in IDS if log_id in line] == IDS[:4]


async def test_of_many_ids_the_first_ten_are_answered(world: World) -> None:
    before = len(world.asked_for)
    exchange = await world.use_shortcut({"text": "\n".join(IDS[:12])})
    message = only(exchange)

    assert message.text.startswith("10 of 10 voice logs found")
    assert "2 more ids were skipped" in message.text
    assert sorted(world.asked_for[before:]) == sorted(IDS[:10])


async def test_a_message_without_an_id_says_what_was_searched(world: World) -> None:
    exchange = await world.use_shortcut({"text": "the call from this morning"})
    message = only(exchange)

    assert message.text.startswith(help_.NO_ID_IN_MESSAGE)
    for place in ("text", "links", "attachments", "forwarded messages", "file names"):
        assert place in message.text
    assert exchange.posts[0].payload is not None


async def test_a_message_with_a_cut_id_alone_is_explained(world: World) -> None:
    exchange = await world.use_shortcut({"text": "call b7182dc2…"})

    assert only(exchange).text.startswith(help_.INCOMPLETE_ID)
    assert "b7182dc2…" in only(exchange).text


async def test_a_failed_lookup_is_told_as_for_the_command(world: World) -> None:
    exchange = await world.use_shortcut({"text": "fa170404-0000-4000-8000-000000000000"})
    message = only(exchange)

    assert message.text.startswith(error_texts.NOT_FOUND.title)
    assert world.log.lines("lookup.done", request_id=reference_in(message), outcome="not_found")


LONG = {"emoji": "\U0001f600" * 12_000, "Japanese": "\u65e5" * 40_000}


@pytest.mark.parametrize("letters", LONG)
async def test_an_id_at_the_end_of_the_longest_message_is_found(world: World, letters: str) -> None:
    """Slack takes 40,000 characters at most, and sends them as text and as blocks."""
    text = f"{LONG[letters][:39_900]} {DOCUMENTED}"
    exchange = await world.use_shortcut({"text": text, "blocks": [rich(leaf(text))]})

    assert len(exchange.request_body) > 256 * 1024
    assert (exchange.ack_status, exchange.ack_body) == (200, "")
    assert only(exchange).text.startswith("Completed · 9 s")
