# ruff: noqa: E501 - a golden card is as wide as the card
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from inline_snapshot import snapshot

from bot.cli.terminal import render
from bot.dev.emulator.signalwire.catalogue import DOCUMENTED, LogFixture, catalogue
from bot.signalwire.models import VoiceLog
from bot.ui import voice_log_card
from bot.ui.block_kit import Block, Button, Message
from bot.voicelogs.results import Found
from tests.support.cards import card_context

NOW = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
ENTRIES = {entry.description: entry for entry in catalogue(NOW)}
UNANSWERED = ENTRIES["unanswered: billing_ms null, charge 0"]
AGAIN: Button = {
    "type": "button",
    "action_id": "voicelog_again",
    "text": {"type": "plain_text", "text": "Refresh", "emoji": False},
    "value": DOCUMENTED,
}


def read(entry: LogFixture) -> VoiceLog:
    return VoiceLog.model_validate(json.loads(json.dumps(entry.body), parse_float=Decimal))


def card_of(
    log: VoiceLog,
    *,
    project: str = "acme",
    name_project: bool = False,
    buttons: Sequence[Button] = (),
) -> Message:
    found = Found(UUID(DOCUMENTED), project, log)
    return voice_log_card.card(found, card_context(names_projects=name_project), buttons=buttons)


def card(**fields: object) -> Message:
    return card_of(VoiceLog.model_validate({"id": DOCUMENTED, **fields}))


def sandbox_card(what: str) -> Message:
    return card_of(read(ENTRIES[what]))


def drawn(message: Message) -> str:
    return render(message.blocks)


@dataclass(frozen=True)
class Shown:
    """What a block shows: the lines of each of its texts, without markup."""

    kind: str
    lines: Sequence[str]


def visible(marked: str) -> str:
    plain = re.sub(r"<!date\^\d+\^[^|]*\|([^>]*)>", r"\1", marked)
    pieces = plain.split("`")
    pieces[::2] = [re.sub(r"\*([^*\n]+)\*", r"\1", piece) for piece in pieces[::2]]
    return "".join(pieces)


def shown(blocks: Sequence[Block]) -> Iterator[Shown]:
    for block in blocks:
        if block["type"] == "header":
            yield Shown("header", [block["text"]["text"].partition(" ")[2]])
        elif block["type"] == "section":
            yield from (Shown("field", [visible(item["text"])]) for item in block.get("fields", []))
            if "text" in block:
                yield Shown("section", visible(block["text"]["text"]).split("\n"))
        elif block["type"] == "context":
            yield from (Shown("context", [visible(item["text"])]) for item in block["elements"])


def test_the_documentations_example_as_it_is_posted() -> None:
    message = sandbox_card("the documentation's own example")
    assert message.text == snapshot("""\
Completed · 9 s
From: +1 206-555-1212
To: +1 206-555-3434
Charge (this leg): $0.01
Inbound · SIP call (RELAY) · Realtime API
Started: 2024-05-06 12:20:00 UTC
Duration: 9 s (9638 ms)
Billed time: 1 min 00 s (60000 ms)
Voice log id: b7182dc2-00f3-40e4-a5ce-20f164b329df\
""")
    assert message.blocks == snapshot(
        [
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
        ]
    )


def test_the_documentations_example_as_it_looks() -> None:
    assert drawn(sandbox_card("the documentation's own example")) == snapshot("""\
┃ ✅ Completed · 9 s
┃
┃ From                                  To
┃ +1 206-555-1212                       +1 206-555-3434
┃ Charge (this leg)
┃ $0.01
┃
┃ Inbound · SIP call (RELAY) · Realtime API
┃
┃ Started                               Duration
┃ 2024-05-06 12:20:00 UTC               9 s (9638 ms)
┃ Billed time
┃ 1 min 00 s (60000 ms)
┃
┃ Voice log id b7182dc2-00f3-40e4-a5ce-20f164b329df\
""")


def test_a_live_leg_says_that_its_numbers_are_provisional() -> None:
    message = sandbox_card("status in-progress")
    assert drawn(message) == snapshot("""\
┃ 🟢 In progress · live, 42 s so far
┃
┃ From                                  To
┃ +1 206-555-0100                       +1 206-555-0101
┃ Charge so far (this leg)
┃ $0.00
┃
┃ Inbound · LaML (cXML) call
┃
┃ Started                               Duration
┃ 2026-11-22 16:59:00 UTC               42 s (42310 ms)
┃
┃ This leg is live: its duration and charge are provisional.
┃
┃ Voice log id 57a70500-0000-4000-8000-000000000004\
""")
    assert message.text == snapshot("""\
In progress · live, 42 s so far
From: +1 206-555-0100
To: +1 206-555-0101
Charge so far (this leg): $0.00
Inbound · LaML (cXML) call
Started: 2026-11-22 16:59:00 UTC
Duration: 42 s (42310 ms)
This leg is live: its duration and charge are provisional.
Voice log id: 57a70500-0000-4000-8000-000000000004\
""")


def test_a_leg_that_has_just_been_queued_has_no_duration() -> None:
    assert drawn(sandbox_card("status queued")) == snapshot("""\
┃ 🕓 Queued · not started yet
┃
┃ From                                  To
┃ +1 206-555-0100                       +1 206-555-0101
┃ Charge so far (this leg)
┃ $0.00
┃
┃ Inbound · LaML (cXML) call
┃
┃ Started
┃ 2026-11-22 16:59:00 UTC
┃
┃ This leg hasn't begun: its duration and charge are provisional.
┃
┃ Voice log id 57a70500-0000-4000-8000-000000000001\
""")


def test_a_leg_in_a_video_room_that_goes_on_is_live() -> None:
    assert drawn(sandbox_card("status joined")) == snapshot("""\
┃ 🟢 Joined · live, 12 min 34 s so far
┃
┃ From                                  To
┃ +1 206-555-0100                       +1 206-555-0101
┃ Charge so far (this leg)
┃ $0.01
┃
┃ Inbound · Video room, phone leg · Realtime API
┃
┃ Started                               Duration
┃ 2026-11-22 03:00:00 UTC               12 min 34 s (754120 ms)
┃
┃ This leg is live: its duration and charge are provisional.
┃
┃ Voice log id 57a70500-0000-4000-8000-000000000014\
""")


def test_an_ended_leg_is_not_called_answered() -> None:
    message = sandbox_card("status ended")
    assert drawn(message) == snapshot("""\
┃ ⏹️ Ended · 42 s
┃
┃ From                                  To
┃ +1 206-555-0100                       +1 206-555-0101
┃ Charge (this leg)
┃ $0.01
┃
┃ Inbound · Phone call (RELAY) · Realtime API
┃
┃ Started                               Duration
┃ 2026-11-22 04:00:00 UTC               42 s (42310 ms)
┃ Billed time
┃ 1 min 00 s (60000 ms)
┃
┃ Voice log id 57a70500-0000-4000-8000-000000000013\
""")
    assert "answered" not in message.text.lower()
    assert "\u2705" not in drawn(message)


def test_a_failed_leg_says_where_the_reason_may_be_found() -> None:
    message = sandbox_card("status failed")
    assert drawn(message) == snapshot("""\
┃ ❌ Failed
┃
┃ From                                  To
┃ +1 206-555-0100                       +1 206-555-0101
┃ Charge (this leg)
┃ $0.00
┃
┃ Inbound · LaML (cXML) call
┃
┃ Started
┃ 2026-11-22 11:00:00 UTC
┃
┃ The API doesn't say why a call failed. The dashboard may: search its voice logs for this id.
┃
┃ Voice log id 57a70500-0000-4000-8000-000000000006\
""")
    assert message.text == snapshot("""\
Failed
From: +1 206-555-0100
To: +1 206-555-0101
Charge (this leg): $0.00
Inbound · LaML (cXML) call
Started: 2026-11-22 11:00:00 UTC
The API doesn't say why a call failed. The dashboard may: search its voice logs for this id.
Voice log id: 57a70500-0000-4000-8000-000000000006\
""")


def test_an_unanswered_leg_without_billed_time() -> None:
    message = card_of(read(UNANSWERED))
    assert drawn(message) == snapshot("""\
┃ 📵 No answer · 20 s
┃
┃ From                                  To
┃ +1 206-555-0100                       +1 206-555-0101
┃ Charge (this leg)
┃ $0.00
┃
┃ Inbound · Phone call (RELAY) · Realtime API
┃
┃ Started                               Duration
┃ 2026-11-22 16:00:00 UTC               20 s (20040 ms)
┃
┃ Voice log id c0570000-0000-4000-8000-000000000002\
""")


def test_an_unanswered_leg_is_not_called_free() -> None:
    message = card_of(read(UNANSWERED))
    assert not re.search(
        r"\b(free|unbilled|no charge)\b", message.text + drawn(message), re.IGNORECASE
    )
    assert "Billed time" not in message.text


def test_charge_details_are_listed_and_not_summed() -> None:
    message = sandbox_card("charge_details: two lines")
    assert drawn(message) == snapshot("""\
┃ ✅ Completed · 9 s
┃
┃ From                                  To
┃ +1 206-555-0100                       +1 206-555-0101
┃ Charge (this leg)
┃ $0.154996
┃
┃ Outbound · Phone call (RELAY) · Realtime API
┃
┃ Charge in detail
┃ • Text to Speech $0.121176
┃ • Outbound Voice Minutes $0.03382
┃
┃ Started                               Duration
┃ 2026-11-22 16:00:00 UTC               9 s (9326 ms)
┃ Billed time
┃ 5 s (5160 ms)
┃
┃ Voice log id c0570000-0000-4000-8000-000000000001\
""")
    assert message.text == snapshot("""\
Completed · 9 s
From: +1 206-555-0100
To: +1 206-555-0101
Charge (this leg): $0.154996
Outbound · Phone call (RELAY) · Realtime API
Charge in detail:
• Text to Speech $0.121176
• Outbound Voice Minutes $0.03382
Started: 2026-11-22 16:00:00 UTC
Duration: 9 s (9326 ms)
Billed time: 5 s (5160 ms)
Voice log id: c0570000-0000-4000-8000-000000000001\
""")


def test_charge_details_that_differ_from_the_charge_are_not_corrected() -> None:
    line = {"description": "Minutes", "charge": Decimal("0.02")}
    message = card(charge=Decimal("0.01"), charge_details=[line, line])
    assert re.findall(r"\$[0-9.]+", message.text) == ["$0.01", "$0.02", "$0.02"]


def test_a_charge_line_without_name_or_amount_is_listed_all_the_same() -> None:
    message = card(charge_details=[{"charge": Decimal("0.02")}, {"description": "Minutes"}, {}])
    assert drawn(message) == snapshot("""\
┃ 📄 Voice log
┃
┃ Charge in detail
┃ • unnamed $0.02
┃ • Minutes without an amount
┃ • unnamed without an amount
┃
┃ Voice log id b7182dc2-00f3-40e4-a5ce-20f164b329df\
""")


def test_fifteen_charge_lines_are_listed_and_the_rest_is_counted() -> None:
    details = [{"description": f"Line {n}", "charge": n} for n in range(60)]
    lines = card(charge_details=details).text.splitlines()
    assert "\u2022 Line 14 $14.00" in lines
    assert "\u2026 and 45 more lines" in lines
    assert not any("Line 15" in line for line in lines)
    whole = card(charge_details=details[:15]).text
    assert "more lines" not in whole


def test_a_deleted_log_says_when_it_was_deleted() -> None:
    message = sandbox_card("deleted: only id, created_at and discarded_at are left")
    assert drawn(message) == snapshot("""\
┃ 🗑️ Deleted log
┃
┃ Created                               Deleted
┃ 2026-11-13 17:00:00 UTC               2026-11-20 17:00:00 UTC
┃
┃ SignalWire keeps nothing else of a deleted log.
┃
┃ Voice log id de1e7ed0-0000-4000-8000-000000000001\
""")
    assert message.text == snapshot("""\
Deleted log
Created: 2026-11-13 17:00:00 UTC
Deleted: 2026-11-20 17:00:00 UTC
SignalWire keeps nothing else of a deleted log.
Voice log id: de1e7ed0-0000-4000-8000-000000000001\
""")


def test_a_fabric_leg_without_status_says_what_it_is() -> None:
    message = sandbox_card("fabric_subscriber_device_leg: the status is always null")
    assert drawn(message) == snapshot("""\
┃ 📄 Fabric subscriber device leg
┃
┃ From                                  To
┃ +1 206-555-0100                       /private/reception
┃ Charge (this leg)
┃ $0.00
┃
┃ Outbound (dial) · Realtime API
┃
┃ Started
┃ 2026-11-21 17:00:00 UTC
┃
┃ Voice log id ca110000-0000-4000-8000-000000000007\
""")


def test_a_dialogflow_call_leaves_out_what_it_does_not_have() -> None:
    message = sandbox_card("dialogflow_call: no direction, no milliseconds, no parent")
    assert drawn(message) == snapshot("""\
┃ ✅ Completed · 31 s
┃
┃ From                                  To
┃ +1 206-555-0100                       +1 206-555-0101
┃ Charge (this leg)
┃ $0.05
┃
┃ Dialogflow call
┃
┃ Started
┃ 2026-11-21 17:00:00 UTC
┃
┃ Voice log id ca110000-0000-4000-8000-000000000006\
""")


def test_a_type_not_known_yet_is_shown_as_it_was_sent() -> None:
    message = sandbox_card(
        "agora_call: a type the documentation does not know, with a field it does not know"
    )
    assert drawn(message) == snapshot("""\
┃ ✅ Completed · 42 s
┃
┃ From                                  To
┃ +1 206-555-0100                       +1 206-555-0101
┃ Charge (this leg)
┃ $0.01
┃
┃ Inbound · agora_call · Realtime API
┃
┃ Started                               Duration
┃ 2026-11-22 13:00:00 UTC               42 s (42310 ms)
┃ Billed time
┃ 1 min 00 s (60000 ms)
┃
┃ Voice log id 0dd00000-0000-4000-8000-000000000001\
""")


def test_a_status_not_known_yet_is_shown_as_it_was_sent() -> None:
    message = card(status="call_parked <!here>", duration=5)
    assert drawn(message) == snapshot("""\
┃ ▫️ call parked here · 5 s
┃
┃ Status
┃ call_parked <!here>
┃
┃ Voice log id b7182dc2-00f3-40e4-a5ce-20f164b329df\
""")


def test_a_child_leg_names_its_parent() -> None:
    message = sandbox_card("a child leg that nobody answered")
    assert drawn(message) == snapshot("""\
┃ 📵 No answer · 18 s
┃
┃ From                                  To
┃ +1 206-555-0100                       +1 206-555-0102
┃ Charge (this leg)
┃ $0.00
┃
┃ Outbound (dial) · Phone call (RELAY) · Realtime API
┃
┃ Started                               Duration
┃ 2026-11-22 14:00:02 UTC               18 s (18040 ms)
┃ Parent leg
┃ fa000000-0000-4000-8000-000000000001
┃
┃ Voice log id fa000000-0000-4000-8000-000000000002\
""")


def test_a_long_call_shows_the_milliseconds_its_length_was_made_from() -> None:
    message = sandbox_card("over an hour long, eight digits of charge")
    assert drawn(message) == snapshot("""\
┃ ✅ Completed · 1 h 02 min
┃
┃ From                                  To
┃ +1 206-555-0100                       +1 206-555-0101
┃ Charge (this leg)
┃ $0.50415001
┃
┃ Inbound · Phone call (RELAY) · Realtime API
┃
┃ Started                               Duration
┃ 2026-11-22 16:00:00 UTC               1 h 02 min
┃ Billed time
┃ 1 h 03 min
┃
┃ Voice log id c0570000-0000-4000-8000-000000000004\
""")


def test_hostile_text_is_shown_and_does_nothing() -> None:
    message = sandbox_card("hostile text in every field")
    assert message.text == snapshot("""\
Completed · 42 s
From: &lt;!channel&gt; &lt;img src=x onerror=alert(1)&gt;
To: &lt;https:\u2060//evil.example|SignalWire&gt; *bold* 'code' &gt; quoteAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA…
Charge (this leg): $0.01
Inbound · Phone call (RELAY) · Realtime API
Charge in detail:
• &lt;!here&gt; &amp; '''BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB… $0.01
Started: 2026-11-22 13:00:00 UTC
Duration: 42 s (42310 ms)
Billed time: 1 min 00 s (60000 ms)
Parent leg: ../../../etc/passwd
Voice log id: 0dd00000-0000-4000-8000-000000000003\
""")
    assert message.blocks == snapshot(
        [
            {
                "type": "header",
                "text": {"type": "plain_text", "text": "✅ Completed · 42 s", "emoji": False},
            },
            {
                "type": "section",
                "fields": [
                    {
                        "type": "mrkdwn",
                        "text": """\
*From*
`&lt;!channel&gt; &lt;img src=x onerror=alert(1)&gt;`\
""",
                        "verbatim": True,
                    },
                    {
                        "type": "mrkdwn",
                        "text": """\
*To*
`&lt;https://evil.example|SignalWire&gt; *bold* 'code' &gt; quoteAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA…`\
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
                        "text": "Inbound · Phone call (RELAY) · Realtime API",
                        "verbatim": True,
                    }
                ],
            },
            {
                "type": "section",
                "text": {
                    "type": "mrkdwn",
                    "text": """\
*Charge in detail*
• `&lt;!here&gt; &amp; '''BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB…` $0.01\
""",
                    "verbatim": True,
                },
            },
            {
                "type": "section",
                "fields": [
                    {
                        "type": "mrkdwn",
                        "text": """\
*Started*
<!date^1795352400^{date_short_pretty} at {time_secs}|2026-11-22 13:00:00 UTC>\
""",
                        "verbatim": True,
                    },
                    {
                        "type": "mrkdwn",
                        "text": """\
*Duration*
42 s (42310 ms)\
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
                    {
                        "type": "mrkdwn",
                        "text": """\
*Parent leg*
`../../../etc/passwd`\
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
                        "text": "Voice log id `0dd00000-0000-4000-8000-000000000003`",
                        "verbatim": True,
                    }
                ],
            },
        ]
    )


def test_a_log_with_nothing_but_an_id() -> None:
    message = card()
    assert drawn(message) == snapshot("""\
┃ 📄 Voice log
┃
┃ Voice log id b7182dc2-00f3-40e4-a5ce-20f164b329df\
""")
    assert message.text == snapshot("""\
Voice log
Voice log id: b7182dc2-00f3-40e4-a5ce-20f164b329df\
""")


def test_the_project_is_named_when_there_are_several() -> None:
    log = read(ENTRIES["the documentation's own example"])
    message = card_of(log, project="acme <prod>", name_project=True)
    assert "Project: acme &lt;prod&gt;" in message.text.splitlines()
    assert drawn(message) == snapshot("""\
┃ ✅ Completed · 9 s
┃
┃ From                                  To
┃ +1 206-555-1212                       +1 206-555-3434
┃ Charge (this leg)
┃ $0.01
┃
┃ Inbound · SIP call (RELAY) · Realtime API
┃
┃ Started                               Duration
┃ 2024-05-06 12:20:00 UTC               9 s (9638 ms)
┃ Billed time                           Project
┃ 1 min 00 s (60000 ms)                 acme <prod>
┃
┃ Voice log id b7182dc2-00f3-40e4-a5ce-20f164b329df\
""")


def test_the_project_is_not_named_when_there_is_one() -> None:
    message = card_of(VoiceLog(id=DOCUMENTED), project="acme")
    assert "acme" not in message.text + drawn(message)


def test_buttons_stand_at_the_foot_of_the_card() -> None:
    message = card_of(VoiceLog(id=DOCUMENTED), buttons=[AGAIN])
    assert message.blocks[-1] == {"type": "actions", "elements": [AGAIN]}
    assert drawn(message) == snapshot("""\
┃ 📄 Voice log
┃
┃ Voice log id b7182dc2-00f3-40e4-a5ce-20f164b329df
┃
┃ [ Refresh ]\
""")
    assert message.text == card_of(VoiceLog(id=DOCUMENTED)).text


def test_without_buttons_there_is_no_empty_row_for_them() -> None:
    assert [block["type"] for block in card().blocks] == ["header", "context"]


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES.keys())
def test_no_card_ever_says_none(entry: LogFixture) -> None:
    message = card_of(read(entry), name_project=True, buttons=[AGAIN])
    assert not re.search(
        r"\bnone\b|\bnull\b|\bnan\b", message.text + str(message.blocks), re.IGNORECASE
    )


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES.keys())
def test_whatever_the_blocks_say_stands_in_the_plain_text(entry: LogFixture) -> None:
    message = card_of(read(entry), name_project=True, buttons=[AGAIN])
    heard = message.text.replace("\u2060", "").replace(":", "").splitlines()
    seen = [
        line.replace("\n", " ").replace(":", "")
        for piece in shown(message.blocks)
        for line in piece.lines
    ]
    assert len(seen) >= 3
    assert [line for line in seen if line not in heard] == []


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES.keys())
def test_every_card_leads_with_what_happened_and_closes_with_the_id(entry: LogFixture) -> None:
    message = card_of(read(entry))
    lines = message.text.splitlines()
    first, *_, last = shown(message.blocks)
    assert first == Shown("header", [lines[0]])
    assert last == Shown("context", [f"Voice log id {entry.id}"])
    assert lines[-1] == f"Voice log id: {entry.id}"


def test_a_field_that_is_missing_leaves_its_line_out() -> None:
    body = ENTRIES["a child leg that was answered"].body
    labels = {
        "from": "From",
        "to": "To",
        "charge": "Charge (this leg)",
        "created_at": "Started",
        "duration_ms": "Duration",
        "billing_ms": "Billed time",
        "parent_id": "Parent leg",
    }
    whole = card_of(VoiceLog.model_validate(body)).text.splitlines()
    for name, label in labels.items():
        without = VoiceLog.model_validate({**body, name: None})
        expected = [line for line in whole if not line.startswith(f"{label}:")]
        assert len(expected) == len(whole) - 1
        assert card_of(without).text.splitlines() == expected
