# ruff: noqa: E501 - a golden card is as wide as the card
"""What a person gets who types `/voicelog`."""

import json

import pytest
from inline_snapshot import snapshot
from pydantic import JsonValue

from bot.dev.emulator.signalwire.catalogue import catalogue
from tests.integration.harness import DOCUMENTED, NOW, World, only, reference_in

pytestmark = pytest.mark.asyncio(loop_scope="module")

HEX = DOCUMENTED.replace("-", "")
UNKNOWN = "fa170404-0000-4000-8000-000000000000"
REFUSED = "fa170401-0000-4000-8000-000000000000"
IDS = [entry.id for entry in catalogue(NOW)]


def headers(blocks: list[JsonValue]) -> list[str]:
    return [
        block["text"]["text"]
        for block in blocks
        if isinstance(block, dict)
        and block["type"] == "header"
        and isinstance(block["text"], dict)
        and isinstance(block["text"]["text"], str)
    ]


def rows(blocks: list[JsonValue]) -> list[str]:
    return [
        str(block["text"]["text"])
        for block in blocks
        if isinstance(block, dict)
        and block["type"] == "section"
        and isinstance(block["text"], dict)
    ]


async def test_the_documented_example_gives_this_card(world: World) -> None:
    message = await world.answer(DOCUMENTED)

    assert dict(message.payload) == snapshot(
        {
            "replace_original": False,
            "response_type": "ephemeral",
            "text": """\
Completed · 9 s
From: +1 206-555-1212
To: +1 206-555-3434
Charge (this leg): $0.01
Inbound · SIP call (RELAY) · Realtime API
Started: 2024-05-06 12:20:00 UTC
Duration: 9 s (9638 ms)
Billed time: 1 min 00 s (60000 ms)
Voice log id: b7182dc2-00f3-40e4-a5ce-20f164b329df\
""",
            "blocks": [
                {
                    "type": "header",
                    "text": {"type": "plain_text", "text": "✅ Completed · 9 s", "emoji": False},
                },
                {
                    "type": "section",
                    "fields": [
                        {
                            "type": "mrkdwn",
                            "text": """\
*From*
`+1 206-555-1212`\
""",
                            "verbatim": True,
                        },
                        {
                            "type": "mrkdwn",
                            "text": """\
*To*
`+1 206-555-3434`\
""",
                            "verbatim": True,
                        },
                        {
                            "type": "mrkdwn",
                            "text": """\
*Charge (this leg)*
$0.01\
""",
                            "verbatim": True,
                        },
                    ],
                },
                {
                    "type": "context",
                    "elements": [
                        {
                            "type": "mrkdwn",
                            "text": "Inbound · SIP call (RELAY) · Realtime API",
                            "verbatim": True,
                        }
                    ],
                },
                {
                    "type": "section",
                    "fields": [
                        {
                            "type": "mrkdwn",
                            "text": """\
*Started*
<!date^1714998000^{date_short_pretty} at {time_secs}|2024-05-06 12:20:00 UTC>\
""",
                            "verbatim": True,
                        },
                        {
                            "type": "mrkdwn",
                            "text": """\
*Duration*
9 s (9638 ms)\
""",
                            "verbatim": True,
                        },
                        {
                            "type": "mrkdwn",
                            "text": """\
*Billed time*
1 min 00 s (60000 ms)\
""",
                            "verbatim": True,
                        },
                    ],
                },
                {
                    "type": "context",
                    "elements": [
                        {
                            "type": "mrkdwn",
                            "text": "Voice log id `b7182dc2-00f3-40e4-a5ce-20f164b329df`",
                            "verbatim": True,
                        }
                    ],
                },
                {
                    "type": "actions",
                    "elements": [
                        {
                            "type": "button",
                            "action_id": "voicelog_details",
                            "text": {"type": "plain_text", "text": "Details", "emoji": False},
                            "value": "b7182dc2-00f3-40e4-a5ce-20f164b329df",
                        },
                        {
                            "type": "button",
                            "action_id": "voicelog_refresh",
                            "text": {"type": "plain_text", "text": "Refresh", "emoji": False},
                            "value": "b7182dc2-00f3-40e4-a5ce-20f164b329df",
                        },
                        {
                            "type": "button",
                            "action_id": "voicelog_share",
                            "text": {"type": "plain_text", "text": "Share", "emoji": False},
                            "value": "b7182dc2-00f3-40e4-a5ce-20f164b329df",
                            "confirm": {
                                "title": {
                                    "type": "plain_text",
                                    "text": "Share this voice log?",
                                    "emoji": False,
                                },
                                "text": {
                                    "type": "plain_text",
                                    "text": "Everyone in this channel or conversation will see the card, people of other companies too if they are here. Phone numbers are masked: country and last two digits stay.",
                                    "emoji": False,
                                },
                                "confirm": {"type": "plain_text", "text": "Share", "emoji": False},
                                "deny": {"type": "plain_text", "text": "Cancel", "emoji": False},
                            },
                        },
                        {
                            "type": "overflow",
                            "action_id": "voicelog_more",
                            "options": [
                                {
                                    "text": {
                                        "type": "plain_text",
                                        "text": "Legs of the call",
                                        "emoji": False,
                                    },
                                    "value": "voicelog_legs b7182dc2-00f3-40e4-a5ce-20f164b329df",
                                }
                            ],
                        },
                    ],
                },
            ],
        }
    )


async def test_the_ack_of_a_lookup_is_an_empty_200(world: World) -> None:
    exchange = await world.type(DOCUMENTED)

    assert (exchange.ack_status, exchange.ack_body) == (200, "")
    assert len(exchange.posts) == 1


async def test_the_ack_does_not_wait_for_signalwire(world: World) -> None:
    world.hold_answers()
    try:
        exchange = await world.slack.command(DOCUMENTED)

        assert (exchange.ack_status, exchange.ack_body) == (200, "")
        assert exchange.posts == []
    finally:
        world.release_answers()
        await world.idle()
    assert DOCUMENTED in only(exchange).text


@pytest.mark.parametrize("text", ["", "   ", "help", "HELP", " Help "])
async def test_help_comes_in_the_ack_itself(world: World, text: str) -> None:
    before = len(world.asked_for)
    exchange = await world.type(text)
    message = only(exchange)

    assert json.loads(exchange.ack_body)["response_type"] == "ephemeral"
    assert exchange.posts == []
    assert len(world.asked_for) == before
    assert headers(message.blocks) == ["📞 VoiceLog"]
    for word in ("/voicelog", DOCUMENTED, "Look up voice log", "Only you see"):
        assert word in message.text


@pytest.mark.parametrize(
    "text",
    [
        "CAc4714c845a06b3bad6a4f6113ddb1798",
        f"{DOCUMENTED}0",
        DOCUMENTED[:-1],
    ],
)
async def test_text_without_an_id_says_so_and_shows_what_an_id_looks_like(
    world: World, text: str
) -> None:
    exchange = await world.type(text)
    message = only(exchange)

    assert exchange.posts == []
    assert message.text.startswith("There is no voice log id in that.")
    assert "Voice Segment ID" in message.text
    assert DOCUMENTED in message.text


@pytest.mark.parametrize("text", ["b7182dc2…", "b7182dc2...", "b7182dc2-00f3-40e4"])
async def test_an_id_that_the_dashboard_cut_short_is_explained(world: World, text: str) -> None:
    exchange = await world.type(text)
    message = only(exchange)

    assert exchange.posts == []
    assert message.text.startswith("Part of this id is missing.")
    assert text in message.text
    assert "copy the whole" in message.text


@pytest.mark.parametrize(
    "text",
    [
        DOCUMENTED.upper(),
        HEX,
        HEX.upper(),
        f'"{DOCUMENTED}"',
        f"“{DOCUMENTED}”",
        f"'{DOCUMENTED}'",
        f"`{DOCUMENTED}`",
        f"```{DOCUMENTED}```",
        f"<{DOCUMENTED}>",
        f"({DOCUMENTED}).",
        f"*{DOCUMENTED}*",
        f"Voice Segment ID: {DOCUMENTED}",
        f"lookup {DOCUMENTED}",
        f"id={DOCUMENTED}",
        f"{DOCUMENTED[:9]}\u200b{DOCUMENTED[9:]}",
        f"\ufeff{DOCUMENTED}\u2060",
        DOCUMENTED.replace("-", "‑"),  # noqa: RUF001 - a dash that does not break
        f"https://acme.signalwire.com/logs/voice/{DOCUMENTED}",
        f"<https://acme.signalwire.com/logs/voice/{DOCUMENTED}?page=2|the call>",
        f"<https://acme.signalwire.com/logs|{DOCUMENTED}>",
        f"https://acme.signalwire.com/api/voice/logs/{DOCUMENTED}/events",
        f"{DOCUMENTED} {DOCUMENTED.upper()} {HEX}",
    ],
)
async def test_every_way_of_writing_an_id_finds_the_one_log(world: World, text: str) -> None:
    before = len(world.asked_for)
    message = await world.answer(text)

    assert world.asked_for[before:] == [DOCUMENTED]
    assert headers(message.blocks) == ["✅ Completed · 9 s"]


async def test_several_ids_are_rows_in_the_order_given_each_once(world: World) -> None:
    three = [IDS[3], DOCUMENTED, IDS[1]]
    exchange = await world.type(f"{three[0]}, {three[1]}\n{three[0]} {three[2]}")
    message = only(exchange)

    assert len(exchange.posts) == 1
    assert headers(message.blocks) == ["3 of 3 voice logs found"]
    assert [log_id for row in rows(message.blocks) for log_id in IDS if log_id in row] == three


async def test_a_row_holds_status_route_duration_charge_time_and_id(world: World) -> None:
    message = await world.answer(f"{DOCUMENTED} {IDS[1]}")

    assert rows(message.blocks)[0].splitlines() == snapshot(
        [
            "✅ *Completed · 9 s*",
            "`+1 206-555-1212` → `+1 206-555-3434`",
            "$0.01 · <!date^1714998000^{date_short_pretty} at {time_secs}|2024-05-06 12:20:00 UTC>",
            "`b7182dc2-00f3-40e4-a5ce-20f164b329df`",
        ]
    )
    assert message.text.splitlines()[1] == (
        "Completed · 9 s. +1 206-555-1212 → +1 206-555-3434."
        f" $0.01 · 2024-05-06 12:20:00 UTC. {DOCUMENTED}"
    )


async def test_ten_ids_are_ten_rows(world: World) -> None:
    message = await world.answer(" ".join(IDS[:10]))

    assert headers(message.blocks) == ["10 of 10 voice logs found"]
    assert len(rows(message.blocks)) == 10
    assert "left out" not in message.text


@pytest.mark.parametrize(("count", "note"), [(11, "1 more id was"), (13, "3 more ids were")])
async def test_beyond_ten_the_rest_is_counted_and_not_looked_up(
    world: World, count: int, note: str
) -> None:
    before = len(world.asked_for)
    message = await world.answer(" ".join(IDS[:count]))

    assert sorted(world.asked_for[before:]) == sorted(IDS[:10])
    assert headers(message.blocks) == ["10 of 10 voice logs found"]
    assert f"{note} left out" in message.text


async def test_each_failure_has_its_own_row_with_its_reason(world: World) -> None:
    message = await world.answer(f"{UNKNOWN} {DOCUMENTED} {REFUSED}")
    missing, found, refused = rows(message.blocks)

    assert headers(message.blocks) == ["1 of 3 voice logs found"]
    assert "No such voice log" in missing
    assert UNKNOWN in missing
    assert "*Completed · 9 s*" in found
    assert "SignalWire refused the bot's credentials" in refused
    assert REFUSED in refused
    assert {line["outcome"] for line in world.log.lines(ref=reference_in(message))} == {
        "not_found",
        "found",
        "credentials_refused",
    }


async def test_a_cut_id_beside_a_whole_one_is_mentioned_below_its_card(world: World) -> None:
    message = await world.answer(f"{DOCUMENTED} 57a70500…")

    assert headers(message.blocks) == ["✅ Completed · 9 s"]
    assert "57a70500…" in message.text
    assert "cuts ids short" in message.text
